"""First steps: one declaration each, all facts in one query, and what is optional is never missing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Value

from boards.models import Board
from core import first_steps
from core.first_steps import Asked, FirstStep
from core.registry import Registry
from tests.factories import rows

pytestmark = pytest.mark.django_db
Declare = Callable[..., None]


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Declares a step into a registry that holds no other."""
    own: Registry[FirstStep] = Registry("nothing_of_that_name")
    monkeypatch.setattr(first_steps, "first_steps", own)

    def register(
        name: str, done: bool | str, asked: Asked = Asked.NEEDED, url: str = "/there/", order: int = 50
    ) -> None:
        fact = "fact_" + name.replace(" ", "_")
        own.register(
            name,
            FirstStep(
                name, "Why", "sun",
                lambda user: {fact: Value(done)},
                lambda row: getattr(row, fact),
                lambda row, user: url,
                lambda row, user: asked,
                "Later",
                order,
            ),
        )  # fmt: skip

    return register


def standing() -> Any:
    board = rows.board()
    [found] = first_steps.of(Board.objects.filter(pk=board.pk), None)
    return found


def test_without_a_step_nothing_is_left(declare: Declare) -> None:
    found = standing()
    assert (found.needed, found.done, found.left, found.next) == (0, 0, 0, None)


def test_what_is_needed_is_counted_and_the_first_that_can_be_taken_comes_next(declare: Declare) -> None:
    declare("last", False, order=90)
    declare("waits", False, url="", order=20)
    declare("next", False, order=30)
    declare("words", "4 schools", order=10)
    declare("optional", False, Asked.OPTIONAL, order=5)
    declare("done anyway", True, Asked.OPTIONAL, order=6)
    declare("not here", False, Asked.NOT_HERE)
    found = standing()
    assert [step.label for step in found.steps] == ["optional", "done anyway", "words", "waits", "next", "last"]
    assert [step.is_done for step in found.steps] == [False, True, True, False, False, False]
    assert [step.said for step in found.steps] == ["", "", "4 schools", "", "", ""]
    assert (found.needed, found.done, found.left) == (4, 1, 3)
    assert found.next.label == "next"


def test_what_only_waits_has_no_next(declare: Declare) -> None:
    declare("waits", False, url="")
    assert (standing().left, standing().next) == (1, None)


def test_words_of_nothing_are_not_done(declare: Declare) -> None:
    declare("empty", "")
    assert standing().left == 1


def test_a_name_is_declared_once(declare: Declare) -> None:
    declare("one", True)
    with pytest.raises(ValueError, match="one"):
        declare("one", True)


def test_all_rows_take_one_query(declare: Declare, django_assert_num_queries: Any) -> None:
    for name in ("one", "two", "three"):
        declare(name, False)
    for _n in range(3):
        rows.board()
    with django_assert_num_queries(1):
        assert [found.left for found in first_steps.of(Board.objects.all(), None)] == [3, 3, 3]
