"""Would anybody notice? Each policy is set to allow all and each `visible_to` to everything, one at a time, and the
cells of the matrix that use it are tried until one turns red. What no cell notices is not proven."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.db import models
from django.shortcuts import get_object_or_404

from accounts import policies
from accounts.access import Access
from accounts.permissions import Permission
from accounts.policies import PUBLIC
from config import urls as site
from tests.factories.models import owned
from tests.factories.pages import Page, named, pages
from tests.factories.world import World
from tests.proof.cells import NO_FACTOR, PERSONAS, Cell, Persona, Trial, cells, persona, subjects
from tests.test_who_sees_what import known_wrongly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing"), pytest.mark.proof]
Record = Callable[[str, object], None]

ASKS_A_PERMISSION = [page.name for page in pages() if page.policy and page.policy.permissions]
OF_A_ROW = [page.name for page in pages() if page.subject]
BEHIND_SIGN_IN = [page.name for page in pages() if page.policy and not page.policy.is_public]
# These ask for themselves whether somebody is signed in: without our policy they answer the very same.
ASK_FOR_THEMSELVES: frozenset[str] = frozenset({
    "account_reauthenticate", "account_change_password", "account_set_password", "mfa_index", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes",
})  # fmt: skip
# Whoever may know of the row may come, or the view asks more of them itself: dropping the permission alone changes
# nothing for anybody. Each is a mutant all the same when it lets everybody at every row.
SIGHT_IS_ENOUGH: frozenset[str] = frozenset({
    "board", "board_calendar", "board_logo", "school", "school_year", "staff_meeting", "initiative", "measure",
    "prospect", "partnership", "partnership_year_runs", "sessions", "session", "agreement", "agreement_pdf",
    "evaluation", "evaluation_pdf",
    # one permission reads and changes: only who works for the school reads what was said, only the desk the desk's
    "interaction_edit", "meeting_edit", "meeting_summary", "meeting_cancel", "meeting_after",
    "sign_on_edit", "sign_on_look", "joining_withdraw", "legal_hold_lift",
    "import", "import_columns", "import_refused", "import_apply", "import_stop",
    "access_request", "access_request_json", "access_request_file", "access_request_erase",
    # the view asks too: whom one may let in and end, for which side one says yes, who works for the school
    "invitation_again", "invitation_withdraw", "membership_change", "membership_end", "agreement_yes", "prospect_add",
})  # fmt: skip


def of_page(page: Page) -> list[Cell]:
    """What is asked of one page: looked at, or sent if it only acts; a missing row first."""
    method = "POST" if page.is_post_only else "GET"
    return [Cell(page, subject, method) for subject in subjects(page)]


def first_red(world: World, who: tuple[Persona, ...], these: list[Cell]) -> str:
    """The first sentence of what is wrong, "" if everything is as it should be."""
    for one in who:
        trial = Trial(world, one, one.browser(world))
        for cell in these:
            trial.attempt(cell)
            if trial.wrong:
                return trial.wrong[0]
    return ""


def noticed(record: Record, red: str) -> None:
    record("mutants", 1)
    record("mutants killed", int(bool(red)))
    assert red, "nobody noticed"


# ── Policies ──

WITH_FACTOR = tuple(who for who in PERSONAS if who.column != NO_FACTOR)


class Held(str):
    """A permission that everybody holds."""


def guard(page: Page) -> Callable[..., Any]:
    """The function in which `policy` asks, wherever among the decorators of the view it stands."""
    view = page.view
    while "permission" not in (names := inspect.getclosurevars(view).nonlocals) or "on" not in names:
        view = view.__wrapped__  # type: ignore[attr-defined]
    return view


def without_permission(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may see the row, or is signed in at all, may come."""
    asks = guard(page)
    held = dict(zip(asks.__code__.co_freevars, asks.__closure__ or (), strict=True))["permission"]
    everybody = None if page.subject else Held()
    original = Access.holds

    def holds(self: Access, permission: Permission) -> bool:
        return permission is everybody or original(self, permission)

    monkeypatch.setattr(Access, "holds", holds)
    monkeypatch.setattr(held, "cell_contents", everybody)


@pytest.mark.parametrize("name", ASKS_A_PERMISSION)
def test_a_page_that_asks_no_permission(
    name: str, world: World, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    page = named(name)
    without_permission(page, monkeypatch)
    red = first_red(world, WITH_FACTOR, of_page(page))
    if name in SIGHT_IS_ENOUGH:
        assert red == "", f"{name} is a mutant like the others"
        return
    noticed(record_property, red)


@pytest.mark.parametrize("name", OF_A_ROW)
def test_a_page_that_lets_everybody_at_every_row(
    name: str, world: World, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    page = named(name)
    without_permission(page, monkeypatch)

    def find(model: type[models.Model], pk: int, user: Any, related: tuple[str, ...] = ()) -> Any:
        return get_object_or_404(model._default_manager.select_related(*related), pk=pk)

    monkeypatch.setattr(policies, "find", find)
    noticed(record_property, first_red(world, WITH_FACTOR, of_page(page)))


@pytest.mark.parametrize("name", BEHIND_SIGN_IN)
def test_a_page_for_anybody(name: str, world: World, monkeypatch: pytest.MonkeyPatch, record_property: Record) -> None:
    page = named(name)
    if name in site.PACKAGE_POLICIES:
        monkeypatch.setitem(site.PACKAGE_POLICIES, name, PUBLIC)
    else:
        monkeypatch.setattr(page.view, "policy", PUBLIC)
    red = first_red(world, (persona("anonymous"),), of_page(page))
    if name in ASK_FOR_THEMSELVES:
        assert red == "", f"{name} does not ask for itself: it is a mutant like the others"
        return
    noticed(record_property, red)


# ── Rows ──

LOOKERS = tuple(persona(name) for name in ("champion", "board administrator", "partner", "superintendent", "staff"))


@cache
def asked_of() -> dict[type[models.Model], list[tuple[Persona, Cell]]]:
    """Which cells ask which model what somebody may see; filled by `listen`."""
    return {}


def queryset_of(model: type[models.Model]) -> Any:
    return type(model._default_manager.all())


def listen(world: World) -> dict[type[models.Model], list[tuple[Persona, Cell]]]:
    """Try the cells of a few people once and hear what each asks."""
    found = asked_of()
    if found:
        return found
    heard: set[type[models.Model]] = set()
    with pytest.MonkeyPatch.context() as patch:
        for kind in {queryset_of(model) for model in owned()}:
            original = kind.visible_to

            def heard_of(self: Any, user: Any, original: Any = original) -> Any:
                heard.add(self.model)
                return original(self, user)

            patch.setattr(kind, "visible_to", heard_of)
        for who in LOOKERS:
            trial = Trial(world, who, who.browser(world))
            for cell in cells(("GET", "POST")):
                if (cell.method == "POST") != cell.page.is_post_only:
                    continue
                heard.clear()
                trial.attempt(cell)
                for model in heard:
                    found.setdefault(model, []).append((who, cell))
    return found


@pytest.mark.parametrize("model", owned(), ids=lambda model: model._meta.label)
def test_a_model_that_shows_everything(
    model: type[models.Model], world: World, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    using = listen(world).get(model, [])
    kind = queryset_of(model)
    original = kind.visible_to

    def everything(self: Any, user: Any) -> Any:
        return self.all() if self.model is model else original(self, user)

    monkeypatch.setattr(kind, "visible_to", everything)
    red = ""
    for who in LOOKERS:
        red = red or first_red(world, (who,), [cell for one, cell in using if one is who])
    record_property("mutants of rows a page noticed", int(bool(red)))
    red = red or "".join(known_wrongly(model, world, "staff", "own"))
    noticed(record_property, red)
