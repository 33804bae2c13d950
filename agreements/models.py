"""What two sides agreed, in writing: versions of a memorandum, their clauses, and the yes of each side."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from core import clock
from core.chain import Chain
from core.models import Versioned
from core.text import labelled
from partnerships.models import Partnership, PartnershipYear, Side, seen_by

if TYPE_CHECKING:
    from boards.models import Board


class OfVersionQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: User) -> Self:
        """Rows of the agreements `user` may read."""
        return self.filter(seen_by(user, "version__partnership__", Permission.AGREEMENT_VIEW))


class AgreementVersionQuerySet(models.QuerySet["AgreementVersion"]):
    def visible_to(self, user: User) -> Self:
        """The agreements of the partnerships `user` may know, for those who may read them."""
        return self.filter(seen_by(user, "partnership__", Permission.AGREEMENT_VIEW))


class AgreementVersion(Versioned):
    """One version of what was agreed. Promises, measures and roles are read from the partnership until somebody says
    yes; with the first yes they are copied as rows, and nothing of the version changes any more."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("agreement", "Draft")
        IN_FORCE = "in_force", _("In force")
        SUPERSEDED = "superseded", _("Replaced by a later version")
        VOID = "void", pgettext_lazy("agreement", "Withdrawn")

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    years = models.ManyToManyField(PartnershipYear, related_name="agreements")
    starts_on = models.DateField()
    ends_on = models.DateField()
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    in_force_at = models.DateTimeField(null=True)

    objects = AgreementVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="one_agreement_version_per_number"),
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(state="draft"), name="one_draft_per_partnership"
            ),
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(state="in_force"), name="one_agreement_in_force_per_partnership"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "void"], in_force_at=None)
                | Q(state__in=["in_force", "superseded"], in_force_at__isnull=False),
                name="agreement_says_since_when_it_is_in_force",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="agreement_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return labelled(_("Agreement, version %(n)d") % {"n": self.number}, self.partnership.initiative)

    def chain(self) -> Chain:
        return self.partnership.chain()

    @property
    def board(self) -> "Board":
        return self.partnership.board

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class Clause(Versioned):
    """One paragraph of an article; numbered within it."""

    version_of = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="clauses")
    article = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("text"), max_length=1200)

    class ClauseQuerySet(models.QuerySet["Clause"]):
        def visible_to(self, user: User) -> Self:
            """The clauses of the agreements `user` may read."""
            return self.filter(seen_by(user, "version_of__partnership__", Permission.AGREEMENT_VIEW))

    objects = ClauseQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version_of", "article", "number"], name="one_clause_per_number")
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def chain(self) -> Chain:
        return self.version_of.chain()


class AgreedPromise(models.Model):
    """A promise as it stood at the first yes."""

    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="promises")
    side = models.CharField(max_length=7, choices=Side.choices)
    kind = models.CharField(max_length=16)
    text = models.CharField(max_length=600)

    objects = OfVersionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    def chain(self) -> Chain:
        return self.version.chain()


class AgreedObjective(models.Model):
    """A measure as it stood at the first yes."""

    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="objectives")
    goal = models.CharField(max_length=160)
    measure = models.CharField(max_length=80)
    unit = models.CharField(max_length=30, blank=True)
    baseline = models.DecimalField(max_digits=10, decimal_places=2)
    target = models.DecimalField(max_digits=10, decimal_places=2)

    objects = OfVersionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.measure

    def chain(self) -> Chain:
        return self.version.chain()


class AgreedRole(models.Model):
    """Who stood for what at the first yes."""

    class Part(models.TextChoices):
        PRINCIPAL = "principal", _("Principal")
        CHAMPION = "champion", _("Champion")
        BACKUP = "backup", _("Back-up")
        PARTNER_LEAD = "partner_lead", _("Lead for the partner")

    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="roles")
    part = models.CharField(max_length=12, choices=Part.choices)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)

    objects = OfVersionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "part"], name="one_agreed_role_per_part")]

    def __str__(self) -> str:
        return self.name

    def chain(self) -> Chain:
        return self.version.chain()


class RecordedYes(models.Model):
    """One side's yes to a version: who said it, when, how, and who wrote it down."""

    class How(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("On the phone")
        EMAIL = "email", _("By e-mail")
        LETTER = "letter", _("By letter")
        PAPER = "paper", _("Signed on paper")
        HERE = "here", _("On this page")

    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="answers")
    side = models.CharField(max_length=7, choices=Side.choices)
    name = models.CharField(_("who said yes"), max_length=120)
    said_on = models.DateField(_("when"))
    how = models.CharField(_("how"), max_length=9, choices=How.choices)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = OfVersionQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "side"], name="one_yes_per_side")]

    def __str__(self) -> str:
        return labelled(self.get_side_display(), self.name)

    def chain(self) -> Chain:
        return self.version.chain()
