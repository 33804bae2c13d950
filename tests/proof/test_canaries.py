"""Nothing of one place is shown at another: every page, file, mail and line of the log, as everybody gets it."""

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from engines.documents import tasks as documents
from engines.documents.models import Document
from engines.outbox import tasks as outbox
from engines.outbox.models import Message
from engines.reminders import tasks as reminders
from tests.factories.pages import named
from tests.factories.world import HELD_AT, PLACES, World
from tests.proof.canaries import CANARY, CODES, Canary, plant, texts
from tests.proof.cells import NO_FACTOR, OUTSIDE, PERSONAS, Cell, Persona, cells
from tests.test_who_sees_what import links_of, may_know, text_of, who_sees

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing"), pytest.mark.proof]
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def planted(world: World, django_db_blocker: Any) -> dict[str, Canary]:
    """The little world with a canary in every text, and a document of every kind made in each place."""
    with django_db_blocker.unblock():
        return plant(world)


def test_every_text_holds_one(planted: dict[str, Canary], record_property: Record) -> None:
    from tests.factories.models import owned

    models = [*owned(), User]
    known = {f"{model.__name__}.{field.name}" for model in models for field in model._meta.local_concrete_fields}
    assert known >= CODES
    for model in models:
        for field in texts(model):
            there = {canary.place for canary in planted.values() if (canary.model, canary.field) == (model, field.name)}
            assert there >= set(PLACES), f"{model.__name__}.{field.name} holds none in {set(PLACES) - there}"
    record_property("canaries", len(planted))


def is_hidden(canary: Canary, who: Persona) -> bool:
    """Whether this person may not know of the row in which the canary stands."""
    if canary.place == "":
        return False
    column = "board_admin" if who.column == NO_FACTOR else who.column
    if column in ("anonymous", *OUTSIDE):
        return True
    if who_sees()[canary.row][column] == "told" and canary.place == who.at:
        return False
    places = ("own", "near") if canary.place == "board" else (canary.place,)
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
        for canary in shown(text_of(answer), planted):
            if is_hidden(canary, who):
                leaks.setdefault(str(canary), []).append(address)
    record_property("pages crawled for canaries", len(seen))
    record_property("canaries shown to a stranger", len(leaks))
    print(*[f"LEAK {who}: {canary}: {len(where)} {where[:3]}" for canary, where in leaks.items()], sep="\n")
    assert not leaks, "\n".join(f"{canary}: {where[:4]}" for canary, where in leaks.items())
    assert shown(caplog.text, planted) == []


def ask(browser: Client, method: str, url: str) -> Any:
    cookies = browser.cookies.copy()
    with transaction.atomic():
        answer = browser.generic(method, url)
        if answer.streaming:
            answer.content = b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer
