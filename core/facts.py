"""The one call that ends every action and audited form: a fact changed.

Rooms that must know register a listener (accounts writes the Event, reminders replans). It is an explicit
call and no signal, so a reader of an action sees that it happens, in the same transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction


@dataclass(frozen=True)
class Change:
    """What happened to `subject`: `verb` in the past tense ("set", "moved"), `by` None for Tandem itself."""

    subject: models.Model
    by: AbstractBaseUser | None
    verb: str
    why: str


Listener = Callable[[Change], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Call `listener` for every change, in the order of registration."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def changed(subject: models.Model, *, by: AbstractBaseUser | None, verb: str, why: str = "") -> None:
    """Tell the listeners. Raises unless a transaction is open: fact, Event and reminder stand or fall together."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("facts.changed belongs into the transaction of the change.")
    change = Change(subject, by, verb, why)
    for listener in _listeners:
        listener(change)
