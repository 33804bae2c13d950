"""A board: its settings, its calendar, its strategic goals. No person."""

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from boards.calendar import Calendar
from boards.school_year import Part
from core.chain import Chain
from core.models import StoredFile, Versioned
from core.money import CHOICES, DEFAULT
from core.templatetags.tandem import said
from core.text import labelled

if TYPE_CHECKING:
    from accounts.models import User


def known_zone(name: str) -> None:
    """Refuse a time zone this machine does not know; raises ValidationError."""
    if name not in available_timezones():
        raise ValidationError(_("This is no time zone, for example America/Toronto."))


class Level(models.TextChoices):
    """Of a school, and of the schools for which a part of the year holds."""

    ELEMENTARY = "elementary", _("Elementary")
    SECONDARY = "secondary", _("Secondary")
    BOTH = "both", _("Elementary and secondary")


class HelpKind(models.TextChoices):
    """What a school can ask for and a partner can promise."""

    VOLUNTEERS = "volunteers", _("Volunteers")
    MENTORS = "mentors", _("Mentors")
    TRANSPORTATION = "transportation", _("Transportation")
    FUNDING = "funding", _("Funding")
    EQUIPMENT = "equipment", _("Equipment")
    SPACE = "space", _("Space")
    EXPERTISE = "expertise", _("Expertise")
    WORK_PLACEMENT = "work_placement", _("Work placement")
    INTERNSHIP = "internship", _("Internship")
    JOB_SHADOWING = "job_shadowing", _("Job shadowing")
    GUEST_SPEAKER = "guest_speaker", _("Guest speaker")
    TOUR = "tour", _("Tour")
    OTHER = "other", _("Something else")


class Paper(models.TextChoices):
    LETTER = "letter", _("Letter")
    A4 = "a4", _("A4")


class Languages(models.TextChoices):
    """What a board speaks; its own goals and days are written in each."""

    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")
    BOTH = "both", _("English and French")


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, user: "User") -> Self:
        """The boards `user` belongs to, in whatever role."""
        return self.filter(pk__in=user.access.reach(Permission.BOARD_VIEW).boards)


class Board(Versioned):
    """The owner of everything below it. A school on its own has a small one behind it."""

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    ministry_number = models.CharField(_("ministry number"), max_length=12, blank=True)
    language = models.CharField(_("first language"), max_length=2, choices=[("en", _("English")), ("fr", _("French"))])
    languages = models.CharField(_("languages"), max_length=4, choices=Languages.choices, default=Languages.BOTH)
    zone_name = models.CharField(_("time zone"), max_length=60, default="America/Toronto", validators=[known_zone])
    paper = models.CharField(_("paper"), max_length=6, choices=Paper.choices, default=Paper.LETTER)
    currency = models.CharField(_("currency"), max_length=3, choices=CHOICES, default=DEFAULT)
    plan_name_en = models.CharField(_("strategic plan, English"), max_length=120, blank=True)
    plan_name_fr = models.CharField(_("strategic plan, French"), max_length=120, blank=True)
    logo = models.ForeignKey(StoredFile, models.PROTECT, null=True, editable=False, related_name="+")
    photos_are_on = models.BooleanField(
        _("schools may show photos"),
        default=False,
        help_text=_("No student may be recognisable in one. A logo may always be shown."),
    )
    mail_is_on = models.BooleanField(_("Tandem may send mail"), default=True)
    # The clocks of domain.md that have a rule by now; every number is the board's.
    meeting_after_days = models.PositiveSmallIntegerField(
        _("school days until what follows a meeting is due"), default=2, validators=[MaxValueValidator(60)]
    )
    answer_partner_days = models.PositiveSmallIntegerField(
        _("school days until the partner has an answer"), default=2, validators=[MaxValueValidator(60)]
    )
    mou_signature_days = models.PositiveSmallIntegerField(
        _("school days until a yes to an agreement is asked for"), default=10, validators=[MaxValueValidator(60)]
    )
    once_more_days = models.PositiveSmallIntegerField(
        _("school days until an item is mailed once more"), default=5, validators=[MaxValueValidator(60)]
    )

    # The board of a school on its own ends when the school joins another: nobody works in it from then on.
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="joined_here")
    joined_at = models.DateTimeField(null=True, editable=False)
    has_joined_here = models.BooleanField(default=False, editable=False)  # tells without a query that one did

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ministry_number"],
                condition=~Q(ministry_number=""),
                name="one_board_per_ministry_number",
            ),
            models.CheckConstraint(
                condition=Q(joined_to=None, joined_at=None) | Q(joined_to__isnull=False, joined_at__isnull=False),
                name="joined_board_says_when",
            ),
            models.CheckConstraint(
                condition=Q(joined_to=None) | ~Q(joined_to=F("id")), name="board_joins_another_than_itself"
            ),
            models.CheckConstraint(
                condition=Q(languages="both") | Q(languages=F("language")),
                name="first_language_is_one_of_the_boards",
                violation_error_message=_("The first language is one the board does not speak."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def chain(self) -> Chain:
        return Chain(board=self.pk)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def speaks(self) -> tuple[str, ...]:
        """The languages it is written in, the first one first."""
        if self.languages == Languages.BOTH:
            return ("fr", "en") if self.language == "fr" else ("en", "fr")
        return (self.languages,)

    @property
    def plan_name(self) -> str:
        return in_language(self.plan_name_en, self.plan_name_fr)

    @cached_property
    def calendar(self) -> Calendar:
        """The board's closed days, read once for each board in hand."""
        periods = self.closed_periods.values_list("starts_on", "ends_on", "kind")
        return Calendar.of(periods)

    @cached_property
    def hourly_rates(self) -> dict[str, Decimal]:
        """What an hour of help is worth by its kind, "" for any other; read once for each board in hand."""
        return dict(self.rates.values_list("kind", "amount"))


class OfBoardQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: "User") -> Self:
        """Rows of the boards `user` belongs to."""
        return self.filter(board__in=user.access.reach(Permission.BOARD_VIEW).boards)


class StrategicGoal(Versioned):
    """A goal of the board's strategic plan, in both languages; improvement goals and initiatives flow into it."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="strategic_goals")
    code = models.CharField(_("code"), max_length=12)
    title_en = models.CharField(_("goal, English"), max_length=160, blank=True)
    title_fr = models.CharField(_("goal, French"), max_length=160, blank=True)

    objects = OfBoardQuerySet.as_manager()

    class Meta:
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "code"],
                name="one_strategic_goal_per_code",
                violation_error_message=_("Another strategic goal has this code."),
            ),
            models.CheckConstraint(
                condition=~Q(title_en="") | ~Q(title_fr=""),
                name="strategic_goal_has_a_title",
                violation_error_message=_("Write the goal in English, in French or in both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    def chain(self) -> Chain:
        return Chain(board=self.board_id)

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_fr)


class Rate(Versioned):
    """What an hour of a kind of help is worth to a board; without a kind, an hour of any other."""

    HIGHEST = Decimal(1000)
    # Help of people. Money and things have no hours; the rate of "something else" is that of any other kind.
    BY_THE_HOUR = (
        HelpKind.VOLUNTEERS, HelpKind.MENTORS, HelpKind.EXPERTISE, HelpKind.GUEST_SPEAKER,
        HelpKind.WORK_PLACEMENT, HelpKind.INTERNSHIP, HelpKind.JOB_SHADOWING, HelpKind.TOUR,
    )  # fmt: skip

    board = models.ForeignKey(Board, models.CASCADE, related_name="rates")
    kind = models.CharField(_("kind of help"), max_length=16, choices=HelpKind.choices, blank=True)
    amount = models.DecimalField(_("amount an hour"), max_digits=6, decimal_places=2)

    objects = OfBoardQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["board", "kind"], name="one_rate_per_kind_of_help"),
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=1000), name="rate_is_above_0_and_bounded"),
        ]

    def __str__(self) -> str:
        return labelled(self.get_kind_display() or _("Any other kind"), said(self.amount))

    def chain(self) -> Chain:
        return Chain(board=self.board_id)


class NamedDays(Versioned):
    """Days of a board's calendar, first and last included; one day has the same start and end. A name where the kind
    does not say enough."""

    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    name_en = models.CharField(_("name, English"), max_length=80, blank=True)
    name_fr = models.CharField(_("name, French"), max_length=80, blank=True)

    objects = OfBoardQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())  # type: ignore[attr-defined]

    def chain(self) -> Chain:
        return Chain(board=self.board_id)  # type: ignore[attr-defined]

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_fr)


class ClosedPeriod(NamedDays):
    """Days without school: a holiday, a PA day, a break, the summer."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        PA_DAY = "pa_day", _("PA day")
        BREAK = "break", _("Break")
        SUMMER = "summer", _("Summer")

    board = models.ForeignKey(Board, models.CASCADE, related_name="closed_periods")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="closed_period_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["board", "starts_on", "ends_on", "kind"],
                name="one_closed_period_per_days",
                violation_error_message=_("These days are closed already."),
            ),
        ]


class YearPart(NamedDays):
    """A part of the school year at the schools of a level: a semester, a term, exams, the last school day."""

    class Kind(models.TextChoices):
        SEMESTER = "semester", _("Semester")
        TERM = "term", pgettext_lazy("part of a school year", "Term")
        EXAMS = "exams", _("Exams")
        LAST_DAY = "last_day", _("Last school day")

    board = models.ForeignKey(Board, models.CASCADE, related_name="year_parts")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="year_part_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="last_day") | Q(starts_on=F("ends_on")),
                name="last_school_day_is_one_day",
                violation_error_message=_("The last school day is one day: enter it twice."),
            ),
            models.UniqueConstraint(
                fields=["board", "kind", "level", "starts_on", "ends_on"],
                name="one_year_part_per_days",
                violation_error_message=_("This is in the calendar already."),
            ),
        ]

    @property
    def part(self) -> Part:
        """It as the rules of boards.school_year take it."""
        return Part(self.kind, self.level, self.starts_on, self.ends_on, str(self))


class CalendarFile(Versioned):
    """A calendar file that was sent: what was read of it, to be looked at before anything is taken over."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="calendar_files")
    name = models.CharField(_("file"), max_length=120)
    found = models.JSONField(default=list)  # boards.calendar_file.Found, as it keeps itself
    sent_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, editable=False)

    objects = OfBoardQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def chain(self) -> Chain:
        return Chain(board=self.board_id)


def in_language(english: str, french: str) -> str:
    """The text of the page's language; the other one where it has none."""
    return (french or english) if (get_language() or "en").startswith("fr") else (english or french)
