"""The languages of a board: its forms ask for those, and what is written in another one stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from boards.models import Board, StrategicGoal
from tests.factories import rows
from tests.factories.sent import as_shown, filled, with_token

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BOTH = {"title_en", "title_fr"}


def ruth(board: Board, signed_in: SignIn) -> Client:
    return signed_in(rows.member(rows.user("Ruth"), Role.BOARD_ADMIN, board).user)


@pytest.mark.parametrize(
    ("languages", "first", "speaks"),
    [("both", "en", ("en", "fr")), ("both", "fr", ("fr", "en")), ("en", "en", ("en",)), ("fr", "fr", ("fr",))],
)
def test_what_a_board_speaks(languages: str, first: str, speaks: tuple[str, ...]) -> None:
    assert rows.board(language=first, languages=languages).speaks == speaks


@pytest.mark.parametrize(("languages", "first"), [("en", "fr"), ("fr", "en")])
def test_the_first_language_is_one_of_them(languages: str, first: str, signed_in: SignIn) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.board(language=first, languages=languages)
    board = rows.board()
    browser, page = ruth(board, signed_in), reverse("board_edit", args=[board.pk])
    form = browser.get(page).context["form"]
    answer = browser.post(page, with_token(as_shown(form) | {"language": first, "languages": languages}))
    assert answer.status_code == 422
    assert dict(answer.context["form"].errors) == {"language": ["Choose a language the board speaks."]}


@pytest.mark.parametrize(
    ("page", "name"),
    [("strategic_goal_add", "title"), ("closed_period_add", "name"), ("year_part_add", "name")],
)
@pytest.mark.parametrize(
    ("languages", "first", "asked"), [("both", "en", "en fr"), ("en", "en", "en"), ("fr", "fr", "fr")]
)
def test_a_form_asks_for_what_the_board_speaks(
    page: str, name: str, languages: str, first: str, asked: str, signed_in: SignIn
) -> None:
    board = rows.board(language=first, languages=languages)
    browser = ruth(board, signed_in)
    form = browser.get(reverse(page, args=[board.pk])).context["form"]
    texts = {field for field in form.fields if field.startswith(f"{name}_")}
    assert texts == {f"{name}_{language}" for language in asked.split()}
    answer = browser.post(reverse(page, args=[board.pk]), with_token(filled(form)))
    assert answer.status_code == 302


def test_what_is_written_in_the_other_stays(signed_in: SignIn) -> None:
    board = rows.board(languages="en")
    goal = StrategicGoal.objects.create(board=board, code="SP1", title_en="Skills", title_fr="Compétences")
    browser, page = ruth(board, signed_in), reverse("strategic_goal_edit", args=[goal.pk])
    sent: dict[str, Any] = as_shown(browser.get(page).context["form"]) | {"title_en": "Skills for all"}
    assert browser.post(page, with_token(sent)).status_code == 302
    goal.refresh_from_db()
    assert (goal.title_en, goal.title_fr) == ("Skills for all", "Compétences")


def test_a_goal_is_written_in_the_only_language(signed_in: SignIn) -> None:
    board = rows.board(languages="en")
    goal = StrategicGoal.objects.create(board=board, code="SP1", title_fr="Compétences")
    browser, page = ruth(board, signed_in), reverse("strategic_goal_edit", args=[goal.pk])
    answer = browser.post(page, with_token({"code": "SP1", "title_en": "", "version": 1}))
    assert list(answer.context["form"].errors) == ["title_en"]


@pytest.mark.parametrize("first", ["en", "fr"])
def test_a_new_school_takes_the_first_language(first: str, signed_in: SignIn) -> None:
    board = rows.board(language=first)
    form = ruth(board, signed_in).get(reverse("school_add", args=[board.pk])).context["form"]
    assert form["language"].value() == first
