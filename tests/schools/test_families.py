"""Families of schools, and schools that are entered by hand."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from boards.models import Board
from schools.models import Family, School
from tests.factories import rows
from tests.factories.sent import with_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]


@pytest.fixture
def board() -> Board:
    found = rows.board("Maple Valley")
    for name, number in (("Riverbend", "019186"), ("École Les Pins", "7"), ("St. Mary", "11"), ("St. Mary", "12")):
        rows.school(found, name=name, ministry_number=number)
    return found


@pytest.fixture
def ruth(board: Board, signed_in: SignIn) -> Client:
    user = rows.user("Ruth")
    rows.member(user, Role.BOARD_ADMIN, board)
    return signed_in(user)


def add(browser: Client, board: Board, schools: str, name: str = "North") -> tuple[int, str]:
    data = with_token({"name": name, "schools": schools})
    answer = browser.post(reverse("family_add", args=[board.pk]), data)
    return answer.status_code, answer.content.decode()


def members(name: str = "North") -> list[str]:
    rows = School.objects.filter(family__name=name).order_by("ministry_number")
    return list(rows.values_list("ministry_number", flat=True))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", []),
        ("  \n\n", []),
        ("Riverbend", ["019186"]),
        ("riverbend\r\necole les pins", ["019186", "7"]),
        ("019186", ["019186"]),
        ("Riverbend\nRiverbend\n019186", ["019186"]),
        ("St. Mary (12)", ["12"]),
        ("11\n12", ["11", "12"]),
    ],
)
def test_schools_are_named_a_line_each(typed: str, found: list[str], board: Board, ruth: Client) -> None:
    assert add(ruth, board, typed)[0] == 302
    assert members() == found


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Lakeside", "No school of the board is called “Lakeside”."),
        ("Riverbend\nSt. Mary", "More than one school is called “St. Mary”. Write its ministry number."),
        ("Elsewhere", "No school of the board is called “Elsewhere”."),
        ("\n".join(f"nobody {n}" for n in range(8)), "And 3 more lines."),
        ("---", "No school of the board is called “---”."),
    ],
)
def test_a_line_that_names_none_or_several_is_said(typed: str, said: str, board: Board, ruth: Client) -> None:
    rows.school(rows.board("Another"), name="Elsewhere")
    status, page = add(ruth, board, typed)
    assert status == 422
    assert said in page
    assert typed.splitlines()[0] in page
    assert not Family.objects.exists()


def test_the_form_shows_who_is_in_and_takes_out_who_is_not_named(board: Board, ruth: Client) -> None:
    add(ruth, board, "Riverbend\nSt. Mary (11)")
    family = Family.objects.get()
    url = reverse("family_edit", args=[family.pk])
    page = ruth.get(url).content.decode()
    assert "Riverbend\nSt. Mary (11)</textarea>" in page
    data = {"name": "North", "schools": "7", "version": family.version, "initial-name": "North"}
    before = Event.objects.count()
    assert ruth.post(url, with_token(data)).status_code == 302
    assert members() == ["7"]
    told = Event.objects.order_by("-pk")[: Event.objects.count() - before]
    assert sorted(event.verb for event in told) == [
        "edited", "put into a family", "taken out of a family", "taken out of a family",
    ]  # fmt: skip


def test_a_school_moves_from_one_family_to_the_other(board: Board, ruth: Client) -> None:
    add(ruth, board, "Riverbend")
    add(ruth, board, "Riverbend\n7", name="Lakeshore")
    assert members() == []
    assert members("Lakeshore") == ["019186", "7"]


def test_a_superintendent_sees_the_schools_that_were_put_in(board: Board, ruth: Client, signed_in: SignIn) -> None:
    add(ruth, board, "Riverbend")
    amara = rows.user("Amara")
    rows.member(amara, Role.SUPERINTENDENT, board, family=Family.objects.get())
    page = signed_in(amara).get(reverse("schools")).content.decode()
    assert "Riverbend" in page
    assert "École Les Pins" not in page


def test_the_page_of_families(board: Board, ruth: Client) -> None:
    page = reverse("families", args=[board.pk])
    assert "No family yet" in ruth.get(page).content.decode()
    add(ruth, board, "Riverbend")
    shown = ruth.get(page).content.decode()
    assert "1 school" in shown
    assert "3 schools are in no family yet." in shown


def test_a_school_is_added_by_hand(board: Board, ruth: Client) -> None:
    page = reverse("school_add", args=[board.pk])
    assert page in ruth.get(reverse("schools")).content.decode()
    answer = ruth.post(page, with_token({"name": "Cedar Hill", "language": "fr"}))
    school = School.objects.get(name="Cedar Hill")
    assert answer["Location"] == reverse("school", args=[school.pk])
    assert (school.board, school.language, school.family) == (board, "fr", None)
    assert ruth.post(page, with_token({"name": "", "language": "fr"})).status_code == 422


def test_a_family_has_a_name_of_its_own(board: Board, ruth: Client) -> None:
    add(ruth, board, "")
    status, page = add(ruth, board, "", name="  NORTH ")
    assert (status, Family.objects.count()) == (422, 1)
    assert "The board has a family of this name." in page


def test_the_hint_speaks_of_schools_alone(board: Board, ruth: Client) -> None:
    page = ruth.get(reverse("family_add", args=[board.pk])).content.decode()
    assert "One a line, by name or ministry number." in page
    assert "never a name or a number" not in page


def test_a_school_of_the_same_name_is_asked_about_once(board: Board, ruth: Client) -> None:
    page = reverse("school_add", args=[board.pk])
    asked = ruth.post(page, with_token({"name": "riverbend", "language": "en"}))
    assert asked.status_code == 422
    assert "is already there. Is it the same one?" in asked.content.decode()
    sent = {"name": "riverbend", "language": "en", "ministry_number": "8", "is_another": "on"}
    assert ruth.post(page, with_token(sent)).status_code == 302
    assert School.objects.get(name="riverbend").ministry_number == "8"


def test_a_ministry_number_is_given_once(board: Board, ruth: Client) -> None:
    sent = {"name": "Hilltop", "language": "en", "ministry_number": "019186"}
    refused = ruth.post(reverse("school_add", args=[board.pk]), with_token(sent))
    assert refused.status_code == 422
    assert "Another school of the board has this ministry number." in refused.content.decode()


def test_of_two_who_edit_a_family_the_later_sees_the_schools_of_the_other(board: Board, ruth: Client) -> None:
    add(ruth, board, "Riverbend")
    family = Family.objects.get()
    url = reverse("family_edit", args=[family.pk])
    shown = {"name": "North", "version": family.version, "initial-name": "North", "initial-schools": "Riverbend"}
    assert ruth.post(url, with_token(shown | {"schools": "Riverbend\n7"})).status_code == 302
    late = ruth.post(url, with_token(shown | {"schools": "7"}))
    assert late.status_code == 422
    assert members() == ["019186", "7"]
    assert "Riverbend" in str(late.context["form"].errors["schools"])
    assert late.context["form"]["schools"].value() == "7"
