"""Every e-mail that is to be sent, as a row with a unique key, until it is sent or given up in the open."""

from typing import Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within
from accounts.models import User
from accounts.permissions import Permission
from core import clock
from core.chain import Chain


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> Self:
        """The messages of the schools or boards whose outbox `user` may read, and one's own."""
        return self.filter(Q(reader=user) | within(user, Permission.OUTBOX_VIEW, ""))

    def waiting(self) -> Self:
        """Due now: never tried, to be tried again, or left behind by a worker that died."""
        return self.filter(next_try_at__lte=clock.now())


class Message(models.Model):
    """One e-mail to one address; its key is kind, subject, nudge and recipient, so it is planned once."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        RETRY = "retry", _("Will be tried again")
        FAILED = "failed", _("Could not be sent")
        SUPPRESSED = "suppressed", _("Not sent, nothing left to say")
        EXPIRED = "expired", _("Not sent in time")

    board = models.ForeignKey("boards.Board", models.PROTECT, null=True, related_name="+")
    family = models.ForeignKey("schools.Family", models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    nudge = models.CharField(max_length=64)
    recipient = models.EmailField(max_length=254)
    reader = models.ForeignKey(User, models.PROTECT, null=True, related_name="messages")
    language = models.CharField(max_length=2, default="en")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)  # written when it is sent; of a secret message only while it waits, encrypted
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    because = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField(default=clock.now)
    next_try_at = models.DateTimeField(null=True, default=clock.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "nudge", "recipient"],
                name="one_message_per_key",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="sent_message_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "sending", "retry"], next_try_at__isnull=False)
                | Q(state__in=["sent", "failed", "suppressed", "expired"], next_try_at=None),
                name="waiting_message_has_its_next_try",
            ),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="message_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"

    def chain(self) -> Chain:
        return Chain(board=self.board_id, family=self.family_id, school=self.school_id)

    @property
    def message_id(self) -> str:
        """The same for every try, so that a mail program can tell a copy from a second message."""
        return f"<{self.kind}.{self.pk}.{int(self.planned_at.timestamp())}@tandem>"
