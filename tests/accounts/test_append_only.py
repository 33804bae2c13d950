"""An Event and its seal are written once: the database refuses the rest, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from accounts import chain, events
from accounts.models import Event, EventWords, Seal
from core import facts
from core.append_only import append_only_models, expected_triggers, triggers
from tests.factories import rows
from tests.factories.triggers import lifted

pytestmark = [pytest.mark.usefixtures("standing")]


@pytest.fixture
def sealed(db: None) -> Event:
    """An Event with its seal."""
    board = rows.board()
    with transaction.atomic():
        facts.changed(board, by=rows.user(), verb="edited", why="A reason")
    assert chain.extend(board.pk) == 1
    return Event.objects.get(board=board)


def sql(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(words)


def raw(change: str) -> Callable[[type[models.Model], Any], None]:
    return lambda model, row: sql(change.format(table=model._meta.db_table, pk=model._meta.pk.column, key=row.pk))


CHANGES: dict[str, Callable[[type[models.Model], Any], Any]] = {
    "update": lambda model, row: model._base_manager.filter(pk=row.pk).update(**{_text(model): "x"}),
    "save": lambda model, row: row.save(),
    "delete": raw("DELETE FROM {table} WHERE {pk} = {key}"),
    "delete all": raw("DELETE FROM {table}"),
    "same again": raw("UPDATE {table} SET {pk} = {pk} WHERE {pk} = {key}"),
}
OF_POSTGRESQL = {"truncate": raw("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")}
OF_SQLITE = {"replace": raw("INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE {pk} = {key}")}


def _text(model: type[models.Model]) -> str:
    return next(field.name for field in model._meta.fields if isinstance(field, models.CharField))


@pytest.mark.parametrize("model", append_only_models(), ids=lambda model: model._meta.label)
def test_no_way_to_change_it(model: type[models.Model], sealed: Event) -> None:
    row = model._base_manager.get(pk=sealed.pk)
    before = list(model._base_manager.values_list())
    own = OF_POSTGRESQL if connection.vendor == "postgresql" else OF_SQLITE
    for name, change in (CHANGES | own).items():
        with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
            change(model, row)
        assert list(model._base_manager.values_list()) == before, name


def test_these_are_written_once() -> None:
    assert set(append_only_models()) == {Event, Seal}


@pytest.mark.django_db
def test_the_triggers_stand() -> None:
    assert triggers(connection) == expected_triggers(connection) != set()


@pytest.mark.django_db
def test_a_change_of_nothing_is_no_change() -> None:
    assert Event.objects.filter(pk=0).update(verb="x") == 0
    assert Event.objects.filter(pk=0).delete()[0] == 0


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_the_triggers_are_back() -> None:
    """What takes a test back that commits: without the fixture the flush itself would be refused."""
    board = rows.board()
    with transaction.atomic():
        facts.changed(board, by=None, verb="edited")
    with pytest.raises(Exception, match="be flushed"):
        call_command("flush", interactive=False, verbosity=0)
    assert Event.objects.count() == 1
    with lifted():
        call_command("flush", interactive=False, verbosity=0)
    assert Event.objects.count() == 0
    assert triggers(connection) == expected_triggers(connection) != set()
    board = rows.board()
    with transaction.atomic():
        facts.changed(board, by=None, verb="edited")
    with pytest.raises(IntegrityError):
        Event.objects.all().delete()


# ── Words ──


def test_words_can_be_taken_away_and_say_nothing_then(sealed: Event) -> None:
    words = sealed.words
    assert (words.subject_name, words.why, len(words.salt)) == ("Maple Board", "A reason", 32)
    assert events.words_hash(words) == sealed.words_hash
    assert events.forget_words(EventWords.objects.all()) == 1
    assert events.forget_words(EventWords.objects.all()) == 0
    words.refresh_from_db()
    assert (words.subject_name, words.why, words.salt) == ("", "", "")


def test_two_events_that_say_the_same_have_another_hash(sealed: Event) -> None:
    with transaction.atomic():
        facts.changed(rows.board(), by=sealed.by, verb="edited", why="A reason")
    assert len(set(Event.objects.values_list("words_hash", flat=True))) == 2


# ── What was there before ──

BEFORE = ("accounts", "0003_absences")


def migrate_back_to_today() -> None:
    """All rooms: going back took with it whatever of theirs came later."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_events_of_before_get_their_words_beside_them_and_back() -> None:
    board, user = rows.board(), rows.user()
    assert not Event.objects.exists()
    kind = ContentType.objects.get_for_model(board)
    MigrationExecutor(connection).migrate([BEFORE])
    old = MigrationExecutor(connection).loader.project_state([BEFORE]).apps.get_model("accounts", "Event")
    about = {"board_id": board.pk, "by_id": user.pk, "subject_type_id": kind.pk, "subject_id": board.pk}
    said = [(f"Board {n}", f"why {n}" if n % 2 else "") for n in range(1201)] + [("", "")]
    old.objects.bulk_create(old(at=rows.NOW, verb="edited", subject_name=name, why=why, **about) for name, why in said)
    migrate_back_to_today()
    made = list(Event.objects.select_related("words").order_by("pk"))
    assert [(event.subject_name, event.why) for event in made] == said
    assert [events.words_hash(event.words) == event.words_hash for event in made] == [True] * 1201 + [False]
    assert (made[-1].words.salt, len({event.words_hash for event in made})) == ("", 1202)
    assert triggers(connection) == expected_triggers(connection)
    assert (chain.extend(board.pk, most=2000), chain.verify(board.pk)) == (1202, None)
    MigrationExecutor(connection).migrate([BEFORE])
    assert list(old.objects.order_by("pk").values_list("subject_name", "why")) == said
    old.objects.all().delete()
    migrate_back_to_today()
    assert triggers(connection) == expected_triggers(connection)
