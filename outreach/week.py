"""The week on Today: meetings and next steps of the school's outreach, Monday to Friday."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import User
from accounts.permissions import Permission
from core import clock
from engines.reminders.today import Owed
from outreach.models import Meeting

NEXT_STEP = "next_step"


@dataclass(frozen=True)
class Entry:
    """Something on a day: whose side, when, what."""

    side: str
    at: str
    title: str
    detail: str
    url: str


@dataclass
class Day:
    """A weekday with what stands on it."""

    on: date
    is_today: bool
    entries: list[Entry] = field(default_factory=list)


def of(user: User, owed: list[Owed]) -> list[Day]:
    """The five weekdays around today of whoever reads the school's conversations.

    Next steps are among what the reader owes, which Today has read already; the meetings take one query.
    """
    membership = next((m for m in user.access.memberships if m.school_id), None)
    zone = membership.board.zone if membership else None
    today = clock.today(zone) if zone else clock.now().date()
    monday = (
        today - timedelta(days=today.weekday()) if today.weekday() < 5 else today + timedelta(days=7 - today.weekday())
    )
    days = {
        monday + timedelta(days=n): Day(monday + timedelta(days=n), monday + timedelta(days=n) == today)
        for n in range(5)
    }
    for meeting in _meetings(user, datetime.combine(monday, time(), tzinfo=zone)):
        local = meeting.starts_local
        if local.date() in days:
            entry = Entry(
                "shared", date_format(local, "TIME_FORMAT"), meeting.prospect.business.name,
                f"{meeting.get_kind_display()}, {meeting.place}",
                reverse("prospect", args=[meeting.prospect_id]),
            )  # fmt: skip
            days[local.date()].entries.append(entry)
    for step in owed:
        if step.reminder.rule == NEXT_STEP and step.reminder.due_on in days:
            entry = Entry("school", "", step.item.title, step.item.detail, step.item.url)
            days[step.reminder.due_on].entries.append(entry)
    return list(days.values())


def _meetings(user: User, start: datetime) -> "list[Meeting]":
    rows = Meeting.objects.visible_to(user).filter(
        cancelled_at=None, starts_at__gte=start, starts_at__lt=start + timedelta(days=5)
    )
    return list(rows.select_related("prospect__business", "prospect__school__board").order_by("starts_at")[:40])


def may_see(user: User) -> bool:
    """Whether there is a week to show."""
    return user.access.holds(Permission.CONVERSATION_VIEW)
