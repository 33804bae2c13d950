"""Families and schools, their figures and their improvement goals."""

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within
from accounts.permissions import Permission
from boards.models import Board, Level, StrategicGoal
from core.chain import Chain
from core.models import StoredFile, Versioned
from core.search_text import SearchText, search_key
from core.web_address import WebAddress
from schools.models.translated import Translated

if TYPE_CHECKING:
    from accounts.models import User


class FamilyQuerySet(models.QuerySet["Family"]):
    def visible_to(self, user: "User") -> Self:
        """The families of the schools `user` may see, and one's own."""
        reach = user.access.reach(Permission.SCHOOL_VIEW)
        return self.filter(Q(board__in=reach.boards) | Q(pk__in=reach.families) | Q(pk__in=_families_of(reach.schools)))


def _families_of(schools: frozenset[int]) -> "models.QuerySet[School, int | None]":
    return School.objects.filter(pk__in=schools, family__isnull=False).values_list("family_id", flat=True)


class Family(Versioned):
    """The schools one superintendent looks after."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="families")
    name = models.CharField(_("name"), max_length=120)

    objects = FamilyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "families"
        constraints = [
            models.UniqueConstraint(
                fields=["board", "name"],
                name="one_family_per_name",
                violation_error_message=_("The board has a family of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def chain(self) -> Chain:
        return Chain(board=self.board_id, family=self.pk)


class SchoolQuerySet(models.QuerySet["School"]):
    def visible_to(self, user: "User") -> Self:
        """The schools whose profile `user` may read."""
        return self.in_scope(user, Permission.SCHOOL_VIEW)

    def in_scope(self, user: "User", permission: Permission) -> Self:
        """The schools over which `user` holds `permission`."""
        return self.filter(within(user, permission, "self"))

    def published_to(self, user: "User") -> Self:
        """The schools of which `user` may read what is public: those that made something so in a board they have to
        do with, and those whose profile they read anyway."""
        boards = user.access.reach(Permission.PUBLISHED_VIEW).boards
        return self.filter(within(user, Permission.SCHOOL_VIEW, "self") | Q(board__in=boards, is_published=True))

    def matching(self, text: str) -> Self:
        """Schools whose name, town or number holds every word of `text`, accents and case aside."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search__contains=word)
        return found


class School(Translated, Versioned):
    """A school: what the guide asks it to say of itself before anybody is called."""

    class PictureKind(models.TextChoices):
        LOGO = "logo", _("Logo")
        PHOTO = "photo", _("Photo")

    PRINTED = ("strength", "challenge", "demographic_label", "demographics", "accomplishments")

    board = models.ForeignKey(Board, models.PROTECT, related_name="schools")
    family = models.ForeignKey(Family, models.PROTECT, null=True, blank=True, related_name="schools")
    ministry_number = models.CharField(_("ministry number"), max_length=12, blank=True)
    name = models.CharField(_("name"), max_length=200)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=[("en", _("English")), ("fr", _("French"))])
    grades = models.CharField(_("grades"), max_length=40, blank=True, help_text=_("For example 9–12 or JK–8"))
    street = models.CharField(_("street"), max_length=200, blank=True)
    town = models.CharField(_("town"), max_length=120, blank=True)
    province = models.CharField(_("province"), max_length=60, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = WebAddress(_("website"), max_length=300, blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    enrolment = models.PositiveIntegerField(
        _("students"), null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(20000)]
    )
    enrolment_unknown = models.CharField(max_length=8, blank=True, editable=False)
    demographics = models.TextField(_("who our students are"), max_length=600, blank=True)
    demographic_figure = models.CharField(_("one figure that says it"), max_length=12, blank=True)
    demographic_label = models.CharField(_("what the figure counts"), max_length=40, blank=True)
    strength = models.CharField(_("signature strength"), max_length=60, blank=True)
    accomplishments = models.TextField(_("accomplishments"), max_length=600, blank=True)
    challenge = models.CharField(_("most pressing challenge"), max_length=60, blank=True)
    region = models.CharField(_("part of the town or region"), max_length=60, blank=True)
    home_languages = models.CharField(_("languages spoken at home"), max_length=120, blank=True)
    year_runs = models.TextField(_("how our year runs"), max_length=1000, blank=True)
    search = SearchText(of=("name", "town", "ministry_number"), max_length=360)
    is_published = models.BooleanField(default=False, editable=False)
    public_parts = models.JSONField(default=list, editable=False)  # keys of schools.publishing

    picture = models.ForeignKey(StoredFile, models.PROTECT, null=True, editable=False, related_name="+")
    picture_kind = models.CharField(
        _("what it is"), max_length=5, choices=PictureKind.choices, blank=True, editable=False
    )

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "ministry_number"],
                condition=~Q(ministry_number=""),
                name="one_school_per_ministry_number",
                violation_error_message=_("Another school of the board has this ministry number."),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="school_has_both_coordinates_or_none",
                violation_error_message=_("Enter both coordinates or none."),
            ),
            models.CheckConstraint(
                condition=Q(picture=None, picture_kind="") | (Q(picture__isnull=False) & ~Q(picture_kind="")),
                name="school_picture_says_what_it_is",
            ),
        ]
        indexes = [
            models.Index(fields=["board", "name", "id"], name="school_of_board_by_name"),
            models.Index(
                fields=["board", "name", "id"], condition=Q(is_published=True), name="published_school_by_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def chain(self) -> Chain:
        return Chain(board=self.board_id, family=self.family_id, school=self.pk)

    @property
    def has_picture(self) -> bool:
        """Whether its picture may be shown: a logo always, a photo while its board has photos switched on."""
        return self.picture_kind == self.PictureKind.LOGO or (bool(self.picture_kind) and self.board.photos_are_on)

    @property
    def written_in(self) -> str:
        return self.language


class SchoolFigureQuerySet(models.QuerySet["SchoolFigure"]):
    def visible_to(self, user: "User") -> Self:
        """The figures of the schools `user` may see."""
        return self.filter(within(user, Permission.SCHOOL_VIEW, "school__"))


class SchoolFigure(models.Model):
    """One published figure of a school, or the published reason why there is none (SP, NA, N/D, N/R)."""

    school = models.ForeignKey(School, models.CASCADE, related_name="figures")
    kind = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    unknown_because = models.CharField(max_length=8, blank=True)

    objects = SchoolFigureQuerySet.as_manager()

    class Meta:
        ordering = ["school", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "kind"], name="one_school_figure_per_kind"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, unknown_because="") | (Q(value=None) & ~Q(unknown_because="")),
                name="school_figure_has_value_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value if self.value is not None else self.unknown_because}"

    def chain(self) -> Chain:
        return self.school.chain()


class ImprovementGoalQuerySet(models.QuerySet["ImprovementGoal"]):
    def visible_to(self, user: "User") -> Self:
        """The improvement goals of the schools `user` may see."""
        return self.filter(within(user, Permission.SCHOOL_VIEW, "school__"))


class ImprovementGoal(Translated, Versioned):
    """A goal of the school improvement plan; it flows into the board's strategic goals."""

    PRINTED = ("title",)

    school = models.ForeignKey(School, models.PROTECT, related_name="improvement_goals")
    title = models.CharField(_("goal"), max_length=160)
    strategic_goals = models.ManyToManyField(
        StrategicGoal, blank=True, related_name="improvement_goals", verbose_name=_("flows into")
    )
    flowed_into = models.TextField(blank=True, editable=False)  # goals of a board the school left, one a line

    objects = ImprovementGoalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "title"],
                name="one_improvement_goal_per_title",
                violation_error_message=_("The school has this goal already."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def chain(self) -> Chain:
        return self.school.chain()

    @property
    def written_in(self) -> str:
        return self.school.language

    @property
    def flowed_into_lines(self) -> list[str]:
        return self.flowed_into.splitlines()
