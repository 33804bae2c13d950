"""From a name on a list to a meeting that was followed up."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within
from accounts.models import User
from accounts.permissions import Permission
from businesses.models import Business, Contact
from core import clock
from core.chain import Chain
from core.models import Versioned
from core.text import labelled
from schools.models import Initiative, School

if TYPE_CHECKING:
    from boards.models import Board


class Stage(models.TextChoices):
    IDENTIFIED = "identified", _("Identified")
    RESEARCHED = "researched", _("Researched")
    CONTACTED = "contacted", _("Contacted")
    MEETING_SET = "meeting_set", _("Meeting set")
    IN_DISCUSSION = "in_discussion", _("In discussion")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined")
    NOT_NOW = "not_now", _("Not now")


OPEN_STAGES = [
    Stage.IDENTIFIED,
    Stage.RESEARCHED,
    Stage.CONTACTED,
    Stage.MEETING_SET,
    Stage.IN_DISCUSSION,
    Stage.AGREED,
]


class ProspectQuerySet(models.QuerySet["Prospect"]):
    def visible_to(self, user: User) -> Self:
        """The prospects whose stage `user` may know."""
        return self.filter(within(user, Permission.PROSPECT_VIEW, "school__"))

    def open(self) -> Self:
        """On the way, neither declined nor put off."""
        return self.filter(stage__in=OPEN_STAGES)

    def on_board(self) -> Self:
        """Still being approached: its partnership has not become active."""
        return self.filter(off_board_at=None)


class Prospect(Versioned):
    """One business being approached for one initiative; reopened, never doubled."""

    school = models.ForeignKey(School, models.PROTECT, related_name="prospects")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="prospects", verbose_name=_("initiative"))
    business = models.ForeignKey(Business, models.PROTECT, related_name="prospects")
    champion = models.ForeignKey(User, models.PROTECT, related_name="prospects")
    stage = models.CharField(max_length=14, choices=Stage.choices, default=Stage.IDENTIFIED, editable=False)
    stage_since = models.DateTimeField(default=clock.now, editable=False)
    next_step = models.CharField(_("next step"), max_length=120, blank=True)
    next_step_on = models.DateField(_("by"), null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, editable=False)
    closed_why = models.CharField(max_length=300, blank=True, editable=False)
    ask_again_on = models.DateField(null=True, editable=False)
    off_board_at = models.DateTimeField(null=True, editable=False)

    objects = ProspectQuerySet.as_manager()

    class Meta:
        ordering = ["-stage_since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "business"],
                name="one_prospect_per_initiative_and_business",
                violation_error_message=_("This organisation is a prospect of the initiative already."),
            ),
            models.CheckConstraint(
                condition=Q(stage="not_now", ask_again_on__isnull=False) | (~Q(stage="not_now") & Q(ask_again_on=None)),
                name="not_now_has_a_day_to_ask_again",
            ),
        ]
        indexes = [models.Index(fields=["school", "stage", "-stage_since"], name="prospect_of_school_by_stage")]

    def __str__(self) -> str:
        return f"{self.business} · {self.initiative}"

    def chain(self) -> Chain:
        return self.school.chain()

    @property
    def board(self) -> "Board":
        return self.school.board

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES

    @property
    def days_late(self) -> int | None:
        """Days since the next step was due, negative before that day; None without a next step."""
        return (clock.today(self.board.zone) - self.next_step_on).days if self.next_step_on else None


class ConversationQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: User) -> Self:
        """What was said with the prospects of one's own school; nobody above the school reads it."""
        return self.filter(within(user, Permission.CONVERSATION_VIEW, "prospect__school__"))


class Interaction(Versioned):
    """A call, e-mail, letter or visit, theirs or ours, and how it ended."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")
        VISIT = "visit", _("Visit")

    class Direction(models.TextChoices):
        OUTBOUND = "outbound", _("We got in touch")
        INBOUND = "inbound", _("They got in touch")

    class Outcome(models.TextChoices):
        AGREED_TO_MEET = "agreed_to_meet", _("Agreed to meet")
        TALKED = "talked", _("Talked")
        CALL_BACK = "call_back", _("Call back later")
        PUT_THROUGH = "put_through", _("Put us through to somebody else")
        NO_ANSWER = "no_answer", _("No answer")
        NOT_NOW = "not_now", _("Not now")

    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="interactions")
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="interactions", verbose_name=_("with")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.CALL)
    direction = models.CharField(
        _("who got in touch"), max_length=8, choices=Direction.choices, default=Direction.OUTBOUND
    )
    happened_at = models.DateTimeField()
    outcome = models.CharField(_("how it ended"), max_length=14, choices=Outcome.choices)
    notes = models.TextField(_("what was said"), max_length=2000, blank=True)
    logged_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index(fields=["prospect", "-happened_at"], name="interaction_of_prospect")]

    def __str__(self) -> str:
        return labelled(self.get_kind_display(), self.get_outcome_display())

    def chain(self) -> Chain:
        return self.prospect.chain()

    @property
    def side(self) -> str:
        return "partner" if self.direction == self.Direction.INBOUND else "school"


class CallPlan(Versioned):
    """What one wants to say in a call: who, why, how, and what is asked. What is in [brackets] is a gap to fill."""

    prospect = models.OneToOneField(Prospect, models.PROTECT, related_name="call_plan")
    who = models.TextField(_("who you are"), max_length=800, blank=True)
    why = models.TextField(_("why you call"), max_length=800, blank=True)
    how = models.TextField(_("how it concerns them"), max_length=600, blank=True)
    ask = models.TextField(_("what you ask"), max_length=500, blank=True)

    objects = ConversationQuerySet.as_manager()

    def __str__(self) -> str:
        return labelled(_("Call sheet"), self.prospect.business)

    def chain(self) -> Chain:
        return self.prospect.chain()


class Meeting(Versioned):
    """A meeting with a prospect: when, where, with whom. Nobody need say that it was held."""

    class Kind(models.TextChoices):
        FIRST = "first", _("First meeting")
        DECISION = "decision", _("Decision call")
        PLANNING = "planning", _("Planning")
        REVIEW = "review", _("Review")
        CELEBRATION = "celebration", _("Celebration")

    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="meetings")
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices, default=Kind.FIRST)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("with")
    )
    starts_at = models.DateTimeField(editable=False)
    minutes = models.PositiveSmallIntegerField(editable=False, default=45)
    place = models.CharField(_("where"), max_length=160)
    is_principal_attending = models.BooleanField(_("the principal attends"), default=False)
    what_happened = models.TextField(max_length=2000, blank=True, editable=False)
    decision_call_on = models.DateField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["prospect", "-starts_at"], name="meeting_of_prospect")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=600), name="meeting_takes_some_time"),
        ]

    def __str__(self) -> str:
        return labelled(self.get_kind_display(), self.prospect.business)

    def chain(self) -> Chain:
        return self.prospect.chain()

    @property
    def board(self) -> "Board":
        return self.prospect.board

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def starts_local(self) -> datetime:
        """The start in the board's zone."""
        return self.starts_at.astimezone(self.board.zone)

    @property
    def day(self) -> date:
        """The local date on which it ends: day 0 of what follows."""
        return self.ends_at.astimezone(self.board.zone).date()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    def open_ticks(self) -> "list[FollowUp.Part]":
        """The parts of the follow-up that are neither done nor "not needed"."""
        settled = {follow_up.part for follow_up in self.follow_ups.all()}
        return [part for part in FollowUp.Part if part not in settled]


class FollowUp(models.Model):
    """One of the four ticks after a meeting: done or not needed, by whom and when."""

    class Part(models.TextChoices):
        WHAT_HAPPENED = "what_happened", _("What happened")
        THANK_YOU = "thank_you", _("Thank-you note")
        TAKE_AWAY = "take_away", _("Take-away")
        DECISION_CALL = "decision_call", _("Day of the decision call")

    class Answer(models.TextChoices):
        DONE = "done", _("Done")
        NOT_NEEDED = "not_needed", _("Not needed")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="follow_ups")
    part = models.CharField(max_length=13, choices=Part.choices)
    answer = models.CharField(max_length=10, choices=Answer.choices)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class FollowUpQuerySet(models.QuerySet["FollowUp"]):
        def visible_to(self, user: User) -> Self:
            """The ticks of the meetings `user` may read."""
            return self.filter(within(user, Permission.CONVERSATION_VIEW, "meeting__prospect__school__"))

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["set_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "part"], name="one_tick_per_part")]

    def __str__(self) -> str:
        return labelled(self.get_part_display(), self.get_answer_display())

    def chain(self) -> Chain:
        return self.meeting.chain()
