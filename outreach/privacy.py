"""What is kept of talks."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.kept import COUNTS, OF_A_PLACE, TECHNICAL, WHO_DID_IT, WORDS, YEARS_7, Erasure, Kept, Kind, ends, keep
from outreach.models import CallPlan, FollowUp, Interaction, Meeting, Prospect, Stage

TALKED = Kept(Kind.PERSONAL, _("So that nobody is asked twice, and what was said is not lost."), YEARS_7, Erasure.BLANK)
CLOSED = Kept(
    Kind.ORGANISATION, _("So that nobody is asked twice, and what was said is not lost."), YEARS_7, Erasure.REPLACE
)

keep(
    Prospect,
    _("Organisations that are approached"),
    OF_A_PLACE.on(
        *(
            "school",
            "initiative",
            "business",
            "stage",
            "stage_since",
            "next_step_on",
            "last_contact_at",
            "ask_again_on",
        ),
        "off_board_at",
        words=_("which organisation for which initiative, how far it is, and since when"),
    ),
    WORDS.on("next_step", words=_("the next step")),
    CLOSED.on("closed_why", words=_("why it went no further")),
    WHO_DID_IT.on("champion", words=_("who looks after it")),
    TECHNICAL.on("id", "version"),
    when="stage_since",
)
keep(
    Interaction,
    _("Calls, messages and visits"),
    COUNTS.on("prospect", "kind", "direction", "happened_at", "outcome", words=_("when, how, and how it ended")),
    WHO_DID_IT.on("contact", "logged_by", words=_("with whom, and who wrote it down")),
    TALKED.on("notes", words=_("what was said")),
    TECHNICAL.on("id", "version"),
    of=("contact",),
    is_shown=False,
    when="happened_at",
)
keep(
    CallPlan,
    _("Call sheets"),
    OF_A_PLACE.on("prospect", words=_("for which call")),
    WORDS.on("who", "why", "how", "ask", words=_("what one wants to say")),
    TECHNICAL.on("id", "version"),
)
keep(
    Meeting,
    _("Meetings"),
    COUNTS.on(
        *("prospect", "kind", "starts_at", "minutes", "is_principal_attending", "decision_call_on", "cancelled_at"),
        words=_("when, how long, and whether it took place"),
    ),
    WHO_DID_IT.on("contact", "cancelled_by", words=_("with whom, and who called it off")),
    WORDS.on("place", words=_("where")),
    TALKED.on("what_happened", words=_("what was said")),
    TECHNICAL.on("id", "version"),
    of=("contact",),
    is_shown=False,
    when="starts_at",
)
keep(
    FollowUp,
    _("After meetings"),
    WHO_DID_IT.on("part", "answer", "set_by", "set_at", words=_("what was done after a meeting, by whom and when")),
    TECHNICAL.on("id", "meeting"),
    when="set_at",
)


@ends("words_of_calls", Interaction, YEARS_7, _("What was said in calls"), blank=("notes",))
def words_of_calls(before: datetime) -> Any:
    return Interaction.objects.filter(happened_at__lt=before).exclude(notes="")


@ends("words_of_meetings", Meeting, YEARS_7, _("What was said in meetings"), blank=("what_happened",))
def words_of_meetings(before: datetime) -> Any:
    return Meeting.objects.filter(starts_at__lt=before).exclude(what_happened="")


@ends("words_of_closing", Prospect, YEARS_7, _("Why it went no further"), blank=("closed_why",))
def words_of_closing(before: datetime) -> Any:
    closed = Prospect.objects.filter(stage__in=[Stage.DECLINED, Stage.NOT_NOW], stage_since__lt=before)
    return closed.exclude(closed_why="")
