"""What a board administrator types about the board."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.calendar import is_open_within_two_years
from boards.calendar_file import LARGEST, Found, Unreadable, read
from boards.models import Board, ClosedPeriod, StrategicGoal, YearPart
from boards.school_year import TERMS
from core import clock
from core.forms import AuditedModelForm, CleanForm
from core.text import FORBIDDEN, normalise

LONGEST_PART = timedelta(days=366)  # a semester or term that is longer has a mistake in its year


class BoardForm(AuditedModelForm[Board]):
    """The board's settings that have a use by now."""

    class Meta:
        model = Board
        fields = [
            "name",
            "short_name",
            "language",
            "zone_name",
            "paper",
            "plan_name_en",
            "plan_name_fr",
            "mail_is_on",
            "meeting_after_days",
            "answer_partner_days",
            "mou_signature_days",
            "once_more_days",
        ]
        widgets = {
            "language": forms.RadioSelect(attrs={"data-look": "pills"}),
            "paper": forms.RadioSelect(attrs={"data-look": "pills"}),
        }
        help_texts = {"plan_name_en": _("For example: Board strategic plan 2024–2028")}


class StrategicGoalForm(AuditedModelForm[StrategicGoal]):
    """A goal of the strategic plan, in the languages the board speaks."""

    class Meta:
        model = StrategicGoal
        fields = ["code", "title_en", "title_fr"]
        help_texts = {"code": _("For example: SP1")}


class ClosedPeriodForm(AuditedModelForm[ClosedPeriod]):
    """Days without school."""

    class Meta:
        model = ClosedPeriod
        fields = ["kind", "starts_on", "ends_on", "name_en", "name_fr"]
        widgets = {"kind": forms.RadioSelect(attrs={"data-look": "pills"})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if not (first and last and first <= last):
            return cleaned
        if around := self._around(first, last):
            self.add_error("starts_on", _("These days are closed already. See “%(name)s”.") % {"name": around})
        elif not self._leaves_a_school_day(first, last):
            self.add_error("ends_on", _("With this last day the schools would be closed for two years on end."))
        return cleaned

    def _around(self, first: date, last: date) -> ClosedPeriod | None:
        """The closed days in which these lie, so that they say nothing new. Days that were saved so may stay.

        A holiday in a break does say something: businesses are closed too.
        """
        if (first, last) == (self.instance.starts_on, self.instance.ends_on):
            return None
        others = self.instance.board.closed_periods.exclude(pk=self.instance.pk)
        around = others.filter(starts_on__lte=first, ends_on__gte=last)
        if self.cleaned_data.get("kind") == ClosedPeriod.Kind.HOLIDAY:
            around = around.filter(kind=ClosedPeriod.Kind.HOLIDAY)
        return around.first()

    def _leaves_a_school_day(self, first: date, last: date) -> bool:
        """Whether a school day is found behind every closed one, those that touch the new ones too."""
        others = self.instance.board.closed_periods.exclude(pk=self.instance.pk)
        return is_open_within_two_years([*others.values_list("starts_on", "ends_on", "kind"), (first, last, "holiday")])


class YearPartForm(AuditedModelForm[YearPart]):
    """A semester, a term, exams or the last school day, at the schools of a level."""

    class Meta:
        model = YearPart
        fields = ["kind", "level", "starts_on", "ends_on", "name_en", "name_fr"]
        widgets = {
            "kind": forms.RadioSelect(attrs={"data-look": "pills"}),
            "level": forms.RadioSelect(attrs={"data-look": "pills"}),
        }
        help_texts = {"name_en": _("For example: Semester 1"), "ends_on": _("One day has the same first and last day.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if not (first and last and first <= last):
            return cleaned
        if last - first > LONGEST_PART:
            self.add_error("ends_on", _("This is longer than a year. Look at the dates."))
        elif met := self._met(first, last):
            self.add_error("starts_on", _("These days overlap with “%(name)s”.") % {"name": met})
        return cleaned

    def _met(self, first: date, last: date) -> YearPart | None:
        """The semester or term of the same kind and level that these days overlap with: no day lies in two."""
        kind, level = self.cleaned_data.get("kind"), self.cleaned_data.get("level")
        if kind not in TERMS or not level:
            return None
        others = self.instance.board.year_parts.exclude(pk=self.instance.pk).filter(kind=kind, level=level)
        # The very same days are a double, and said so.
        others = others.exclude(starts_on=first, ends_on=last)
        return others.filter(starts_on__lte=last, ends_on__gte=first).first()


class HolidaysForm(CleanForm):
    """Which holidays a board takes over from the rules."""

    year = forms.TypedChoiceField(label=_("School year"), coerce=int, widget=forms.RadioSelect)
    with_breaks = forms.BooleanField(
        label=_("The winter break, March break and summer too"),
        required=False,
        help_text=_("On their usual days. Change them where your board differs."),
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year}–{year + 1}") for year in years]  # type: ignore[attr-defined]


class CalendarFileForm(CleanForm):
    """A calendar file, read while it is checked; `found` is what it holds."""

    file = forms.FileField(
        label=_("Calendar file"),
        help_text=_(
            "A file whose name ends in .ics, 1 MB at most. You see what it holds before anything is taken over."
        ),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )
    found: list[Found]

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        # One byte more than is allowed tells a file that is too large, whatever its head says.
        content = file.read(LARGEST + 1)
        try:
            self.found = read(content, self.board.zone, clock.today(self.board.zone))
        except Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None
        if not self.found:
            raise forms.ValidationError(_("There is no event in this file."))
        return file

    @property
    def file_name(self) -> str:
        """The name of the file as a line that can be kept."""
        name = FORBIDDEN.sub("", normalise(self.cleaned_data["file"].name)).replace("\n", " ")
        return name[-120:].strip() or "calendar.ics"
