"""What somebody owes by a day; settled by a fact, never by having been mailed."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.access import Access
from accounts.models import Absence, User
from boards.models import Board
from core import clock
from core.chain import Chain
from engines.outbox.models import Message

if TYPE_CHECKING:
    from datetime import datetime


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> Self:
        """What `user` owes, and what those owe today who are away and named `user` as their stand-in."""
        away = Absence.objects.on(clock.now().date()).filter(stand_in=user).order_by()
        return self.filter(Q(owed_by=user) | Q(owed_by__in=away.values("membership__user")))

    def met_as(self, access: Access) -> Self:
        """Where the role their reader chose to be met as reaches; all of them if none was chosen."""
        chosen = access.first
        if chosen is None or access is access.whole:
            return self
        if chosen.school_id:
            return self.filter(school=chosen.school_id)
        if chosen.family_id:
            return self.filter(Q(family=chosen.family_id) | Q(school__family=chosen.family_id))
        return self.filter(board=chosen.board_id)

    def with_reader(self) -> Any:
        """With the key of the `reader`: whoever owes it, or their stand-in while they are away."""
        away = Absence.objects.on(clock.now().date()).filter(membership__user=OuterRef("owed_by"))
        stand_in = Subquery(away.order_by("pk").values("stand_in")[:1])
        return self.annotate(reader=Coalesce(stand_in, F("owed_by"), output_field=models.BigIntegerField()))

    def open(self) -> Self:
        """Not settled yet."""
        return self.filter(settled_at=None)

    def to_mail(self, now: "datetime") -> Self:
        """Open, with a mailing due by `now`."""
        return self.filter(settled_at=None, mail_at__lte=now)


class Reminder(models.Model):
    """One debt: its key is rule, subject, part and occasion. Who owes it may change; the row stays."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="+")
    family = models.ForeignKey("schools.Family", models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=40)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    part = models.CharField(max_length=20)
    occasion = models.CharField(max_length=10, blank=True)
    owed_by = models.ForeignKey(User, models.PROTECT, related_name="reminders")
    due_on = models.DateField()
    mail_at = models.DateTimeField(null=True)
    mailings = models.PositiveSmallIntegerField(default=0)
    last_mailing = models.PositiveSmallIntegerField(default=2)  # then it stands on Today only
    settled_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_type", "subject_id", "part", "occasion"], name="one_reminder_per_key"
            )
        ]
        indexes = [
            models.Index(fields=["mail_at"], condition=Q(settled_at=None), name="reminder_to_mail"),
            models.Index(fields=["owed_by", "due_on"], condition=Q(settled_at=None), name="reminder_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}, {self.owed_by}, {self.due_on}"

    def chain(self) -> Chain:
        return Chain(board=self.board_id, family=self.family_id, school=self.school_id)


class DigestLine(models.Model):
    """A reminder in the mail of a day; each mailing of a reminder stands in one message only."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="lines")
    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="lines")
    mailing = models.PositiveSmallIntegerField()

    class DigestLineQuerySet(models.QuerySet["DigestLine"]):
        def visible_to(self, user: User) -> Self:
            """The lines of one's own reminders."""
            return self.filter(reminder__owed_by=user)

    objects = DigestLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reminder", "mailing"], name="one_line_per_mailing")]

    def __str__(self) -> str:
        return f"{self.reminder}, mailing {self.mailing}"

    def chain(self) -> Chain:
        return self.reminder.chain()
