"""A file that somebody wants in: read, looked at, and written part by part."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from boards.models import Board
from core import clock
from core.chain import Chain
from core.models import StoredFile
from engines.imports.kinds import Importer, importers


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """Those of the boards `user` administers."""
        return self.filter(board__in=user.access.reach(Permission.BOARD_CHANGE).boards)

    def waiting(self) -> Self:
        """For the worker to read or write, or left behind by one that died."""
        return self.filter(next_try_at__lte=clock.now())


class Import(models.Model):
    """A file of one board. `done` of `total` usable rows are written, those up to line `upto_line`; before the writing
    begins, `added`, `changed` and `unchanged` say what would become of them."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        MAPPING = "mapping", _("Columns to be matched")
        PREVIEWED = "previewed", _("Ready to be imported")
        APPLYING = "applying", _("Being imported")
        APPLIED = "applied", _("Imported")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Not imported")

    class Part(models.TextChoices):
        ALL = "all", _("What is new and what is changed")
        ADDED = "added", _("Only what is new")
        CHANGED = "changed", _("Only what is changed")

    board = models.ForeignKey(Board, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)  # of the file
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    refused_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.READING)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    headings = models.JSONField(default=list)
    headings_key = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)  # the place of its heading by the name of a column
    preview = models.JSONField(default=dict)  # what the page shows of the rows
    part = models.CharField(max_length=7, choices=Part.choices, default=Part.ALL)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    upto_line = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)  # new or changed, and not of the part that was asked for
    refused = models.PositiveIntegerField(default=0)
    elsewhere = models.PositiveIntegerField(default=0)
    late = models.JSONField(default=list)  # rows that were refused when they were written: line, column, reason
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, default=clock.now)
    because = models.CharField(max_length=300, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("reading", "applying"), next_try_at__isnull=False)
                | (~Q(state__in=("reading", "applying")) & Q(next_try_at=None)),
                name="import_waits_only_for_the_worker",
            ),
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="import_does_no_more_than_all"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="import_waiting"),
            models.Index(fields=["board", "-uploaded_at"], name="import_of_board"),
        ]

    def __str__(self) -> str:
        return self.name

    def chain(self) -> Chain:
        return Chain(board=self.board_id)

    @property
    def importer(self) -> Importer:
        return importers[self.kind]

    @property
    def is_working(self) -> bool:
        """Whether the worker has it in hand or soon will."""
        return self.state in (self.State.READING, self.State.APPLYING)

    @property
    def can_go_on(self) -> bool:
        """Whether its writing began and did not come to its end."""
        return (
            self.state in (self.State.STOPPED, self.State.FAILED) and self.begun_at is not None and bool(self.file_id)
        )

    @property
    def can_be_matched(self) -> bool:
        """Whether its columns may still be chosen."""
        return self.state in (self.State.MAPPING, self.State.PREVIEWED)

    @property
    def can_be_stopped(self) -> bool:
        return self.is_working or self.can_be_matched

    @property
    def left(self) -> int:
        """How many usable rows are not written."""
        return self.total - self.done

    @property
    def is_all_elsewhere(self) -> bool:
        """Whether every row of it belongs to other boards."""
        return 0 < self.rows == self.elsewhere

    def unused(self) -> list[str]:
        """The headings that stand for nothing."""
        used = set(self.mapping.values())
        return [heading for place, heading in enumerate(self.headings) if place not in used and heading]

    def absent(self) -> list[Any]:
        """What the importer could read and the file does not have."""
        return [column.label for column in self.importer.columns if column.name not in self.mapping]
