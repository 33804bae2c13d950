"""Panels: what a higher room shows on a lower room's page, declared in its `panels.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from core.registry import Registry


@dataclass(frozen=True)
class Panel:
    """Stands on the page `place`; `context(request, subject)` answers None when it has nothing for this reader."""

    place: str
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]
    order: int = 50


panels: Registry[Panel] = Registry("panels")


@dataclass(frozen=True)
class Shown:
    """A panel ready to be included."""

    template: str
    context: dict[str, Any]


def at(place: str, request: HttpRequest, subject: Any = None) -> list[Shown]:
    """The panels of `place` that have something for this reader, in order."""
    found = sorted((panel for panel in panels if panel.place == place), key=lambda panel: panel.order)
    asked = [(panel, panel.context(request, subject)) for panel in found]
    return [Shown(panel.template, context) for panel, context in asked if context is not None]
