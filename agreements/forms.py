"""What is typed about an agreement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agreements.actions import refuse_day, speaks_for
from agreements.models import AgreementVersion, Clause, RecordedYes
from core import clock
from core.form_layout import laid_out, pair
from core.forms import AuditedModelForm, CleanForm
from partnerships.models import Side


class ClauseForm(AuditedModelForm[Clause]):
    """The text of one clause."""

    class Meta:
        model = Clause
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}


class YesForm(CleanForm):
    """Who said yes, when and how."""

    side = forms.ChoiceField(label=_("For which side"), widget=forms.RadioSelect(attrs={"data-look": "pills"}))
    name = forms.CharField(label=_("Who said yes"), max_length=120)
    said_on = forms.DateField(label=_("When"))
    how = forms.ChoiceField(
        label=_("How"), choices=RecordedYes.How.choices, widget=forms.RadioSelect(attrs={"data-look": "pills"})
    )

    helper = laid_out("side", pair("name", "said_on"), "how")

    def __init__(
        self, *args: Any, version: AgreementVersion, sides: list[Side], names: dict[str, str], by: User, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.agreement, self.by = version, by
        choice = self.fields["side"]
        choice.choices = [(side.value, version.partnership.name_of(side)) for side in sides]  # type: ignore[attr-defined]
        choice.error_messages["invalid_choice"] = _("The yes of this side is recorded already.")
        if not any(speaks_for(by, version, side) for side in sides):
            heard = [choice for choice in RecordedYes.How.choices if choice[0] != RecordedYes.How.HERE]
            self.fields["how"].choices = heard  # type: ignore[attr-defined]
        first = sides[0] if sides else Side.SCHOOL
        self.initial.update(side=first, name=names.get(first, ""), said_on=clock.today(version.board.zone))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        side, how = cleaned.get("side"), cleaned.get("how")
        if side and how == RecordedYes.How.HERE and not speaks_for(self.by, self.agreement, Side(side)):
            self.add_error("how", _("Only who says yes says it on this page. Choose how you heard of it."))
        if said_on := cleaned.get("said_on"):
            try:
                refuse_day(self.agreement, said_on)
            except forms.ValidationError as refusal:
                self.add_error(None, refusal)
        return cleaned
