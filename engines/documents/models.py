"""A document that was asked for: made by the worker, kept as bytes with their hash."""

from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessLink, User
from core import clock
from core.chain import Chain
from core.models import StoredFile
from engines.documents.kinds import DocumentKind, kinds


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        """The documents whose subject `user` may see."""
        seen = Q(pk__in=[])
        for kind in kinds:
            subjects = kind.model._default_manager.visible_to(user)  # type: ignore[attr-defined]
            seen |= Q(kind=kind.name, subject_id__in=subjects.order_by().values("pk"))
        return self.filter(seen)

    def behind(self, link: AccessLink) -> Self:
        """What the holder of a reading link may read, newest first."""
        meant = [kind.name for kind in kinds if kind.is_read_by_link]
        ready = self.filter(state=Document.State.READY, kind__in=meant)
        return ready.filter(subject_type=link.subject_type, subject_id=link.subject_id).order_by("-made_at", "-pk")

    def waiting(self) -> Self:
        """Asked for, or left behind by a worker that died."""
        return self.filter(next_try_at__lte=clock.now())


class Document(models.Model):
    """A rendered PDF with its HTML twin, of one subject, in one language, on one paper."""

    class State(models.TextChoices):
        ASKED = "asked", _("Being made")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Too long for its page")
        FAILED = "failed", _("Could not be made")

    board = models.ForeignKey("boards.Board", models.PROTECT, related_name="+")
    family = models.ForeignKey("schools.Family", models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=2)
    paper = models.CharField(max_length=6)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, default=clock.now)
    made_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of what it says, on which paper
    html = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    step = models.PositiveSmallIntegerField(null=True)  # the density it fitted at, to be tried first next time
    cuts = models.JSONField(default=dict)  # field -> words too many, measured, when it was refused
    because = models.CharField(max_length=300, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", pdf__isnull=False, html__isnull=False, made_at__isnull=False)
                | (~Q(state="ready") & Q(pdf=None)),
                name="ready_document_has_its_file",
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="document_waiting"),
            models.Index(fields=["kind", "subject_id", "-asked_at"], name="document_of_subject"),
            models.Index(fields=["fingerprint"], condition=Q(state="ready"), name="document_by_fingerprint"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def chain(self) -> Chain:
        return Chain(board=self.board_id, family=self.family_id, school=self.school_id)

    @property
    def of_kind(self) -> DocumentKind:
        return kinds[self.kind]

    @property
    def subject(self) -> Any:
        return self.of_kind.model._default_manager.get(pk=self.subject_id)

    @property
    def too_long(self) -> list[tuple[str, int]]:
        """Name of each field that must lose words, and how many."""
        labels = self.of_kind.labels
        return [(str(labels.get(name, name)), words) for name, words in self.cuts.items()]
