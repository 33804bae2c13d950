"""A school on its own that is asked to join a board, and the one that did."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from boards.models import Board
from core import clock
from core.chain import Chain
from core.text import labelled
from schools.models.school import School

if TYPE_CHECKING:
    from accounts.models import User

WAITING = Q(joined_at=None, withdrawn_at=None)


class JoiningQuerySet(models.QuerySet["Joining"]):
    def visible_to(self, user: "User") -> Self:
        """Those of the boards `user` administers."""
        return self.filter(board__in=user.access.reach(Permission.BOARD_CHANGE).boards)

    def waiting(self) -> Self:
        """Neither used nor withdrawn; its link may have run out."""
        return self.filter(WAITING)

    def done(self) -> Self:
        """Of schools that joined."""
        return self.filter(joined_at__isnull=False)


class Joining(models.Model):
    """A board asks a school on its own to join; whoever administers the school accepts by the link, once.

    Accepted, it names both boards: the only row besides the board that was left, and the trail, that does.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="joinings")
    meant_for = models.CharField(
        _("which school"), max_length=120, help_text=_("So that you know which link is whose. Nothing is looked up.")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    school = models.OneToOneField(School, models.PROTECT, null=True, related_name="joining")
    came_from = models.OneToOneField(Board, models.PROTECT, null=True, related_name="left_by")
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField(null=True)

    objects = JoiningQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(joined_at=None) | Q(withdrawn_at=None), name="joining_ends_once"),
            models.CheckConstraint(
                condition=Q(joined_at=None, school=None, came_from=None, joined_by=None)
                | Q(joined_at__isnull=False, school__isnull=False, came_from__isnull=False, joined_by__isnull=False),
                name="joining_says_who_came_from_where",
            ),
            models.CheckConstraint(
                condition=Q(came_from=None) | ~Q(came_from=F("board")), name="joining_is_of_another_board"
            ),
        ]

    def __str__(self) -> str:
        return labelled(_("Asked to join"), self.meant_for)

    def chain(self) -> Chain:
        return Chain(board=self.board_id)

    @property
    def has_run_out(self) -> bool:
        return self.expires_at <= clock.now()
