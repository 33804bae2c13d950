"""The writer of Events: every action and audited form ends with one."""

import hashlib
import json
import secrets
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q

from accounts.models import Event, EventWords, User
from core import clock
from core.chain import Chain
from core.facts import Change

BATCH = 1000


def write(change: Change) -> None:
    """Write the Event of `change`, with the chain its subject hangs on."""
    _write([change])


def write_many(subjects: Iterable[models.Model], *, verb: str, by: User | None = None, why: str = "") -> None:
    """Write one Event for each of `subjects`, in batches: for an import of rows that no reminder rule watches.

    Raises unless a transaction is open. Any other action ends with `facts.changed`, which tells every listener.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("events.write_many belongs into the transaction of the change.")
    _write([Change(subject, by, verb, why) for subject in subjects])


def _write(changes: list[Change]) -> None:
    """The words stand beside their Event, which keeps their hash."""
    words = [_words_of(change) for change in changes]
    events = [_event_of(change, said) for change, said in zip(changes, words, strict=True)]
    Event.objects.bulk_create(events, batch_size=BATCH)
    for event, said in zip(events, words, strict=True):
        said.event = event
    EventWords.objects.bulk_create(words, batch_size=BATCH)


def _words_of(change: Change) -> EventWords:
    return EventWords(
        subject_name=str(change.subject)[:200], why=change.why[:500], salt=secrets.token_hex(16)
    )  # 128 bits nobody guesses


def _event_of(change: Change, words: EventWords) -> Event:
    subject = change.subject
    chain: Chain = subject.chain() if hasattr(subject, "chain") else Chain()
    return Event(
        board_id=chain.board,
        family_id=chain.family,
        school_id=chain.school,
        business_id=chain.business,
        at=clock.now(),
        by_id=change.by.pk if change.by else None,
        verb=change.verb,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        words_hash=words_hash(words),
    )


def words_hash(words: EventWords) -> str:
    """SHA-256 of salt, name and reason, in this order, as a JSON list without spaces."""
    told = json.dumps([words.salt, words.subject_name, words.why], separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def forget_words(words: "models.QuerySet[EventWords]") -> int:
    """Take the words away, and the salt of their hash; who, what and when stay in the Event. Answers how many went.

    The one place where the words of an Event are taken back.
    """
    return (
        words.model._base_manager.filter(pk__in=list(words.values_list("pk", flat=True)))
        .filter(~Q(salt="") | ~Q(subject_name="") | ~Q(why=""))
        .update(subject_name="", why="", salt="")
    )
