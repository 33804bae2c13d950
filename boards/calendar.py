"""School days: which they are and how to count them, the holidays of Ontario, and the hour mail goes out.

A day is worked with as its ordinal (`date.toordinal`), of which 1 is a Monday, so weekdays are counted by
arithmetic and only the closed ranges on the way are walked, never the days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

LONGEST_CLOSURE = 731  # days; a longer one is a mistake in the calendar, not a holiday

Range = tuple[date, date]  # first and last day, both closed


class CalendarTooShort(ValueError):
    """No open day within two years, or none from the year 1 to the year 9999."""


@dataclass(frozen=True)
class Calendar:
    """A board's closed days. `holidays` are those of `closed` on which businesses are closed too."""

    closed: frozenset[Range] = frozenset()
    holidays: frozenset[Range] = field(default=frozenset())

    @classmethod
    def of(cls, periods: Iterable[tuple[date, date, str]]) -> Self:
        """The calendar of periods given as first day, last day and kind; "holiday" closes businesses too.

        Raises ValueError if a period ends before it starts.
        """
        rows = list(periods)
        return cls(
            closed=frozenset((first, last) for first, last, _kind in rows),
            holidays=frozenset((first, last) for first, last, kind in rows if kind == "holiday"),
        )

    def __post_init__(self) -> None:
        for first, last in self.closed | self.holidays:
            if last < first:
                raise ValueError(f"A closed period ends on {last}, before it starts on {first}.")

    def is_school_day(self, day: date) -> bool:
        """Whether the schools are open on `day`."""
        return self._school_days.includes(day.toordinal())

    def next_school_day(self, day: date) -> date:
        """`day`, or the first school day after it; raises CalendarTooShort."""
        return self._school_days.on_or_after(day)

    def last_school_day_on_or_before(self, day: date) -> date:
        """`day`, or the last school day before it; raises CalendarTooShort."""
        return self._school_days.on_or_before(day)

    def school_days_after(self, day: date, n: int) -> date:
        """The `n`th school day after `day`, which is day 0 itself (a Saturday too: its day 1 is the Monday).

        For 0 it is `day` moved to the next school day. Raises ValueError below 0, CalendarTooShort.
        """
        if n < 0:
            raise ValueError(f"{n} school days after a day make no sense.")
        return self._school_days.nth_after(day, n) if n else self._school_days.on_or_after(day)

    def school_days_between(self, a: date, b: date) -> int:
        """How many school days come after `a` up to and with `b`; negative if `b` is earlier.

        It undoes `school_days_after(a, n)` for every n of at least 1.
        """
        return self._school_days.until(b.toordinal()) - self._school_days.until(a.toordinal())

    def weekday_no_holiday(self, day: date) -> date:
        """`day`, or the first weekday after it that is no holiday; raises CalendarTooShort.

        For partners, who work through the schools' breaks and summers.
        """
        return self._working_days.on_or_after(day)

    @cached_property
    def _school_days(self) -> "_OpenDays":
        return _OpenDays(self.closed | self.holidays)

    @cached_property
    def _working_days(self) -> "_OpenDays":
        return _OpenDays(self.holidays)


def is_open_within_two_years(periods: Iterable[tuple[date, date, str]]) -> bool:
    """Whether a school day is found behind every closed one of `periods` (first day, last day, kind)."""
    rows = list(periods)
    calendar = Calendar.of(rows)
    try:
        for first, _last, _kind in rows:
            calendar.next_school_day(first)
    except CalendarTooShort:
        return False
    return True


class _OpenDays:
    """Weekdays outside closed ranges, counted with bisect.

    Ranges that overlap, touch or have but a weekend between them are one.
    """

    def __init__(self, ranges: Iterable[Range]) -> None:
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        self.closed_before: list[int] = [0]  # weekdays closed in the ranges before the one of this index
        for first, last in sorted((first.toordinal(), last.toordinal()) for first, last in ranges):
            if self.lasts and _weekdays(first - 1) <= _weekdays(self.lasts[-1]):
                self.lasts[-1] = max(self.lasts[-1], last)
            else:
                self.firsts.append(first)
                self.lasts.append(last)
        for first, last in zip(self.firsts, self.lasts, strict=True):
            self.closed_before.append(self.closed_before[-1] + _weekdays(last) - _weekdays(first - 1))

    def includes(self, ordinal: int) -> bool:
        return _is_weekday(ordinal) and not self._is_closed(ordinal)

    def until(self, ordinal: int) -> int:
        """How many open days there are from 1 January of the year 1 up to and with `ordinal`."""
        index = bisect_right(self.firsts, ordinal)
        closed = self.closed_before[index]
        if index and ordinal < self.lasts[index - 1]:
            closed -= _weekdays(self.lasts[index - 1]) - _weekdays(ordinal)
        return _weekdays(ordinal) - closed

    def on_or_after(self, day: date) -> date:
        ordinal = day.toordinal()
        return day if self.includes(ordinal) else self.nth_after(day, 1)

    def on_or_before(self, day: date) -> date:
        ordinal = day.toordinal()
        while not self.includes(ordinal):
            first = self.firsts[bisect_left(self.lasts, ordinal)] if self._is_closed(ordinal) else ordinal
            if ordinal - first >= LONGEST_CLOSURE or first == 1:
                raise CalendarTooShort(f"There is no open day within two years before {day}.")
            ordinal = first - 1
        return date.fromordinal(ordinal)

    def nth_after(self, day: date, n: int) -> date:
        """The `n`th open day after `day`, n at least 1."""
        start = day.toordinal()
        index = bisect_left(self.lasts, start)
        weekday = _weekdays(start) + n
        while index < len(self.firsts):
            first, last = self.firsts[index], self.lasts[index]
            from_here = max(first, start + 1)
            if _nth_weekday(weekday) < from_here:
                break
            if last - from_here >= LONGEST_CLOSURE:
                raise CalendarTooShort(f"Closed for over two years from {date.fromordinal(first)}.")
            weekday += _weekdays(last) - _weekdays(from_here - 1)
            index += 1
        found = _nth_weekday(weekday)
        if found > date.max.toordinal():
            raise CalendarTooShort(f"There is no {n}th open day after {day}.")
        return date.fromordinal(found)

    def _is_closed(self, ordinal: int) -> bool:
        index = bisect_left(self.lasts, ordinal)
        return index < len(self.firsts) and self.firsts[index] <= ordinal


def _is_weekday(ordinal: int) -> bool:
    return (ordinal - 1) % 7 < 5


def _weekdays(ordinal: int) -> int:
    """How many Mondays to Fridays there are from ordinal 1 up to and with `ordinal`."""
    weeks, days = divmod(ordinal, 7)
    return weeks * 5 + min(days, 5)


def _nth_weekday(n: int) -> int:
    """The ordinal of the `n`th weekday, n at least 1: the inverse of `_weekdays`."""
    weeks, days = divmod(n - 1, 5)
    return weeks * 7 + days + 1


def at_local(day: date, hour_minute: time, zone: ZoneInfo) -> datetime:
    """That time of `day` on the clocks of `zone`, in UTC.

    A time that summer time skips moves behind the gap (02:30 to 03:30); one that comes twice is its first.
    """
    local = datetime.combine(day, hour_minute.replace(tzinfo=zone, fold=0))
    return local.astimezone(UTC)


@dataclass(frozen=True)
class Period:
    """Days without school, first and last included. Kind: holiday, break, summer or pa_day."""

    kind: str
    name_en: str
    name_fr: str
    starts_on: date
    ends_on: date


def holidays(year: int) -> tuple[Period, ...]:
    """The holidays of an Ontario school in calendar `year`, in order, each on its own day.

    Sources: R.R.O. 1990, Reg. 304, s. 2 (4), and the Employment Standards Act, 2000, s. 1. One that falls on
    a weekend is not moved: the day taken in its place differs by employer. PA days are each board's own.
    """
    easter = easter_sunday(year)
    days = (
        (date(year, 1, 1), "New Year’s Day", "Jour de l’An"),
        (_monday_from(date(year, 2, 15)), "Family Day", "Jour de la Famille"),
        (easter - timedelta(days=2), "Good Friday", "Vendredi saint"),
        (easter + timedelta(days=1), "Easter Monday", "Lundi de Pâques"),
        (_monday_from(date(year, 5, 18)), "Victoria Day", "Fête de la Reine"),
        (date(year, 7, 1), "Canada Day", "Fête du Canada"),
        (_monday_from(date(year, 9, 1)), "Labour Day", "Fête du Travail"),
        (_monday_from(date(year, 10, 8)), "Thanksgiving", "Action de grâces"),
        (date(year, 12, 25), "Christmas Day", "Noël"),
        (date(year, 12, 26), "Boxing Day", "Lendemain de Noël"),
    )
    return tuple(Period("holiday", english, french, day, day) for day, english, french in days)


def default_closed_periods(school_year_start: int) -> tuple[Period, ...]:
    """A plausible calendar of the school year that starts in September of `school_year_start`, by first day.

    It runs from Labour Day to the day before the next one, so years join without overlap. Both breaks follow
    Reg. 304, s. 2 (4) 5 and 7; school ends with the last Thursday of June, which boards do differently.
    """
    this, following = school_year_start, school_year_start + 1
    labour_day, next_labour_day = _monday_from(date(this, 9, 1)), _monday_from(date(following, 9, 1))
    winter, march = _monday_from(date(this, 12, 19)), _monday_from(date(following, 3, 10))
    summer = _monday_from(date(following, 6, 21)) + timedelta(days=4)
    breaks = (
        Period("break", "Winter break", "Congé des Fêtes", winter, winter + timedelta(days=13)),
        Period("break", "March break", "Congé de mars", march, march + timedelta(days=4)),
        Period("summer", "Summer", "Vacances d’été", summer, next_labour_day - timedelta(days=1)),
    )
    of_the_year = (
        period
        for year in (this, following)
        for period in holidays(year)
        if labour_day <= period.starts_on < next_labour_day
    )
    return tuple(sorted((*of_the_year, *breaks), key=lambda period: period.starts_on))


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar, any year from 1.

    The anonymous computus of Nature, 20 April 1876, p. 487, as in J. Meeus, Astronomical Algorithms, ch. 8.
    """
    a = year % 19
    b, c = divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _monday_from(day: date) -> date:
    """`day`, or the first Monday after it."""
    return day + timedelta(days=-day.weekday() % 7)
