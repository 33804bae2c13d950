"""The chain of a board's Events: what is changed later is found, and where; what is erased breaks nothing."""

import hashlib
import json
import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection, models, transaction

from accounts import chain, events, tasks
from accounts.models import ChainCheck, Event, EventWords, Seal
from boards.models import Board
from core import clock, facts
from schools.models import School
from tests.factories import rows
from tests.factories.triggers import lifted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


def changed(subject: models.Model, times: int = 1, verb: str = "edited") -> None:
    for n in range(times):
        with transaction.atomic():
            facts.changed(subject, by=None, verb=verb, why=f"For the {n}th time")


@pytest.fixture
def board(db: None) -> Board:
    """A board with five sealed Events."""
    board = rows.board()
    changed(board, 5)
    assert chain.extend(board.pk) == 5
    return board


def positions(board: Board | None) -> list[int]:
    return list(Seal.objects.filter(board=board).order_by("position").values_list("position", flat=True))


def tamper(model: type[models.Model], pk: int, **values: Any) -> None:
    """As somebody would who can change the database itself."""
    with lifted(model):
        assert model._base_manager.filter(pk=pk).update(**values) == 1


def event_at(board: Board, position: int) -> Event:
    return Seal.objects.get(board=board, position=position).event


# ── Sealing ──


def test_every_event_gets_its_place_in_the_chain_of_its_board(board: Board) -> None:
    other = rows.board("Other Board")
    changed(other, 2)
    changed(rows.user(), 1)  # of no board: the installation's own
    assert chain.extend_all() == 3
    assert (positions(board), positions(other), positions(None)) == ([1, 2, 3, 4, 5], [1, 2], [1])
    assert (chain.extend_all(), EventWords.objects.waiting().count()) == (0, 0)
    assert [chain.verify(at) for at in (board.pk, other.pk, None)] == [None, None, None]


def test_what_a_seal_covers_is_in_the_documented_order(board: Board) -> None:
    first, second = Seal.objects.filter(board=board).order_by("position")[:2]
    event = second.event
    told = json.dumps(
        [
            first.hash, event.pk, board.pk, None, None, None, None, "edited", "2026-03-11T15:00:00.000000+00:00",
            event.subject_type_id, board.pk, event.words_hash,
        ],
        separators=(",", ":"),
    )  # fmt: skip
    assert second.hash == hashlib.sha256(told.encode()).hexdigest()


def test_a_run_is_bounded_and_goes_on_where_it_was(board: Board) -> None:
    changed(board, 5)
    assert [chain.extend_all(most=2) for _run in range(4)] == [2, 2, 1, 0]
    assert positions(board) == list(range(1, 11))
    assert chain.verify(board.pk) is None


def test_one_that_was_committed_late_is_sealed_late(board: Board) -> None:
    """Keys are handed out before a transaction ends: a lower one may come to light after a higher was sealed."""
    changed(board, 2)
    late, early = Event.objects.order_by("-pk")[:2]
    EventWords.objects.filter(event=early).update(waits=False)
    assert chain.extend(board.pk) == 1
    EventWords.objects.filter(event=early).update(waits=True)
    assert chain.extend(board.pk) == 1
    assert (event_at(board, 6), event_at(board, 7)) == (late, early)
    assert chain.verify(board.pk) is None


def test_the_minute_task_seals_and_nothing_else_does(board: Board) -> None:
    changed(board)
    assert positions(board) == [1, 2, 3, 4, 5]
    assert (tasks.seal(), tasks.seal()) == (1, 0)
    assert positions(board) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_workers_that_run_at_once_seal_each_event_once() -> None:
    board = rows.board()
    changed(board, 30)

    def work() -> None:
        close_old_connections()
        for _run in range(10):
            with clock.standing_at(rows.NOW):
                chain.extend_all(most=7)
        connection.close()

    threads = [threading.Thread(target=work) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert positions(board) == list(range(1, 31))
    assert Seal.objects.values("event").distinct().count() == 30
    assert chain.verify(board.pk) is None


def test_a_worker_that_was_slower_writes_nothing(board: Board) -> None:
    """It read what waits before the other had sealed it."""
    changed(board, 2)
    read = list(Event.objects.filter(words__waits=True).order_by("pk"))
    assert chain.extend(board.pk) == 2
    assert chain._seal(board.pk, read) == 0
    assert positions(board) == [1, 2, 3, 4, 5, 6, 7]


# ── What is found ──


@pytest.mark.parametrize(
    "values",
    [
        {"verb": "removed"},
        {"at": rows.NOW + timedelta(microseconds=1)},
        {"subject_id": 999},
        {"words_hash": "0" * 64},
        {"board": None},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_event_that_was_changed_is_found(values: dict[str, Any], board: Board) -> None:
    tamper(Event, event_at(board, 3).pk, **values)
    assert chain.verify(board.pk) == 3


def test_who_did_it_is_part_of_it(board: Board) -> None:
    tamper(Event, event_at(board, 2).pk, by=rows.user())
    assert chain.verify(board.pk) == 2


def test_words_that_were_changed_are_found(board: Board) -> None:
    """No trigger is in the way of that: words can be erased, not rewritten."""
    EventWords.objects.filter(event=event_at(board, 4)).update(why="Another reason")
    assert chain.verify(board.pk) == 4
    EventWords.objects.filter(event=event_at(board, 4)).update(salt="")
    assert chain.verify(board.pk) == 4
    EventWords.objects.filter(event=event_at(board, 4)).delete()
    assert chain.verify(board.pk) == 4


def test_a_seal_that_was_changed_is_found(board: Board) -> None:
    tamper(Seal, event_at(board, 4).pk, hash="0" * 64)
    assert chain.verify(board.pk) == 4


def test_an_event_and_the_chain_after_it_written_anew_differ_from_what_was_noted(board: Board) -> None:
    """Whoever may write everything can forge everything: then only a hash that somebody else kept tells."""
    kept = Seal.objects.get(board=board, position=5).hash
    third = event_at(board, 3)
    tamper(Event, third.pk, verb="removed")
    with lifted(Seal):
        Seal.objects.filter(board=board, position__gte=3).delete()
    EventWords.objects.filter(pk__gte=third.pk).update(waits=True)
    assert chain.extend(board.pk) == 3
    assert chain.verify(board.pk) is None
    assert Seal.objects.get(board=board, position=5).hash != kept


@pytest.mark.parametrize("position", [1, 3])
def test_one_that_was_taken_out_is_found(position: int, board: Board) -> None:
    event = event_at(board, position)
    with lifted():
        Seal.objects.filter(event=event).delete()
        EventWords.objects.filter(event=event).delete()
        Event.objects.filter(pk=event.pk).delete()
    assert chain.verify(board.pk) == position


def test_erased_words_do_not_break_it(board: Board) -> None:
    assert events.forget_words(EventWords.objects.filter(event=event_at(board, 3))) == 1
    assert chain.verify(board.pk) is None
    changed(board)
    assert (chain.extend(board.pk), chain.verify(board.pk)) == (1, None)


def test_an_event_stays_in_its_chain_when_its_school_moves(board: Board) -> None:
    school, other = rows.school(board), rows.board("Other Board")
    changed(school)
    School.objects.filter(pk=school.pk).update(board=other)
    school.refresh_from_db()
    changed(school)
    assert chain.extend_all() == 2
    assert (positions(board), positions(other)) == ([1, 2, 3, 4, 5, 6], [1])
    assert event_at(board, 6).subject_id == event_at(other, 1).subject_id == school.pk
    assert [chain.verify(at.pk) for at in (board, other)] == [None, None]


# ── Looking through it by night ──


def test_the_night_writes_down_what_it_found(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    other = rows.board("Other Board")
    changed(other)
    chain.extend_all()
    assert tasks.check() == 0
    assert set(ChainCheck.objects.values_list("board", "checked_at", "broken_at")) == {
        (board.pk, rows.NOW, None),
        (other.pk, rows.NOW, None),
    }
    tamper(Event, event_at(board, 2).pk, verb="removed")
    logging.getLogger("tandem").propagate = True
    assert tasks.check() == 1
    assert ChainCheck.objects.get(board=board).broken_at == 2
    assert f"board {board.pk} does not hold" in caplog.text


def test_the_one_looked_at_longest_ago_comes_first(board: Board) -> None:
    later, never = rows.board("Later"), rows.board("Never")
    for one in (later, never):
        changed(one)
    chain.extend_all()
    chain.check([later.pk])
    with clock.standing_at(rows.NOW - timedelta(days=1)):
        chain.check([board.pk])
    assert tasks.boards_by_last_check() == [never.pk, board.pk, later.pk]
