"""The calendar of a board: what it shows, filling in by rule, terms and exams."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from boards.forms import CANADIAN_ZONES
from boards.models import Board, YearPart, known_zone
from tests.factories import rows
from tests.factories.sent import as_shown, with_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def board() -> Board:
    return rows.board("Maple Valley")


@pytest.fixture
def ruth(board: Board, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(rows.member(rows.user("Ruth"), Role.BOARD_ADMIN, board).user)


def send(browser: Client, page: str, pk: int, **data: Any) -> Any:
    return browser.post(reverse(page, args=[pk]), with_token(data))


def seen(browser: Client, board: Board, year: int | str = "") -> Any:
    return browser.get(reverse("board_calendar", args=[board.pk]), {"year": year})


def test_filled_in_twice_nothing_is_doubled(board: Board, ruth: Client) -> None:
    for added, breaks in ((10, ""), (0, ""), (3, "on"), (0, "on")):
        before = board.closed_periods.count()
        answer = send(ruth, "holidays_fill", board.pk, year="2026", with_breaks=breaks)
        assert answer["Location"] == f"{reverse('board_calendar', args=[board.pk])}?year=2026"
        assert board.closed_periods.count() - before == added
    assert Event.objects.filter(verb="added", board=board, subject_type__model="closedperiod").count() == 13


def test_holidays_of_the_rules_are_said_to_be(board: Board, ruth: Client) -> None:
    rows_of = board.closed_periods.create
    rows_of(kind="holiday", starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 12), name_en="Thanksgiving")
    rows_of(kind="holiday", starts_on=date(2026, 10, 13), ends_on=date(2026, 10, 13), name_en="Founder’s day")
    october = seen(ruth, board, 2026).context["year"].months[1]
    assert [(entry.row.name, entry.by_rule) for entry in october.entries] == [
        ("Thanksgiving", True),
        ("Founder’s day", False),
    ]
    assert october.school_days == 20
    assert [cell.mark for cell in october.weeks[2] if cell] == ["holiday", "holiday", "", "", ""]


def test_a_break_over_two_months_is_listed_once(board: Board, ruth: Client) -> None:
    board.closed_periods.create(kind="break", starts_on=date(2026, 12, 21), ends_on=date(2027, 1, 3), name_en="Winter")
    year = seen(ruth, board, 2026).context["year"]
    assert [len(month.entries) for month in year.months] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert [cell.mark for cell in year.months[4].weeks[0] if cell] == ["break"]  # Friday 1 January


def test_last_days_that_differ_are_said_by_level(board: Board, ruth: Client) -> None:
    board.year_parts.create(kind="last_day", level="elementary", starts_on=date(2027, 6, 25), ends_on=date(2027, 6, 25))
    board.year_parts.create(kind="last_day", level="secondary", starts_on=date(2027, 6, 29), ends_on=date(2027, 6, 29))
    assert seen(ruth, board, 2026).context["year"].last_days == [
        ("Elementary", date(2027, 6, 25)),
        ("Secondary", date(2027, 6, 29)),
    ]


@pytest.mark.parametrize("year", ["", "x", "-1", "1066", "99999999999999999999", "²", "2026.5"])
def test_a_year_that_is_none_is_this_one(year: str, board: Board, ruth: Client) -> None:
    context = seen(ruth, board, year).context
    assert context["year"].number == context["now"]


def test_an_empty_year_says_so(board: Board, ruth: Client) -> None:
    assert "Nothing is entered for this year yet" in seen(ruth, board, 2040).content.decode()


def test_a_champion_reads_and_changes_nothing(board: Board, signed_in: Callable[[User], Client]) -> None:
    marcus = signed_in(rows.member(rows.user("Marcus"), Role.CHAMPION, board, school=rows.school(board)).user)
    page = seen(marcus, board)
    assert page.status_code == 200
    assert reverse("holidays_fill", args=[board.pk]) not in page.content.decode()
    assert send(marcus, "holidays_fill", board.pk, year="2026").status_code == 403


@pytest.mark.parametrize(
    ("first", "last", "kept"),
    [("2026-10-12", "", date(2026, 10, 12)), ("2026-10-12", "2026-10-13", date(2026, 10, 13))],
)
def test_closed_days_without_a_last_one_are_one_day(
    first: str, last: str, kept: date, board: Board, ruth: Client
) -> None:
    answer = send(ruth, "closed_period_add", board.pk, kind="pa_day", starts_on=first, ends_on=last)
    assert answer.status_code == 302
    period = board.closed_periods.get()
    assert (period.starts_on, period.ends_on) == (date(2026, 10, 12), kept)
    edited = as_shown(ruth.get(reverse("closed_period_edit", args=[period.pk])).context["form"]) | {"ends_on": ""}
    assert send(ruth, "closed_period_edit", period.pk, **edited).status_code == 302
    period.refresh_from_db()
    assert period.ends_on == period.starts_on


def test_the_zones_of_canada_are_offered_and_any_other_is_taken(board: Board, ruth: Client) -> None:
    page = reverse("board_edit", args=[board.pk])
    answer = ruth.get(page)
    for zone in CANADIAN_ZONES:
        known_zone(zone)
        assert f'<option value="{zone}">' in answer.content.decode()
    assert 'list="zones"' in answer.content.decode()
    sent = as_shown(answer.context["form"]) | {"zone_name": "Pacific/Auckland"}
    assert send(ruth, "board_edit", board.pk, **sent).status_code == 302


SEMESTER = {"kind": "semester", "level": "secondary", "starts_on": "2026-09-08", "ends_on": "2027-01-29"}


def test_a_semester_is_entered(board: Board, ruth: Client) -> None:
    answer = send(ruth, "year_part_add", board.pk, **SEMESTER, name_en="Semester 1")
    assert answer.status_code == 302
    part = YearPart.objects.get()
    assert (part.kind, part.level, part.name_en, part.board) == ("semester", "secondary", "Semester 1", board)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"starts_on": "2027-01-29", "ends_on": "2027-06-24"}, 422),  # its first day is the other's last
        ({"starts_on": "2027-01-30", "ends_on": "2027-06-24"}, 302),
        ({"level": "elementary"}, 302),
        ({"kind": "exams", "starts_on": "2027-01-22"}, 302),
        ({}, 422),
    ],
)
def test_no_day_lies_in_two_semesters_of_a_level(
    changes: dict[str, str], status: int, board: Board, ruth: Client
) -> None:
    assert send(ruth, "year_part_add", board.pk, **SEMESTER).status_code == 302
    assert send(ruth, "year_part_add", board.pk, **(SEMESTER | changes)).status_code == status
    assert YearPart.objects.count() == (2 if status == 302 else 1)


def test_a_semester_may_be_saved_again(board: Board, ruth: Client) -> None:
    send(ruth, "year_part_add", board.pk, **SEMESTER)
    part = YearPart.objects.get()
    changed = SEMESTER | {"ends_on": "2027-01-28", "version": part.version}
    assert send(ruth, "year_part_edit", part.pk, **changed).status_code == 302
    part.refresh_from_db()
    assert (part.ends_on, part.version) == (date(2027, 1, 28), 2)
