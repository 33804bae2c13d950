"""The rates of a board: one small form for all kinds of help."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from boards.models import Board, Rate
from tests.factories import rows
from tests.factories.sent import as_shown, with_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def board() -> Board:
    return rows.board("Maple Valley")


@pytest.fixture
def ruth(board: Board, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(rows.member(rows.user("Ruth"), Role.BOARD_ADMIN, board).user)


def shown(browser: Client, board: Board) -> dict[str, Any]:
    """What the form holds, as a browser would send it back."""
    form = browser.get(reverse("board_rates", args=[board.pk])).context["form"]
    hidden = {f"initial-{name}": form[name].value() or "" for name in form.fields if name != "version"}
    return hidden | as_shown(form)


def save(browser: Client, board: Board, sent: dict[str, Any]) -> Any:
    return browser.post(reverse("board_rates", args=[board.pk]), with_token(sent))


def rates(board: Board) -> dict[str, Decimal]:
    return dict(Rate.objects.filter(board=board).values_list("kind", "amount"))


def test_rates_are_entered_changed_and_taken_away(board: Board, ruth: Client) -> None:
    assert save(ruth, board, shown(ruth, board) | {"any_other": "35", "mentors": "50"}).status_code == 302
    assert rates(board) == {"": 35, "mentors": 50}
    assert save(ruth, board, shown(ruth, board) | {"any_other": "40.50", "mentors": ""}).status_code == 302
    assert rates(board) == {"": Decimal("40.50")}
    told = Event.objects.filter(subject_type__model="rate", board=board).order_by("pk").values_list("verb", flat=True)
    assert sorted(told) == ["added", "added", "edited", "removed"]


def test_what_is_saved_as_it_was_changes_nothing(board: Board, ruth: Client) -> None:
    rows.rate(board, "mentors", "50")
    before = Event.objects.count()
    assert save(ruth, board, shown(ruth, board)).status_code == 302
    assert (rates(board), Event.objects.count()) == ({"mentors": 50}, before)


@pytest.mark.parametrize("wrong", ["0", "-1", "1000.01", "many", "1.234"])
def test_a_rate_lies_above_nothing_and_below_a_thousand(wrong: str, board: Board, ruth: Client) -> None:
    rows.rate(board, "mentors", "50")
    answer = save(ruth, board, shown(ruth, board) | {"any_other": "35", "mentors": wrong})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["mentors"]
    assert wrong in answer.content.decode()
    assert rates(board) == {"mentors": 50}


def test_of_two_who_save_the_later_sees_what_the_other_saved(board: Board, ruth: Client) -> None:
    early, late = shown(ruth, board), shown(ruth, board)
    assert save(ruth, board, early | {"mentors": "50"}).status_code == 302
    answer = save(ruth, board, late | {"mentors": "60", "tour": "20"})
    assert answer.status_code == 422
    assert "50" in str(answer.context["form"].errors["mentors"])
    assert rates(board) == {"mentors": 50}


@pytest.mark.parametrize("amount", ["0", "1000.01"])
def test_the_database_holds_the_bounds(amount: str, board: Board) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.rate(board, "mentors", amount)
    rows.rate(board, "mentors", "1")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.rate(board, "mentors", "2")


def test_the_page_of_the_board_shows_them_in_its_currency(board: Board, ruth: Client) -> None:
    page = reverse("board", args=[board.pk])
    assert "No rate yet" in ruth.get(page).content.decode()
    rows.rate(board, "mentors", "50")
    rows.rate(board, "", "35.5")
    Board.objects.filter(pk=board.pk).update(currency="EUR")
    said = ruth.get(page).content.decode()
    assert "€50" in said
    assert "€35.50" in said
    assert said.index("Any other kind") < said.index("Mentors")
    assert "in €" in ruth.get(reverse("board_rates", args=[board.pk])).content.decode()


@pytest.mark.parametrize(("role", "status"), [(Role.SUPERINTENDENT, 403), (Role.PRINCIPAL, 403), (None, 404)])
def test_rates_are_the_administrators(
    role: Role | None, status: int, board: Board, signed_in: Callable[[User], Client]
) -> None:
    school = rows.school(board, family=rows.family(board))
    scope: dict[Role, dict[str, Any]] = {
        Role.SUPERINTENDENT: {"family": school.family},
        Role.PRINCIPAL: {"school": school},
    }
    user = rows.user()
    if role:
        rows.member(user, role, board, **scope[role])
    browser = signed_in(user)
    assert browser.get(reverse("board_rates", args=[board.pk])).status_code == status
    assert save(browser, board, {"mentors": "50", "version": 1}).status_code == status
    assert rates(board) == {}
