"""What a board administrator types about the board."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.calendar import Calendar, CalendarTooShort
from boards.models import Board, ClosedPeriod, StrategicGoal
from core.forms import AuditedModelForm


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
        periods = [*others.values_list("starts_on", "ends_on", "kind"), (first, last, "holiday")]
        calendar = Calendar.of(periods)
        try:
            for starts_on, _ends_on, _kind in periods:
                calendar.next_school_day(starts_on)
        except CalendarTooShort:
            return False
        return True
