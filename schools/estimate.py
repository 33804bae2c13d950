"""What a need or a promise is worth: what somebody entered, else its hours at the rates of the board."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from boards.models import Board
from core.money import money
from schools.sentences import BY_HEAD, STAYS, NeedFacts, total_hours

GIVES_TIME = BY_HEAD | {"other"}  # money and things have no hours
ANY_OTHER = ""  # the rate of a kind that has none of its own


@dataclass(frozen=True)
class Value:
    """An amount in the board's currency; `is_estimated` tells what was worked out from what was entered."""

    amount: Decimal
    is_estimated: bool
    currency: str

    def __str__(self) -> str:
        """It in the language of the page: "About $10,500 at your board’s rates"."""
        amount = self.amount
        if self.is_estimated and amount >= 1:
            amount = amount.quantize(Decimal(1))
        said = money(amount, self.currency, get_language() or "en")
        if self.is_estimated:
            return _("About %(amount)s at your board’s rates") % {"amount": said}
        return _("Worth %(amount)s, as it was entered") % {"amount": said}


def estimated(facts: NeedFacts, rates: Mapping[str, Decimal]) -> Decimal | None:
    """The hours of `facts` times the rate of its kind, or the rate of "" where the kind has none of its own.

    None where the hours are not known, where money or a thing is asked for, and where no rate holds. The hours of a
    placement, a tour and the like are first of all the student's own: they count only at a rate of their own.
    """
    if facts.kind not in GIVES_TIME:
        return None
    rate = rates.get(facts.kind)
    if rate is None and facts.kind not in STAYS:
        rate = rates.get(ANY_OTHER)
    hours = total_hours(facts)
    return None if rate is None or hours is None else hours * rate


def value_of(facts: NeedFacts, entered: Decimal | None, board: Board) -> Value | None:
    """What was entered wins; else the estimate at the rates of `board`, else nothing."""
    amount = entered if entered is not None else estimated(facts, board.hourly_rates)
    return None if amount is None else Value(amount, entered is None, board.currency)
