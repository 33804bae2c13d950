"""What is typed about people: whom to ask in, another role, an end, days away."""

import re
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialAccount
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Absence, Membership, SupportGrant, User
from accounts.permissions import Role
from boards.models import Board
from core import clock, facts
from core.form_layout import laid_out, pair
from core.forms import LONGEST_KEY, AuditedModelForm, CleanForm, not_over
from core.verbs import Group
from engines.outbox.secrets import hide
from people import codes, support, trail
from people import sign_on as sign_ons
from people.invitations import may_let_in
from people.memberships import successors
from people.models import AccessRequest, Invitation, LegalHold, SignOn

PILLS = {"data-look": "pills"}
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


class MeForm(CleanForm):
    """One's name, title and language. The address has a page of its own."""

    name = forms.CharField(label=_("Name"), max_length=120)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect(attrs=PILLS))

    helper = laid_out(pair("name", "title"), "language")

    def __init__(self, *args: Any, me: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me = me
        self.initial = {name: getattr(me, name) for name in self.fields}

    def save(self) -> None:
        """Write the row; its Event says that it was edited, and by whom."""
        for name, value in self.cleaned_data.items():
            setattr(self.me, name, value)
        with transaction.atomic():
            self.me.save(update_fields=list(self.cleaned_data))
            facts.changed(self.me, by=self.me, verb="edited")


class AddressForm(CleanForm):
    """The address one wants to sign in with."""

    email = forms.EmailField(label=_("New e-mail address"), max_length=254)

    helper = laid_out("email")

    def __init__(self, *args: Any, me: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me = me

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if email == self.me.email.lower():
            raise forms.ValidationError(_("This is your address already."))
        return email


class CodeForm(CleanForm):
    """A code that was mailed."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Capitals or small letters, both work."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    helper = laid_out("code")

    def check(self, request: HttpRequest, purpose: str) -> None:
        """Raise ValidationError unless it is the code that was mailed for `purpose`."""
        if not codes.fits(request, purpose, self.cleaned_data["code"]):
            raise forms.ValidationError(
                {"code": _("This code does not fit, or is too old. Type it once more, or take a new one.")}
            )


def _only_one(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """A person or an organisation, and not both."""
    if bool(cleaned.get("about")) == bool(cleaned.get("business")) and not {"about", "business"} & set(form.errors):
        form.add_error("about", _("Name a person or choose an organisation, not both."))


class AccessRequestForm(AuditedModelForm[AccessRequest]):
    """Of whom, and of which days."""

    class Meta:
        model = AccessRequest
        fields = ["about", "business", "since", "until"]
        help_texts = {"since": _("Leave both empty for everything.")}

    helper = laid_out(pair("about", "business"), pair("since", "until"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _of_the_board(self.fields["business"], by, self.instance.board_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _only_one(self, cleaned)
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This ends before it starts."))
        return cleaned


class LegalHoldForm(CleanForm):
    """On whom, and why."""

    about = forms.EmailField(label=_("The person’s e-mail address"), max_length=254, required=False)
    business = forms.ModelChoiceField(User.objects.none(), label=_("Organisation"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("The case or the letter that asks for it."))

    helper = laid_out(pair("about", "business"), "reason")

    def __init__(self, *args: Any, by: User, board: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _of_the_board(self.fields["business"], by, board.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _only_one(self, cleaned)
        return cleaned


def _of_the_board(field: Any, user: User, board: int) -> None:
    """Let `field` choose among the organisations of a board's directory."""
    businesses: Any = LegalHold._meta.get_field("business").related_model
    field.queryset = businesses.objects.visible_to(user).filter(board=board)


class EraseForm(CleanForm):
    """That it is meant."""

    also = forms.CharField(
        label=_("Other words that mean this person"),
        max_length=200,
        required=False,
        help_text=_("A surname alone, a nickname: separated by commas. They are taken out of every text of the board."),
    )
    is_meant = forms.BooleanField(label=_("I have looked at what is kept. Erase it; there is no way back."))

    def words(self) -> list[str]:
        """The words typed."""
        return [word.strip() for word in self.cleaned_data["also"].split(",") if word.strip()]


class SupportForm(CleanForm):
    """Why, and for how long."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("One sentence. The board reads it, and it stays in its trail.")
    )
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        initial=support.HOURS[0],
        widget=forms.RadioSelect(attrs=PILLS),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours: Any = self.fields["hours"]
        hours.choices = [(n, ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}) for n in support.HOURS]

    def _refuse_a_second(self, field: str, operator: User, board: Board) -> None:
        if SupportGrant.objects.running().filter(operator=operator, board=board).exists():
            self.add_error(field, _("They are looking at this board already. End that first."))


class GiveSupportForm(SupportForm):
    """Which operator is to help a board, why, and for how long."""

    email = forms.EmailField(
        label=_("E-mail of who runs the site"), max_length=254, help_text=_("Whoever helps you tells you this address.")
    )
    helper = laid_out("email", "reason", "hours")
    field_order = ("email", "reason", "hours")

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board

    def clean_email(self) -> User:
        """The operator of that address; the same words whether or not somebody else has it."""
        operator = User.objects.filter(
            email__iexact=self.cleaned_data["email"], is_operator=True, is_active=True
        ).first()
        if operator is None:
            raise forms.ValidationError(_("Nobody who runs this site has this address."))
        return operator

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if operator := cleaned.get("email"):
            self._refuse_a_second("email", operator, self.board)
        return cleaned


class TakeSupportForm(SupportForm):
    """Which board an operator has to look at without having been asked, why, and for how long."""

    board = forms.CharField(
        label=_("Board"),
        max_length=200,
        help_text=_("Its whole name, its short name or its ministry number, as it stands in Tandem."),
    )
    helper = laid_out("board", "reason", "hours")
    field_order = ("board", "reason", "hours")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_board(self) -> Board:
        """The board that is called so."""
        found = support.boards_called(self.cleaned_data["board"])
        if not found:
            raise forms.ValidationError(_("No board is called this. Write it as the board does."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several boards are called this. Write the ministry number."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if board := cleaned.get("board"):
            self._refuse_a_second("board", self.by, board)
        return cleaned


class TrailForm(CleanForm):
    """What of the trail is shown. A field that cannot be read is said so, and narrows nothing down."""

    person = forms.CharField(label=_("Who"), max_length=200, required=False)
    done = forms.ChoiceField(label=_("What was done"), required=False)
    kind = forms.ChoiceField(label=_("To what"), required=False)
    school = forms.IntegerField(
        label=_("School"), widget=forms.Select, required=False, min_value=1, max_value=10**LONGEST_KEY - 1
    )
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = ("", _("Anything"))
        self.fields["done"].choices = [anything, *Group.choices]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [anything, *trail.kinds()]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What was asked for and can be read."""
        self.is_valid()
        return self.cleaned_data

    def choose_school(self, schools: list[tuple[int, str]]) -> None:
        """Let the page choose among `schools`; with none to choose from there is no such field."""
        if not schools:
            del self.fields["school"]
            return
        self.fields["school"].widget.choices = [("", _("Any school")), *schools]


DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class SignOnForm(AuditedModelForm[SignOn]):
    """The board's own sign-in. Another domain has to be shown to be the board's again."""

    issuer = forms.URLField(
        label=_("Issuer"),
        max_length=300,
        assume_scheme="https",
        help_text=_("The address of your sign-in, as its settings name it: https://…"),
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
    )

    class Meta:
        model = SignOn
        fields = ["domain", "issuer", "client_id", "is_on"]
        help_texts = {
            "domain": _("What stands behind the @ in your people’s addresses, for example board.example."),
            "client_id": _("Your sign-in gives both when you register Tandem there."),
        }

    helper = laid_out("domain", "issuer", pair("client_id", "client_secret"), "is_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_issuer = self.instance.issuer
        self.shown_to_be = self.instance.domain if self.instance.verified_at else ""
        if self.instance.secret:
            self.fields["client_secret"].help_text = _("One is kept. Leave this empty to keep it.")

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"].strip().lower().removeprefix("@").removesuffix(".")
        if not DOMAIN.fullmatch(domain):
            raise forms.ValidationError(_("Write the domain alone, for example board.example."))
        return domain

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"].rstrip("/").removesuffix("/.well-known/openid-configuration")
        parts = urlsplit(issuer)
        if not (parts.scheme == "https" or (settings.LOCAL and parts.hostname in ("localhost", "127.0.0.1"))):
            raise forms.ValidationError(_("It begins with https://."))
        if parts.query or parts.fragment or parts.username:
            raise forms.ValidationError(_("Write the address alone, without ? or #."))
        return issuer

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("domain") != self.shown_to_be:
            self.instance.verified_at, self.instance.trouble = None, ""
            self.instance.check_due_at = clock.now()
        return cleaned

    def save(self, *, by: Any, why: str = "") -> SignOn:  # type: ignore[override]
        if secret := self.cleaned_data["client_secret"]:
            self.instance.secret = hide(secret)
        with transaction.atomic():
            saved = super().save(by=by, why=why)
            if saved.issuer != self.shown_issuer:  # what one issuer calls somebody means nothing at another
                SocialAccount.objects.filter(provider=saved.provider_id).delete()
        return saved


class BoardAccountForm(CleanForm):
    """The address by which a board's own sign-in is found."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    sign_on: SignOn

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        found = sign_ons.open_for(email)
        if found is None:
            raise forms.ValidationError(_("No board has a sign-in of its own for this address. Take a code by mail."))
        self.sign_on = found
        return email
