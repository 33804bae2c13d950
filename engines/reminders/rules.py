"""The rules. A room declares its own in `reminder_rules.py`; the engine knows none of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models

from accounts.models import User
from core.registry import Registry

AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """What a rule finds owed on one subject."""

    part: str
    owed_by: User
    on: date
    occasion: str = ""


@dataclass(frozen=True)
class Item:
    """How a reminder reads on Today and in the mail."""

    title: str
    detail: str
    url: str
    icon: str
    action: str
    done_url: str = ""  # where one click says that it is done
    template: str = ""  # a richer way to show it, with `subject` and `reminder`
    context: dict[str, Any] | None = None


Find = Callable[[Any], Iterable[Due]]
Show = Callable[[Any], Item | None]


@dataclass(frozen=True)
class Rule:
    """One row of the table of clocks (domain.md): what it watches, what is owed, how it reads.

    `show` answers None while there is nothing to be done yet. `related` and `prefetch` load what it needs, and no more,
    for many subjects at once; `open` narrows the nightly pass to the subjects that can owe anything. `again` are
    further mailings of the same item, counted from its due day and in order, in place of "once more". Today shows an
    item from `ahead` of its due day; with None from the day it is planned: somebody waits for it.
    """

    name: str
    watches: type[models.Model]
    find: Find
    show: Show
    related: tuple[str, ...]
    prefetch: tuple[str, ...]
    open: models.Q
    again: tuple[timedelta, ...] = ()
    ahead: timedelta | None = AHEAD


rules: Registry[Rule] = Registry("reminder_rules")


def rule(
    name: str,
    *,
    watches: type[models.Model],
    show: Show,
    related: tuple[str, ...] = (),
    prefetch: tuple[str, ...] = (),
    open: models.Q | None = None,
    again: tuple[timedelta, ...] = (),
    ahead: timedelta | None = AHEAD,
) -> Callable[[Find], Find]:
    """Declare the decorated function as the rule `name`."""

    def declare(find: Find) -> Find:
        rules.register(name, Rule(name, watches, find, show, related, prefetch, open or models.Q(), again, ahead))
        return find

    return declare
