"""How much of a need is met and promised, in the need's own quantity and unit. Pure: facts in, numbers out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto

from schools.sentences import Counted, NeedFacts, counts_itself, noun_of, occasions

ZERO = Decimal(0)


class Of(StrEnum):
    """What the number of an amount counts."""

    MONEY = auto()
    PIECES = auto()  # people, books, vehicles
    UNITS = auto()  # of the unit that was typed
    TIMES = auto()  # trips, visits, evenings
    WHOLE = auto()  # the thing as it was typed, which is met or not


@dataclass(frozen=True)
class Amount:
    """So many of something."""

    number: Decimal
    of: Of
    unit: str = ""


def amount(facts: NeedFacts) -> Amount:
    """How much is asked for or promised in all: "4 mentors, 2 hours weekly" is 4, "1 evening weekly for 10 weeks" is
    10 times, "2 evenings weekly for 10 weeks" is 20 evenings, "a workshop" is the whole of it."""
    number, times = facts.quantity, occasions(facts) or 1
    if number is None:
        return Amount(Decimal(times), Of.TIMES) if times > 1 else Amount(Decimal(1), Of.WHOLE)
    if facts.kind == "funding" and not facts.unit:
        return Amount(Decimal(number) * times, Of.MONEY)
    if number == 1 and times > 1 and (facts.unit or counts_itself(facts.what)):
        return Amount(Decimal(times), Of.TIMES)
    if facts.unit:
        return Amount(Decimal(number) * times, Of.UNITS, facts.unit.casefold().removesuffix("s"))
    return Amount(Decimal(number), Of.PIECES)


def part(promised: NeedFacts, asked: NeedFacts) -> Decimal | None:
    """How much of what is `asked` for a promise brings, in what the need counts; None where the two cannot be compared.

    A promise without a number, and any promise for a need without one, brings all of it.
    """
    given, whole = amount(promised), amount(asked)
    if Of.WHOLE in (given.of, whole.of):
        return whole.number
    if (given.of, given.unit) == (whole.of, whole.unit):
        return given.number
    return None


@dataclass(frozen=True)
class Tally:
    """How much of a need is met, and how much more is promised: both together are never more than the whole."""

    whole: Decimal
    met: Decimal = ZERO
    promised: Decimal = ZERO

    @property
    def is_met(self) -> bool:
        return self.met >= self.whole

    @property
    def is_covered(self) -> bool:
        """Whether what is not met yet is promised."""
        return self.met + self.promised >= self.whole


def tally(whole: Decimal, parts: Iterable[tuple[Decimal, Decimal]]) -> Tally:
    """Add up pairs of what was promised and what of it has arrived, in any order: what arrived is met, what is left of
    each promise is promised. Who brings more than they promised has nothing left to bring."""
    pairs = list(parts)
    met = min(sum((arrived for _promised, arrived in pairs), ZERO), whole)
    left = sum((max(promised - arrived, ZERO) for promised, arrived in pairs), ZERO)
    return Tally(whole, met, min(left, whole - met))


def counted(facts: NeedFacts, language: str) -> Counted:
    """How the number of a need is written: what stands before and after it."""
    found = amount(facts)
    return noun_of(facts, found.of, found.number, language)
