"""Beginning is a page like the others: bad input and the trail (the rest of it: tests/demo/test_beginning.py)."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from accounts.models import Event, EventWords, Membership, User
from boards.models import Board, ClosedPeriod
from schools.models import School
from tests.factories.models import owned
from tests.factories.sent import Sent, with_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
ANSWERS: Sent = {"name": "Helen Park", "email": "Helen@Example.org", "school_name": "Riverbend", "town": "Maple"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", "a\x00b"),
        ("name", "a\u202eb"),
        ("name", "x" * 200_000),
        ("name", "\u0958" * 120),
        ("email", "nobody"),
        ("email", "a\x00@example.org"),
        ("school_name", "two\nlines"),
        ("school_name", "\u0958" * 200),
        ("town", "x" * 121),
    ],
    ids=lambda part: ascii(part)[:20],
)
def test_a_wrong_answer_is_said_at_its_question(name: str, value: str, client: Client) -> None:
    answer: Any = client.post("/begin/", with_token(ANSWERS | {name: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]
    assert not User.objects.exists()


# What a board begins with is part of it: the Event is the board's.
COMES_WITH_ITS_BOARD = {ClosedPeriod: "the default calendar of Ontario's schools"}


def test_everything_it_makes_is_in_the_trail(client: Client) -> None:
    client.post("/begin/", with_token(ANSWERS))
    told = set(Event.objects.filter(by=User.objects.get()).values_list("subject_type", "subject_id"))
    models_made = [model for model in owned() if model not in (Event, EventWords) and model not in COMES_WITH_ITS_BOARD]
    made = [row for model in models_made for row in model._base_manager.all()]
    assert {type(row) for row in made} == {Board, School, Membership}
    assert {(ContentType.objects.get_for_model(row).pk, row.pk) for row in made} - told == set()
