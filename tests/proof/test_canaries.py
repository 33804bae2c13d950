"""Nothing of one place is shown at another: every page, file, mail and line of the log, as everybody gets it."""

import io
import logging
from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import Model
from django.test import Client, override_settings
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from boards.models import Board
from core import clock, stored_files
from engines.documents import actions as documents
from engines.documents.kinds import kinds
from engines.documents.models import Document
from engines.documents.tasks import sweep as sweep_documents
from engines.outbox import tasks as outbox
from engines.outbox.models import Message
from engines.reminders import tasks as reminders
from tests.factories import rows
from tests.factories.models import owned
from tests.factories.pages import named, whole
from tests.factories.world import HELD_AT, LOOKING, PLACES, World
from tests.proof.canaries import CANARY, CODES, Canary, plant, texts
from tests.proof.cells import IN_ONES_OWN_FILE, NO_FACTOR, OUTSIDE, PERSONAS, TELLS_OF_ONES_PAST, Persona, cells
from tests.test_who_sees_what import is_told, links_of, may_know, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing"), pytest.mark.proof]
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def planted(world: World, django_db_blocker: Any) -> dict[str, Canary]:
    """The little world with a canary in every text, and a document of every kind made in each place."""
    with django_db_blocker.unblock(), clock.standing_at(rows.NOW):
        found = plant(world)
        for place in world.places.values():
            for name, kind in kinds.items():
                documents.ask(name, place.rows[kind.model], by=place.people["champion"], language="en")
        assert sweep_documents() == len(kinds.items()) * len(PLACES)
        return found


def test_every_text_holds_one(planted: dict[str, Canary], record_property: Record) -> None:
    models: list[type[Model]] = [*owned(), User]
    known = {f"{model.__name__}.{field.name}" for model in models for field in model._meta.local_concrete_fields}
    assert known >= CODES
    for model in models:
        for field in texts(model):
            there = {canary.place for canary in planted.values() if (canary.model, canary.field) == (model, field.name)}
            there |= {"own", "near"} & ({"own", "near"} if "board" in there else there)
            needed = set(PLACES) - {"near" if model is Board else ""}  # the neighbour's board is one's own
            assert there >= needed, f"{model.__name__}.{field.name} holds none in {needed - there}"
    made = 0
    for document in Document.objects.all():
        assert document.html is not None
        made += bool(shown(stored_files.read(document.html).decode(), planted))
    assert made == len(kinds.items()) * len(PLACES)
    record_property("canaries", len(planted))


# Of rows a partner may not know of: what their shared page tells.
TOLD = frozenset({
    "School.name", "School.year_runs", "Initiative.title", "Goal.title", "Measure.label", "Measure.unit", "Need.what",
    "Need.unit", "ClosedPeriod.name_en", "ClosedPeriod.name_fr", "YearPart.name_en", "YearPart.name_fr",
})  # fmt: skip


def is_hidden(canary: Canary, who: Persona) -> bool:
    """Whether this person may not know of the row in which the canary stands."""
    if canary.place == "":
        return False
    column = "board_admin" if who.column == NO_FACTOR else who.column
    if column in ("anonymous", *OUTSIDE):
        return True
    places = ("own", "near") if canary.place == "board" else (canary.place,)
    if any(is_told(canary.row, column, who.at, place) for place in places):
        return f"{canary.model.__name__}.{canary.field}" not in TOLD
    return not any(may_know(canary.row, column, who.at, place) for place in places)


def shown(said: str, planted: dict[str, Canary]) -> list[Canary]:
    return [planted[word] for word in sorted(set(CANARY.findall(said))) if word in planted]


@pytest.mark.parametrize("who", PERSONAS, ids=str)
def test_nobody_is_shown_what_is_not_theirs(
    who: Persona, world: World, planted: dict[str, Canary], caplog: pytest.LogCaptureFixture, record_property: Record
) -> None:
    caplog.set_level(logging.INFO)
    leaks: dict[str, list[str]] = {}
    seen: dict[str, Any] = {}
    with override_settings(SECOND_FACTOR_REQUIRED=who.column == NO_FACTOR):
        browser = who.browser(world)
        for cell in cells(("GET", "POST")):
            seen[f"{cell.method} {cell.url(world)}"] = ask(browser, cell.method, cell.url(world))
        for document in Document.objects.all():
            for name in ("document", "document_pdf", "document_twin"):
                url = reverse(name, args=[document.pk])
                seen[f"GET {url}"] = ask(browser, "GET", url)
        for address, answer in list(seen.items()):
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                for link in links_of(answer.content.decode(), address.split(" ")[1]):
                    if f"GET {link}" not in seen:
                        seen[f"GET {link}"] = ask(browser, "GET", link)
    for address, answer in seen.items():
        for canary in shown(read(answer), planted):
            if is_hidden(canary, who) and not in_ones_own_file(canary, who, address):
                leaks.setdefault(str(canary), []).append(address)
    record_property("pages crawled for canaries", len(seen))
    record_property("canaries shown to a stranger", len(leaks))
    assert not leaks, "\n".join(f"{canary}: {where[:4]}" for canary, where in leaks.items())
    assert shown(caplog.text, planted) == []


def in_ones_own_file(canary: Canary, who: Persona, address: str) -> bool:
    what = "BoardName" if canary.row == "BoardName" else "User" if canary.model is User else canary.model
    own = {reverse(name) for name in TELLS_OF_ONES_PAST}
    return address.split(" ")[1] in own and canary.place == "own" and what in IN_ONES_OWN_FILE.get(who.name, ())


def read(answer: Any) -> str:
    """Everything an answer says; of a PDF what a reader reads in it, too."""
    said = text_of(answer)
    if answer.status_code == 200 and answer.content.startswith(b"%PDF-1"):
        said += " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return said


def ask(browser: Client, method: str, url: str) -> Any:
    cookies = copy(browser.cookies)
    with transaction.atomic():
        answer = whole(browser.generic(method, url))
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer


# ── Mail ──


def test_no_mail_tells_of_others(world: World, planted: dict[str, Canary], record_property: Record) -> None:
    """The mails of the day, of invitations and of everything else that waits, as each reader gets them."""
    for place in world.places.values():
        admin = Client()
        admin.force_login(User.objects.get(pk=place.people["board_admin"].pk))
        again = admin.post(named("invitation_again").url(world, place.name))
        assert again.status_code == 302
    reminders.nightly()
    reminders.sweep()
    outbox.sweep()
    leaks = []
    for sent in mail.outbox:
        message = Message.objects.get(recipient=sent.to[0])
        for canary in shown(f"{sent.message()}".replace("=\n", ""), planted):
            if not may_be_told(canary, message, world):
                leaks.append(f"{message.kind} to {message.reader}: {canary}")
    record_property("mails read for canaries", len(mail.outbox))
    record_property("canaries shown to a stranger", len(leaks))
    assert len(mail.outbox) > len(PLACES)
    assert not leaks, "\n".join(leaks)


def may_be_told(canary: Canary, message: Message, world: World) -> bool:
    """Whether the reader of `message` may know of the row in which the canary stands."""
    if f"{canary.word}@example.org" == message.recipient:
        return True
    for name, place in world.places.items():
        for role in (*HELD_AT, *LOOKING):
            if place.people[role] == message.reader and not is_hidden(canary, Persona(role, role, name)):
                return True
    # whoever is asked in reads by whom and into what
    return message.kind == "invitation" and canary.row in ("BoardName", "School", "User", "Invitation")
