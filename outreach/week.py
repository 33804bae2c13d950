"""The week on Today: meetings and next steps of the school's outreach, Monday to Friday; needs that wait for a yes."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Value
from django.urls import reverse
from django.utils.formats import date_format

from accounts.access import within
from accounts.models import User
from accounts.permissions import Permission
from core import clock
from engines.reminders.today import Owed
from outreach import quarter_hour
from outreach.models import Meeting
from schools.models import Need

NEXT_STEP = "next_step"
NO_CALL = "no call"
MOST = 80


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


@dataclass(frozen=True)
class Waiting:
    """An initiative with needs that teachers proposed, and who they are."""

    title: str
    by: str
    needs: int
    url: str


def of(user: User, owed: list[Owed]) -> tuple[list[Day], list[Waiting], list[int]]:
    """The five weekdays around today of whoever reads the school's conversations, what waits for their yes, and their
    schools in which nobody has called yet.

    Next steps are among what the reader owes, which Today has read already; the rest takes one query.
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
    waiting: dict[tuple[int, str], list[str]] = {}
    without_a_call: list[int] = []
    for starts_at, zone_name, pk, name, kind, place in _read(user, datetime.combine(monday, time(), tzinfo=zone)):
        if zone_name == NO_CALL:
            without_a_call.append(pk)
            continue
        if starts_at is None:
            waiting.setdefault((pk, name), []).append(kind)
            continue
        local = starts_at.astimezone(ZoneInfo(zone_name))
        if local.date() in days:
            entry = Entry(
                "shared", date_format(local, "TIME_FORMAT"), name, f"{Meeting.Kind(kind).label}, {place}",
                reverse("prospect", args=[pk]),
            )  # fmt: skip
            days[local.date()].entries.append(entry)
    for step in owed:
        if step.reminder.rule == NEXT_STEP and step.reminder.due_on in days:
            entry = Entry("school", "", step.item.title, step.item.detail, step.item.url)
            days[step.reminder.due_on].entries.append(entry)
    found = [
        Waiting(title, ", ".join(dict.fromkeys(names)), len(names), reverse("initiative", args=[pk]))
        for (pk, title), names in waiting.items()
    ]
    return list(days.values()), found, without_a_call


Row = tuple[datetime | None, str, int, str, str, str]


def _read(user: User, start: datetime) -> list[Row]:
    """Meetings as start, zone, prospect, business, kind, place; proposed needs as None, "", initiative, its title and
    who wrote the need;
    schools in which nobody has called as None, NO_CALL, school and its name.

    One query: Today may take eight, and has spent seven.
    """
    meetings = Meeting.objects.visible_to(user).filter(
        cancelled_at=None, starts_at__gte=start, starts_at__lt=start + timedelta(days=5)
    )
    needs = Need.objects.filter(
        within(user, Permission.INITIATIVE_CHANGE, "initiative__school__"), state=Need.State.PROPOSED
    )
    nothing = Value("", models.CharField())
    rows = meetings.order_by().values_list(
        *("starts_at", "prospect__school__board__zone_name", "prospect_id"),
        *("prospect__business__name", "kind", "place"),
    )
    others = needs.order_by().values_list(
        *(Value(None, models.DateTimeField()), nothing, "initiative_id", "initiative__title"),
        *("created_by__name", nothing),
    )
    no_call = Value(NO_CALL, models.CharField())
    quiet = quarter_hour.without_a_call(frozenset() if user.knows_the_way else quarter_hour.schools_of(user))
    schools = quiet.order_by().values_list(
        *(Value(None, models.DateTimeField()), no_call, "pk", "name", nothing, nothing)
    )
    return list(rows.union(others, schools, all=True).order_by("starts_at")[:MOST])


def may_see(user: User) -> bool:
    """Whether there is a week to show."""
    return user.access.holds(Permission.CONVERSATION_VIEW)
