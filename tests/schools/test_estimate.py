"""What a need is worth: entered, else its hours at the board's rates."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.permissions import Role
from boards.models import Board, HelpKind, Rate
from schools.estimate import GIVES_TIME, Value, estimated
from schools.models import School
from schools.sentences import STAYS, NeedFacts, total_hours
from tests.factories import rows

RATES = {"": Decimal(35), "mentors": Decimal(50), "tour": Decimal(20)}
WEEKLY: dict[str, Any] = {"frequency": "weekly", "times": 15}
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (NeedFacts("volunteers", quantity=20, hours=1, **WEEKLY), Decimal(10500)),
        (NeedFacts("mentors", quantity=4, hours=2, **WEEKLY), Decimal(6000)),
        (NeedFacts("mentors", "A mentor", hours=Decimal("1.5"), **WEEKLY), Decimal(1125)),
        (NeedFacts("expertise", quantity=1, hours=2, frequency="once"), Decimal(70)),
        (NeedFacts("guest_speaker", quantity=2, hours=1, frequency="once"), Decimal(70)),
        (NeedFacts("other", "Help at the fair", hours=3, frequency="once"), Decimal(105)),
        # The hours of a stay are the student's: only a rate of its own counts them.
        (NeedFacts("tour", quantity=2, hours=3), Decimal(120)),
        (NeedFacts("work_placement", quantity=90, hours=110), None),
        (NeedFacts("internship", quantity=1, hours=110), None),
        (NeedFacts("job_shadowing", quantity=1, hours=6), None),
        # Hours nobody knows.
        (NeedFacts("volunteers", quantity=20), None),
        (NeedFacts("volunteers", hours=1, **WEEKLY), None),
        (NeedFacts("volunteers", quantity=20, hours=1, frequency="weekly", times=2, times_unit="semesters"), None),
        # Money and things.
        (NeedFacts("funding", "parts", 6500), None),
        (NeedFacts("equipment", "A lathe", 1, hours=2, frequency="once"), None),
        (NeedFacts("space", "A gym", hours=2, frequency="once"), None),
        (NeedFacts("transportation", "A bus", people=18, hours=2, **WEEKLY), None),
    ],
)
def test_estimated(facts: NeedFacts, expected: Decimal | None) -> None:
    assert estimated(facts, RATES) == expected


FACTS = st.builds(
    NeedFacts,
    kind=st.sampled_from(HelpKind.values),
    quantity=st.none() | st.integers(1, 1000),
    hours=st.none() | st.decimals("0.25", 400, places=2),
    frequency=st.sampled_from(["", "once", "daily", "weekly", "monthly"]),
    times=st.none() | st.integers(1, 52),
)
AMOUNTS = st.decimals("0.01", 1000, places=2)
SOME_RATES = st.dictionaries(st.sampled_from(["", *Rate.BY_THE_HOUR]), AMOUNTS)


@given(FACTS, SOME_RATES)
def test_it_is_the_hours_at_one_rate_or_nothing(facts: NeedFacts, rates: dict[str, Decimal]) -> None:
    found, hours = estimated(facts, rates), total_hours(facts)
    rate = rates.get(facts.kind, None if facts.kind in STAYS else rates.get(""))
    if facts.kind not in GIVES_TIME or hours is None or rate is None:
        assert found is None
    else:
        assert found == hours * rate


@given(FACTS)
def test_without_a_rate_nothing_is_worth_anything(facts: NeedFacts) -> None:
    assert estimated(facts, {}) is None


@given(FACTS, AMOUNTS)
def test_a_rate_of_its_own_goes_before_the_other(facts: NeedFacts, amount: Decimal) -> None:
    own = {facts.kind: amount}
    if facts.kind in Rate.BY_THE_HOUR:
        assert estimated(facts, own | {"": Decimal(999)}) == estimated(facts, own)


def test_every_kind_that_has_a_rate_gives_time() -> None:
    assert {*Rate.BY_THE_HOUR, "other"} == GIVES_TIME


@pytest.mark.parametrize(
    ("value", "english", "in_french"),
    [
        (Value(Decimal("10500.40"), True, "CAD"), "About $10,500 at your board’s rates", f"10{NBSP}500{NBSP}$"),
        (Value(Decimal("9000.50"), False, "EUR"), "Worth €9,000.50, as it was entered", f"9{NBSP}000,50{NBSP}€"),
        (Value(Decimal("0.40"), True, "CAD"), "About $0.40 at your board’s rates", f"0,40{NBSP}$"),
    ],
)
def test_it_says_which(value: Value, english: str, in_french: str) -> None:
    assert str(value) == english
    with translation.override("fr"):
        assert in_french in str(value)


# ── On the pages ──


@pytest.fixture
def school() -> School:
    board = rows.board("Maple Valley")
    rows.rate(board, "volunteers", "35")
    return rows.school(board)


@pytest.fixture
def marcus(school: School, signed_in: Callable[[User], Client]) -> Client:
    user = rows.user("Marcus Lee")
    rows.member(user, Role.CHAMPION, school.board, school=school)
    return signed_in(user)


TYPED = {
    "kind": "volunteers", "quantity": "20", "hours": "1", "frequency": "weekly", "times": "15", "times_unit": "weeks",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "About $10,500 at your board’s rates"),
        ({"value": "9000"}, "Worth $9,000, as it was entered"),
        ({"value": "0"}, "Worth $0, as it was entered"),
        ({"value": "nine"}, "About $10,500 at your board’s rates"),
        ({"hours": ""}, ""),
        ({"kind": "mentors"}, ""),
    ],
)
def test_it_is_said_while_one_types(typed: dict[str, str], says: str, school: School, marcus: Client) -> None:
    page = marcus.get(reverse("need_sentence", args=[school.pk]), TYPED | typed).content.decode()
    assert ("About" in page or "Worth" in page) == bool(says)
    assert says in page


@pytest.mark.django_db
def test_money_is_of_the_boards_currency(school: School, marcus: Client) -> None:
    Board.objects.update(currency="EUR")
    typed = {"kind": "funding", "what": "parts", "quantity": "6500"}
    page = marcus.get(reverse("need_sentence", args=[school.pk]), typed).content.decode()
    assert "<mark>€6,500</mark> of parts" in page
    form = marcus.get(reverse("need_add", args=[school.pk])).content.decode()
    assert "In €, if you know it." in form
