"""A school year as a page shows it: months of weeks, and what happens in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import pgettext_lazy

from boards.calendar import Calendar, CalendarTooShort
from boards.models import Board, ClosedPeriod, Level, YearPart
from boards.school_year import EXAMS, LAST_DAY, holidays_by_rule, last_school_day, months, span

# What a day is marked as, the stronger first: a holiday in a break is a holiday.
MARKS = ("holiday", "pa_day", "break", "summer", LAST_DAY, EXAMS)
# A letter repeats the colour, in print too; each language has its own.
LETTERS = {
    "holiday": pgettext_lazy("letter in the calendar: holiday", "H"),
    "pa_day": pgettext_lazy("letter in the calendar: PA day", "P"),
    "break": pgettext_lazy("letter in the calendar: break", "B"),
    "summer": pgettext_lazy("letter in the calendar: summer", "S"),
    LAST_DAY: pgettext_lazy("letter in the calendar: last school day", "L"),
    EXAMS: pgettext_lazy("letter in the calendar: exams", "E"),
}


@dataclass(frozen=True)
class Cell:
    """A weekday of a month; `mark` is its kind, "" for a plain school day, and `letter` repeats it in print."""

    day: date
    mark: str = ""

    @property
    def letter(self) -> str:
        return str(LETTERS.get(self.mark, ""))


@dataclass(frozen=True)
class Entry:
    """A line under a month: closed days, a term or exams that begin in it."""

    row: ClosedPeriod | YearPart
    by_rule: bool

    @property
    def is_part(self) -> bool:
        return isinstance(self.row, YearPart)


@dataclass(frozen=True)
class Month:
    """A month of the school year, with what begins in it."""

    first: date
    weeks: list[list[Cell | None]]  # Monday to Friday; None lies in another month
    entries: list[Entry]
    school_days: int


@dataclass(frozen=True)
class Year:
    """A school year of a board; `last_days` are the last school days by level, in words where they differ."""

    number: int
    months: list[Month]
    terms: list[YearPart]
    exams: list[YearPart]
    last_days: list[tuple[str, date]]
    is_empty: bool

    @property
    def label(self) -> str:
        return f"{self.number}–{self.number + 1}"

    @property
    def legend(self) -> list[tuple[str, str, str]]:
        """Mark, letter and word of what is marked in this year, in the order of MARKS."""
        words: dict[str, Any] = dict(ClosedPeriod.Kind.choices) | dict(YearPart.Kind.choices)
        found = {cell.mark for month in self.months for week in month.weeks for cell in week if cell}
        return [(mark, str(LETTERS[mark]), str(words[mark])) for mark in MARKS if mark in found]


def year_of(board: Board, school_year: int) -> Year:
    """The calendar of a school year; two queries."""
    first, last = span(school_year)
    every = list(board.closed_periods.all())
    closed = [row for row in every if row.starts_on <= last and row.ends_on >= first]
    parts = [row for row in board.year_parts.all() if row.starts_on <= last and row.ends_on >= first]
    calendar = Calendar.of((row.starts_on, row.ends_on, row.kind) for row in every)
    rows: list[ClosedPeriod | YearPart] = [*closed, *parts]
    rules = {(period.starts_on, period.ends_on) for period in holidays_by_rule(school_year)}
    marks = _marks(rows)
    entries = [
        Entry(row, row.kind == "holiday" and (row.starts_on, row.ends_on) in rules)
        for row in sorted(rows, key=lambda row: (row.starts_on, row.ends_on))
    ]
    return Year(
        school_year,
        [_month(day, marks, entries, calendar, first) for day in months(school_year)],
        [row for row in parts if row.kind not in (EXAMS, LAST_DAY)],
        [row for row in parts if row.kind == EXAMS],
        last_days(school_year, every, parts, calendar),
        not (closed or parts),
    )


def last_days(
    school_year: int, closed: Sequence[ClosedPeriod], parts: Sequence[YearPart], calendar: Calendar
) -> list[tuple[str, date]]:
    """The last school day of each level, in one line where they agree; empty where nothing tells."""
    summers = [(row.starts_on, row.ends_on) for row in closed if row.kind == "summer"]
    plain = [row.part for row in parts]
    try:
        found = [
            (str(level.label), last_school_day(school_year, level.value, plain, calendar, summers))
            for level in (Level.ELEMENTARY, Level.SECONDARY)
        ]
    except CalendarTooShort:
        return []
    return [("", found[0][1])] if found[0][1] == found[1][1] else found


def _marks(rows: Sequence[ClosedPeriod | YearPart]) -> dict[date, str]:
    """Each day of what is marked, with its strongest mark."""
    marks: dict[date, str] = {}
    for row in sorted((row for row in rows if row.kind in MARKS), key=lambda row: -MARKS.index(row.kind)):
        # A closure of years is refused by its form; whoever has one all the same reads its first two years.
        for offset in range(min((row.ends_on - row.starts_on).days, 731) + 1):
            marks[row.starts_on + timedelta(days=offset)] = row.kind
    return marks


def _month(first: date, marks: dict[date, str], entries: list[Entry], calendar: Calendar, start: date) -> Month:
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    day = first - timedelta(days=first.weekday())
    weeks: list[list[Cell | None]] = []
    while day < following:
        week = [day + timedelta(days=n) for n in range(5)]
        cells = [Cell(one, marks.get(one, "")) if first <= one < following else None for one in week]
        if any(cells):
            weeks.append(cells)
        day += timedelta(days=7)
    # What began before the school year is listed in its first month.
    here = [entry for entry in entries if first <= max(entry.row.starts_on, start) < following]
    until = following - timedelta(days=1)
    return Month(first, weeks, here, calendar.school_days_between(first - timedelta(days=1), until))
