"""What is typed about people: whom to ask in, another role, an end, days away."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, Membership, User
from accounts.permissions import Role
from core import clock
from core.form_layout import PILLS, laid_out, pair
from core.forms import AuditedModelForm, CleanForm, not_over
from people.invitations import may_let_in
from people.memberships import successors
from people.models import Invitation

# The roles there are at a place, by what kind of place it is; those of a family are given from the board.
ROLES_AT = {
    "school": (Role.PRINCIPAL, Role.CHAMPION, Role.STAFF, Role.OFFICE, Role.ASSISTANT),
    "business": (Role.PARTNER,),
    "board": (Role.SUPERINTENDENT, Role.OFFICE, Role.BOARD_ADMIN, Role.ASSISTANT),
}
OF_A_FAMILY = (Role.SUPERINTENDENT, Role.ASSISTANT)


def roles_for(user: User, place: Any) -> list[tuple[str, str]]:
    """The roles `user` lets people into at `place`, as choices."""
    roles = ROLES_AT[place._meta.model_name]
    return [(role.value, role.label) for role in roles if may_let_in(user, role, place)]  # type: ignore[misc]


class InvitationForm(AuditedModelForm[Invitation]):
    """Who is asked in, and as what. At a board a superintendent's role needs a family of schools."""

    class Meta:
        model = Invitation
        fields = ["role", "family", "name", "email", "language", "is_lead"]
        widgets = {"role": forms.RadioSelect(attrs=PILLS), "language": forms.RadioSelect(attrs=PILLS)}
        labels = {"family": _("Family of schools")}
        help_texts = {"family": _("For a superintendent or whoever assists one.")}

    def __init__(self, *args: Any, by: User, place: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_for(by, place)  # type: ignore[attr-defined]
        kind = place._meta.model_name
        names: list[Any] = ["role", pair("name", "email"), "language", "is_lead"]
        if kind == "board":
            families: Any = self.fields["family"]
            families.queryset = families.queryset.filter(board=place.pk)
            names.insert(1, "family")
        else:
            del self.fields["family"]
        self.helper = laid_out(*names)

    def validate_unique(self) -> None:
        """One that waits for the same person is no obstacle: `invitations.invite` lets the new one take its place."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "family" in self.fields:
            role = cleaned.get("role")
            if role not in OF_A_FAMILY:
                cleaned["family"] = None
            elif not cleaned.get("family") and "family" not in self.errors:
                self.add_error("family", _("Choose the family of schools."))
        return cleaned


class MembershipForm(CleanForm):
    """Another role in the same place, or the lead."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect(attrs=PILLS))
    is_lead = forms.BooleanField(
        label=_("Leads"), required=False, help_text=_("Is reminded and asked first; one person in each role and place.")
    )

    def __init__(self, *args: Any, membership: Membership, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = membership.place
        own = membership.role
        roles = [] if membership.family_id else roles_for(by, place)
        fitting = [choice for choice in roles if membership.school_id or choice[0] not in OF_A_FAMILY]
        self.fields["role"].choices = fitting or [(own, membership.get_role_display())]  # type: ignore[attr-defined]
        self.initial = {"role": own, "is_lead": membership.is_lead}


class EndForm(CleanForm):
    """Why somebody leaves, and who takes over."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("Who takes over"), required=False)
    why = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("One sentence is enough."))

    def __init__(self, *args: Any, membership: Membership, carries: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = successors(membership)
        to.required = carries
        if not carries:
            del self.fields["to"]


class AbsenceForm(AuditedModelForm[Absence]):
    """From when to when, and who stands in."""

    class Meta:
        model = Absence
        fields = ["starts_on", "ends_on", "stand_in"]

    helper = laid_out(pair("starts_on", "ends_on"), "stand_in")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        membership = self.instance.membership
        stand_in: Any = self.fields["stand_in"]
        stand_in.queryset = successors(membership)
        self.initial["starts_on"] = clock.today(membership.board.zone)
        not_over(self.fields["ends_on"], membership.board.zone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("This ends before it starts."))
        return cleaned


class AcceptForm(CleanForm):
    """How one is called."""

    name = forms.CharField(label=_("Your name"), max_length=120)
