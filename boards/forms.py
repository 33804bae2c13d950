"""What a board administrator types about the board."""

import re
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from boards import actions
from boards.calendar import is_open_within_two_years
from boards.calendar_file import LARGEST, Found, Unreadable, read
from boards.models import Board, ClosedPeriod, HelpKind, Languages, Rate, StrategicGoal, YearPart
from boards.school_year import TERMS
from core import clock
from core.form_layout import laid_out, pair, section
from core.forms import SMALLEST, AuditedModelForm, CleanForm, Row
from core.picture_form import PictureForm
from core.text import FORBIDDEN, normalise

DIGITS_OF_A_BOARD = re.compile(r"[0-9]{5}")  # of the ministry's number, after its B
# Offered for the time zone, from east to west; any other one that is known is taken too.
CANADIAN_ZONES = tuple(
    f"America/{place}"
    for place in (
        *("St_Johns", "Goose_Bay", "Halifax", "Moncton", "Iqaluit", "Toronto", "Atikokan", "Winnipeg", "Rankin_Inlet"),
        *("Regina", "Edmonton", "Cambridge_Bay", "Inuvik", "Whitehorse", "Dawson_Creek", "Vancouver"),
    )
)
LONGEST_PART = timedelta(days=366)  # a semester or term that is longer has a mistake in its year


class BoardForm(AuditedModelForm[Board]):
    """The board's settings that have a use by now."""

    class Meta:
        model = Board
        fields = [
            "name",
            "short_name",
            "ministry_number",
            "languages",
            "language",
            "zone_name",
            "paper",
            "currency",
            "plan_name_en",
            "plan_name_fr",
            "photos_are_on",
            "mail_is_on",
            "meeting_after_days",
            "answer_partner_days",
            "mou_signature_days",
            "once_more_days",
        ]
        widgets = {
            "languages": forms.RadioSelect(attrs={"data-look": "pills"}),
            "language": forms.RadioSelect(attrs={"data-look": "pills"}),
            "paper": forms.RadioSelect(attrs={"data-look": "pills"}),
            "zone_name": forms.TextInput(attrs={"list": "zones"}),  # templates/boards/settings.html
        }
        help_texts = {
            "plan_name_en": _("For example: Board strategic plan 2024–2028"),
            "ministry_number": _(
                "For example B66052. By it an import knows your own rows in the ministry’s file of schools."
            ),
            "languages": _("Goals and days are asked for in these. What is written in another one stays."),
            "currency": _("Of every amount here. Amounts that were entered before stay as they are."),
        }

    def clean_ministry_number(self) -> str:
        """The number as the ministry writes it, and no other board's; what was there before may stay."""
        number = str(self.cleaned_data["ministry_number"]).replace(" ", "").upper()
        number = f"B{number}" if DIGITS_OF_A_BOARD.fullmatch(number) else number
        if number in ("", self.instance.ministry_number):
            return number
        if not DIGITS_OF_A_BOARD.fullmatch(number.removeprefix("B")):
            raise forms.ValidationError(_("Enter a B and five digits, for example B66052."))
        if Board.objects.filter(ministry_number__iexact=number).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another board here has this number. Look at it once more, or ask us."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        languages, first = cleaned.get("languages"), cleaned.get("language")
        if languages and first and languages not in (Languages.BOTH, first):
            self.add_error("language", _("Choose a language the board speaks."))
        return cleaned


class LogoForm(PictureForm[Board]):
    """The logo of a board."""

    picture_field = "logo"

    class Meta:
        model = Board
        fields: ClassVar[list[str]] = []

    @transaction.atomic
    def save(self, *, by: User, why: str = "") -> Board:  # type: ignore[override]
        """Take over what was sent, or remove what is there; raises Stale if somebody else saved the board meanwhile."""
        self.claim_version()
        actions.set_logo(self.instance, self.redrawn, by=by)
        return self.instance


class InTheBoardsLanguages(AuditedModelForm[Row]):
    """A form of a board's row with a text in English and one in French, `text` by name: it asks for those the board
    speaks, and what is written in the other stays."""

    text: ClassVar[str]
    label: ClassVar[Any]  # where there is but one
    is_needed: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        board: Board = self.instance.board  # type: ignore[attr-defined]
        for language in {"en", "fr"} - set(board.speaks):
            del self.fields[f"{self.text}_{language}"]
        if len(board.speaks) == 1:
            asked = self.fields[f"{self.text}_{board.speaks[0]}"]
            asked.label = self.label
            asked.required = self.is_needed


def _rate(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, max_digits=6, decimal_places=2,
        min_value=SMALLEST, max_value=Rate.HIGHEST,
    )  # fmt: skip


class RatesForm(AuditedModelForm[Board]):
    """What an hour of help is worth, one amount a kind; one that is left empty is any other's."""

    any_other = _rate(_("Any other kind"), _("Holds for help of people whose kind is left empty."))
    volunteers = _rate(HelpKind.VOLUNTEERS.label)
    mentors = _rate(HelpKind.MENTORS.label)
    expertise = _rate(HelpKind.EXPERTISE.label)
    guest_speaker = _rate(HelpKind.GUEST_SPEAKER.label)
    work_placement = _rate(HelpKind.WORK_PLACEMENT.label)
    internship = _rate(HelpKind.INTERNSHIP.label)
    job_shadowing = _rate(HelpKind.JOB_SHADOWING.label)
    tour = _rate(HelpKind.TOUR.label)

    class Meta:
        model = Board
        fields: ClassVar[list[str]] = []

    helper = laid_out(
        section(_("Help of people"), "any_other", pair("volunteers", "mentors"), pair("expertise", "guest_speaker")),
        section(
            _("Where a student is the guest, if those hours count for you"),
            pair("work_placement", "internship"),
            pair("job_shadowing", "tour"),
        ),
    )

    def beyond(self, row: Board) -> dict[str, Any]:
        return {kind or "any_other": amount for kind, amount in row.rates.values_list("kind", "amount")}

    @transaction.atomic
    def save(self, *, by: User, why: str = "") -> Board:  # type: ignore[override]
        """Write the rates that changed; raises Stale if somebody else saved the board or its rates meanwhile."""
        is_newest = self.cleaned_data.get("version") == self.instance.version
        if self.changed_data or not is_newest:
            self.claim_version()
            kinds = {"any_other": ""} | {str(kind): str(kind) for kind in Rate.BY_THE_HOUR}
            actions.set_rates(self.instance, {kind: self.cleaned_data[name] for name, kind in kinds.items()}, by=by)
        return self.instance


class StrategicGoalForm(InTheBoardsLanguages[StrategicGoal]):
    """A goal of the strategic plan, in the languages the board speaks."""

    text, label, is_needed = "title", _("goal"), True

    class Meta:
        model = StrategicGoal
        fields = ["code", "title_en", "title_fr"]
        help_texts = {"code": _("For example: SP1")}


class ClosedPeriodForm(InTheBoardsLanguages[ClosedPeriod]):
    """Days without school; without a last day it is one day."""

    text, label = "name", _("name")

    class Meta:
        model = ClosedPeriod
        fields = ["kind", "starts_on", "ends_on", "name_en", "name_fr"]
        widgets = {"kind": forms.RadioSelect(attrs={"data-look": "pills"})}
        help_texts = {"ends_on": _("Leave it empty for one day.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "ends_on" in cleaned and cleaned["ends_on"] is None:
            cleaned["ends_on"] = cleaned.get("starts_on")
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


class YearPartForm(InTheBoardsLanguages[YearPart]):
    """A semester, a term, exams or the last school day, at the schools of a level."""

    text, label = "name", _("name")

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
