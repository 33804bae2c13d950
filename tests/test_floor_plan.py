"""The floor plan (architecture.md): who may import whom, and what stands in no room."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

from tests.factories.models import OWNED_BY_NOBODY, ours, owned

ROOT = Path(settings.BASE_DIR)
# Every room may import itself and what stands before it.
ROOMS = (
    "core",
    "accounts",
    "boards",
    "engines.outbox",
    "engines.documents",
    "engines.imports",
    "engines.search",
    "engines.reminders",
    "people",
    "protocol",
    "schools",
    "businesses",
    "outreach",
    "partnerships",
    "safety",
    "reviews",
    "agreements",
    "evaluation",
    "demo",
)
# config names every room and no room names it; the others stand beside the house.
BESIDE = {"config", "tests", "scripts", "static", "templates", "docs", "locale", "var", "staticfiles"}
# What a row of these is about is written as a key by name, also to a higher room.
NAMES_ITS_SUBJECT = {
    "accounts.Membership",
    "accounts.Event",
    "accounts.Seal",
    "accounts.ChainCheck",
    "accounts.AccessLink",
    "accounts.SupportGrant",
    "people.Invitation",
    "people.LegalHold",
    "people.AccessRequest",
    "outbox.Message",
    "reminders.Reminder",
    "documents.Document",
}
SUBJECTS = {"boards.Board", "schools.Family", "schools.School", "businesses.Business"}
# The bench serves the site's own addresses and one more.
NAMES_CONFIG = {"demo.bench_urls"}
NAMES_WITHOUT_TOPIC = {"utils", "util", "helpers", "helper", "services", "service", "misc", "common"}
SIGNALS = {
    "django.db.models.signals",
    "django.dispatch",
    "django.core.signals",
    "django.contrib.auth.signals",
}


# ── Reading the house ──


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of every room by its dotted name. Migrations are left out: they are written by a program
    from the models, which are looked at here."""
    found = {}
    for room in ROOMS:
        folder = ROOT.joinpath(*room.split("."))
        for file in sorted(folder.rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                name = ".".join(parts).removesuffix(".__init__")
                found[name] = ast.parse(file.read_text(), filename=str(file))
    return found


def room_of(module: str) -> str | None:
    """The room a dotted name stands in, None for what is not ours."""
    return next((room for room in ROOMS if module == room or module.startswith(f"{room}.")), None)


def imported(module: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything `tree` imports, wherever in it: in functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[: -node.level]
                base = ".".join([*above, base]).rstrip(".")
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def breach(module: str, other: str) -> str:
    """Why `module` may not name `other`; "" when it may."""
    own, theirs = room_of(module), room_of(other)
    if other.split(".")[0] == "config":
        return "" if module in NAMES_CONFIG else "no room names config"
    if own is None or theirs is None or ROOMS.index(theirs) <= ROOMS.index(own):
        return ""
    return f"{theirs} stands above {own}"


# ── Imports run one way ──


def test_every_folder_with_code_is_a_room_or_stands_beside_the_house() -> None:
    tops = {room.split(".")[0] for room in ROOMS}
    folders = {path.parent.name for path in ROOT.glob("*/*.py")} | {
        path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()
    }
    assert {name for name in folders if not name.startswith(".")} - tops - BESIDE == set()
    engines = {f"engines.{path.parent.name}" for path in (ROOT / "engines").glob("*/__init__.py")}
    assert engines <= set(ROOMS)


def test_rooms_are_installed_in_their_order() -> None:
    rooms = [name for name in settings.INSTALLED_APPS if name in ROOMS]
    assert rooms == sorted(rooms, key=ROOMS.index)
    assert {config.name for config in apps.get_app_configs() if config.name in ROOMS} == set(rooms)


def test_imports_run_one_way() -> None:
    breaches = [
        f"{module}:{line} names {other}: {why}"
        for module, tree in modules().items()
        for line, other in imported(module, tree)
        if (why := breach(module, other))
    ]
    assert breaches == []


def test_keys_run_one_way() -> None:
    """Foreign keys too, those written as text included: a text is resolved by Django and no import shows it."""
    breaches = []
    for model in ours():
        for field in model._meta.get_fields(include_hidden=False):
            if not isinstance(field, models.ForeignKey | models.ManyToManyField) or field.model is not model:
                continue
            target = field.related_model
            if target._meta.label == settings.AUTH_USER_MODEL:
                continue  # who did it: from any room
            if model._meta.label in NAMES_ITS_SUBJECT and target._meta.label in SUBJECTS:
                continue
            if why := breach(model.__module__, target.__module__):
                breaches.append(f"{model._meta.label}.{field.name}: {why}")
    assert breaches == []


def test_no_module_is_named_in_a_text() -> None:
    """`import_module("higher.room")` would be an import nobody sees. Only a key may name a model as text."""
    names = {f"{room}." for room in ROOMS}
    keys = NAMES_ITS_SUBJECT | SUBJECTS | {settings.AUTH_USER_MODEL}
    found = []
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node.value in keys:
                continue
            if node.value.startswith(tuple(names)) and breach(module, node.value):
                found.append(f"{module}:{node.lineno} {node.value!r}")
    assert found == []


def test_the_walk_sees_a_breach() -> None:
    """What hides in a function, behind TYPE_CHECKING or a dot is seen."""
    text = (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from schools.models import School\n"
        "def late():\n    import outreach.actions\n"
    )
    seen = {other for _line, other in imported("core.x", ast.parse(text)) if breach("core.x", other)}
    assert seen == {"schools.models.School", "outreach.actions"}
    assert list(imported("core.a.b", ast.parse("from ..c import d"))) == [(1, "core.c.d")]
    assert breach("engines.outbox.x", "engines.reminders.models")
    assert not breach("engines.reminders.x", "engines.outbox.models")
    assert breach("core.x", "config.settings")


# ── What no room has ──


def test_no_model_signals() -> None:
    found = []
    for module, tree in modules().items():
        for line, other in imported(module, tree):
            if any(other == name or other.startswith(f"{name}.") for name in SIGNALS):
                found.append(f"{module}:{line} imports {other}")
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            if getattr(node.func, "id", getattr(node.func, "attr", "")) == "receiver":
                found.append(f"{module}:{node.lineno} receives a signal")
    assert found == []


def test_modules_are_named_by_topic() -> None:
    assert [name for name in modules() if NAMES_WITHOUT_TOPIC & set(name.split("."))] == []


def test_there_is_no_admin() -> None:
    """Django's admin would walk around `visible_to`."""
    assert [name for name in modules() if name.split(".")[-1] == "admin"] == []
    assert not apps.is_installed("django.contrib.admin")


def test_the_program_that_installs_everything_needs_nothing_installed() -> None:
    tree = ast.parse((ROOT / "run.py").read_text())
    needed = {other.split(".")[0] for _line, other in imported("run", tree)}
    assert needed - set(sys.stdlib_module_names) == set()


# ── Rows ──


@pytest.mark.parametrize("model", owned(), ids=lambda model: model._meta.label)
def test_every_owned_model_says_who_may_see_it_and_whose_it_is(model: type[models.Model]) -> None:
    assert callable(getattr(model._default_manager, "visible_to", None))
    assert callable(getattr(model, "chain", None))


def test_only_named_models_are_owned_by_nobody() -> None:
    labels = {model._meta.label for model in ours()}
    assert set(OWNED_BY_NOBODY) <= labels
    free = {model._meta.label for model in ours() if not hasattr(model._default_manager, "visible_to")}
    assert free == set(OWNED_BY_NOBODY)


def test_every_owned_row_reaches_its_board() -> None:
    """By a chain of keys that are never null; a row about any kind of subject may be the installation's own."""
    for model in owned():
        if model._meta.label not in NAMES_ITS_SUBJECT | {"boards.Board", "reminders.DigestLine", "accounts.EventWords"}:
            assert reaches_board(model, ()), f"{model._meta.label} reaches no board"


def reaches_board(model: type[models.Model], seen: tuple[type[models.Model], ...]) -> bool:
    """Whether a walk along keys that are not null ends at a board."""
    if model._meta.label == "boards.Board":
        return True
    keys = [field for field in model._meta.fields if isinstance(field, models.ForeignKey) and not field.null]
    targets = [field.related_model for field in keys]
    return any(target not in seen and reaches_board(target, (*seen, model)) for target in targets)


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
