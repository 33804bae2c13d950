"""First steps: what a room asks of whoever sets something up, declared in its `first_steps.py`.

Nobody ticks a step. Whether it is done is worked out from the database, all steps in the one query that reads the row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from core.registry import Registry


class Asked(Enum):
    """Whether a step is asked for: it is needed, it may be left, or it makes no sense here."""

    NEEDED = auto()
    OPTIONAL = auto()
    NOT_HERE = auto()


def needed(row: Any, user: Any) -> Asked:
    """Of everybody, everywhere."""
    return Asked.NEEDED


def optional(row: Any, user: Any) -> Asked:
    """Never missing where it is not done."""
    return Asked.OPTIONAL


@dataclass(frozen=True)
class FirstStep:
    """A step: `label` is a verb and its object, `why` one sentence.

    `facts(user)` are expressions over the row by name; `done`, `url` and `asked` find their values on the row. Names
    that two steps share come from one function. `done` says whether, or how far in words ("4 schools"); `url` where
    `user` does it, "" where they cannot yet: then `waits` is said.
    """

    label: str | Promise
    why: str | Promise
    icon: str
    facts: Callable[[Any], dict[str, Any]]
    done: Callable[[Any], bool | str]
    url: Callable[[Any, Any], str]
    asked: Callable[[Any, Any], Asked] = needed
    waits: str | Promise = ""
    order: int = 50


first_steps: Registry[FirstStep] = Registry("first_steps")


@dataclass(frozen=True)
class Shown:
    """A step as it stands for one row; `said` is what there is of it already, in words, if it has such words."""

    label: str | Promise
    why: str | Promise
    icon: str
    url: str
    waits: str | Promise
    is_done: bool
    said: str
    is_optional: bool

    @property
    def is_open(self) -> bool:
        return not (self.is_done or self.is_optional)


@dataclass(frozen=True)
class Standing:
    """How far a row has come. What is optional counts neither as done nor as left."""

    row: Any
    steps: list[Shown]

    @property
    def needed(self) -> int:
        return sum(not step.is_optional for step in self.steps)

    @property
    def left(self) -> int:
        return sum(step.is_open for step in self.steps)

    @property
    def done(self) -> int:
        return self.needed - self.left

    @property
    def next(self) -> Shown | None:
        """The first open step that can be taken now."""
        return next((step for step in self.steps if step.is_open and step.url), None)


def of(rows: QuerySet[Any], user: Any) -> list[Standing]:
    """How far each of `rows` has come, for `user`; one query."""
    steps = sorted(first_steps, key=lambda step: step.order)
    facts: dict[str, Any] = {}
    for step in steps:
        facts |= step.facts(user)
    return [Standing(row, _shown(steps, row, user)) for row in rows.annotate(**facts)]


def _shown(steps: list[FirstStep], row: Any, user: Any) -> list[Shown]:
    found = []
    for step in steps:
        asked = step.asked(row, user)
        if asked != Asked.NOT_HERE:
            done = step.done(row)
            said = done if isinstance(done, str) else ""
            is_optional = asked == Asked.OPTIONAL
            url = step.url(row, user)
            found.append(Shown(step.label, step.why, step.icon, url, step.waits, bool(done), said, is_optional))
    return found


def how_many(rows: QuerySet[Any], key: str) -> Coalesce:
    """The number of `rows` whose `key` is the row in hand, as a fact."""
    counted = rows.order_by().filter(**{key: OuterRef("pk")}).values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
