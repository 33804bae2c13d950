"""From ratings to what both sides should talk about (agreement-and-evaluation.md, "Scoring"). Pure arithmetic.

Item mean, dimension mean, side mean; the joint mean is the average of the two sides and not of the persons, so that a
big team does not swamp one partner. "Cannot judge" (None) is left out everywhere.

Means are fractions: as floats, 4 1/3 and 3 1/3 would not be a full point apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

STRONG, WORK_ON_IT = Fraction("3.63"), Fraction("2.43")  # from these on, of 1 to 5
APART, LOW = Fraction(1), Fraction("2.5")

Ratings = Mapping[str, Iterable[int | None]]  # ratings by the key of their question


@dataclass(frozen=True)
class Dimension:
    """How both sides see one dimension; None where nobody could judge."""

    number: int
    school: Fraction | None
    partner: Fraction | None

    @property
    def gap(self) -> Fraction:
        """How far the sides are apart, 0 where one could not judge."""
        return Fraction(0) if self.school is None or self.partner is None else abs(self.school - self.partner)

    @property
    def are_apart(self) -> bool:
        """Whether the sides are a full point apart or more."""
        return self.gap >= APART

    @property
    def is_to_talk_about(self) -> bool:
        """A full point apart, or low on either side."""
        known = [value for value in (self.school, self.partner) if value is not None]
        return self.are_apart or any(value < LOW for value in known)


@dataclass(frozen=True)
class Result:
    """Both sides' view, by dimension and as a whole."""

    dimensions: list[Dimension]
    school: Fraction | None
    partner: Fraction | None

    @property
    def joint(self) -> Fraction | None:
        return mean([self.school, self.partner])

    @property
    def to_talk_about(self) -> list[Dimension]:
        """The dimensions to talk about first, those furthest apart first."""
        return sorted((d for d in self.dimensions if d.is_to_talk_about), key=lambda d: (-d.gap, d.number))


def mean(values: Iterable[Fraction | int | None]) -> Fraction | None:
    """The mean of what is known; None of nothing."""
    known = [value for value in values if value is not None]
    return Fraction(sum(known)) / len(known) if known else None


def result(dimension_of: Mapping[str, int], school: Ratings, partner: Ratings) -> Result:
    """What the ratings of both sides come to; `dimension_of` names the dimension of each question."""
    numbers = sorted(set(dimension_of.values()))
    ours, theirs = _by_dimension(dimension_of, school), _by_dimension(dimension_of, partner)
    dimensions = [Dimension(number, ours.get(number), theirs.get(number)) for number in numbers]
    return Result(dimensions, mean(d.school for d in dimensions), mean(d.partner for d in dimensions))


def _by_dimension(dimension_of: Mapping[str, int], ratings: Ratings) -> dict[int, Fraction | None]:
    items: dict[int, list[Fraction | None]] = {}
    for key, values in ratings.items():
        items.setdefault(dimension_of[key], []).append(mean(values))
    return {number: mean(values) for number, values in items.items()}


def band(value: Fraction) -> str:
    """The band of a mean from 1 to 5: strong, work (on it), or talk (about whether to go on)."""
    return "strong" if value >= STRONG else "work" if value >= WORK_ON_IT else "talk"


def rounded(value: Fraction | None) -> Decimal | None:
    """As it is shown: one decimal, halves upwards."""
    if value is None:
        return None
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
