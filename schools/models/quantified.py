"""What can be asked for and promised: the same shape, read back as the same sentence."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from boards.models import Board, HelpKind
from schools.estimate import Value, value_of
from schools.sentences import NeedFacts, parts, sentence, totals

NEED_ICONS = {
    "volunteers": "people",
    "mentors": "person-arms-up",
    "transportation": "bus-front",
    "funding": "cash-coin",
    "equipment": "tools",
    "space": "house-door",
    "expertise": "mortarboard",
    "work_placement": "briefcase",
    "internship": "person-badge",
    "job_shadowing": "eye",
    "guest_speaker": "mic",
    "tour": "map",
    "other": "three-dots",
}


class Quantified(models.Model):
    """A kind of help with quantity, hours, frequency and value: a need asks for it, a commitment promises it."""

    Kind = HelpKind

    class Frequency(models.TextChoices):
        ONCE = "once", _("Once")
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Once a week")
        EVERY_TWO_WEEKS = "every_two_weeks", _("Every two weeks")
        MONTHLY = "monthly", _("Once a month")
        EACH_SEMESTER = "each_semester", _("Each semester")

    class TimesUnit(models.TextChoices):
        WEEKS = "weeks", _("weeks")
        MONTHS = "months", _("months")
        SEMESTERS = "semesters", _("semesters")

    kind = models.CharField(_("what do you need?"), max_length=16, choices=Kind.choices)
    what = models.CharField(_("what exactly"), max_length=120, blank=True)
    quantity = models.DecimalField(
        _("how many"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(1_000_000))],
    )
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    people = models.PositiveIntegerField(
        _("how many students"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(20000)],
    )
    hours = models.DecimalField(
        _("hours each time"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(400))],
    )
    frequency = models.CharField(_("how often"), max_length=15, choices=Frequency.choices, blank=True)
    times = models.PositiveSmallIntegerField(
        _("for how many"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    times_unit = models.CharField(
        _("weeks, months or semesters"), max_length=9, choices=TimesUnit.choices, default=TimesUnit.WEEKS
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    value = models.DecimalField(
        _("estimated value"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10_000_000))],
    )

    class Meta:
        abstract = True

    @property
    def board(self) -> Board:
        """The board whose currency and rates hold for its row."""
        raise NotImplementedError

    @property
    def facts(self) -> NeedFacts:
        return self.facts_in(self.board.currency)

    def facts_in(self, currency: str) -> NeedFacts:
        return NeedFacts(
            currency=currency,
            kind=self.kind,
            what=self.what,
            quantity=self.quantity,
            unit=self.unit,
            people=self.people,
            hours=self.hours,
            frequency=self.frequency,
            times=self.times,
            times_unit=self.times_unit,
        )

    @property
    def written_in(self) -> str:
        """The language in which the words of its row are typed; the page's unless the row knows better."""
        return get_language() or "en"

    @property
    def icon(self) -> str:
        return NEED_ICONS[self.kind]

    @property
    def language(self) -> str:
        """The language it reads in: words that were typed keep theirs, figures alone speak the page's."""
        return self.written_in if self.what else (get_language() or "en")

    @property
    def sentence(self) -> str:
        return sentence(self.facts, self.language)

    @property
    def parts(self) -> tuple[str, str]:
        return parts(self.facts, self.language)

    @property
    def totals(self) -> str:
        return totals(self.facts, self.language)

    @property
    def worth(self) -> Value | None:
        """What was entered as its value, or what the rates of its board say of its hours; None where neither does."""
        return value_of(self.facts, self.value, self.board)
