"""Who was asked to come in, what must not be deleted, and who asked what is kept of whom."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.models import ROLE_FITS_ITS_SCOPE, RoleInScope, User, once_in_scope, people_of
from accounts.permissions import Permission
from core import clock
from core.chain import Chain
from core.models import Versioned
from core.text import labelled

WAITING = Q(accepted_at=None, withdrawn_at=None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> Self:
        """Neither accepted nor withdrawn; its link may have run out."""
        return self.filter(WAITING)

    def visible_to(self, user: User) -> Self:
        """Those of the scopes whose people `user` may change."""
        return self.filter(people_of(user, Permission.PEOPLE_CHANGE))


class Invitation(RoleInScope):
    """Somebody is asked to take a role; the link they are sent lets in whoever reads their mail, once."""

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    is_lead = models.BooleanField(
        _("leads"), default=False, help_text=_("Is reminded and asked first; one person in each role and place.")
    )
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=ROLE_FITS_ITS_SCOPE, name="invitation_role_fits_its_scope"),
            models.CheckConstraint(condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_ends_once"),
            *once_in_scope("email", "role", while_=WAITING, name="invitation"),
        ]

    def __str__(self) -> str:
        return labelled(self.get_role_display(), self.name)

    @property
    def has_run_out(self) -> bool:
        return self.expires_at <= clock.now()


def looked_after(user: User) -> Q:
    """The condition "of a board whose privacy `user` looks after"."""
    return Q(board__in=user.access.reach(Permission.PRIVACY_MANAGE).boards)


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def visible_to(self, user: User) -> Self:
        """Those of the boards whose privacy `user` looks after."""
        return self.filter(looked_after(user))

    def standing(self) -> Self:
        """Not lifted."""
        return self.filter(lifted_at=None)


class LegalHold(models.Model):
    """While it stands, nothing of its person or organisation is erased or passes its term."""

    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="legal_holds")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    address = models.EmailField(_("e-mail"), max_length=254, blank=True)  # of a person without an account
    business = models.ForeignKey(
        "businesses.Business", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    reason = models.CharField(_("why"), max_length=300)
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=clock.now)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, address="", business=None)
                | (Q(person=None, business=None) & ~Q(address=""))
                | Q(person=None, address="", business__isnull=False),
                name="legal_hold_has_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="legal_hold_is_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return labelled(_("Legal hold"), self.subject)

    @property
    def subject(self) -> object:
        """The person, the address or the organisation."""
        return self.person or self.business or self.address

    def chain(self) -> Chain:
        return Chain(board=self.board_id)


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def visible_to(self, user: User) -> Self:
        """Those of the boards whose privacy `user` looks after."""
        return self.filter(looked_after(user))


class AccessRequest(models.Model):
    """Somebody asked what is kept of a person or an organisation between two days."""

    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="access_requests")
    about = models.CharField(
        _("person"), max_length=254, blank=True, help_text=_("Their e-mail address, or their full name.")
    )
    business = models.ForeignKey(
        "businesses.Business", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(business=None) & ~Q(about="")) | Q(business__isnull=False, about=""),
                name="access_request_has_one_subject",
                violation_error_message=_("Name a person or choose an organisation, not both."),
            )
        ]

    def __str__(self) -> str:
        return labelled(_("Access request"), self.subject)

    @property
    def subject(self) -> object:
        """The words for the person, or the organisation."""
        return self.business or self.about

    def chain(self) -> Chain:
        return Chain(board=self.board_id)


def new_challenge() -> str:
    return get_random_string(40)


class SignOnQuerySet(models.QuerySet["SignOn"]):
    def visible_to(self, user: User) -> Self:
        """Those of the boards `user` administers."""
        return self.filter(board__in=user.access.reach(Permission.BOARD_CHANGE).boards)

    def open(self) -> Self:
        """Those that let people in: switched on, and the domain shown to be the board's."""
        return self.filter(is_on=True, verified_at__isnull=False)


class SignOn(Versioned):
    """The sign-in of a board's own (OpenID Connect): it says who somebody is, never what they may do here."""

    class Trouble(models.TextChoices):
        NO_RECORD = "no_record", _("The record is not there yet.")
        NO_ANSWER = "no_answer", _("The name servers did not answer.")
        TAKEN = "taken", _("Another board has shown that this domain is theirs.")

    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="sign_ons")
    domain = models.CharField(_("domain of the addresses"), max_length=253)  # in lower case
    issuer = models.URLField(_("issuer"), max_length=300)
    client_id = models.CharField(_("client ID"), max_length=191)
    secret = models.TextField(blank=True)  # encrypted
    is_on = models.BooleanField(_("People may sign in with it"), default=True)
    challenge = models.CharField(max_length=64, default=new_challenge, editable=False)
    verified_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, choices=Trouble.choices, blank=True)
    check_due_at = models.DateTimeField(null=True)

    objects = SignOnQuerySet.as_manager()

    class Meta:
        ordering = ["board", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "domain"],
                name="sign_on_once_a_domain",
                violation_error_message=_("The board has a sign-in for this domain already."),
            ),
            models.UniqueConstraint(
                fields=["domain"], condition=Q(verified_at__isnull=False), name="sign_on_domain_of_one_board"
            ),
        ]
        indexes = [
            models.Index(fields=["check_due_at"], condition=Q(check_due_at__isnull=False), name="sign_on_check_due")
        ]

    def __str__(self) -> str:
        return labelled(_("Sign-in of the board"), self.domain)

    @property
    def record(self) -> tuple[str, str]:
        """Name and text of the TXT record that shows whose the domain is."""
        return f"_tandem.{self.domain}", f"tandem-domain={self.challenge}"

    @property
    def provider_id(self) -> str:
        """What it is called in addresses, and in the link between an account and whoever signs in with it."""
        return f"sign-on-{self.pk}"

    def chain(self) -> Chain:
        return Chain(board=self.board_id)
