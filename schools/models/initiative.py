"""An initiative: why, where it leads, how success is measured, and what it needs."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import within
from accounts.models import User
from accounts.permissions import Permission
from boards.models import StrategicGoal
from core.chain import Chain
from core.models import Versioned
from core.templatetags.tandem import said
from core.text import labelled
from schools.models.quantified import Quantified
from schools.models.school import ImprovementGoal, School
from schools.models.translated import Translated, lacks, read_in, text_in
from schools.sentences import NeedFacts

if TYPE_CHECKING:
    from boards.models import Board


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def visible_to(self, user: User) -> Self:
        """The initiatives of the schools whose outline `user` may read."""
        return self.filter(within(user, Permission.INITIATIVE_VIEW, "school__"))

    def published_to(self, user: User) -> Self:
        """The initiatives of which `user` may read what is public: those that made something so in a board they have
        to do with, and those they read anyway."""
        boards = user.access.reach(Permission.PUBLISHED_VIEW).boards
        public = Q(school__board__in=boards, is_published=True)
        return self.filter(within(user, Permission.INITIATIVE_VIEW, "school__") | public)


class Initiative(Translated, Versioned):
    """What a school wants to do with a partner."""

    PRINTED = ("title", "summary", "description", "why", "learning", "benefits", "ask")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        READY = "ready", pgettext_lazy("initiative", "Ready")
        SEEKING = "seeking", _("Seeking a partner")
        UNDER_WAY = "under_way", _("Under way")
        COMPLETED = "completed", _("Completed")
        ARCHIVED = "archived", _("Archived")

    class Kind(models.TextChoices):
        CONSULTATIVE = "consultative", _("Consultative: advice on programs")
        CONTRIBUTORY = "contributory", _("Contributory: resources or funding")
        OPERATIONAL = "operational", _("Operational: shared tasks towards one goal")
        CO_OPERATIVE = "co_operative", _("Co-operative: shaped and carried by both")

    school = models.ForeignKey(School, models.PROTECT, related_name="initiatives")
    title = models.CharField(_("title"), max_length=80)
    summary = models.TextField(_("in one or two sentences"), max_length=400, blank=True)
    description = models.TextField(_("what happens"), max_length=800, blank=True)
    why = models.TextField(_("why it matters"), max_length=800, blank=True)
    learning = models.TextField(_("how it enhances student learning"), max_length=600, blank=True)
    benefits = models.TextField(
        _("what is in it for the partner"), max_length=800, blank=True, help_text=_("One benefit a line.")
    )
    ask = models.TextField(_("what you ask of the partner now"), max_length=500, blank=True)
    kind = models.CharField(_("kind of collaboration"), max_length=14, choices=Kind.choices, blank=True)
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    champion = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="initiatives", verbose_name=_("champion")
    )
    backup = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("back-up"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    is_published = models.BooleanField(default=False, editable=False)
    public_parts = models.JSONField(default=list, editable=False)  # keys of schools.publishing; needs have their own

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="initiative_ends_after_it_starts",
                violation_error_message=_("The initiative ends before it starts."),
            )
        ]
        indexes = [
            models.Index(fields=["school", "title", "id"], name="initiative_of_school"),
            models.Index(fields=["title", "id"], condition=Q(is_published=True), name="published_initiative"),
        ]

    def __str__(self) -> str:
        return self.title

    def chain(self) -> Chain:
        return self.school.chain()

    @property
    def board(self) -> "Board":
        return self.school.board

    @property
    def written_in(self) -> str:
        return self.school.language

    @property
    def years(self) -> str:
        """The years of its period, “2026–2027”; "" where it has none."""
        return "–".join(dict.fromkeys(str(day.year) for day in (self.starts_on, self.ends_on) if day))

    @property
    def benefit_lines(self) -> list[str]:
        return lines_of(self.benefits)


def lines_of(text: str) -> list[str]:
    """The lines of `text` that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class OfInitiativeQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: User) -> Self:
        """Rows of the initiatives `user` may read."""
        return self.filter(within(user, Permission.INITIATIVE_VIEW, "initiative__school__"))


class Goal(Translated, Versioned):
    """A goal of an initiative, and what it flows into: the alignment."""

    PRINTED = ("title",)

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="goals")
    title = models.CharField(_("goal"), max_length=160)
    improvement_goals = models.ManyToManyField(
        ImprovementGoal, blank=True, related_name="goals", verbose_name=_("flows into these school goals")
    )
    strategic_goals = models.ManyToManyField(
        StrategicGoal, blank=True, related_name="goals", verbose_name=_("flows into these board goals")
    )
    flowed_into = models.TextField(blank=True, editable=False)  # goals of a board the school left, one a line

    objects = OfInitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "title"],
                name="one_goal_per_title",
                violation_error_message=_("The initiative has this goal already."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def chain(self) -> Chain:
        return self.initiative.chain()

    @property
    def written_in(self) -> str:
        return self.initiative.written_in


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User) -> Self:
        """Measures of the initiatives `user` may read."""
        return self.filter(within(user, Permission.INITIATIVE_VIEW, "goal__initiative__school__"))

    def with_latest(self) -> Self:
        """Measures with `now`, the latest number that was logged, and the day it is of, `now_on`; None before any."""
        latest = Measurement.objects.filter(measure=models.OuterRef("pk")).order_by("-day").values
        return self.annotate(now=models.Subquery(latest("value")[:1]), now_on=models.Subquery(latest("day")[:1]))


class Measure(Translated, Versioned):
    """How a goal is known to be met: from a baseline to a target by a day."""

    PRINTED = ("label", "unit", "source")

    class Direction(models.TextChoices):
        UP = "up", _("More is better")
        DOWN = "down", _("Less is better")

    class Confidence(models.TextChoices):
        COUNTED = "counted", _("Counted")
        ESTIMATED = "estimated", _("Estimated")
        REPORTED = "reported", _("Reported by the partner")

    LIMITS = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10_000_000))]

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="measures", verbose_name=_("goal"))
    label = models.CharField(_("what is counted"), max_length=80, help_text=_("For example: students on the team"))
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices, default=Direction.UP)
    baseline = models.DecimalField(_("today"), max_digits=10, decimal_places=2, validators=LIMITS)
    target = models.DecimalField(_("target"), max_digits=10, decimal_places=2, validators=LIMITS)
    due_on = models.DateField(_("by"), null=True, blank=True)
    source = models.CharField(_("where the number comes from"), max_length=80, blank=True)
    confidence = models.CharField(_("how sure"), max_length=9, choices=Confidence.choices, default=Confidence.COUNTED)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="up", target__gt=F("baseline")) | Q(direction="down", target__lt=F("baseline")),
                name="measure_target_lies_in_its_direction",
                violation_error_message=_("The target and today’s number do not fit the direction."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    def chain(self) -> Chain:
        return self.goal.chain()

    @property
    def initiative(self) -> Initiative:
        return self.goal.initiative

    @property
    def written_in(self) -> str:
        return self.initiative.written_in


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def visible_to(self, user: User) -> Self:
        """What was measured of the initiatives `user` may read."""
        return self.filter(within(user, Permission.INITIATIVE_VIEW, "measure__goal__initiative__school__"))


class Measurement(Versioned):
    """What a measure stood at on a day. Corrected, the trail keeps what stood there before."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="measurements")
    day = models.DateField(_("as of"))
    value = models.DecimalField(_("the number"), max_digits=10, decimal_places=2, validators=Measure.LIMITS)
    confidence = models.CharField(
        _("how sure"), max_length=9, choices=Measure.Confidence.choices, default=Measure.Confidence.COUNTED
    )
    note = models.CharField(_("anything to know about it"), max_length=200, blank=True)
    logged_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "day"],
                name="one_measurement_a_day",
                violation_error_message=_("A number is logged for this day already. Correct that one."),
            )
        ]

    def __str__(self) -> str:
        return labelled(f"{said(self.value, self.measure.unit)}, {self.day.isoformat()}", self.measure)

    def chain(self) -> Chain:
        return self.measure.chain()

    @property
    def as_told(self) -> str:
        """All of it in a line, for the trail of a correction."""
        told = [
            self.day.isoformat(),
            said(self.value, self.measure.unit),
            str(self.get_confidence_display()),
            self.note,
        ]
        return " · ".join(filter(None, told))


class Need(Quantified, Translated, Versioned):
    """What an initiative needs, exact enough to read back as a sentence."""

    PRINTED = ("what", "unit", "details")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a yes")
        OPEN = "open", pgettext_lazy("need", "Open")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="needs")
    details = models.TextField(_("anything a business should know"), max_length=400, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN, editable=False)
    is_published = models.BooleanField(default=False, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = OfInitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(is_published=False) | Q(state="open"), name="published_need_is_open")
        ]

    def __str__(self) -> str:
        return self.sentence[:200]

    def chain(self) -> Chain:
        return self.initiative.chain()

    def is_own(self, user: User) -> bool:
        """Whether `user` logged it and it still waits for a yes."""
        return self.created_by_id == user.pk and self.state == self.State.PROPOSED

    @property
    def board(self) -> "Board":
        return self.initiative.school.board

    @property
    def written_in(self) -> str:
        return self.initiative.school.language

    @property
    def language(self) -> str:
        """Words that were typed keep their language unless they are translated; figures alone speak the page's."""
        reader = read_in()
        return self.written_in if lacks(self, "what", reader) else reader

    @property
    def facts(self) -> NeedFacts:
        if not self.in_other_language:
            return super().facts
        what, unit = (text_in(self, name, self.language) for name in ("what", "unit"))
        return replace(super().facts, what=what, unit=unit)
