"""Every field of every table says what it is for, how long it is kept, and what becomes of it; terms are kept to."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection, models

from core import kept
from core.kept import Erasure, Kind, Table, past, table_of, tables
from tests.factories.sent import writes

EVERY = list(apps.get_models(include_auto_created=True))
# Tables without a model: Django's own, and the cache, which forgets by itself (and holds no words of a person).
NO_MODEL = {"django_migrations", "django_cache", "sqlite_sequence"}


def wrong_with(model: type[models.Model], table: Table | None) -> list[str]:
    """What the declaration of `model` leaves out, makes up or says twice."""
    if table is None:
        return ["stands in no privacy.py"]
    there = {field.name for field in model._meta.local_concrete_fields}
    named = [name for group in table.groups for name in group.names]
    twice = {name for name in named if named.count(name) > 1}
    return [
        *(f"{name} is not declared" for name in sorted(there - set(named))),
        *(f"{name} is not there" for name in sorted(set(named) - there)),
        *(f"{name} is declared twice" for name in sorted(twice)),
    ]


@pytest.mark.parametrize("model", EVERY, ids=lambda model: model._meta.label)
def test_every_field_is_declared(model: type[models.Model], record_property: Callable[[str, object], None]) -> None:
    wrong = wrong_with(model, table_of(model))
    record_property("fields declared", len(model._meta.local_concrete_fields) - len(wrong))
    record_property("fields undeclared", len(wrong))
    assert wrong == []


def test_a_field_that_nobody_declared_is_seen() -> None:
    """The test of the test."""
    user = apps.get_model("accounts", "User")
    declared = table_of(user)
    assert declared is not None
    assert wrong_with(user, None) == ["stands in no privacy.py"]
    assert wrong_with(user, replace(declared, groups=declared.groups[1:])) == [
        "email is not declared",
        "name is not declared",
    ]
    more = (*declared.groups, kept.TECHNICAL.on("id", "shoe_size"))
    assert wrong_with(user, replace(declared, groups=more)) == ["shoe_size is not there", "id is declared twice"]


@pytest.mark.django_db
def test_every_table_of_the_database_has_a_model() -> None:
    known = {model._meta.db_table for model in EVERY}
    assert set(connection.introspection.table_names()) - known - NO_MODEL == set()


@pytest.mark.parametrize("table", list(tables), ids=lambda table: table.model._meta.label)
def test_a_declaration_is_whole(table: Table) -> None:
    for group in table.groups:
        assert str(group.kept.purpose)
        assert str(group.kept.term.words)
        # What is about a person is named to them in words.
        assert group.words or group.kept.kind == Kind.TECHNICAL, group.names
        if group.kept.erasure == Erasure.BLANK:
            for name in group.names:
                field = table.model._meta.get_field(name)
                assert field.null or isinstance(field, models.CharField | models.TextField), name
    for name in (*table.of, table.called, table.when):
        assert not name or table.model._meta.get_field(name)


@pytest.mark.parametrize("table", list(tables), ids=lambda table: table.model._meta.label)
def test_a_term_of_days_is_kept_to(table: Table) -> None:
    """A number of days is a promise: a rule of the retention job keeps it."""
    rules = [rule for rule in past if rule.model is table.model]
    for name, kept_ in table.fields.items():
        if kept_.term.after is None:
            continue
        held = [rule for rule in rules if rule.term == kept_.term and (not rule.ends or name in rule.ends)]
        assert held, f"nothing ends {table.model._meta.label}.{name} after {kept_.term.words}"


def test_a_rule_ends_what_is_declared_so() -> None:
    for rule in past:
        table = table_of(rule.model)
        assert table is not None
        terms = {table.fields[name].term for name in (rule.ends or table.fields)}
        assert rule.term in terms, rule.name


def test_words_that_stay_are_few_and_known() -> None:
    """Texts that erasure does not look through hold no words about a person: codes and choices, what an organisation is
    called, and signatures."""
    codes = 60
    stay = set()
    for table in tables:
        for name, kept_ in table.fields.items():
            field = table.model._meta.get_field(name)
            is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
            if is_text and kept_.erasure == Erasure.KEEP and (field.max_length or 9999) > codes:  # type: ignore[union-attr]
                stay.add(f"{table.model._meta.label}.{name}")
    assert stay == {
        # codes and hashes
        "core.SubmittedForm.url", "core.StoredFile.sha256", "core.StoredFile.content_type",
        "documents.Document.fingerprint", "accounts.Event.words_hash", "accounts.Seal.hash",
        "people.SignOn.client_id", "people.SignOn.challenge", "imports.Import.headings_key",
        "socialaccount.SocialApp.provider_id", "socialaccount.SocialApp.client_id",
        "contenttypes.ContentType.app_label", "contenttypes.ContentType.model", "auth.Permission.name",
        "auth.Permission.codename", "auth.Group.name",
        # what places are called and where they are
        "boards.Board.name", "boards.Board.plan_name_en", "boards.Board.plan_name_fr", "schools.Family.name",
        "schools.School.name", "schools.School.street", "schools.School.town", "schools.School.website",
        "schools.School.search", "businesses.Business.name", "businesses.Business.town", "businesses.Business.website",
        "businesses.Business.search", "people.SignOn.domain", "people.SignOn.issuer",
        # the words of the questions
        "evaluation.Question.text_en", "evaluation.Question.text_fr", "evaluation.Question.partner_en",
        "evaluation.Question.partner_fr",
        # signatures
        "agreements.AgreedPromise.text", "agreements.AgreedObjective.goal", "agreements.AgreedObjective.measure",
        "agreements.AgreedRole.name", "agreements.AgreedRole.title", "agreements.RecordedYes.name",
    }  # fmt: skip


def test_the_way_from_a_row() -> None:
    get = apps.get_model
    board, business = get("boards", "Board"), get("businesses", "Business")
    assert kept.way(board, board) == "pk"
    assert kept.way(get("outreach", "Interaction"), business) == "prospect__business"
    assert kept.way(get("outbox", "Message"), board) == "board"
    assert kept.way(get("accounts", "User"), board) == ""


@pytest.mark.django_db
def test_what_is_about_a_row_is_asked_without_a_write() -> None:
    """Django makes the ContentType of a line between two rows when it is first asked for, even while one only looks."""
    between = [model for model in EVERY if model._meta.auto_created]
    assert between
    with writes() as written:
        for model in between:
            assert not apps.get_model("accounts", "Event")._default_manager.filter(kept.about(model, [1])).exists()
    assert written.statements == []
