"""A message is planned once, sent by one worker, tried again in the open, and never lost."""

import socket
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail
from django.db import close_old_connections, connection, transaction
from django.test import override_settings

from accounts.models import User
from core import clock
from engines.outbox import actions, tasks
from engines.outbox.kinds import Mail, MessageKind, kinds
from engines.outbox.models import Message
from engines.outbox.secrets import hide, reveal
from tests.small_world import local

DAY = date(2026, 3, 12)
State = Message.State


def says(message: Message) -> Mail | None:
    return Mail("Good news\nfor you", f"To {message.recipient}")


@pytest.fixture(autouse=True)
def test_kinds() -> Iterator[None]:
    """Two kinds of this test's own."""
    list(kinds)
    kinds.register("news", MessageKind(write=says))
    kinds.register("code", MessageKind(write=lambda m: Mail(m.title, reveal(m.body)), is_secret=True))
    yield
    kinds.forget("news")
    kinds.forget("code")


@pytest.fixture
def reader(db: None) -> User:
    return User.objects.create_user("dana@northgate.example", "Dana Whitfield")


def plan(reader: User, nudge: str = "1", kind: str = "news", **words: str) -> Message:
    with transaction.atomic():
        return actions.plan(kind, reader, nudge=nudge, to=reader, **words)  # type: ignore[arg-type]


def test_planned_twice_it_is_one_row(reader: User) -> None:
    assert plan(reader).pk == plan(reader).pk
    assert plan(reader, nudge="2").pk != plan(reader).pk


def test_it_is_sent_once(reader: User) -> None:
    message = plan(reader)
    assert [actions.send(message.pk), actions.send(message.pk)] == [True, False]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == ([reader.email], "Good news for you", f"To {reader.email}")
    message.refresh_from_db()
    assert (message.state, message.next_try_at, message.tries) == (State.SENT, None, 1)
    assert message.sent_at is not None
    assert sent.extra_headers["Message-ID"] == message.message_id


def test_a_kind_that_nothing_here_writes_is_tried_again_and_stops_no_other(reader: User) -> None:
    of_tomorrow = plan(reader)
    Message.objects.update(kind="of tomorrow")
    known = plan(reader, nudge="2")
    assert tasks.send([of_tomorrow.pk, known.pk]) == 1
    of_tomorrow.refresh_from_db()
    assert of_tomorrow.state == State.RETRY
    assert "of tomorrow" in of_tomorrow.because
    assert of_tomorrow.next_try_at is not None


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_it_once() -> None:
    user = User.objects.create_user("dana@northgate.example", "Dana Whitfield")
    message = plan(user)
    results: list[bool] = []

    def work() -> None:
        close_old_connections()
        results.append(actions.send(message.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 7 + [True]
    assert len(mail.outbox) == 1


def test_a_worker_that_dies_leaves_a_lease_that_runs_out(reader: User) -> None:
    with clock.standing_at(local(DAY)):
        message = plan(reader)
        assert actions._claim(message.pk) is not None  # and then the worker is killed
        tasks.sweep()
        assert mail.outbox == []
    with clock.standing_at(local(DAY) + timedelta(minutes=9)):
        tasks.sweep()
        assert mail.outbox == []
    with clock.standing_at(local(DAY) + timedelta(minutes=10)):
        tasks.sweep()
        tasks.sweep()
    assert len(mail.outbox) == 1
    message.refresh_from_db()
    assert (message.state, message.tries) == (State.SENT, 2)


def test_a_silent_bell_costs_a_sweep_and_nothing_else(
    reader: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def broken(*args: object) -> None:
        raise ConnectionError("the broker is down")

    monkeypatch.setattr(tasks.send, "delay", broken)
    with django_capture_on_commit_callbacks(execute=True):
        plan(reader)
    assert tasks.sweep() == 1
    assert len(mail.outbox) == 1


def test_nothing_to_say_is_suppressed(reader: User) -> None:
    kinds.register("silent", MessageKind(write=lambda message: None))
    try:
        message = plan(reader, kind="silent")
        actions.send(message.pk)
    finally:
        kinds.forget("silent")
    message.refresh_from_db()
    assert (message.state, mail.outbox) == (State.SUPPRESSED, [])


def test_what_is_over_is_not_sent(reader: User) -> None:
    with clock.standing_at(local(DAY)):
        message = plan(reader)
    with clock.standing_at(local(DAY) + timedelta(hours=73)):
        tasks.sweep()
    message.refresh_from_db()
    assert (message.state, mail.outbox) == (State.EXPIRED, [])


def test_a_secret_is_encrypted_while_it_waits_and_erased_when_sent(reader: User) -> None:
    message = plan(reader, kind="code", title="Your code", body=hide("412 907"))
    assert "412" not in Message.objects.get().body
    actions.send(message.pk)
    assert mail.outbox[0].body == "412 907"
    assert Message.objects.get().body == ""


class Server:
    """A mail server that answers as a test wants."""

    def __init__(self, answer: str) -> None:
        self.answer, self.taken = answer, 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if self.answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken += 1
        return "250 OK"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def smtp() -> Iterator[Any]:
    """Start a real mail server answering RCPT as asked, and point Django at it."""
    running: list[Controller] = []

    def start(answer: str) -> Server:
        server = Server(answer)
        controller = Controller(server, hostname="127.0.0.1", port=free_port())
        controller.start()
        running.append(controller)
        override = override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=controller.port,
        )
        override.enable()
        overrides.append(override)
        return server

    overrides: list[override_settings] = []
    yield start
    for override in overrides:
        override.disable()
    for controller in running:
        controller.stop()


def test_a_real_server_takes_it_once(reader: User, smtp: Any) -> None:
    server = smtp("250 OK")
    plan(reader)
    tasks.sweep()
    tasks.sweep()
    assert server.taken == 1


def test_a_refused_address_fails_in_the_open(reader: User, smtp: Any) -> None:
    smtp("550 No such person")
    message = plan(reader)
    actions.send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.because) == (State.FAILED, "550 No such person")


def test_a_busy_server_is_tried_again_and_given_up_after_three_days(reader: User, smtp: Any) -> None:
    smtp("451 Try later")
    with clock.standing_at(local(DAY)):
        message = plan(reader)
    now, waits = local(DAY), []
    for _try in range(40):
        with clock.standing_at(now):
            tasks.sweep()
        message.refresh_from_db()
        if message.state != State.RETRY:
            break
        waits.append(round((message.next_try_at - now).total_seconds() / 60))  # type: ignore[operator]
        now = message.next_try_at  # type: ignore[assignment]
    assert (message.state, message.because) == (State.FAILED, "451 Try later")
    for waited, planned in zip(waits, [1, 5, 15, 60, 240, 720], strict=False):
        assert planned * 0.9 - 1 <= waited <= planned * 1.1 + 1
    assert now - local(DAY) <= timedelta(hours=72)


def test_no_server_at_all_is_tried_again(reader: User) -> None:
    closed = override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=9
    )
    message = plan(reader)
    with closed:
        actions.send(message.pk)
    message.refresh_from_db()
    assert message.state == State.RETRY
    assert "Refused" in message.because
