"""Gates: what a higher room wants to have seen before a lower room's state moves, declared in its `gates.py`.

They hold on every path, whoever asks: the one function that moves a state asks them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from core.registry import Registry


@dataclass(frozen=True)
class Gate:
    """Stands before the state `to` of the rows of `on`; `closed(row)` is the reason in words, "" while it is open."""

    on: type[models.Model]
    to: str
    closed: Callable[[Any], str]


gates: Registry[Gate] = Registry("gates")


class GateClosed(ValidationError):
    """A move that one of the gates does not let through; its messages are the reasons."""


def closed_for(row: models.Model, to: str) -> list[str]:
    """Why `row` may not move to `to` yet; empty when nothing is in the way."""
    return [why for gate in gates if isinstance(row, gate.on) and gate.to == to and (why := gate.closed(row))]


def pass_through(row: models.Model, to: str) -> None:
    """Raise GateClosed if a gate keeps `row` from `to`."""
    if reasons := closed_for(row, to):
        raise GateClosed(reasons)
