"""The chain of seals over the Events of a board: who changes one later is found out, and where.

A seal is SHA-256 over the hash before it and the Event, in the form of `told`; the first one stands on an empty hash.
The words are in it only by the salted hash the Event keeps, so that erasing them breaks nothing. Events without a board
are the installation's own and have a chain of their own: `board` is None for it.

Seals are set by the minute task, never in a request. See docs/decisions/0016-the-trail.md.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.events import words_hash
from accounts.models import ChainCheck, Event, EventWords, Seal
from core import clock

BATCH = 1000  # Events in one run
READ = 1000


def told(before: str, event: Event) -> str:
    """What a seal covers: a JSON list without spaces, in this order. The moment is in UTC, to the microsecond."""
    return json.dumps(
        [
            before,
            event.pk,
            event.board_id,
            event.family_id,
            event.school_id,
            event.business_id,
            event.by_id,
            event.verb,
            event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            event.subject_type_id,
            event.subject_id,
            event.words_hash,
        ],
        separators=(",", ":"),
    )


def hash_of(before: str, event: Event) -> str:
    """The hash of the seal of `event` on the one before it."""
    return hashlib.sha256(told(before, event).encode()).hexdigest()


def extend(board: int | None, *, most: int = BATCH) -> int:
    """Seal the Events of `board` that wait, oldest first, `most` of them; answers how many. 0 if another was faster."""
    waiting = Event.objects.filter(words__waits=True, board=board)
    return _seal(board, list(waiting.order_by("pk")[:most]))


def extend_all(*, most: int = BATCH) -> int:
    """Seal the Events of every board that wait, oldest first, `most` of them; answers how many."""
    waiting: dict[int | None, list[Event]] = {}
    for words in EventWords.objects.waiting().select_related("event").order_by("pk")[:most]:
        waiting.setdefault(words.event.board_id, []).append(words.event)
    return sum(_seal(board, events) for board, events in waiting.items())


def _seal(board: int | None, events: list[Event]) -> int:
    """Hang `events` onto the chain. A position and an Event are in it once: of two who try at once, one is refused by
    the database, has written nothing, and answers 0."""
    if not events:
        return 0
    try:
        with transaction.atomic():
            last = Seal.objects.filter(board=board).order_by("-position").first()
            position, before = (last.position, last.hash) if last else (0, "")
            seals = []
            for event in events:
                position, before = position + 1, hash_of(before, event)
                seals.append(Seal(event=event, board_id=board, position=position, hash=before))
            Seal.objects.bulk_create(seals)
            EventWords.objects.filter(pk__in=[event.pk for event in events]).update(waits=False)
    except IntegrityError:
        return 0
    return len(events)


def verify(board: int | None) -> int | None:
    """The first position in the chain of `board` that does not hold, None if all do.

    It does not hold if it is missing, if its Event or seal is not what was sealed, or if words stand beside the Event
    that are not those of its hash. Words that were erased are none.
    """
    position, before = 0, ""
    seals = Seal.objects.filter(board=board).select_related("event__words").order_by("position")
    for seal in seals.iterator(chunk_size=READ):
        position += 1
        if seal.position != position or seal.hash != hash_of(before, seal.event) or not _words_hold(seal.event):
            return position
        before = seal.hash
    last = Seal.objects.filter(board=board).aggregate(last=Max("position"))["last"] or 0
    return position + 1 if last > position else None  # the Event of the last one is gone


def _words_hold(event: Event) -> bool:
    words: EventWords | None = getattr(event, "words", None)
    if words is None:
        return False
    if not words.salt:
        return not words.subject_name and not words.why
    return words_hash(words) == event.words_hash


def check(boards: Iterable[int]) -> list[int]:
    """Look through the chains of `boards` and write down what was found; answers those that do not hold."""
    broken = []
    for board in boards:
        at = verify(board)
        ChainCheck.objects.update_or_create(board_id=board, defaults={"checked_at": clock.now(), "broken_at": at})
        if at is not None:
            broken.append(board)
    return broken
