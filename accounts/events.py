"""The writer of Events: every action and audited form ends with one."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from accounts.models import Event, User
from core import clock
from core.chain import Chain
from core.facts import Change


def write(change: Change) -> None:
    """Write the Event of `change`, with the chain its subject hangs on."""
    event_of(change).save()


def write_many(subjects: Iterable[models.Model], *, verb: str, by: User | None = None, why: str = "") -> None:
    """Write one Event for each of `subjects`, in batches: for an import of rows that no reminder rule watches.

    Raises unless a transaction is open. Any other action ends with `facts.changed`, which tells every listener.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("events.write_many belongs into the transaction of the change.")
    events = [event_of(Change(subject, by, verb, why)) for subject in subjects]
    Event.objects.bulk_create(events, batch_size=1000)


def event_of(change: Change) -> Event:
    """The Event of `change`, not yet written."""
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
        subject_name=str(subject)[:200],
        why=change.why[:500],
    )


def forget_words(events: "models.QuerySet[Event]") -> int:
    """Take away what `events` say in words; who, what and when stay. Answers how many lost some.

    The one place where the words of an Event are taken back.
    """
    return (
        events.model._base_manager.filter(pk__in=list(events.values_list("pk", flat=True)))
        .exclude(subject_name="", why="")
        .update(subject_name="", why="")
    )
