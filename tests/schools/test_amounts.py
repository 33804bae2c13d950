"""How much of a need a promise brings, and what all of them add up to."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.amounts import Amount, Of, Tally, amount, counted, part, tally
from schools.needs_met import Pledge, Standing, tallied
from schools.sentences import Counted, NeedFacts

D = Decimal


def facts(kind: str = "mentors", what: str = "", number: int | None = None, **more: Any) -> NeedFacts:
    return NeedFacts(kind, what, None if number is None else D(number), **more)


def weekly(weeks: int) -> dict[str, Any]:
    return {"frequency": "weekly", "times": weeks}


MENTORS = facts(number=4, hours=2, **weekly(20))
MONEY = facts("funding", "registration and parts", 6500)
COACH = facts("transportation", "A coach to take 30 students to 3 tournaments", 3)
BUS = facts("transportation", "A bus", people=18, **weekly(15))
WORKSHOP = facts("space", "A workshop space with CNC access", 1, unit="evening", **weekly(10))
EVENINGS = facts("space", "A room", 2, unit="evenings", **weekly(10))
BOOKS = facts("equipment", "dual-language books", 300)
HALL = facts("space", "Une salle pour 2 spectacles")


@pytest.mark.parametrize(
    ("asked", "found", "written"),
    [
        (MENTORS, Amount(D(4), Of.PIECES), Counted("", "", "mentors")),
        (MONEY, Amount(D(6500), Of.MONEY), Counted("$", "", "")),
        (facts("funding", "food", 50, frequency="monthly", times=6, times_unit="months"), Amount(D(300), Of.MONEY),
         Counted("$", "", "")),
        (COACH, Amount(D(3), Of.PIECES), Counted("", "", "trips")),
        (BUS, Amount(D(15), Of.TIMES), Counted("", "", "trips")),
        (WORKSHOP, Amount(D(10), Of.TIMES), Counted("", "", "times")),
        (EVENINGS, Amount(D(20), Of.UNITS, "evening"), Counted("", "", "evenings")),
        (BOOKS, Amount(D(300), Of.PIECES), Counted("", "", "dual-language books")),
        (HALL, Amount(D(1), Of.WHOLE), Counted("", "", "")),
        (facts("guest_speaker", number=1), Amount(D(1), Of.PIECES), Counted("", "", "guest speaker")),
        (facts("funding", "a prize"), Amount(D(1), Of.WHOLE), Counted("", "", "")),
    ],
)  # fmt: skip
def test_what_a_need_counts(asked: NeedFacts, found: Amount, written: Counted) -> None:
    assert amount(asked) == found
    assert counted(asked, "en") == written


def test_what_it_counts_in_french() -> None:
    assert counted(MONEY, "fr") == Counted("", "\N{NO-BREAK SPACE}$", "")
    assert counted(WORKSHOP, "fr-ca") == Counted("", "", "fois")


@pytest.mark.parametrize(
    ("promised", "asked", "brings"),
    [
        (facts(number=3), MENTORS, D(3)),
        (facts("volunteers", number=3), MENTORS, D(3)),
        (facts("funding", "parts", 1500), MONEY, D(1500)),
        (facts("transportation", "A coach", 1), COACH, D(1)),
        (facts("transportation", "A coach"), COACH, D(3)),  # without a number: all of it
        (facts("transportation", "A bus", 1, **weekly(5)), BUS, D(5)),
        (facts("space", "Our workshop", **weekly(4)), WORKSHOP, D(4)),
        (facts("space", "Our workshop", 4, unit="Evening"), EVENINGS, D(4)),
        (facts("space", "Our hall", 7), HALL, D(1)),
        (facts("funding", "parts", 500), MENTORS, None),
        (facts("space", "Our workshop", 4, unit="mornings"), EVENINGS, None),
    ],
)
def test_what_a_promise_brings(promised: NeedFacts, asked: NeedFacts, brings: Decimal | None) -> None:
    assert part(promised, asked) == brings


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([], Tally(D(4))),
        ([(3, 0)], Tally(D(4), D(0), D(3))),
        ([(3, 3)], Tally(D(4), D(3), D(0))),
        ([(3, 1), (2, 0)], Tally(D(4), D(1), D(3))),
        ([(2, 3)], Tally(D(4), D(3), D(0))),  # more came than were promised
        ([(9, 0)], Tally(D(4), D(0), D(4))),
        ([(2, 2), (9, 9)], Tally(D(4), D(4), D(0))),
        ([(0, 2)], Tally(D(4), D(2), D(0))),  # what arrived stays
    ],
)
def test_what_promises_add_up_to(parts: list[tuple[int, int]], found: Tally) -> None:
    assert tally(D(4), [(D(promised), D(arrived)) for promised, arrived in parts]) == found


NUMBERS = st.decimals(min_value=0, max_value=1000, places=2)
PARTS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6)


@given(st.decimals(min_value="0.01", max_value=1000, places=2), PARTS, st.randoms())
def test_it_is_never_more_than_the_whole_and_in_any_order_the_same(
    whole: Decimal, parts: list[tuple[Decimal, Decimal]], chance: Any
) -> None:
    found = tally(whole, parts)
    assert found.met >= 0
    assert found.promised >= 0
    assert found.met + found.promised <= whole
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert tally(whole, shuffled) == found


@given(st.decimals(min_value="0.01", max_value=1000, places=2), PARTS, NUMBERS, NUMBERS)
def test_one_more_never_makes_it_less(
    whole: Decimal, parts: list[tuple[Decimal, Decimal]], promised: Decimal, arrived: Decimal
) -> None:
    before, after = tally(whole, parts), tally(whole, [*parts, (promised, arrived)])
    assert after.met >= before.met
    assert after.met + after.promised >= before.met + before.promised


@pytest.mark.parametrize(
    ("standing", "arrived", "found"),
    [
        (Standing.OFFERED, 0, Tally(D(4))),
        (Standing.PROMISED, 0, Tally(D(4), D(0), D(3))),
        (Standing.PROMISED, 2, Tally(D(4), D(2), D(1))),
        (Standing.GIVEN, 2, Tally(D(4), D(2), D(0))),
    ],
)
def test_an_offer_is_neither(standing: Standing, arrived: int, found: Tally) -> None:
    assert tallied(MENTORS, [Pledge(1, facts(number=3), standing, D(arrived))]) == found
