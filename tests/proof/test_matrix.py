"""Everybody tries every address, for every row, by every method; who_may.csv says what they may get."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import models, transaction
from django.db.models import F
from django.test import Client, override_settings

from accounts.models import AccessLink, User
from tests.factories import rows
from tests.factories.models import owned
from tests.factories.pages import MISSING, ROLES, OpenForm, Page, named, open_forms, pages
from tests.factories.sent import Sent, filled, make_ready, with_token, writes
from tests.factories.world import World
from tests.proof.cells import (
    BAD_WORD,
    METHODS,
    NO_FACTOR,
    NO_SUCH_ROW,
    PERSONAS,
    SUBJECTS,
    Cell,
    Persona,
    Trial,
    cells,
    looked_up,
    persona,
    subjects,
)
from tests.test_every_write import everything
from tests.test_who_sees_what import REACHED_ELSEWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
Record = Callable[[str, object], None]


def tried(who: Persona, world: World, these: list[Cell]) -> Trial:
    """What came of it when `who` tried these cells."""
    with override_settings(SECOND_FACTOR_REQUIRED=who.column == NO_FACTOR):
        return Trial(world, who, who.browser(world)).try_all(these)


@pytest.mark.proof
@pytest.mark.parametrize("who", PERSONAS, ids=str)
def test_who_gets_what(who: Persona, world: World, record_property: Record) -> None:
    trial = tried(who, world, cells())
    failed = len({line.split(":")[0] for line in trial.wrong})
    record_property("personas", 1)
    record_property("cells passed", trial.tried - failed)
    record_property("cells failed", failed)
    assert not trial.wrong, "\n".join(trial.wrong)


@pytest.mark.parametrize("share", range(2))
def test_a_sample_of_who_gets_what(share: int, world: World) -> None:
    """The quick suite asks one cell in about a hundred, another one of each persona; the proof asks them all."""
    every = cells()
    wrong = []
    for number, who in enumerate(PERSONAS):
        if number % 2 == share:
            chosen = every[number * 7 :: 199]
            missing = [Cell(cell.page, "missing", cell.method) for cell in chosen if cell.page.subject]
            wrong += tried(who, world, missing + chosen).wrong
    assert not wrong, "\n".join(wrong)


# ── The matrix is whole ──


def test_no_cell_is_vacuous(world: World, record_property: Record) -> None:
    """For every address each subject that makes sense has an address of its own; where none does, a reason stands."""
    explained = unexplained = 0
    for page in pages():
        if page.subject is None and page.arguments:
            own, missing = (Cell(page, subject, "GET").url(world) for subject in ("", "missing"))
            assert own != missing
            assert BAD_WORD in missing or str(MISSING) in missing
        if page.subject is None:
            continue  # about nobody's row: one cell, asked of everybody
        built = {subject: Cell(page, subject, "GET").url(world) for subject in subjects(page)}
        assert len(set(built.values())) == len(built), f"{page}: two subjects have one address"
        for subject in SUBJECTS:
            if subject not in built:
                explained += (page.subject, subject) in NO_SUCH_ROW
                unexplained += (page.subject, subject) not in NO_SUCH_ROW
    record_property("addresses", len(pages()))
    record_property("addresses with a policy", sum(page.policy is not None for page in pages()))
    record_property("cells vacuous and explained", explained * len(PERSONAS) * len(METHODS))
    record_property("cells vacuous and unexplained", unexplained * len(PERSONAS) * len(METHODS))
    assert unexplained == 0
    assert len({who.name for who in PERSONAS}) == len(PERSONAS) >= 19


def test_somebody_reaches_every_address(world: World, record_property: Record) -> None:
    """Not by the table alone: the first who may by the table is let through."""
    never = {page.name for page in pages()} - set(REACHED_ELSEWHERE)
    for who in PERSONAS:
        if who.at != "own" or who.column == NO_FACTOR or not never:
            continue
        mine = [page for page in pages() if page.name in never and may_reach(page, who)]
        trial = Trial(world, who, who.browser(world))
        for page in mine:
            trial.attempt(Cell(page, "own" if page.subject else "", "POST" if page.is_post_only else "GET"))
        assert not trial.wrong, "\n".join(trial.wrong)
        never -= trial.reached
    record_property("addresses nobody reaches", len(never))
    assert never == set()


def may_reach(page: Page, who: Persona) -> bool:
    status = looked_up(page, who.column, "own", "own" if page.subject else "")
    return status in (200, 302)


@pytest.mark.proof
def test_a_denial_would_be_seen(world: World) -> None:
    """The test of the test: a champion measured by the row of somebody else has much that is wrong."""
    for column in ("board_admin", "no_membership", "partner", "staff"):
        pretender = Persona("champion", column)
        browser = persona("champion").browser(world)
        assert Trial(world, pretender, browser).try_all(cells(("GET",))[::5]).wrong, column


# ── Links that are over ──


MASKED = re.compile("[A-Za-z0-9]{64}")  # Django's word against forged forms, another one on every page


@pytest.mark.parametrize("over", [{"revoked_at": rows.NOW}, {"expires_at": rows.NOW}, {"uses": F("uses_allowed")}])
@pytest.mark.parametrize("name", ["document_by_link", "sign_in_link", "accept_invitation"])
def test_a_link_that_is_over_is_one_that_never_was(name: str, over: dict[str, Any], world: World) -> None:
    for who in ("anonymous", "champion", "board administrator"):
        browser, page = persona(who).browser(world), named(name)
        with transaction.atomic():
            AccessLink.objects.update(**over)
            for method in ("GET", "POST"):
                answers = [browser.generic(method, Cell(page, at, method).url(world)) for at in ("", "missing")]
                words = (page.url(world), Cell(page, "missing", method).url(world))  # a page may say its own address
                said = [MASKED.sub("", a.content.decode()).replace(w, "") for a, w in zip(answers, words, strict=True)]
                assert said[0] == said[1], (who, method)
                assert [answer.status_code for answer in answers] == [404, 404]
            transaction.set_rollback(True)


# ── Forms that did not come from our page ──


def test_no_address_takes_a_forged_form(world: World, record_property: Record) -> None:
    """A form without our token is refused by every address that takes one, whoever sends it, and nothing is written."""
    wrong, met = [], 0
    for page in pages():
        who = next((w for w in PERSONAS if w.column != NO_FACTOR and w.at == "own" and may_reach(page, w)), None)
        if who is None:
            who = persona("anonymous" if page.policy and page.policy.is_public else "champion")
        browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
        browser.cookies = who.browser(world).cookies
        for sent in ({}, {"csrfmiddlewaretoken": "x" * 64}):
            with transaction.atomic(), writes() as written:
                answer = browser.post(Cell(page, "own" if page.subject else "", "POST").url(world), sent)
                transaction.set_rollback(True)
            met += 1
            if answer.status_code not in (403, 405) or written.statements:
                wrong.append(f"{page}: {answer.status_code} {written.statements[:1]}")
    record_property("unsafe addresses that take no forged form", met // 2)
    assert not wrong, "\n".join(wrong)


# ── What a form does not ask is not heard ──

NOT_ASKED = ("id", "pk", "by", "user", "user_id", "state", "stage", "is_operator", "is_active", "is_lead", "version_of")


def injected(form: OpenForm, world: World, place: str) -> Sent:
    """Everything the form does not ask for: each field of its model and each key to a row, with a row of others."""
    place_rows = world.places[place].rows
    asked = set(form.form.fields)
    found: Sent = {}
    for model in owned():
        name = model._meta.model_name or ""
        found |= {name: str(place_rows[model].pk), f"{name}_id": str(place_rows[model].pk)}
    model_of_form: type[models.Model] | None = getattr(getattr(form.form, "_meta", None), "model", None)
    for field in model_of_form._meta.get_fields() if model_of_form else ():
        related = field.related_model
        if related is User:
            value = str(world.places[place].people["champion"].pk)
        elif related in place_rows:
            value = str(place_rows[related].pk)
        else:
            value = "1"
        found |= {field.name: value, f"{field.name}_id": value}
    found |= dict.fromkeys(NOT_ASKED, str(place_rows[next(iter(place_rows))].pk))
    return {name: value for name, value in found.items() if name not in asked and not name.startswith("initial-")}


def told_apart(before: Any, after: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """What changed, in a form two runs can be compared by: a row made in the run has no key worth naming."""
    new = sorted((model._meta.label, pk) for model, pk in after if (model, pk) not in before)
    names = {key: f"new {number}" for number, key in enumerate(new)}
    keys = {pk: names[label, pk] for label, pk in new}

    def told(value: Any) -> Any:
        """`value` as both runs would say it; a column of JSON by its text."""
        if isinstance(value, list | dict):
            return repr(value)
        return "drawn" if DRAWN.fullmatch(str(value)) else keys.get(value, value)

    changed = []
    for (model, pk), values in after.items():
        if before.get((model, pk)) != values:
            mine = names.get((model._meta.label, pk), str(pk))
            changed.append((f"{model._meta.label} {mine}", tuple(told(value) for value in values)))
    return sorted(changed, key=repr)


# What is another one each time: what is kept of a token, what is encrypted, the word for a domain's record.
DRAWN = re.compile("[0-9a-f]{64}|gAAAAA[0-9A-Za-z_=-]+|[0-9A-Za-z]{40}")


@pytest.fixture(scope="module")
def opened() -> list[OpenForm]:
    """Every form of the site; filled when first asked for."""
    return []


@pytest.mark.proof
@pytest.mark.parametrize("place", ["near", "far"])
def test_what_a_form_does_not_ask_changes_nothing(
    place: str,
    world: World,
    signed_in: Callable[[User], Client],
    opened: list[OpenForm],
    record_property: Record,
) -> None:
    """The same form with and without keys of others and fields it does not have does the very same."""
    opened[:] = opened or open_forms(world, signed_in)
    browsers = {role: signed_in(world.user(role)) for role in ROLES}
    wrong, before = [], everything()
    for form in opened:
        plain = with_token(filled(form.form))
        more = injected(form, world, place)
        did = []
        for sent in (plain, more | plain):
            with transaction.atomic():
                make_ready(form.page.name, world)
                ready = everything()
                answer = browsers[form.role].post(form.url, sent)
                did.append((answer.status_code, told_apart(ready, everything())))
                transaction.set_rollback(True)
        assert len(more) > 40
        if did[0][0] != 302 or did[0] != did[1]:
            wrong.append(f"{form}: {[line for line in did[1][1] if line not in did[0][1]]} {did[0][0]} {did[1][0]}")
    assert everything() == before
    record_property("forms that let nothing foreign in", len(opened) if place == "far" else 0)
    assert not wrong, "\n".join(wrong)
