"""School days are counted as a person with a wall calendar would, only faster."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from boards.calendar import (
    Calendar,
    CalendarTooShort,
    Period,
    at_local,
    default_closed_periods,
    easter_sunday,
    holidays,
)

TORONTO = ZoneInfo("America/Toronto")
OPEN = Calendar()


def calendar_from(*school_years: int) -> Calendar:
    periods = [period for year in school_years for period in default_closed_periods(year)]
    return Calendar.of((period.starts_on, period.ends_on, period.kind) for period in periods)


YEAR = calendar_from(2025, 2026)  # Labour Day 2025 to the day before Labour Day 2027


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 11), True),  # a Wednesday
        (date(2026, 3, 14), False),  # Saturday
        (date(2026, 3, 15), False),  # Sunday
        (date(2026, 3, 16), False),  # March break begins
        (date(2026, 3, 20), False),
        (date(2026, 3, 23), True),
        (date(2026, 2, 16), False),  # Family Day
        (date(2026, 2, 17), True),
        (date(2025, 12, 19), True),
        (date(2025, 12, 22), False),  # winter break
        (date(2026, 1, 2), False),
        (date(2026, 1, 5), True),
        (date(2026, 6, 25), True),
        (date(2026, 6, 26), False),  # summer
        (date(2026, 7, 1), False),
        (date(2026, 9, 7), False),  # Labour Day
        (date(2026, 9, 8), True),
    ],
)
def test_is_school_day(day: date, expected: bool) -> None:
    assert YEAR.is_school_day(day) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 11), date(2026, 3, 11)),
        (date(2026, 3, 7), date(2026, 3, 9)),
        (date(2026, 3, 14), date(2026, 3, 23)),  # a Saturday before March break
        (date(2025, 12, 20), date(2026, 1, 5)),
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday to the Tuesday after Easter
        (date(2026, 6, 26), date(2026, 9, 8)),  # the whole summer
        (date(2026, 9, 7), date(2026, 9, 8)),
    ],
)
def test_next_school_day(day: date, expected: date) -> None:
    assert YEAR.next_school_day(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 11), date(2026, 3, 11)),
        (date(2026, 3, 8), date(2026, 3, 6)),  # a Sunday
        (date(2026, 3, 22), date(2026, 3, 13)),  # the Sunday after March break
        (date(2026, 4, 6), date(2026, 4, 2)),  # Easter Monday to the Thursday before
        (date(2026, 6, 30), date(2026, 6, 25)),
        (date(2026, 8, 31), date(2026, 6, 25)),  # the whole summer
        (date(2026, 9, 8), date(2026, 9, 8)),
    ],
)
def test_the_last_school_day_on_or_before(day: date, expected: date) -> None:
    assert YEAR.last_school_day_on_or_before(day) == expected


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 3, 11), 0, date(2026, 3, 11)),
        (date(2026, 3, 11), 1, date(2026, 3, 12)),
        (date(2026, 3, 11), 2, date(2026, 3, 13)),
        (date(2026, 3, 11), 3, date(2026, 3, 23)),  # over March break
        (date(2026, 3, 13), 1, date(2026, 3, 23)),
        (date(2026, 3, 7), 0, date(2026, 3, 9)),  # a Saturday is day 0 as well
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 2, date(2026, 3, 10)),
        (date(2026, 7, 15), 0, date(2026, 9, 8)),
        (date(2026, 7, 15), 2, date(2026, 9, 9)),
        (date(2026, 6, 25), 1, date(2026, 9, 8)),
        (date(2025, 12, 18), 2, date(2026, 1, 5)),
        (date(2026, 4, 2), 5, date(2026, 4, 13)),  # over Easter
        (date(2026, 5, 11), 20, date(2026, 6, 9)),  # over Victoria Day
        (date(2025, 9, 2), 192, date(2026, 6, 25)),
        (date(2025, 9, 2), 200, date(2026, 9, 17)),
    ],
)
def test_school_days_after(day: date, n: int, expected: date) -> None:
    assert YEAR.school_days_after(day, n) == expected


def test_there_are_no_negative_days_after() -> None:
    with pytest.raises(ValueError, match="-1 school days"):
        YEAR.school_days_after(date(2026, 3, 11), -1)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (date(2026, 3, 11), date(2026, 3, 11), 0),
        (date(2026, 3, 11), date(2026, 3, 13), 2),
        (date(2026, 3, 13), date(2026, 3, 11), -2),
        (date(2026, 3, 13), date(2026, 3, 22), 0),
        (date(2026, 3, 13), date(2026, 3, 23), 1),
        (date(2026, 3, 18), date(2026, 3, 23), 1),  # out of the middle of a break
        (date(2026, 3, 11), date(2026, 3, 18), 2),  # into it
        (date(2026, 6, 25), date(2026, 9, 8), 1),
    ],
)
def test_school_days_between(a: date, b: date, expected: int) -> None:
    assert YEAR.school_days_between(a, b) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 17), date(2026, 3, 17)),  # partners work through March break
        (date(2026, 7, 2), date(2026, 7, 2)),  # and summer
        (date(2026, 7, 1), date(2026, 7, 2)),
        (date(2026, 4, 3), date(2026, 4, 7)),
        (date(2025, 12, 25), date(2025, 12, 29)),
        (date(2026, 3, 14), date(2026, 3, 16)),
    ],
)
def test_weekday_no_holiday(day: date, expected: date) -> None:
    assert YEAR.weekday_no_holiday(day) == expected


def test_a_calendar_without_rows_is_every_weekday() -> None:
    assert OPEN.next_school_day(date(2026, 7, 4)) == date(2026, 7, 6)
    assert OPEN.school_days_after(date(2026, 7, 3), 5) == date(2026, 7, 10)


def test_calendars_of_the_same_days_are_equal_whatever_their_order() -> None:
    rows = [
        (date(2026, 3, 16), date(2026, 3, 20), "break"),
        (date(2026, 2, 16), date(2026, 2, 16), "holiday"),
    ]
    assert Calendar.of(rows) == Calendar.of(reversed(rows)) == Calendar.of(rows + rows)
    assert hash(Calendar.of(rows)) == hash(Calendar.of(reversed(rows)))


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Calendar.of([(date(2026, 3, 20), date(2026, 3, 16), "break")])


def closed(first: date, last: date) -> Calendar:
    return Calendar(frozenset({(first, last)}))


class TestTooShort:
    def test_two_closed_years_are_walked_over(self) -> None:
        two_years = closed(date(2026, 1, 1), date(2027, 12, 31))
        assert two_years.next_school_day(date(2026, 1, 1)) == date(2028, 1, 3)
        assert two_years.school_days_after(date(2025, 12, 31), 2) == date(2028, 1, 4)

    def test_a_closure_of_three_years_is_refused(self) -> None:
        three_years = closed(date(2026, 1, 1), date(2028, 12, 31))
        with pytest.raises(CalendarTooShort):
            three_years.next_school_day(date(2026, 1, 1))
        with pytest.raises(CalendarTooShort):
            three_years.school_days_after(date(2025, 12, 30), 2)
        with pytest.raises(CalendarTooShort):
            three_years.last_school_day_on_or_before(date(2028, 12, 31))

    def test_only_on_the_way(self) -> None:
        three_years = closed(date(2026, 1, 1), date(2028, 12, 31))
        assert three_years.school_days_after(date(2025, 12, 30), 1) == date(2025, 12, 31)
        assert three_years.next_school_day(date(2028, 12, 30)) == date(2029, 1, 1)
        assert three_years.school_days_between(date(2025, 12, 30), date(2029, 1, 2)) == 3

    def test_periods_with_but_a_weekend_between_them_are_one_closure(self) -> None:
        first = date(2024, 1, 1)
        weeks = (first + timedelta(weeks=week) for week in range(110))
        with pytest.raises(CalendarTooShort):
            Calendar(frozenset((monday, monday + timedelta(days=4)) for monday in weeks)).next_school_day(first)

    def test_the_end_of_time(self) -> None:
        last = date.max  # a Friday
        assert OPEN.next_school_day(last) == last
        assert OPEN.is_school_day(last)
        assert closed(last, last).is_school_day(last) is False
        assert OPEN.school_days_between(date.min, last) == OPEN.school_days_between(date.min, date(9999, 12, 30)) + 1
        with pytest.raises(CalendarTooShort):
            OPEN.school_days_after(last, 1)
        with pytest.raises(CalendarTooShort):
            OPEN.school_days_after(date(2026, 1, 1), 10**9)
        with pytest.raises(CalendarTooShort):
            closed(last, last).next_school_day(last)
        with pytest.raises(CalendarTooShort):
            closed(date(9999, 1, 1), last).school_days_after(date(9998, 12, 31), 1)
        with pytest.raises(CalendarTooShort):
            Calendar.of([(last, last, "holiday")]).weekday_no_holiday(last)

    def test_the_beginning_of_time(self) -> None:
        assert OPEN.next_school_day(date.min) == date.min  # a Monday
        assert OPEN.last_school_day_on_or_before(date.min) == date.min
        with pytest.raises(CalendarTooShort):
            closed(date.min, date.min).last_school_day_on_or_before(date.min)
        assert closed(date.min, date(1, 1, 5)).next_school_day(date.min) == date(1, 1, 8)
        assert closed(date.min, date(1, 1, 5)).school_days_between(date.min, date(1, 1, 8)) == 1


DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
CLOSURES = st.builds(
    lambda first, days: (first, first + timedelta(days=days)), DAYS, st.integers(0, 90) | st.integers(0, 3)
)
CALENDARS = st.builds(
    Calendar, closed=st.frozensets(CLOSURES, max_size=12), holidays=st.frozensets(CLOSURES, max_size=3)
)
COUNTS = st.integers(0, 400)


def by_hand(calendar: Calendar, day: date) -> bool:
    """The plain definition, one day at a time."""
    ranges = calendar.closed | calendar.holidays
    return day.weekday() < 5 and not any(first <= day <= last for first, last in ranges)


@given(CALENDARS, DAYS)
@example(YEAR, date(2026, 3, 16))
def test_a_school_day_is_a_weekday_outside_every_period(calendar: Calendar, day: date) -> None:
    assert calendar.is_school_day(day) == by_hand(calendar, day)


@given(CALENDARS, DAYS, st.integers(0, 60))
def test_counting_agrees_with_counting_by_hand(calendar: Calendar, day: date, days: int) -> None:
    until = day + timedelta(days=days)
    walked = sum(by_hand(calendar, day + timedelta(days=step)) for step in range(1, days + 1))
    assert calendar.school_days_between(day, until) == walked
    assert calendar.school_days_between(until, day) == -walked


@given(CALENDARS, DAYS)
def test_the_next_school_day_is_the_first(calendar: Calendar, day: date) -> None:
    found = _or_assume_long_enough(calendar, day, 0)
    assert by_hand(calendar, found)
    assert not any(by_hand(calendar, day + timedelta(days=step)) for step in range((found - day).days))


@given(CALENDARS, DAYS)
def test_the_last_school_day_is_the_last(calendar: Calendar, day: date) -> None:
    found = calendar.last_school_day_on_or_before(day)
    assert by_hand(calendar, found)
    assert not any(by_hand(calendar, day - timedelta(days=step)) for step in range((day - found).days))


@given(CALENDARS, DAYS, COUNTS)
def test_counting_back_gives_the_number(calendar: Calendar, day: date, n: int) -> None:
    found = _or_assume_long_enough(calendar, day, n)
    assert by_hand(calendar, found)
    if n:
        assert calendar.school_days_between(day, found) == n
    else:
        assert found == calendar.next_school_day(day)


@given(CALENDARS, DAYS, COUNTS)
def test_more_days_are_never_earlier(calendar: Calendar, day: date, n: int) -> None:
    here = _or_assume_long_enough(calendar, day, n)
    one_more = _or_assume_long_enough(calendar, day, n + 1)
    # Day 0 of a closed day is already the first school day after it.
    assert one_more > here or (n == 0 and one_more == here and not calendar.is_school_day(day))


@given(CALENDARS, DAYS, COUNTS)
def test_a_later_day_is_never_due_earlier(calendar: Calendar, day: date, n: int) -> None:
    here = _or_assume_long_enough(calendar, day, n)
    assert here <= _or_assume_long_enough(calendar, day + timedelta(days=1), n)


@given(CALENDARS, DAYS)
def test_partners_wait_for_holidays_only(calendar: Calendar, day: date) -> None:
    found = calendar.weekday_no_holiday(day)
    assert found.weekday() < 5
    assert not any(first <= found <= last for first, last in calendar.holidays)
    assert found <= _or_assume_long_enough(calendar, day, 0)


def _or_assume_long_enough(calendar: Calendar, day: date, n: int) -> date:
    try:
        return calendar.school_days_after(day, n)
    except CalendarTooShort:
        assume(False)
        raise


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (date(2026, 1, 15), time(7, 30), datetime(2026, 1, 15, 12, 30, tzinfo=UTC)),
        (date(2026, 7, 15), time(7, 30), datetime(2026, 7, 15, 11, 30, tzinfo=UTC)),
        (
            date(2026, 3, 8),
            time(7, 30),
            datetime(2026, 3, 8, 11, 30, tzinfo=UTC),
        ),  # summer time begins at 02:00
        (date(2026, 3, 8), time(2, 30), datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),  # skipped: 03:30 there
        (date(2026, 11, 1), time(7, 30), datetime(2026, 11, 1, 12, 30, tzinfo=UTC)),  # and ends at 02:00
        (date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # twice: the first
        (date(2026, 1, 15), time(23, 30), datetime(2026, 1, 16, 4, 30, tzinfo=UTC)),
    ],
)
def test_at_local(day: date, clock: time, expected: datetime) -> None:
    at = at_local(day, clock, TORONTO)
    assert at == expected
    assert at.tzinfo is UTC


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["America/Toronto", "America/Winnipeg", "Europe/Paris", "Australia/Lord_Howe", "UTC"]),
)
@example(date(2026, 3, 8), "America/Toronto")
@example(date(2026, 11, 1), "America/Toronto")
def test_half_past_seven_stays_half_past_seven(day: date, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    local = at_local(day, time(7, 30), zone).astimezone(zone)
    assert (local.date(), local.time()) == (day, time(7, 30))


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1818, 3, 22),  # the earliest
        (1900, 4, 15),
        (1943, 4, 25),  # the latest
        (1954, 4, 18),
        (1981, 4, 19),
        (2000, 4, 23),
        (2008, 3, 23),
        (2011, 4, 24),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2028, 4, 16),
        (2038, 4, 25),
        (2049, 4, 18),
        (2076, 4, 19),
    ],
)
def test_easter(year: int, month: int, day: int) -> None:
    assert easter_sunday(year) == date(year, month, day)


@given(st.integers(1, 9999))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    easter = easter_sunday(year)
    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


# The ministry's key dates (ontario.ca/page/school-year-calendars): Labour Day, Thanksgiving, the first and
# last weekday of the Christmas break, Family Day, those of the mid-winter break, Good Friday.
MINISTRY = [
    (2022, "09-05 10-10 12-19 12-30 02-20 03-13 03-17 04-07"),
    (2023, "09-04 10-09 12-25 01-05 02-19 03-11 03-15 03-29"),
    (2024, "09-02 10-14 12-23 01-03 02-17 03-10 03-14 04-18"),
    (2025, "09-01 10-13 12-22 01-02 02-16 03-16 03-20 04-03"),
    (2026, "09-07 10-12 12-21 01-01 02-15 03-15 03-19 03-26"),
]


@pytest.mark.parametrize(("year", "dates"), MINISTRY)
def test_the_default_calendar_has_the_dates_of_the_ministry(year: int, dates: str) -> None:
    labour, thanks, winter, winter_end, family, march, march_end, good_friday = (
        date.fromisoformat(f"{year if month_day > '08' else year + 1}-{month_day}") for month_day in dates.split()
    )
    periods = {period.name_en: period for period in default_closed_periods(year)}
    assert periods["Labour Day"].starts_on == labour
    assert periods["Thanksgiving"].starts_on == thanks
    assert periods["Winter break"].starts_on == winter
    assert last_weekday(periods["Winter break"]) == winter_end
    assert periods["Family Day"].starts_on == family
    assert (periods["March break"].starts_on, periods["March break"].ends_on) == (march, march_end)
    assert periods["Good Friday"].starts_on == good_friday


def last_weekday(period: Period) -> date:
    return period.ends_on - timedelta(days=max(0, period.ends_on.weekday() - 4))


def test_the_holidays_of_a_year() -> None:
    assert [(day.starts_on.isoformat(), day.name_en, day.name_fr) for day in holidays(2026)] == [
        ("2026-01-01", "New Year’s Day", "Jour de l’An"),
        ("2026-02-16", "Family Day", "Jour de la Famille"),
        ("2026-04-03", "Good Friday", "Vendredi saint"),
        ("2026-04-06", "Easter Monday", "Lundi de Pâques"),
        ("2026-05-18", "Victoria Day", "Fête de la Reine"),
        ("2026-07-01", "Canada Day", "Fête du Canada"),
        ("2026-09-07", "Labour Day", "Fête du Travail"),
        ("2026-10-12", "Thanksgiving", "Action de grâces"),
        ("2026-12-25", "Christmas Day", "Noël"),
        ("2026-12-26", "Boxing Day", "Lendemain de Noël"),
    ]


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2024, date(2024, 5, 20)),
        (2025, date(2025, 5, 19)),
        (2026, date(2026, 5, 18)),
        (2027, date(2027, 5, 24)),
    ],
)
def test_victoria_day_is_the_monday_before_25_may(year: int, expected: date) -> None:
    assert next(day.starts_on for day in holidays(year) if day.name_en == "Victoria Day") == expected


@given(st.integers(1, 9999))
def test_the_holidays_of_any_year_come_in_order(year: int) -> None:
    days = holidays(year)
    assert [day.starts_on for day in days] == sorted({day.starts_on for day in days})
    assert all(day.kind == "holiday" and day.starts_on == day.ends_on and day.starts_on.year == year for day in days)


def test_the_default_calendar_of_a_year() -> None:
    summary = [(day.kind, day.name_en, str(day.starts_on), str(day.ends_on)) for day in default_closed_periods(2026)]
    assert summary == [
        ("holiday", "Labour Day", "2026-09-07", "2026-09-07"),
        ("holiday", "Thanksgiving", "2026-10-12", "2026-10-12"),
        ("break", "Winter break", "2026-12-21", "2027-01-03"),
        ("holiday", "Christmas Day", "2026-12-25", "2026-12-25"),
        ("holiday", "Boxing Day", "2026-12-26", "2026-12-26"),
        ("holiday", "New Year’s Day", "2027-01-01", "2027-01-01"),
        ("holiday", "Family Day", "2027-02-15", "2027-02-15"),
        ("break", "March break", "2027-03-15", "2027-03-19"),
        ("holiday", "Good Friday", "2027-03-26", "2027-03-26"),
        ("holiday", "Easter Monday", "2027-03-29", "2027-03-29"),
        ("holiday", "Victoria Day", "2027-05-24", "2027-05-24"),
        ("summer", "Summer", "2027-06-25", "2027-09-05"),
        ("holiday", "Canada Day", "2027-07-01", "2027-07-01"),
    ]


@given(st.integers(1900, 9997))
def test_default_years_join_and_never_repeat_a_period(year: int) -> None:
    first, second = default_closed_periods(year), default_closed_periods(year + 1)
    assert not set(first) & set(second)
    assert first[0].name_en == second[0].name_en == "Labour Day"
    assert max(period.ends_on for period in first) == second[0].starts_on - timedelta(days=1)
    assert all(period.name_en and period.name_fr and period.starts_on <= period.ends_on for period in first)


@given(st.integers(1900, 9998))
def test_a_default_year_has_about_the_190_days_of_a_school_year(year: int) -> None:
    periods = default_closed_periods(year)
    days = calendar_from(year).school_days_between(periods[0].starts_on, periods[-1].ends_on)
    assert 185 <= days <= 196
