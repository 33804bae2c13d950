"""How a school's year runs: worked out by date, read by the school and its partners."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from boards.models import Board
from schools.models import School
from schools.year_in_words import year_of_school
from tests.factories import rows
from tests.factories.world import World

pytestmark = pytest.mark.django_db
TODAY = date(2027, 1, 18)  # a Monday


@pytest.fixture
def board() -> Board:
    board = rows.board("Maple Valley")
    for kind, first, last in (
        ("break", date(2026, 12, 21), date(2027, 1, 3)),
        ("pa_day", date(2027, 2, 12), date(2027, 2, 12)),
        ("break", date(2027, 3, 15), date(2027, 3, 19)),
        ("summer", date(2027, 6, 25), date(2027, 9, 6)),
    ):
        board.closed_periods.create(kind=kind, starts_on=first, ends_on=last, name_en=f"{kind} {first.month}")
    for kind, level, first, last in (
        ("semester", "secondary", date(2026, 9, 8), date(2027, 1, 29)),
        ("term", "elementary", date(2026, 9, 8), date(2027, 6, 23)),
        ("exams", "secondary", date(2027, 1, 21), date(2027, 1, 28)),
        ("exams", "secondary", date(2026, 6, 17), date(2026, 6, 24)),
    ):
        rows.year_part(board, f"{kind} {first:%Y-%m}", kind=kind, level=level, starts_on=first, ends_on=last)
    return board


def names(found: list[Any]) -> list[str]:
    return [str(row) for row in found]


def test_a_year_ahead_of_a_secondary_school(board: Board) -> None:
    year = year_of_school(rows.school(board, level="secondary"), TODAY)
    assert names(year.terms) == ["semester 2026-09"]
    assert names(year.exams) == ["exams 2027-01"]
    assert names(year.closed) == ["break 3", "summer 6"]
    assert names(year.days_off) == ["pa_day 2"]
    assert year.last_day == date(2027, 6, 24)
    assert [month.month for month in year.good_months] == [2, 3, 4, 5, 6, 9, 10, 11, 12, 1]
    assert year.first_session == date(2027, 2, 1)  # behind this week's exams and next week's


def test_an_elementary_school_has_no_exams(board: Board) -> None:
    year = year_of_school(rows.school(board, level="elementary"), TODAY)
    assert (names(year.terms), year.exams) == (["term 2026-09"], [])
    assert (year.last_day, year.first_session) == (date(2027, 6, 23), date(2027, 1, 19))


def test_a_school_of_no_level_yet_has_both(board: Board) -> None:
    year = year_of_school(rows.school(board), TODAY)
    assert (len(year.terms), len(year.exams)) == (2, 1)
    assert year.last_day == date(2027, 6, 23)  # nothing is entered for the secondary level


def test_in_summer_the_next_school_year_counts(board: Board) -> None:
    school = rows.school(board, level="secondary")
    assert year_of_school(school, date(2027, 7, 5)).last_day == date(2028, 6, 30)
    assert year_of_school(school, date(2027, 7, 5)).first_session == date(2027, 9, 7)


def test_a_board_without_a_calendar(signed_in: Callable[[User], Client]) -> None:
    year = year_of_school(rows.school(rows.board("Bare")), TODAY)
    assert year.is_empty
    assert year.first_session == date(2027, 1, 19)


# ── The pages ──


def test_a_partner_reads_it_of_its_school(world: World, signed_in: Callable[[User], Client]) -> None:
    place = world.places["own"]
    School.objects.filter(pk=place.school.pk).update(year_runs="Quiet in October.")
    partnership = next(row for model, row in place.rows.items() if model.__name__ == "Partnership")
    partner = signed_in(world.user("partner"))
    page = partner.get(reverse("partnership_year_runs", args=[partnership.pk]))
    assert page.status_code == 200
    assert "Quiet in October." in page.content.decode()
    assert partner.get(reverse("school_year", args=[place.school.pk])).status_code == 404
    near = next(row for model, row in world.places["near"].rows.items() if model.__name__ == "Partnership")
    assert partner.get(reverse("partnership_year_runs", args=[near.pk])).status_code == 404


def test_a_partnership_that_is_not_shared_shows_nothing(world: World, signed_in: Callable[[User], Client]) -> None:
    partnership = next(row for model, row in world.places["own"].rows.items() if model.__name__ == "Partnership")
    type(partnership).objects.filter(pk=partnership.pk).update(shared_at=None, shared_by=None)
    page = reverse("partnership_year_runs", args=[partnership.pk])
    assert signed_in(world.user("partner")).get(page).status_code == 404
    assert signed_in(world.user("champion")).get(page).status_code == 200
