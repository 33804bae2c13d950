"""How a school's year runs, in words for a partner: terms, exams, breaks, good months, the earliest first session.

Businesses "may not know how schools run" (the guide): this is worked out from the board's calendar, by dates alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from boards.calendar import Calendar, CalendarTooShort
from boards.models import ClosedPeriod, YearPart
from boards.school_year import EXAMS, LAST_DAY, is_exam_week, last_school_day, school_year_of
from schools.models import School

AHEAD = timedelta(days=365)
ENOUGH = 15  # school days that a month needs to be good for visits


@dataclass(frozen=True)
class SchoolYear:
    """What a partner reads, from today to a year from now; each list by first day."""

    terms: list[YearPart]
    exams: list[YearPart]
    closed: list[ClosedPeriod]  # breaks and summer; single days stand in `days_off`
    days_off: list[ClosedPeriod]
    last_day: date | None
    good_months: list[date]
    first_session: date | None

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.exams or self.closed or self.days_off)


def year_of_school(school: School, today: date) -> SchoolYear:
    """The year of `school` from `today` on; two queries."""
    until = today + AHEAD
    every = list(school.board.closed_periods.all())
    parts = [row for row in school.board.year_parts.all() if row.part.holds_at(school.level)]
    ahead = [row for row in parts if row.ends_on >= today and row.starts_on <= until]
    closed = [row for row in every if row.ends_on >= today and row.starts_on <= until]
    calendar = Calendar.of((row.starts_on, row.ends_on, row.kind) for row in every)
    long = (ClosedPeriod.Kind.BREAK, ClosedPeriod.Kind.SUMMER)
    return SchoolYear(
        terms=[row for row in ahead if row.kind not in (EXAMS, LAST_DAY)],
        exams=[row for row in ahead if row.kind == EXAMS],
        closed=[row for row in closed if row.kind in long],
        days_off=[row for row in closed if row.kind not in long],
        last_day=_last_day(school, today, every, parts, calendar),
        good_months=good_months(today, calendar, ahead),
        first_session=first_session(today, school.level, calendar, ahead),
    )


def _last_day(
    school: School, today: date, closed: Sequence[ClosedPeriod], parts: Sequence[YearPart], calendar: Calendar
) -> date | None:
    """The last school day of this school year, or of the next once it is over; None where nothing tells."""
    summers = [(row.starts_on, row.ends_on) for row in closed if row.kind == ClosedPeriod.Kind.SUMMER]
    year = school_year_of(today)
    try:
        days = [
            last_school_day(n, school.level, [row.part for row in parts], calendar, summers) for n in (year, year + 1)
        ]
    except CalendarTooShort:
        return None
    return next((day for day in days if day >= today), None)


def good_months(today: date, calendar: Calendar, parts: Sequence[YearPart]) -> list[date]:
    """The first days of the months of a year ahead, this one left out, that have enough school days and no exams."""
    found = []
    first = today.replace(day=1)
    for _ in range(12):
        first = (first + timedelta(days=31)).replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        has_exams = any(row.kind == EXAMS and row.starts_on <= last and row.ends_on >= first for row in parts)
        if not has_exams and calendar.school_days_between(first - timedelta(days=1), last) >= ENOUGH:
            found.append(first)
    return found


def first_session(today: date, level: str, calendar: Calendar, parts: Sequence[YearPart]) -> date | None:
    """The first school day after `today` that lies in no week of exams; None if none comes within a year."""
    plain = [row.part for row in parts]
    try:
        day = calendar.next_school_day(today + timedelta(days=1))
        while is_exam_week(day, level, plain):
            day = calendar.next_school_day(day + timedelta(days=7 - day.weekday()))
    except CalendarTooShort:
        return None
    return day if day <= today + AHEAD else None
