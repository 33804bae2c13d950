"""A whole world joins: what is declared to change changes, every other value of every row stays what it was."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts import chain, events
from accounts.models import AccessLink, Event, EventWords, Membership, Seal, SupportGrant, User
from accounts.permissions import Role
from boards.models import Board, CalendarFile, ClosedPeriod, Rate, StrategicGoal, YearPart
from core import stored_files
from demo import joining
from demo.joining import FATES, OF_A_BOARD, Fate
from engines.documents.models import Document
from engines.imports.models import Import
from engines.reminders.models import Reminder
from outreach.models import Interaction, Meeting
from people import erasure, memberships, naming
from people.models import Invitation, SignOn
from schools.models import Family, Goal, ImprovementGoal, Initiative, Joining, School
from tests.factories import rows
from tests.factories.models import owned
from tests.factories.world import HELD_AT, World, mark
from tests.test_who_sees_what import may_know, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]
Model = type[models.Model]
Rows = dict[tuple[Model, Any], dict[str, Any]]
EVERY: list[Model] = list(apps.get_models(include_auto_created=True))


def keys_to_a_board() -> Iterator[str]:
    """Every key to a board, or to a row that stays with the one that is left."""
    for model in EVERY:
        for field in model._meta.concrete_fields:
            if field.related_model in OF_A_BOARD:
                yield f"{model._meta.label}.{field.name}"


def test_every_key_to_a_board_is_decided_about() -> None:
    assert set(keys_to_a_board()) == set(FATES)


def test_every_row_that_comes_along_is_moved() -> None:
    """What the table says comes along is what is moved, and each is told or an engine's."""
    comes = {apps.get_model(key.rpartition(".")[0]) for key, fate in FATES.items() if fate == Fate.COMES}
    assert comes == {School, *joining.TOLD, *joining.UNTOLD}


# ── Before and after ──


def everything() -> Rows:
    """Every value of every row."""
    return {
        (model, row.pk): {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        for model in EVERY
        for row in model._base_manager.all()
    }


def crossing() -> list[str]:
    """The keys that lead from a row of one board to a row of another. What is written once, and what names both boards,
    may; so may whatever is about the board that was left."""
    found = []
    for model in owned():
        for row in model._base_manager.all():
            board = row.chain().board  # type: ignore[attr-defined]
            for field in model._meta.concrete_fields:
                target: Any = getattr(row, field.name) if field.is_relation else None
                if target is None or not hasattr(target, "chain") or _may_cross(model, field.name):
                    continue
                if target.chain().board not in (board, None):
                    found.append(f"{model._meta.label} {row.pk}.{field.name}")
            for many in model._meta.local_many_to_many:
                for target in getattr(row, many.name).all():
                    if target.chain().board != board:
                        found.append(f"{model._meta.label} {row.pk}.{many.name}")
    return found


def _may_cross(model: Model, name: str) -> bool:
    return model in (Event, Seal) or FATES.get(f"{model._meta.label}.{name}") == Fate.KEPT or (
        model is Joining and name == "school"
    )  # fmt: skip


def subjects_elsewhere() -> list[str]:
    """Rows about a row of another board, by the key that can lead anywhere."""
    found = []
    for model in owned():
        if model is Event or not hasattr(model, "subject_type"):
            continue
        for row in model._base_manager.exclude(subject_id=None):
            about: Any = row.subject_type.model_class()._base_manager.filter(pk=row.subject_id).first()  # type: ignore[attr-defined]
            own = row.chain().board  # type: ignore[attr-defined]
            if hasattr(about, "chain") and own is not None and about.chain().board != own:
                found.append(f"{model._meta.label} {row.pk}")
    return found


class Joined:
    """The world in which the school of `far` joined the board of `own`, and how it was before."""

    def __init__(self, world: World) -> None:
        self.world, self.far, self.own = world, world.places["far"], world.places["own"]
        self.by = world.user("board_admin", "far")
        self.admin = world.user("board_admin", "own")
        waiting = rows.invitation(self.far.board, Role.OFFICE, self.by, "Waits at the board")
        mine = rows.invitation(self.far.board, Role.STAFF, self.by, "Waits at the school", school=self.far.school)
        self.waiting, self.mine = waiting, mine
        chain.extend_all()
        asked = joining.ask(Joining(board=self.own.board, meant_for="Far"), by=self.admin)
        chain.extend_all()
        self.before, self.crossing = everything(), crossing()
        link = AccessLink.objects.get(purpose=AccessLink.Purpose.JOIN, subject_id=asked.pk)
        joining.accept(link, asked, School.objects.get(pk=self.far.school.pk), by=self.by)
        self.after, self.asked = everything(), Joining.objects.get(pk=asked.pk)


@pytest.fixture
def joined(world: World, db: None) -> Joined:
    return Joined(world)


# What may change in a row beside the keys of FATES, and why it does.
MAY_CHANGE: dict[Model, set[str]] = {
    Board: {"joined_to_id", "joined_at", "version", "has_joined_here"},
    School: {"version"},
    apps.get_model("businesses", "Business"): {"version"},
    Goal: {"flowed_into", "version"},
    ImprovementGoal: {"flowed_into", "version"},
    Membership: {"ended_at"},
    apps.get_model("accounts", "Absence"): {"called_off_at"},
    Invitation: {"withdrawn_at"},
    Joining: {"joined_at", "joined_by_id", "school_id", "came_from_id", "withdrawn_at"},
    AccessLink: {"uses", "revoked_at"},
    SignOn: {"is_on", "verified_at", "check_due_at", "version"},
    Reminder: {"due_on", "mail_at", "last_mailing", "settled_at", "owed_by_id"},  # the calendar is another
}
MAY_COME = {Event, EventWords, Membership, Reminder}
MAY_GO = {Goal.strategic_goals.through, ImprovementGoal.strategic_goals.through}


def test_only_what_is_declared_changes(joined: Joined) -> None:
    before, after = joined.before, joined.after
    assert {model for model, pk in before if (model, pk) not in after} == MAY_GO
    assert {model for model, pk in after if (model, pk) not in before} <= MAY_COME
    changed: dict[str, set[str]] = {}
    for (model, pk), values in before.items():
        now = after.get((model, pk), values)
        for name in values:
            if now[name] != values[name]:
                changed.setdefault(model._meta.label, set()).add(name)
    for label, names in changed.items():
        moved = {
            f"{key.rpartition('.')[2]}_id" for key, fate in FATES.items()
            if key.rpartition(".")[0] == label and fate in (Fate.COMES, Fate.EMPTIED)
        }  # fmt: skip
        assert names - moved - MAY_CHANGE.get(apps.get_model(label), set()) == set(), label
    assert {"schools.School", "businesses.Business", "people.LegalHold", "documents.Document"} <= set(changed)
    assert {"outreach.Interaction", "agreements.RecordedYes", "accounts.Event"} & set(changed) == set()


def test_the_domain_is_free_for_the_board_that_goes_on(joined: Joined) -> None:
    left = SignOn.objects.get(board=joined.far.board)
    assert (left.is_on, left.verified_at, left.check_due_at) == (False, None, None)
    SignOn.objects.create(board=joined.own.board, domain=left.domain, issuer="https://x.example", verified_at=rows.NOW)


def test_rows_of_other_boards_are_not_touched(joined: Joined) -> None:
    left = joined.far.board.pk
    touched = {
        (model, pk)
        for (model, pk), values in joined.before.items()
        if model in owned() and joined.after.get((model, pk), values) != values and values.get("board_id", left) != left
    }
    link = AccessLink.objects.get(purpose=AccessLink.Purpose.JOIN, subject_id=joined.asked.pk)
    assert touched == {(AccessLink, link.pk), (Joining, joined.asked.pk)}


def test_no_key_crosses_boards(joined: Joined) -> None:
    assert joined.crossing == []
    assert crossing() == []
    assert subjects_elsewhere() == []


def test_a_key_that_crosses_would_be_seen(world: World) -> None:
    """The test of the test."""
    own, far = world.places["own"], world.places["far"]
    School.objects.filter(pk=own.school.pk).update(family=far.family)
    assert f"schools.School {own.school.pk}.family" in crossing()


def test_nothing_is_left_with_the_board_but_what_stays(joined: Joined) -> None:
    left = joined.far.board
    found = {
        f"{model._meta.label}.{field.name}"
        for model in owned()
        for field in model._meta.concrete_fields
        if field.related_model is Board and model._base_manager.filter(**{field.name: left}).exists()
    }
    stays = {key for key, fate in FATES.items() if fate in (Fate.STAYS, Fate.KEPT)}
    assert found - stays == {"accounts.Membership.board", "people.Invitation.board"}
    assert not Membership.objects.current().filter(board=left).exists()
    assert not Invitation.objects.waiting().filter(board=left).exists()
    assert set(Invitation.objects.waiting().filter(school=joined.far.school).values_list("pk", flat=True)) >= {
        joined.mine.pk
    }


def test_what_is_signed_and_made_is_byte_for_byte_the_same(joined: Joined) -> None:
    made = Document.objects.filter(school=joined.far.school).exclude(pdf=None)
    assert made
    for document in made:
        assert document.pdf is not None
        assert document.pdf_id == joined.before[Document, document.pk]["pdf_id"]
        stored_files.read(document.pdf)  # raises for other bytes than were stored
    for label in ("agreements", "evaluation"):
        for model in apps.get_app_config(label).get_models():
            for row in model._base_manager.all():
                now = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
                assert now == joined.before[model, row.pk]


def test_events_keep_their_chain_and_both_chains_hold(joined: Joined) -> None:
    for model in (Event, Seal, EventWords):
        for row in model._base_manager.all():
            was = joined.before.get((model, row.pk))
            if was is not None:
                now = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
                assert now == was
    assert chain.extend_all() > 5
    boards = [joined.far.board.pk, joined.own.board.pk]
    assert chain.check(boards) == []
    assert [chain.verify(board) for board in boards] == [None, None]
    assert all(Seal.objects.filter(board=board).exists() for board in boards)


def test_one_event_in_each_board_names_the_other(joined: Joined) -> None:
    school, left, board = joined.far.school, joined.far.board, joined.own.board
    told = Event.objects.filter(subject_type=rows.content_type(school), subject_id=school.pk, by=joined.by)
    said = {(event.board_id, event.verb, event.why) for event in told}
    assert said == {
        (left.pk, "left for another board", board.name),
        (board.pk, "joined the board", left.name),
    }
    last = Event.objects.filter(board=left).order_by("-pk")[0]
    assert last.verb == "left for another board"


def test_every_row_that_moved_is_told_of(joined: Joined) -> None:
    for model in joining.TOLD:
        moved = [
            pk for (of, pk), values in joined.before.items()
            if of is model and values["board_id"] == joined.far.board.pk
            and joined.after[model, pk]["board_id"] == joined.own.board.pk
        ]  # fmt: skip
        assert moved, model
        kind = rows.content_type(model._base_manager.get(pk=moved[0]))
        told = Event.objects.filter(verb="came along", by=joined.by, board=joined.own.board, subject_type=kind)
        assert set(moved) <= set(told.values_list("subject_id", flat=True)), model


# ── Who sees what afterwards ──

STAYED = {
    *(Board, Family, StrategicGoal, Rate, ClosedPeriod, YearPart, CalendarFile, Joining, SignOn, SupportGrant, Import),
}
KEEPS = ("principal", "vice_principal", "champion", "staff", "office_school", "assistant_school", "partner")


def knows(user: User, model: Model, row: Any) -> bool:
    return bool(model._default_manager.visible_to(user).filter(pk=row.pk).exists())  # type: ignore[attr-defined]


def moved_rows(joined: Joined) -> Iterator[tuple[Model, Any]]:
    return ((model, joined.far.rows[model]) for model in owned() if model not in STAYED)


@pytest.mark.parametrize("role", HELD_AT)
def test_people_of_the_board_know_of_it_what_they_know_of_a_neighbour(role: str, joined: Joined) -> None:
    user = joined.world.user(role, "own")
    wrong = []
    for model, row in moved_rows(joined):
        should = may_know(model.__name__, role, "own", "near")
        if model in (Event, EventWords) and role != "board_admin":
            should = False
        if knows(user, model, row) != should:
            wrong.append(model.__name__)
    assert wrong == []
    for model in STAYED:
        assert not knows(user, model, joined.far.rows[model]), model


@pytest.mark.parametrize("role", KEEPS)
def test_people_of_the_school_know_what_they_knew_and_the_board(role: str, joined: Joined) -> None:
    user = joined.world.user(role, "far")
    wrong = [
        model.__name__ for model, row in moved_rows(joined)
        if knows(user, model, row) != may_know(model.__name__, role, "far", "far")
    ]  # fmt: skip
    wrong += [
        f"{model.__name__} of the board" for model in owned()
        if knows(user, model, joined.own.rows[model]) != may_know(model.__name__, role, "near", "own")
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("role", ["superintendent", "assistant_family", "board_admin"])
def test_whose_role_was_held_in_the_board_that_was_left_knows_nothing_more(role: str, joined: Joined) -> None:
    user = joined.world.user(role, "far")
    mine = {User, Membership, Reminder, AccessLink}
    assert [model.__name__ for model, row in moved_rows(joined) if model not in mine and knows(user, model, row)] == []


def test_the_office_of_the_board_is_the_office_of_the_school(joined: Joined) -> None:
    user = joined.world.user("office_board", "far")
    assert [(m.role, m.school_id, m.board_id) for m in user.access.memberships] == [
        (Role.OFFICE, joined.far.school.pk, joined.own.board.pk)
    ]
    assert knows(user, Initiative, joined.far.rows[Initiative])


def test_old_addresses_work_as_before(joined: Joined, signed_in: SignIn) -> None:
    browser = signed_in(joined.world.user("champion", "far"))
    for model, name in [(School, "school"), (Initiative, "initiative"), (Interaction, "interaction_edit")]:
        assert browser.get(reverse(name, args=[joined.far.rows[model].pk])).status_code == 200
    for name in ("prospect", "partnership", "agreement", "evaluation"):
        row = joined.far.rows[next(m for m in owned() if m.__name__.lower().startswith(name))]
        assert browser.get(reverse(name, args=[row.pk])).status_code == 200
    assert browser.get(reverse("board", args=[joined.far.board.pk])).status_code == 404
    assert browser.get(reverse("board", args=[joined.own.board.pk])).status_code == 200
    partner = signed_in(joined.world.user("partner", "far"))
    page = partner.get(reverse("partnership", args=[joined.far.rows[_model("Partnership")].pk]))
    assert page.status_code == 200


def _model(name: str) -> Any:
    return next(model for model in owned() if model.__name__ == name)


def test_the_administrator_sees_the_school_and_not_what_was_said(joined: Joined, signed_in: SignIn) -> None:
    browser = signed_in(joined.world.user("board_admin", "own"))
    assert mark("far", School) in text_of(browser.get(reverse("school", args=[joined.far.school.pk])))
    page = text_of(browser.get(reverse("prospect", args=[joined.far.rows[_model("Prospect")].pk])))
    assert mark("far", Interaction) not in page
    assert mark("far", Meeting) not in page
    listed = text_of(browser.get(reverse("joinings", args=[joined.own.board.pk])))
    assert mark("far", School) in listed
    assert joined.far.board.name.lower() in listed


def test_the_trail_is_read_on(joined: Joined, signed_in: SignIn) -> None:
    chain.extend_all()
    chain.check([joined.far.board.pk, joined.own.board.pk])
    for role, at in (("principal", "far"), ("board_admin", "own")):
        page = text_of(signed_in(joined.world.user(role, at)).get(reverse("trail")))
        assert "took a school to another board" in page
        assert joined.far.board.name.lower() in page
        assert "does not hold" not in page
        file = text_of(signed_in(joined.world.user(role, at)).get(reverse("trail_csv")))
        assert mark("far", EventWords) in file
    stranger = text_of(signed_in(joined.world.user("principal", "near")).get(reverse("trail")))
    assert joined.far.board.name.lower() not in stranger


def test_where_goals_led_stays_as_text(joined: Joined, signed_in: SignIn) -> None:
    goal = Goal.objects.get(pk=joined.far.rows[Goal].pk)
    own = ImprovementGoal.objects.get(pk=joined.far.rows[ImprovementGoal].pk)
    strategic = joined.far.rows[StrategicGoal]
    assert goal.flowed_into == own.flowed_into == str(strategic)
    assert not goal.strategic_goals.exists()
    assert goal.improvement_goals.get() == own
    browser = signed_in(joined.world.user("champion", "far"))
    for page in (("initiative", joined.far.rows[Initiative].pk), ("school", joined.far.school.pk)):
        assert strategic.title.lower() in text_of(browser.get(reverse(page[0], args=[page[1]])))


def test_a_form_opened_before_does_not_bring_the_old_board_back(world: World, signed_in: SignIn) -> None:
    school = world.places["far"].school
    browser = signed_in(world.user("champion", "far"))
    shown: Any = browser.get(reverse("school_edit", args=[school.pk])).context["form"]
    joined = Joined(world)
    sent = {name: shown[name].value() or "" for name in shown.fields} | {"name": "Another name"}
    answer = browser.post(reverse("school_edit", args=[school.pk]), sent)
    assert answer.status_code == 422
    assert School.objects.get(pk=school.pk).board_id == joined.own.board.pk


def test_a_person_of_the_school_can_be_forgotten_in_the_trail_it_left(joined: Joined) -> None:
    staff = joined.world.user("staff", "far")
    event = Event.objects.filter(board=joined.far.board).order_by("pk")[0]
    with_name = rows.event(joined.far.school, joined.by, name=f"About {staff.name}", board=joined.far.board)
    chain.extend_all()
    for membership in Membership.objects.current().filter(user=staff):
        memberships.end(membership, by=joined.admin)
    named = naming.account(staff, joined.own.board.pk)
    assert joined.far.board.pk in named.boards
    erasure.erase(named, by=joined.admin)
    assert EventWords.objects.get(pk=with_name.pk).subject_name == ""
    assert events.words_hash(EventWords.objects.get(pk=event.pk))
    chain.extend_all()
    assert chain.verify(joined.far.board.pk) is None
