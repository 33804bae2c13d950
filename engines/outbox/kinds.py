"""The kinds of message. A room declares its kinds in `message_kinds.py`; the engine knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.registry import Registry
from engines.outbox.models import Message


@dataclass(frozen=True)
class Mail:
    """What a reader gets, in their language."""

    title: str
    body: str


class NotNow(Exception):
    """A kind may not be sent before `until` (sending hours); the try does not count."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


@dataclass(frozen=True)
class MessageKind:
    """How messages of a kind are written and what follows.

    `write` is asked when the message is sent, inside the transaction that claims it; None means that nothing is
    left to say. A transactional kind (a code, an invitation) knows no hours and no board switch.
    """

    write: Callable[[Message], Mail | None]
    sent: Callable[[Message], None] = lambda message: None
    is_transactional: bool = False
    is_secret: bool = False
    lasts: timedelta = timedelta(hours=72)


kinds: Registry[MessageKind] = Registry("message_kinds")
