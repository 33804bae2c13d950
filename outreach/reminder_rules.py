"""What is owed on prospects and meetings (domain.md, the table of clocks)."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.templatetags.tandem import dated
from engines.reminders.rules import Due, Item, rule
from outreach.models import OPEN_STAGES, FollowUp, Meeting, Prospect


def show_meeting_after(meeting: Meeting) -> Item | None:
    if not meeting.is_over:
        return None
    prospect = meeting.prospect
    with_whom = f"{meeting.contact.name}, {prospect.business.name}" if meeting.contact else prospect.business.name
    return Item(
        title=_("After the meeting with %(business)s on %(day)s")
        % {"business": prospect.business.name, "day": dated(meeting.day, "MONTH_DAY_FORMAT")},
        detail=f"{with_whom} · {prospect.initiative.title}",
        url=reverse("meeting_after", args=[meeting.pk]),
        icon="envelope-heart",
        action=_("Follow up"),
        template="outreach/_after_ticks.html",
        context={"meeting": meeting, "parts": parts_of(meeting)},
    )


def parts_of(meeting: Meeting) -> list[tuple[FollowUp.Part, str]]:
    """The four ticks with their answer, "" while open."""
    answers = {follow_up.part: follow_up.answer for follow_up in meeting.follow_ups.all()}
    return [(part, answers.get(part, "")) for part in FollowUp.Part]


@rule(
    "meeting_after",
    watches=Meeting,
    show=show_meeting_after,
    related=("prospect__business", "prospect__initiative", "prospect__school__board", "contact"),
    prefetch=("follow_ups",),
    open=Q(cancelled_at=None),
)
def meeting_after(meeting: Meeting) -> Iterator[Due]:
    """Owed two school days after the meeting (day 0 is its day), until its four ticks are done or not needed.

    Planned when the meeting is set: nobody need say that it was held.
    """
    if meeting.cancelled_at or not meeting.open_ticks():
        return
    board = meeting.board
    yield Due(
        part="champion",
        owed_by=meeting.prospect.champion,
        on=board.calendar.school_days_after(meeting.day, board.meeting_after_days),
    )


def show_next_step(prospect: Prospect) -> Item:
    return Item(
        title=prospect.next_step,
        detail=f"{prospect.business.name} · {prospect.initiative.title}",
        url=reverse("prospect", args=[prospect.pk]),
        icon="signpost-split",
        action=pgettext("verb", "Open"),
        done_url=reverse("next_step_done", args=[prospect.pk]),
    )


@rule(
    "next_step",
    watches=Prospect,
    show=show_next_step,
    related=("business", "initiative"),
    open=Q(stage__in=OPEN_STAGES) & ~Q(next_step=""),
)
def next_step(prospect: Prospect) -> Iterator[Due]:
    """Owed on its date while the prospect is open. Done or moved settles it; the new date is a new debt."""
    if prospect.is_open and prospect.next_step and prospect.next_step_on:
        on = prospect.next_step_on
        yield Due(part="champion", owed_by=prospect.champion, on=on, occasion=on.isoformat())
