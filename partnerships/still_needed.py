"""What a partnership still needs, worked out from the facts of every room.

A room declares its own in `requirements.py`: which rows it looks at, and how they read. The rows of all rooms come in
one query, for as many partnerships as are shown; so a list costs the same however many rooms add to it, and a changed
fact shows at once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast
from django.utils.functional import Promise

from core.registry import Registry
from partnerships.models import Partnership


@dataclass(frozen=True)
class Standing:
    """How one requirement stands: "ok" it is met, "warn" it is missing or waits, "none" it is too early to ask."""

    kind: Literal["ok", "warn", "none"]
    text: str
    url: str = ""  # where it is mended, for those who may

    @property
    def icon(self) -> str:
        return {"ok": "check-circle-fill", "warn": "hourglass-split", "none": "circle"}[self.kind]


class Fact(NamedTuple):
    """A row a requirement looks at, in the columns its source names; the others are empty."""

    what: str
    side: str
    key: int | None
    number: int | None
    day: date | None


@dataclass(frozen=True)
class Source:
    """Rows that hang on partnerships: `of` is the path to the partnership, the others the paths of a Fact's columns."""

    rows: "models.QuerySet[Any]"
    of: str
    what: str = ""
    side: str = ""
    key: str = ""
    number: str = ""
    day: str = ""


Facts = list[Fact]


@dataclass(frozen=True)
class Requirement:
    """`look(keys)` names the rows it looks at, of the partnerships with these keys; `say(partnership, facts)` reads
    them, and so does `ask_partner(partnership, facts)`: what the partner's people are asked for now, "" for nothing."""

    label: str | Promise
    order: int
    say: Callable[[Partnership, Facts], Standing]
    look: Callable[[list[int]], Source] | None = None
    ask_partner: Callable[[Partnership, Facts], str] = lambda _partnership, _facts: ""


requirements: Registry[Requirement] = Registry("requirements")


def in_order() -> list[Requirement]:
    """The requirements as the columns of a table."""
    return [requirement for _name, requirement in _named()]


def standings(partnerships: Iterable[Partnership]) -> dict[int, list[tuple[str, Standing]]]:
    """Label and standing of each requirement in order, by the key of the partnership; one query for all."""
    rows = list(partnerships)
    facts = _facts_of(rows)
    return {
        row.pk: [(str(one.label), one.say(row, facts[row.pk, name])) for name, one in _named()]
        for row in rows
    }  # fmt: skip


def asked_of_partner(partnerships: Iterable[Partnership]) -> dict[int, list[str]]:
    """What the partner's people are asked for now, by the key of the partnership; one query for all."""
    rows = list(partnerships)
    facts = _facts_of(rows)
    asked = {row.pk: [one.ask_partner(row, facts[row.pk, name]) for name, one in _named()] for row in rows}
    return {key: [words for words in of_one if words] for key, of_one in asked.items()}


def _named() -> list[tuple[str, Requirement]]:
    return sorted(requirements.items(), key=lambda named: named[1].order)


def _facts_of(partnerships: list[Partnership]) -> dict[tuple[int, str], Facts]:
    """The facts by partnership and requirement."""
    found: dict[tuple[int, str], Facts] = defaultdict(list)
    keys = [partnership.pk for partnership in partnerships]
    reads = [_columns(name, one.look(keys)) for name, one in requirements.items() if one.look is not None]
    if keys and reads:
        for key, name, *columns in reads[0].union(*reads[1:]):
            found[key, name].append(Fact(*columns))
    return found


_NO_TEXT = Value("", models.CharField())
_NO_NUMBER = Cast(Value(None), models.IntegerField())  # PostgreSQL wants to know of what kind a missing value is
_NO_DAY = Cast(Value(None), models.DateField())


def _columns(name: str, source: Source) -> "models.QuerySet[Any, Any]":
    """The rows of `source` in the shape every source has, so that all can be read at once."""
    texts = [path or _NO_TEXT for path in (source.what, source.side)]
    numbers = [path or _NO_NUMBER for path in (source.key, source.number)]
    named = Value(name, models.CharField())
    return source.rows.order_by().values_list(source.of, named, *texts, *numbers, source.day or _NO_DAY)
