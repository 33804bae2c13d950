"""What a school types about a need."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from boards.models import Board
from core.forms import CleanForm
from schools.actions import initiative_named
from schools.models import Initiative, Need, School
from schools.outline import is_champion
from schools.quantified_form import QuantifiedForm
from schools.sentences import sentence


class NeedForm(QuantifiedForm[Need]):
    """A need, exact enough to read back as a sentence. `initiative_title` names an old or a new initiative."""

    initiative_title = forms.CharField(
        label=_("New or existing initiative"),
        max_length=80,
        required=False,
        help_text=_("Left empty, the need becomes a small initiative of its own."),
        widget=forms.TextInput(attrs={"list": "initiative-titles", "autocomplete": "off"}),
    )

    class Meta(QuantifiedForm.Meta):
        model = Need
        fields = [*QuantifiedForm.Meta.fields, "details"]
        widgets = QuantifiedForm.Meta.widgets | {"details": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        self.school = school
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            del self.fields["initiative_title"]

    @property
    def board(self) -> Board:
        return self.school.board

    @property
    def written_in(self) -> str:
        return self.school.language

    @transaction.atomic
    def save(self, *, by: User, why: str = "") -> Need:  # type: ignore[override]
        """Write the need, and the small initiative of its own name if it has none.

        A staff member's need waits for the principal's or champion's yes.
        """
        need = self.instance
        if need.pk is None:
            need.initiative = self._initiative(by)
            need.created_by = by
            may_open = by.access.may(Permission.INITIATIVE_CHANGE, self.school)
            need.state = Need.State.OPEN if may_open else Need.State.PROPOSED
        return super().save(by=by, why=why)

    def _initiative(self, by: User) -> Initiative:
        if self.instance.initiative_id:
            return self.instance.initiative
        title = self.cleaned_data.get("initiative_title") or self._sentence()
        # Whoever looks after it stands on its one-page summary as the contact.
        champion = by if is_champion(by, self.school) else None
        return initiative_named(self.school, title, by=by, champion=champion)

    def _sentence(self) -> str:
        return sentence(self.instance.facts_in(self.board.currency), self.school.language)[:80]


class WithdrawForm(CleanForm):
    """A need is asked for no more."""

    why = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("One sentence is enough."))
