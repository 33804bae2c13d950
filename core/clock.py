"""The one clock. All code asks it, so that the demonstration and the journeys can stand on another day."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from core.models import ClockShift

FRESH_FOR = 1.0  # seconds a process may believe the shift it read
_read_at = float("-inf")
_shift = timedelta()
_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The time, aware and in UTC, moved by the shift that web, worker and beat all read (LOCAL only)."""
    return _standing.get() or timezone.now() + _current_shift()


def today(zone: ZoneInfo) -> date:
    """The local date in `zone`."""
    return now().astimezone(zone).date()


def shift_to(moment: datetime) -> None:
    """Make `now()` answer `moment` from here on, in every process of this site; refused unless LOCAL."""
    if not settings.LOCAL:
        raise RuntimeError("The clock moves on a LOCAL site only.")
    seconds = round((moment - timezone.now()).total_seconds())
    ClockShift.objects.update_or_create(pk=1, defaults={"seconds": seconds})
    forget()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block: how the demonstration world gets its past. LOCAL only."""
    if not settings.LOCAL:
        raise RuntimeError("The clock moves on a LOCAL site only.")
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


def forget() -> None:
    """Read the shift anew at the next look."""
    global _read_at
    _read_at = float("-inf")


def _current_shift() -> timedelta:
    global _read_at, _shift
    if not settings.LOCAL:
        return timedelta()
    if time.monotonic() - _read_at > FRESH_FOR:
        row = ClockShift.objects.filter(pk=1).first()
        _shift = timedelta(seconds=row.seconds) if row else timedelta()
        _read_at = time.monotonic()
    return _shift
