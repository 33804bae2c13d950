"""The arithmetic of the yearly look: a table, and what holds for any ratings."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring import Dimension, band, mean, result, rounded

DIMENSION_OF = {"1a": 1, "2b": 2, "7a": 7, "7b": 7}
Side = dict[str, list[int | None]]
ratings = st.dictionaries(
    st.sampled_from(sorted(DIMENSION_OF)), st.lists(st.none() | st.integers(1, 5), max_size=6), max_size=4
)


@pytest.mark.parametrize(
    ("school", "partner", "means"),
    [
        ({}, {}, (None, None, None)),
        ({"1a": [4]}, {}, (4, None, 4)),
        ({"1a": [4, 5]}, {"1a": [5]}, (4.5, 5, 4.75)),
        ({"1a": [None]}, {"1a": [3]}, (None, 3, 3)),
        ({"7a": [5], "7b": [3]}, {"7a": [1]}, (4, 1, 2.5)),
        ({"1a": [5], "7a": [1], "7b": [1]}, {}, (3, None, 3)),  # of dimensions, not of items
        ({"1a": [5] * 9}, {"1a": [1]}, (5, 1, 3)),  # of sides, not of persons
    ],
)
def test_means(school: Side, partner: Side, means: object) -> None:
    found = result(DIMENSION_OF, school, partner)
    assert (found.school, found.partner, found.joint) == means


@pytest.mark.parametrize(
    ("school", "partner", "flagged"),
    [
        ("4", "4", False),
        ("4", "3", True),
        ("4", "3.1", False),
        ("13/3", "10/3", True),  # as floats 0.9999999999999996 apart
        ("10/3", "13/3", True),
        ("2.4", "2.4", True),
        ("2.5", "2.5", False),
        (None, "2", True),
        (None, None, False),
    ],
)
def test_what_to_talk_about(school: str | None, partner: str | None, flagged: bool) -> None:
    assert Dimension(1, exactly(school), exactly(partner)).is_to_talk_about == flagged


def exactly(value: str | None) -> Fraction | None:
    return None if value is None else Fraction(value)


@pytest.mark.parametrize(
    ("value", "name"),
    [("5", "strong"), ("3.63", "strong"), ("3.62", "work"), ("2.43", "work"), ("2.42", "talk"), ("1", "talk")],
)
def test_bands(value: str, name: str) -> None:
    assert band(Fraction(value)) == name


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("4", "4.0"),
        ("4.04", "4.0"),
        ("4.05", "4.1"),
        ("4.15", "4.2"),
        ("4.25", "4.3"),
        ("13/3", "4.3"),
        ("14/3", "4.7"),
    ],
)
def test_one_decimal_the_ordinary_way(value: str, shown: str) -> None:
    assert rounded(Fraction(value)) == Decimal(shown)
    assert rounded(None) is None


@given(ratings, ratings)
def test_every_mean_lies_between_1_and_5(school: Side, partner: Side) -> None:
    found = result(DIMENSION_OF, school, partner)
    for value in (found.school, found.partner, found.joint, *(d.school for d in found.dimensions)):
        assert value is None or 1 <= value <= 5


@given(ratings, ratings)
def test_the_sides_change_places(school: Side, partner: Side) -> None:
    one, other = result(DIMENSION_OF, school, partner), result(DIMENSION_OF, partner, school)
    assert (one.school, one.partner) == (other.partner, other.school)
    assert [d.number for d in one.to_talk_about] == [d.number for d in other.to_talk_about]


@given(ratings, ratings, st.randoms())
def test_who_answered_first_does_not_matter(school: Side, partner: Side, random: Random) -> None:
    keys = random.sample(sorted(school), len(school))
    mixed = {key: random.sample(school[key], len(school[key])) for key in keys}
    assert result(DIMENSION_OF, mixed, partner) == result(DIMENSION_OF, school, partner)


@given(ratings, ratings)
def test_what_is_shown_is_never_far_from_what_was_counted(school: Side, partner: Side) -> None:
    found = result(DIMENSION_OF, school, partner).joint
    assert found is None or abs(Fraction(rounded(found) or 0) - found) <= Fraction(1, 20)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(1, 5))
def test_a_bigger_team_weighs_no_more(team: list[int], other: int) -> None:
    single = result(DIMENSION_OF, {"1a": team}, {"1a": [other]})
    doubled = result(DIMENSION_OF, {"1a": team * 7}, {"1a": [other]})
    assert single.joint == doubled.joint
    assert mean([None]) is None
