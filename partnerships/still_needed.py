"""What a partnership still needs, worked out from the facts of every room.

A room declares its own in `requirements.py`: expressions that the list's one query takes along, and how they read. So
the list costs the same however many rooms add to it, and a changed fact shows at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import models
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


@dataclass(frozen=True)
class Requirement:
    """`facts()` are annotations by name, over Partnership, without a join; `say(partnership)` reads them, and so does
    `ask_partner(partnership)`: what the partner's people are asked for now, "" for nothing."""

    label: str | Promise
    order: int
    say: Callable[[Any], Standing]
    facts: Callable[[], dict[str, Any]] = field(default=dict)
    ask_partner: Callable[[Any], str] = field(default=lambda _partnership: "")


requirements: Registry[Requirement] = Registry("requirements")


def in_order() -> list[Requirement]:
    """The requirements as the columns of a table."""
    return sorted(requirements, key=lambda requirement: requirement.order)


def with_facts(partnerships: "models.QuerySet[Partnership]") -> "models.QuerySet[Partnership]":
    """`partnerships` with what the requirements look at, in the same query."""
    facts = {name: expression for requirement in in_order() for name, expression in requirement.facts().items()}
    return partnerships.annotate(**facts)


def asked_of_partner(partnership: Partnership) -> list[str]:
    """What the partner's people are asked for now, of a partnership read by `with_facts`."""
    return [asked for requirement in in_order() if (asked := requirement.ask_partner(partnership))]


def standing_of(partnership: Partnership) -> list[tuple[str, Standing]]:
    """Label and standing of each requirement of a partnership read by `with_facts`."""
    return [(str(requirement.label), requirement.say(partnership)) for requirement in in_order()]
