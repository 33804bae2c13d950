"""A school year by rule: which one a day lies in, its terms and exams by level, its last school day.

Plain functions of dates. A school year runs from September to August and has the number of the year it begins in; so
each day lies in exactly one (R.R.O. 1990, Reg. 304, s. 2: school from 1 September on, to 30 June at the latest).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from boards.calendar import Calendar, Period, Range, default_closed_periods, holidays

BOTH = "both"
TERMS = frozenset({"semester", "term"})
EXAMS, LAST_DAY = "exams", "last_day"


@dataclass(frozen=True)
class Part:
    """Days of a school year, first and last included. Kind: semester, term, exams or last_day; `level` is the level of
    the schools they hold for: elementary, secondary or both."""

    kind: str
    level: str
    starts_on: date
    ends_on: date
    name: str = ""

    def holds_at(self, level: str) -> bool:
        """Whether it holds for a school of `level`; a school of both levels, or of none yet, has the parts of both."""
        return self.level == BOTH or level in (self.level, BOTH, "")

    def includes(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def school_year_of(day: date) -> int:
    """The year in whose September the school year of `day` begins."""
    return day.year if day.month >= 9 else day.year - 1


def span(school_year: int) -> Range:
    """First and last day of a school year: 1 September to 31 August."""
    return date(school_year, 9, 1), date(school_year + 1, 8, 31)


def months(school_year: int) -> list[date]:
    """The first days of its twelve months, in order."""
    return [date(school_year + (month < 9), month, 1) for month in (*range(9, 13), *range(1, 9))]


def terms_of(day: date, level: str, parts: Iterable[Part]) -> list[Part]:
    """The semesters and terms in which `day` lies at a school of `level`, by first day; empty between two."""
    found = (part for part in parts if part.kind in TERMS and part.holds_at(level) and part.includes(day))
    return sorted(found, key=lambda part: (part.starts_on, part.ends_on, part.level))


def is_exam_week(day: date, level: str, parts: Iterable[Part]) -> bool:
    """Whether exams are written at a school of `level` in the week, Monday to Sunday, of `day`."""
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    return any(
        part.kind == EXAMS and part.holds_at(level) and part.starts_on <= sunday and part.ends_on >= monday
        for part in parts
    )


def last_school_day(
    school_year: int, level: str, parts: Sequence[Part], calendar: Calendar, summers: Iterable[Range] = ()
) -> date:
    """The last school day of a school year at a school of `level`.

    The one that was entered; else the last school day of the last term that ends from May on; else the one before the
    first of `summers` that begins then; else the last of June. Of two levels the later. Raises CalendarTooShort.
    """
    spring, (begin_of_year, end) = date(school_year + 1, 5, 1), span(school_year)
    of_level = [part for part in parts if part.holds_at(level) and begin_of_year <= part.ends_on <= end]
    if entered := [part.ends_on for part in of_level if part.kind == LAST_DAY]:
        return max(entered)
    if ends := [part.ends_on for part in of_level if part.kind in TERMS and part.ends_on >= spring]:
        return calendar.last_school_day_on_or_before(max(ends))
    if begin := [first for first, _last in summers if spring <= first <= end]:
        return calendar.last_school_day_on_or_before(min(begin) - timedelta(days=1))
    return calendar.last_school_day_on_or_before(date(school_year + 1, 6, 30))


def last_full_week_of_may(year: int) -> Range:
    """Monday and Friday of the last week whose five weekdays all lie in May."""
    end = date(year, 5, 31)
    friday = end - timedelta(days=(end.weekday() - 4) % 7)
    return friday - timedelta(days=4), friday


def holidays_by_rule(school_year: int) -> list[Period]:
    """The holidays of an Ontario school in a school year, each on its own day, worked out by rule."""
    first, last = span(school_year)
    of_both = (period for year in (school_year, school_year + 1) for period in holidays(year))
    return [period for period in of_both if first <= period.starts_on <= last]


def missing_from(school_year: int, there: Iterable[tuple[date, date, str]], *, breaks: bool) -> list[Period]:
    """What the rules know of a school year and is not among the periods `there` (first day, last day, kind).

    A holiday is there if a holiday covers it. With `breaks`, the two breaks and the summer too: each is there if days
    of its kind touch it. By first day; what is missing, entered, is missing no more.
    """
    known = list(there)
    by_rule = holidays_by_rule(school_year)
    if breaks:
        by_rule += [period for period in default_closed_periods(school_year) if period.kind != "holiday"]
    missing = [period for period in by_rule if not any(_is_there(period, *of) for of in known)]
    return sorted(missing, key=lambda period: (period.starts_on, period.ends_on))


def _is_there(period: Period, first: date, last: date, kind: str) -> bool:
    if kind != period.kind:
        return False
    if kind == "holiday":
        return first <= period.starts_on and period.ends_on <= last
    return first <= period.ends_on and period.starts_on <= last
