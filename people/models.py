"""Who was asked to come in."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ROLE_FITS_ITS_SCOPE, RoleInScope, User, once_in_scope, people_of
from accounts.permissions import Permission
from core import clock
from core.text import labelled

if TYPE_CHECKING:
    pass

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
