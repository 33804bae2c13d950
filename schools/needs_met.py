"""What is promised and met of the needs of an initiative, as far as higher rooms know it, and in words.

A room that knows who helps declares how to find it in its `initiative_helpers.py`: for any number of initiatives in one
query.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum, auto

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from core.registry import Registry
from core.templatetags.tandem import said
from schools.amounts import ZERO, Of, Tally, amount, counted, part, tally
from schools.models import Initiative, Need
from schools.sentences import NeedFacts


class Standing(StrEnum):
    """What a promise is worth today."""

    OFFERED = auto()  # it counts once both sides have agreed
    PROMISED = auto()
    GIVEN = auto()  # it is over: what arrived stays, nothing more comes


@dataclass(frozen=True)
class Pledge:
    """One promise for the need with the key `need`; `arrived` is in what the need counts."""

    need: int
    facts: NeedFacts
    standing: Standing
    arrived: Decimal = ZERO


@dataclass(frozen=True)
class Helper:
    """Who helps with an initiative. `name`, `lead` and `page` are empty for a reader who may not know who it is."""

    initiative: int
    name: str
    lead: str
    page: int
    year: int | None
    is_under_way: bool
    pledges: tuple[Pledge, ...] = ()


Find = Callable[[list[int], User], list[Helper]]
finders: Registry[Find] = Registry("initiative_helpers")


def helpers_of(initiatives: Iterable[int], reader: User) -> list[Helper]:
    """Whoever helps with `initiatives` (their keys), as `reader` may know it."""
    keys = list(initiatives)
    return [helper for find in finders for helper in find(keys, reader)] if keys else []


@dataclass(frozen=True)
class Met:
    """How much of a need is met and promised, ready to be drawn."""

    tally: Tally
    lines: tuple[str, ...]
    noun: str
    before: str
    after: str
    is_whole: bool

    @property
    def status(self) -> str:
        """ "met" and "promised" of the whole; "part" where a number says it better, "none" where nothing is known."""
        if self.tally.is_met:
            return "met"
        if self.tally.is_covered:
            return "promised" if not self.tally.met else "part"
        return "none" if self.is_whole else "part"

    def figure(self, number: Decimal) -> str:
        return f"{self.before}{said(number)}{self.after}"

    @property
    def met_figure(self) -> str:
        return self.figure(self.tally.met)

    @property
    def whole_figure(self) -> str:
        return self.figure(self.tally.whole)

    @property
    def label(self) -> str:
        """The bar in words, for whoever does not see it."""
        says = {
            "met": self.met_figure,
            "promised": self.figure(self.tally.promised),
            "of": " ".join(filter(None, [self.whole_figure, self.noun])),
        }
        if self.tally.is_met:
            return _("All met")
        if self.tally.promised and self.tally.met:
            return _("%(met)s of %(of)s met, %(promised)s promised") % says
        if self.tally.promised:
            return _("All promised, nothing met yet") if self.is_whole else _("%(promised)s of %(of)s promised") % says
        if self.tally.met:
            return _("%(met)s of %(of)s met") % says
        return _("None met and none promised yet")


def in_words(facts: NeedFacts, number: Decimal) -> str:
    """`number` of what a need or promise counts: "3 mentors", "$6,500"."""
    written = counted(facts, get_language() or "en")
    figure = f"{written.before}{said(number)}{written.after}"
    return f"{figure} {written.noun}" if written.noun else figure


def met_of(needs: Iterable[Need], helpers: Iterable[Helper]) -> dict[int, Met]:
    """How much of each need is met, by its key."""
    pledged: dict[int, list[tuple[Helper, Pledge]]] = defaultdict(list)
    for helper in helpers:
        for pledge in helper.pledges:
            pledged[pledge.need].append((helper, pledge))
    return {need.pk: _met(need, pledged[need.pk]) for need in needs}


@dataclass(frozen=True)
class Covered:
    """How many of the open needs of an initiative are met, and how many more are once every promise is kept."""

    needs: int
    met: int
    promised: int


def covered(initiatives: Iterable[Initiative], reader: User) -> dict[int, Covered]:
    """How far the needs of each of `initiatives` are covered, by its key; two queries for all of them."""
    keys = [initiative.pk for initiative in initiatives]
    pledges: dict[int, list[Pledge]] = defaultdict(list)
    for helper in helpers_of(keys, reader):
        for pledge in helper.pledges:
            pledges[pledge.need].append(pledge)
    tallies: dict[int, list[Tally]] = defaultdict(list)
    asked = Need.objects.filter(initiative__in=keys, state=Need.State.OPEN)
    for need in asked.select_related("initiative__school__board"):
        tallies[need.initiative_id].append(tallied(need.facts, pledges[need.pk]))
    return {
        key: Covered(
            needs=len(tallies[key]),
            met=sum(one.is_met for one in tallies[key]),
            promised=sum(one.is_covered and not one.is_met for one in tallies[key]),
        )
        for key in keys
    }


def tallied(facts: NeedFacts, pledges: Iterable[Pledge]) -> Tally:
    """How much of a need is met and promised by `pledges`; an offer is neither."""
    counting = [pledge for pledge in pledges if pledge.standing != Standing.OFFERED]
    return tally(amount(facts).number, [(_promised(pledge, facts), pledge.arrived) for pledge in counting])


def _promised(pledge: Pledge, asked: NeedFacts) -> Decimal:
    return (part(pledge.facts, asked) or ZERO) if pledge.standing == Standing.PROMISED else ZERO


def _met(need: Need, pledged: list[tuple[Helper, Pledge]]) -> Met:
    facts = need.facts
    written = counted(facts, get_language() or "en")
    found = Met(
        tally=tallied(facts, [pledge for _helper, pledge in pledged]),
        lines=(),
        noun=written.noun,
        before=written.before,
        after=written.after,
        is_whole=amount(facts).of == Of.WHOLE,
    )
    # "Northgate Inc." has a stop of its own.
    return replace(found, lines=tuple(line.replace("..", ".") for line in _lines(found, facts, pledged)))


def _lines(met: Met, facts: NeedFacts, pledged: list[tuple[Helper, Pledge]]) -> Iterable[str]:
    """A sentence for each partner and what it brought, promised or offers."""
    by_helper: dict[int, tuple[Helper, list[Pledge]]] = {}
    for helper, pledge in pledged:
        by_helper.setdefault(id(helper), (helper, []))[1].append(pledge)
    is_money = amount(facts).of == Of.MONEY
    for helper, pledges in by_helper.values():
        arrived = sum((pledge.arrived for pledge in pledges), ZERO)
        left = sum((max(_promised(pledge, facts) - pledge.arrived, ZERO) for pledge in pledges), ZERO)
        says = {"name": helper.name or _("a partner")}
        if arrived:
            yield _arrived(met, says | {"n": met.figure(arrived)}, is_paid=is_money and arrived >= met.tally.whole)
        if left:
            words = _("Promised by %(name)s.") if met.is_whole else _("%(n)s promised by %(name)s.")
            yield words % (says | {"n": met.figure(left)})
        if helper.name:  # what is not agreed is for those who may know of it
            yield from _beside(met, facts, pledges, says)


def _arrived(met: Met, says: dict[str, str], *, is_paid: bool) -> str:
    if is_paid:
        return _("Paid by %(name)s.") % says
    return (_("From %(name)s.") if met.is_whole else _("%(n)s from %(name)s.")) % says


def _beside(met: Met, facts: NeedFacts, pledges: list[Pledge], says: dict[str, str]) -> Iterable[str]:
    """What is offered and does not count yet, and what counts in something else than the need does."""
    offered = [part(p.facts, facts) for p in pledges if p.standing == Standing.OFFERED]
    if offered:
        number = sum((one for one in offered if one is not None), ZERO)
        is_all = met.is_whole or number >= met.tally.whole
        words = _("%(name)s offers all of it.") if is_all else _("%(name)s offers %(n)s.")
        if not number:
            words = _("%(name)s offers help.")
        yield words % (says | {"n": met.figure(number)}) + " " + _("It counts as promised once both have agreed.")
    if any(p.standing == Standing.PROMISED and part(p.facts, facts) is None for p in pledges):
        yield _("%(name)s promises something that is counted in another way.") % says
