"""A partnership, its years, what each side promises, and what took place."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import within
from accounts.models import User
from accounts.permissions import Permission
from businesses.models import Business, Contact
from core import clock
from core.chain import Chain
from core.models import Versioned
from core.text import labelled
from outreach.models import Prospect
from schools.amounts import Of, amount
from schools.models import Initiative, Need, Quantified, School
from schools.needs_met import in_words
from schools.sentences import NeedFacts

if TYPE_CHECKING:
    from boards.models import Board


class Side(models.TextChoices):
    SCHOOL = "school", _("School")
    PARTNER = "partner", _("Partner")

    @property
    def other(self) -> "Side":
        return Side.PARTNER if self == Side.SCHOOL else Side.SCHOOL


def seen_by(user: User, path: str = "", permission: Permission = Permission.PARTNERSHIP_VIEW) -> Q:
    """The condition "of a partnership `user` may know exists"; `path` leads to it and ends in "__", or is empty.

    A partner knows what the school has shared with its business. With another `permission`: of one in which `user`
    holds that.
    """
    shared = Q(
        **{
            f"{path}business__in": user.access.reach(permission).businesses,
            f"{path}shared_at__isnull": False,
        }
    )
    return within(user, permission, f"{path}school__") | shared


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: User) -> Self:
        """The partnerships of the schools `user` may see, and those shared with a partner's business."""
        return self.filter(seen_by(user))


class Partnership(Versioned):
    """A school and a business that work together: one for each prospect, year after year."""

    class State(models.TextChoices):
        FORMING = "forming", _("Taking shape")
        AGREEMENT = "agreement", _("Agreed, to be confirmed")
        ACTIVE = "active", pgettext_lazy("partnership", "Active")
        PAUSED = "paused", pgettext_lazy("partnership", "Paused")
        ENDING = "ending", _("Coming to its end")
        ENDED = "ended", pgettext_lazy("partnership", "Ended")

    class Class(models.TextChoices):
        PARTNERSHIP = "partnership", _("Partnership: both give and both gain")
        SPONSORSHIP = "sponsorship", _("Sponsorship: support in return for being named")
        GIFT = "gift", _("Gift: nothing is expected in return")
        PURCHASE = "purchase", _("Purchase: the school pays for it")

    prospect = models.OneToOneField(Prospect, models.PROTECT, related_name="partnership")
    school = models.ForeignKey(School, models.PROTECT, related_name="partnerships")
    business = models.ForeignKey(Business, models.PROTECT, related_name="partnerships")
    kind = models.CharField(_("how you work together"), max_length=14, choices=Initiative.Kind.choices, blank=True)
    counts_as = models.CharField(_("what it counts as"), max_length=11, choices=Class.choices, blank=True)
    shared_vision = models.CharField(
        _("shared vision"), max_length=200, blank=True, help_text=_("One sentence that both sides wrote.")
    )
    champion = models.ForeignKey(User, models.PROTECT, related_name="partnerships", verbose_name=_("champion"))
    backup = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("back-up"))
    partner_lead = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("partner lead")
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.FORMING, editable=False)
    state_since = models.DateTimeField(default=clock.now, editable=False)
    is_from_before = models.BooleanField(default=False, editable=False)
    shared_at = models.DateTimeField(null=True, editable=False)
    shared_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["-state_since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shared_at=None, shared_by=None) | Q(shared_at__isnull=False, shared_by__isnull=False),
                name="shared_partnership_says_by_whom",
            )
        ]
        indexes = [
            models.Index(fields=["school", "-state_since", "-id"], name="partnership_of_school"),
            models.Index(fields=["business", "-state_since", "-id"], name="partnership_of_business"),
        ]

    def __str__(self) -> str:
        return f"{self.business} · {self.prospect.initiative}"

    def chain(self) -> Chain:
        """It hangs on the partner's business from the day it is shared: what a partner may do holds from then on."""
        return self.school.chain()._replace(business=self.business_id if self.shared_at else None)

    @property
    def board(self) -> "Board":
        return self.school.board

    @property
    def initiative(self) -> Initiative:
        return self.prospect.initiative

    @property
    def is_under_way(self) -> bool:
        """Whether both sides have said yes and it has not ended."""
        return self.state in (self.State.ACTIVE, self.State.PAUSED, self.State.ENDING)

    def name_of(self, side: Side | str) -> str:
        """The organisation on `side`."""
        return self.school.name if side == Side.SCHOOL else self.business.name


class OfPartnershipQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: User) -> Self:
        """Rows of the partnerships `user` may know exist."""
        return self.filter(seen_by(user, "partnership__"))


class PartnershipYear(Versioned):
    """One year of a partnership: what is promised, done and looked back on hangs on it. Renewing adds a year."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="years")
    number = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1), MaxValueValidator(50)])
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    objects = OfPartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="one_partnership_year_per_number"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="partnership_year_ends_after_it_starts",
                violation_error_message=_("The year ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return labelled(_("Year %(n)d") % {"n": self.number}, self.partnership)

    def chain(self) -> Chain:
        return self.partnership.chain()

    @property
    def board(self) -> "Board":
        return self.partnership.board

    def includes(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class OfYearQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: User) -> Self:
        """Rows of the years of the partnerships `user` may know exist."""
        return self.filter(seen_by(user, "year__partnership__"))


class Commitment(Quantified, Versioned):
    """What one side promises for a year, in the shape of a need; a partner's meets (part of) one."""

    year = models.ForeignKey(PartnershipYear, models.PROTECT, related_name="commitments")
    side = models.CharField(_("who promises it"), max_length=7, choices=Side.choices)
    need = models.ForeignKey(
        Need, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("the need it meets")
    )
    details = models.CharField(_("anything to add"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    # What of it the school has confirmed, in what the need counts.
    delivered = models.DecimalField(
        _("how much has arrived"),
        max_digits=10,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10_000_000))],
    )
    delivered_at = models.DateTimeField(null=True, editable=False)
    delivered_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    objects = OfYearQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered=0, delivered_at=None, delivered_by=None)
                | Q(delivered__gt=0, delivered_at__isnull=False, delivered_by__isnull=False),
                name="delivery_says_by_whom_it_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(side="partner") | Q(need=None),
                name="needs_are_met_by_the_partner",
                violation_error_message=_("A need of the school is met by the partner’s promise."),
            ),
        ]

    def __str__(self) -> str:
        return self.sentence[:200]

    def chain(self) -> Chain:
        return self.year.chain()

    @property
    def board(self) -> "Board":
        return self.year.board

    @property
    def written_in(self) -> str:
        return self.year.partnership.school.language

    @property
    def asked(self) -> NeedFacts:
        """What its delivery is counted in: the need's quantity where it meets one, else its own."""
        return self.need.facts if self.need else self.facts

    @property
    def arrived_words(self) -> str:
        """What has arrived, in words; "" before anything has."""
        if not self.delivered:
            return ""
        if amount(self.asked).of == Of.WHOLE and self.delivered >= 1:
            return gettext("Arrived")
        return gettext("Arrived: %(what)s") % {"what": in_words(self.asked, self.delivered)}


class Session(Versioned):
    """Something that took place: when, what, where. Who came is told by its participation."""

    class State(models.TextChoices):
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Did not take place")

    year = models.ForeignKey(PartnershipYear, models.PROTECT, related_name="sessions")
    title = models.CharField(_("what you did"), max_length=120)
    held_on = models.DateField(_("day"))
    place = models.CharField(_("where"), max_length=120, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.HELD, editable=False)
    logged_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)

    objects = OfYearQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["year", "-held_on", "-id"], name="session_of_year")]

    def __str__(self) -> str:
        return self.title

    def chain(self) -> Chain:
        return self.year.chain()


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: User) -> Self:
        """Who came to the sessions of the partnerships `user` may know exist."""
        return self.filter(seen_by(user, "session__year__partnership__"))

    def counted(self) -> Self:
        """What totals are made of: the school's word for each session that was held."""
        return self.filter(counts=True, session__state=Session.State.HELD)

    def waiting(self) -> Self:
        """The partner's word that the school has not answered yet."""
        return self.filter(answered_at=None, session__state=Session.State.HELD)


class Participation(models.Model):
    """One side's word on who came to a session. The school's counts at once, the partner's once the school says so.

    Written once: a correction is another row, and the one that counts is told by `counts`.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="participations")
    side = models.CharField(max_length=7, choices=Side.choices)
    volunteers = models.PositiveSmallIntegerField(
        _("people of the partner"), validators=[MinValueValidator(0), MaxValueValidator(500)]
    )
    hours = models.DecimalField(
        _("their hours in all"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(4000))],
        help_text=_("Three people for two hours are 6."),
    )
    students = models.PositiveSmallIntegerField(
        _("students"),
        validators=[MinValueValidator(0), MaxValueValidator(20000)],
        help_text=_("Only the number, never a name."),
    )
    note = models.CharField(_("why it differs"), max_length=200, blank=True)
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(default=clock.now)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    counts = models.BooleanField(default=False)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["reported_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(counts=True), name="one_participation_counts_per_session"
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(answered_at=None), name="one_participation_waits_per_session"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, counts=False)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="participation_counts_once_answered",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.get_side_display(), self.session)

    def chain(self) -> Chain:
        return self.session.chain()
