"""Erasure leaves counts and signatures and nothing else: a canary's name stands in every text that may hold it, and
afterwards in none."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, models
from django.test import Client

from accounts.models import AccessLink, Event, EventWords, Membership, User
from accounts.permissions import Role
from agreements.models import AgreedRole, AgreementVersion, Clause, RecordedYes
from businesses.models import Contact
from core import facts
from core.kept import Erasure, tables
from engines.documents.models import Document
from engines.outbox.models import Message
from evaluation.models import Answer, Response
from outreach.models import Interaction, Meeting
from partnerships.models import Participation, Partnership, Session
from people import erasure, naming
from people.models import Invitation, LegalHold
from tests.factories import rows
from tests.factories.world import World

pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.usefixtures("standing")]
NAME, ADDRESS = "Zéphyrine Qualicum", "zephyrine.q@canary.example"
SAID = f"Ask {NAME} ({ADDRESS})."
SPOKEN = (NAME.lower(), NAME.upper().lower(), ADDRESS)
# A signature stays: who said yes, who stood for the agreement, and the words they said yes to.
SIGNATURES = {("agreements_agreedrole", "name"), ("agreements_recordedyes", "name"), ("agreements_clause", "text")}


@pytest.fixture
def canary(world: World, signed_in: Callable[[User], Client]) -> User:
    """Somebody who was a principal and then worked for the partner, has left, and stands everywhere."""
    user = world.user("ended")
    User.objects.filter(pk=user.pk).update(name=NAME, email=ADDRESS, title=f"Friend of {NAME}", last_login=rows.NOW)
    user.refresh_from_db()
    own = world.places["own"]
    _belonging(world, user, own)
    LegalHold.objects.update(
        lifted_at=rows.NOW, lifted_by=own.people["board_admin"]
    )  # one that stood would be in the way
    _everywhere(own)
    _signed(own, user)
    signed_in(user)
    pending = SessionStore()  # somebody waits for a code
    pending["account_login"] = {"email": ADDRESS}
    pending.save()
    return user


def _belonging(world: World, user: User, own: Any) -> None:
    """Rows of every table whose rows belong to a person."""
    contact = rows.contact(
        own.rows[Meeting].prospect.business, NAME, email=ADDRESS, phone="905 555 0100", title="Owner"
    )
    Contact.objects.filter(pk=contact.pk).update(user=user)
    rows.contact(own.rows[Meeting].prospect.business, NAME, email="")  # once more, by somebody in a hurry
    prospect, champion = own.rows[Meeting].prospect, own.people["champion"]
    rows.interaction(prospect, champion, "Her daughter plays the glockenspiel.", contact=contact)
    rows.meeting(
        prospect, "At the glockenspiel shop", contact=contact, what_happened="She laughed about the glockenspiel."
    )
    rows.invitation(own.board, Role.STAFF, own.people["principal"], name=NAME, email=ADDRESS, school=own.school)
    response = rows.response(own.rows[Response].evaluation, "school", user)  # type: ignore[arg-type]
    rows.answer(response, "More time for my glockenspiel", rating=3)
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=user, provider="sign-on-1", uid=ADDRESS, extra_data={"email": ADDRESS})
    UserSession.objects.create(user=user, ip="192.0.2.1", user_agent="Firefox", session_key="theirs", data={"is": NAME})
    AccessLink.objects.create(
        token_hash="canary", purpose="sign_in", user=user, expires_at=rows.NOW + timedelta(days=1)
    )
    Message.objects.create(
        board=own.board, kind="invitation", subject_type=rows.content_type(user), subject_id=user.pk, nudge="n",
        recipient=ADDRESS, reader=user, title=SAID, body=SAID, expires_at=rows.NOW + timedelta(days=1),
    )  # fmt: skip
    rows.participation(rows.session(own.rows[Session].year, user, SAID), user, note=SAID)
    for subject in (user, contact, Membership.objects.filter(user=user)[0]):
        facts.changed(subject, by=user, verb="edited", why=f"{NAME} → somebody")
    rows.document("executive_summary", own.rows[Meeting].prospect.initiative, champion, f"<p>{SAID}</p>")


def _everywhere(own: Any) -> None:
    """The canary's name and address in every text of every row of the place, as far as erasure looks through it."""
    for table in tables:
        row = own.rows.get(table.model)
        if row is None or table.model is EventWords:
            continue
        for name in table.texts():
            field: Any = table.model._meta.get_field(name)
            if isinstance(field, models.EmailField) or field.choices:
                continue
            room = field.max_length or len(SAID)
            text = SAID if len(SAID) <= room else NAME
            if len(text) <= room and not _is_code(table, name):
                table.model._base_manager.filter(pk=row.pk).update(**{name: text})


def _is_code(table: Any, name: str) -> bool:
    """A text people do not type."""
    return (table.model._meta.label, name) in {
        ("outbox.Message", "kind"),
        ("outbox.Message", "nudge"),
        ("reminders.Reminder", "rule"),
    }


def _signed(own: Any, user: User) -> None:
    version = own.rows[RecordedYes].version
    RecordedYes.objects.filter(version=version).update(name=NAME)
    AgreedRole.objects.filter(version=version).update(name=NAME)
    rows.clause(version, f"{NAME} stands for the school.", article="roles")
    rows.document("memorandum", version, user, f"Signed by {NAME}")


def found_in_the_database() -> set[tuple[str, str]]:
    """Table and column of everything that says the canary's name or address; every column of every table."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for values in cursor.fetchall():
                for name, value in zip(names, values, strict=True):
                    if any(word in str(value).lower() for word in SPOKEN):
                        found.add((table, name))
    return found


def found_in_files() -> Iterator[str]:
    for path in settings.STORED_FILES_DIR.rglob("*"):
        if path.is_file() and any(word in path.read_bytes().decode(errors="replace").lower() for word in SPOKEN):
            yield path.name


def found_in_sessions() -> list[Any]:
    store = SessionStore().model
    decoded = [session.get_decoded() for session in store.objects.all()]
    return [data for data in decoded if any(word in repr(data).lower() for word in SPOKEN)]


def named(world: World) -> naming.Named:
    return naming.somebody(ADDRESS, world.places["own"].board.pk)


def test_the_canary_stands_everywhere_first(world: World, canary: User) -> None:
    """Every text erasure looks through holds the canary before, or the test after would prove nothing."""
    found = found_in_the_database()
    for table in tables:
        if table.model not in world.places["own"].rows and not table.of:
            continue
        for name in table.texts():
            field: Any = table.model._meta.get_field(name)
            too_short = (field.max_length or 999) < len(NAME)
            if field.choices or too_short or _is_code(table, name):
                continue
            column = (table.model._meta.db_table, field.column)
            if not isinstance(field, models.EmailField) and name not in NOT_SEEDED:
                assert column in found, column
    assert found >= SIGNATURES
    assert found_in_sessions()


NOT_SEEDED = {"because", "user_agent", "phone", "ip", "subject_name", "details", "provider"}


def test_of_the_canary_only_counts_and_signatures_stay(
    world: World, canary: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    tables_before = counts()
    signed = Document.objects.get(kind="memorandum")
    with django_capture_on_commit_callbacks(execute=True):
        touched = erasure.erase(named(world), by=world.user("board_admin"), also=["glockenspiel"])
    assert touched > 20
    assert found_in_the_database() == SIGNATURES
    assert list(found_in_files()) != []
    assert set(found_in_files()) == {file.sha256 for file in (signed.html, signed.pdf) if file}
    assert found_in_sessions() == []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "glockenspiel" not in str(cursor.fetchall()).lower(), table
    theirs: list[Any] = [Authenticator, SocialAccount, UserSession, EmailAddress, AccessLink]
    for model in theirs:
        assert not model.objects.filter(user=canary).exists(), model
    assert not Message.objects.filter(reader=canary).exists()
    # As many rows as before, but for what is deleted as a whole.
    after = counts()
    deleted = {table.model._meta.label for table in tables if table.is_deleted} | {
        "documents.Document", "core.StoredFile", "reminders.DigestLine",
    }  # fmt: skip
    assert {label for label, n in tables_before.items() if after[label] < n} <= deleted
    assert RecordedYes.objects.filter(name=NAME).exists()
    assert Participation.objects.filter(reported_by=canary, students=20, hours=6).exists()
    assert Answer.objects.filter(response__person=canary, rating=3, help="").exists()


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def test_nobody_signs_in_to_the_account_any_more(world: World, canary: User, client: Client) -> None:
    erasure.erase(named(world), by=world.user("board_admin"))
    canary.refresh_from_db()
    assert (canary.name, canary.title, canary.is_active, canary.last_login) == ("Erased person", "", False, None)
    assert canary.email == f"erased-{canary.pk}@erased.invalid"
    assert not canary.has_usable_password()
    waiting = Invitation.objects.waiting()
    assert not [one for one in waiting if "erased" in one.email]


def test_the_trail_says_that_somebody_was_erased_and_not_who(world: World, canary: User) -> None:
    admin = world.user("board_admin")
    erasure.erase(named(world), by=admin)
    event = Event.objects.filter(verb="erased", subject_id=canary.pk, subject_type=rows.content_type(canary)).get()
    assert (event.subject_name, event.by) == ("Erased person", admin)
    about = Event.objects.filter(subject_id=canary.pk, subject_type=rows.content_type(canary)).exclude(verb="erased")
    assert {(event.subject_name, event.why) for event in about} == {("", "")}


def test_others_keep_their_name_and_words(world: World, canary: User) -> None:
    """A colleague of the same name, a neighbour board's contact, and words that only begin alike."""
    namesake = rows.user(NAME)
    rows.member(namesake, Role.STAFF, world.places["own"].board, school=world.places["own"].school)
    far = rows.contact(world.places["far"].rows[Partnership].business, NAME, email=ADDRESS)
    own = world.places["own"].rows
    said = rows.interaction(own[Meeting].prospect, world.user("champion"), f"{NAME}ton called; {NAME} did not.")
    erasure.erase(named(world), by=world.user("board_admin"))
    for row in (namesake, far, said):
        row.refresh_from_db()
    assert (namesake.name, namesake.is_active) == (NAME, True)
    assert (far.name, far.email) == (NAME, ADDRESS)
    assert said.notes == f"{NAME}ton called; [erased] did not."


def test_a_person_without_account_or_address_is_found_by_name(world: World) -> None:
    business = world.places["own"].rows[Partnership].business
    contact = rows.contact(business, "Iris van Chen", email="")
    said = rows.interaction(world.places["own"].rows[Meeting].prospect, world.user("champion"), "x", contact=contact)
    found = naming.somebody("iris  van chen", world.places["own"].board.pk)
    assert found.is_known
    erasure.erase(found, by=world.user("board_admin"))
    contact.refresh_from_db()
    said.refresh_from_db()
    assert (contact.name, said.notes) == ("Erased person", "")


def test_a_name_of_several_people_is_refused(world: World) -> None:
    business = world.places["own"].rows[Partnership].business
    for _ in range(2):
        rows.contact(business, "Iris Chen")
    with pytest.raises(naming.Several):
        naming.somebody("Iris Chen", world.places["own"].board.pk)


# ── Who may not be forgotten now ──


def refused(world: World, address: str = ADDRESS) -> list[str]:
    with pytest.raises(erasure.Refused) as refusal:
        erasure.erase(naming.somebody(address, world.places["own"].board.pk), by=world.user("board_admin"))
    return refusal.value.messages


def test_whoever_holds_a_role_stays(world: World, canary: User) -> None:
    before = found_in_the_database()
    rows.member(canary, Role.STAFF, world.places["own"].board, school=world.places["own"].school)
    assert refused(world) == ["They hold a role. End it first, and hand over what they carry."]
    assert found_in_the_database() == before


def test_whoever_worked_for_another_board_stays(world: World, canary: User) -> None:
    far = world.places["far"]
    rows.member(canary, Role.STAFF, far.board, school=far.school, is_lead=False, ended_at=rows.NOW)
    assert len(refused(world)) == 1


@pytest.mark.parametrize("on", ["person", "address", "business"])
def test_a_legal_hold_stands_in_the_way(on: str, world: World, canary: User) -> None:
    own = world.places["own"]
    subjects: dict[str, Any] = {
        "person": canary, "address": own.rows[Contact].email, "business": own.rows[Partnership].business,
    }  # fmt: skip
    # The words of the held contact's meeting name the canary.
    hold = LegalHold.objects.create(
        board=own.board, reason="A case", placed_by=world.user("board_admin"), **{on: subjects[on]}
    )
    assert refused(world) == ["A legal hold stands on them, or on rows that name them. Lift it first."]
    LegalHold.objects.filter(pk=hold.pk).update(lifted_at=rows.NOW, lifted_by=hold.placed_by)
    assert erasure.in_the_way(named(world)) == []


def test_a_signed_agreement_stays_word_for_word(world: World, canary: User) -> None:
    own = world.places["own"].rows
    draft = rows.clause(own[AgreementVersion], f"{NAME} helps.", article="help")
    signed = Clause.objects.get(article="roles")
    erasure.erase(named(world), by=world.user("board_admin"))
    assert Clause.objects.get(pk=signed.pk).text == f"{NAME} stands for the school."
    assert Clause.objects.get(pk=draft.pk).text == "[erased] helps."


def test_what_is_declared_to_stay_is_a_signature_or_no_word_of_a_person() -> None:
    kinds = {
        kept.kind.value
        for table in tables
        for name, kept in table.fields.items()
        if kept.erasure == Erasure.KEEP and isinstance(table.model._meta.get_field(name), models.TextField)
    }
    assert kinds <= {"technical", "none", "organisation", "contact"}


def test_a_call_with_them_is_emptied_and_still_counts(world: World, canary: User) -> None:
    calls = Interaction.objects.filter(contact__email=ADDRESS)
    pks = list(calls.values_list("pk", flat=True))
    erasure.erase(named(world), by=world.user("board_admin"))
    assert [call.notes for call in Interaction.objects.filter(pk__in=pks)] == [""] * len(pks)
    assert len(pks) == 1
