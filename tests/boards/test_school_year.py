"""A school year by rule: tables of days, and what holds of every year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.calendar import Calendar, Period, default_closed_periods
from boards.school_year import (
    Part,
    holidays_by_rule,
    is_exam_week,
    last_full_week_of_may,
    last_school_day,
    missing_from,
    months,
    school_year_of,
    span,
    terms_of,
)

YEARS = st.integers(1990, 2098)
DAYS = st.dates(date(1990, 1, 1), date(2098, 12, 31))
SUMMER = (date(2026, 6, 25), date(2026, 9, 6))
CLOSED = Calendar.of((p.starts_on, p.ends_on, p.kind) for p in default_closed_periods(2025))


def part(kind: str, level: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> Part:
    return Part(kind, level, date(*first), date(*last))


PARTS = [
    part("semester", "secondary", (2025, 9, 2), (2026, 1, 30)),
    part("semester", "secondary", (2026, 2, 2), (2026, 6, 24)),
    part("term", "elementary", (2025, 9, 2), (2026, 6, 23)),
    part("exams", "secondary", (2026, 1, 22), (2026, 1, 29)),
]


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 8, 31), 2024),
        (date(2025, 9, 1), 2025),
        (date(2026, 1, 1), 2025),
        (date(2026, 8, 31), 2025),
        (date(2026, 9, 1), 2026),
    ],
)
def test_the_school_year_of_a_day(day: date, year: int) -> None:
    assert school_year_of(day) == year


@given(DAYS)
def test_each_day_lies_in_one_school_year(day: date) -> None:
    first, last = span(school_year_of(day))
    assert first <= day <= last
    assert span(school_year_of(day) + 1)[0] == last + timedelta(days=1)
    assert [m for m in months(school_year_of(day)) if (m.year, m.month) == (day.year, day.month)] == [
        day.replace(day=1)
    ]


@pytest.mark.parametrize(
    ("day", "level", "expected"),
    [
        (date(2025, 9, 1), "secondary", []),
        (date(2025, 9, 2), "secondary", [PARTS[0]]),
        (date(2026, 1, 30), "secondary", [PARTS[0]]),
        (date(2026, 1, 31), "secondary", []),
        (date(2026, 3, 11), "secondary", [PARTS[1]]),
        (date(2026, 3, 11), "elementary", [PARTS[2]]),
        (date(2026, 3, 11), "both", [PARTS[2], PARTS[1]]),
        (date(2026, 3, 11), "", [PARTS[2], PARTS[1]]),
        (date(2026, 7, 1), "both", []),
    ],
)
def test_the_terms_of_a_day(day: date, level: str, expected: list[Part]) -> None:
    assert terms_of(day, level, PARTS) == expected


@pytest.mark.parametrize(
    ("day", "level", "expected"),
    [
        (date(2026, 1, 18), "secondary", False),  # the Sunday before
        (date(2026, 1, 19), "secondary", True),  # the Monday of the week in which they begin
        (date(2026, 1, 29), "secondary", True),
        (date(2026, 2, 1), "secondary", True),  # the Sunday of the week in which they end
        (date(2026, 2, 2), "secondary", False),
        (date(2026, 1, 26), "elementary", False),
        (date(2026, 1, 26), "both", True),
    ],
)
def test_exam_weeks(day: date, level: str, expected: bool) -> None:
    assert is_exam_week(day, level, PARTS) is expected


@pytest.mark.parametrize(
    ("parts", "level", "summers", "expected"),
    [
        (PARTS, "secondary", [SUMMER], date(2026, 6, 24)),  # the end of the term
        (PARTS, "elementary", [SUMMER], date(2026, 6, 23)),
        (PARTS, "both", [SUMMER], date(2026, 6, 24)),
        ([*PARTS, part("last_day", "both", (2026, 6, 19), (2026, 6, 19))], "secondary", [SUMMER], date(2026, 6, 19)),
        ([*PARTS, part("last_day", "both", (2026, 4, 30), (2026, 4, 30))], "secondary", [SUMMER], date(2026, 4, 30)),
        ([], "secondary", [SUMMER], date(2026, 6, 24)),  # the day before summer
        ([], "secondary", [], date(2026, 6, 25)),  # the last open day of June
        ([part("last_day", "both", (2025, 6, 19), (2025, 6, 19))], "secondary", [SUMMER], date(2026, 6, 24)),
        ([part("term", "both", (2026, 4, 1), (2026, 6, 21))], "secondary", [], date(2026, 6, 19)),  # ends on a Sunday
    ],
)
def test_the_last_school_day(parts: list[Part], level: str, summers: list[tuple[date, date]], expected: date) -> None:
    assert last_school_day(2025, level, parts, CLOSED, summers) == expected


@given(YEARS)
def test_the_last_school_day_by_rule_is_followed_by_the_summer(year: int) -> None:
    periods = default_closed_periods(year)
    calendar = Calendar.of((p.starts_on, p.ends_on, p.kind) for p in periods)
    summers = [(p.starts_on, p.ends_on) for p in periods if p.kind == "summer"]
    last = last_school_day(year, "secondary", [], calendar, summers)
    assert calendar.is_school_day(last)
    assert calendar.next_school_day(last + timedelta(days=1)) > date(year + 1, 8, 31)


@pytest.mark.parametrize(
    ("year", "monday"), [(2026, date(2026, 5, 25)), (2027, date(2027, 5, 24)), (2024, date(2024, 5, 27))]
)
def test_the_last_full_week_of_may(year: int, monday: date) -> None:
    assert last_full_week_of_may(year) == (monday, monday + timedelta(days=4))


@given(st.integers(1, 9999))
def test_no_later_week_of_may_is_full(year: int) -> None:
    monday, friday = last_full_week_of_may(year)
    assert (monday.weekday(), friday - monday, monday.month, friday.month) == (0, timedelta(days=4), 5, 5)
    assert (friday + timedelta(days=7)).month == 6


@given(YEARS)
def test_ten_holidays_a_school_year(year: int) -> None:
    names = [period.name_en for period in holidays_by_rule(year)]
    assert (len(names), len(set(names))) == (10, 10)


def _there(periods: list[Period]) -> list[tuple[date, date, str]]:
    return [(period.starts_on, period.ends_on, period.kind) for period in periods]


@given(YEARS, st.booleans(), st.sets(st.integers(0, 12)))
def test_what_is_filled_in_is_missing_no_more(year: int, breaks: bool, kept: set[int]) -> None:
    every = missing_from(year, [], breaks=breaks)
    assert len(every) == (13 if breaks else 10)
    some = _there([period for n, period in enumerate(every) if n in kept])
    rest = missing_from(year, some, breaks=breaks)
    assert len(some) + len(rest) == len(every)
    assert missing_from(year, some + _there(rest), breaks=breaks) == []


def test_a_holiday_is_there_only_as_a_holiday() -> None:
    family_day = next(p for p in holidays_by_rule(2025) if p.name_en == "Family Day")
    as_break = [(family_day.starts_on, family_day.ends_on, "break")]
    assert family_day in missing_from(2025, as_break, breaks=False)
    week = [(family_day.starts_on - timedelta(days=3), family_day.ends_on, "holiday")]
    assert family_day not in missing_from(2025, week, breaks=False)


def test_a_break_on_other_days_is_there() -> None:
    """A board that moved its March break by two days keeps its own."""
    march = next(p for p in missing_from(2025, [], breaks=True) if p.name_en == "March break")
    moved = [(march.starts_on + timedelta(days=2), march.ends_on + timedelta(days=2), "break")]
    assert march not in missing_from(2025, moved, breaks=True)
