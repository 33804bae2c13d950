"""What is past its term goes, every night, and nothing a day before; a dry run counts; a legal hold keeps it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session as SignedIn
from django.core.management import call_command
from django.db import models

from accounts import links
from accounts.models import AccessLink, Event, EventWords, Membership
from accounts.permissions import Role
from core import clock, stored_files
from core.kept import past
from core.models import SubmittedForm
from engines.outbox.models import Message
from engines.reminders.models import Reminder
from evaluation.models import Answer, Choice
from outreach.models import Interaction, Meeting, Prospect, Stage
from people import retention
from people.models import AccessRequest, LegalHold
from tests.factories import rows
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
NOW, DAY = rows.NOW, timedelta(days=1)


def message(world: World, title: str = "What is due") -> Message:
    champion = world.places["own"].people["champion"]
    return Message.objects.create(
        board=world.places["own"].board, kind="digest", subject_type=rows.content_type(champion),
        subject_id=champion.pk, nudge="2026-03-10", recipient=champion.email, reader=champion, title=title,
        state="sent", sent_at=NOW, planned_at=NOW, next_try_at=None, expires_at=NOW + 3 * DAY,
    )  # fmt: skip


def link(world: World) -> AccessLink:
    return AccessLink.objects.create(token_hash=links.hashed("a"), purpose="sign_in", expires_at=NOW)


def absence(world: World) -> Any:
    people = world.places["own"].people
    held = Membership.objects.filter(user=people["staff"])[0]
    return rows.absence(held, people["champion"], starts_on=rows.TODAY - DAY, ends_on=rows.TODAY)


def event(world: World) -> EventWords:
    own = world.places["own"]
    made = rows.event(own.school, own.people["champion"], why="Because", name="Riverbend", board=own.board, at=NOW)
    return made.words


def document(world: World) -> Any:
    own = world.places["own"]
    initiative = rows.initiative(own.school, "On paper")
    made = rows.document("executive_summary", initiative, own.people["champion"], "Only here, and nowhere else")
    type(made).objects.filter(pk=made.pk).update(asked_at=NOW, next_try_at=None)
    return made


def settled(world: World) -> Reminder:
    own = world.places["own"]
    prospect = rows.prospect(rows.initiative(own.school), rows.business(own.board), own.people["champion"])
    made = rows.reminder(prospect, own.people["champion"])
    Reminder.objects.filter(pk=made.pk).update(settled_at=NOW)
    return made


def call(world: World) -> Interaction:
    own = world.places["own"].rows
    return rows.interaction(own[Prospect], world.places["own"].people["champion"], "They laughed.", happened_at=NOW)


def meeting(world: World) -> Meeting:
    own = world.places["own"].rows
    return rows.meeting(own[Prospect], starts_at=NOW, what_happened="They laughed.")


def declined(world: World) -> Prospect:
    own = world.places["own"]
    fields = {
        "stage": Stage.DECLINED,
        "stage_since": NOW,
        "closed_why": "No time",
        "next_step": "",
        "next_step_on": None,
    }
    return rows.prospect(rows.initiative(own.school), rows.business(own.board), own.people["champion"], **fields)


def signed_in_nowhere(world: World) -> UserSession:
    return UserSession.objects.create(
        user=world.places["own"].people["staff"], ip="192.0.2.1", user_agent="Firefox", session_key="ended"
    )


def answered(world: World, model: type[models.Model]) -> Any:
    return world.places["own"].rows[model]


def of_privacy(world: World, model: Any, **fields: Any) -> Any:
    own = world.places["own"]
    business = rows.business(own.board)
    return model.objects.create(board=own.board, business=business, **fields)


Make = Callable[[World], Any]
# For each rule a row of the moment from which its term runs.
MADE: dict[str, Make] = {
    "forms": lambda world: SubmittedForm.objects.create(submitted_at=NOW),
    "sessions": lambda world: SignedIn.objects.create(session_key="over", session_data="", expire_date=NOW),
    "links": link,
    "days_away": absence,
    "support": lambda world: rows.support(
        world.places["own"].board, world.user("operator"), starts_at=NOW - DAY, ends_at=NOW, ran_out_at=NOW
    ),
    "words_of_events": event,
    "words_of_mail": message,
    "mail": lambda world: message(world, title=""),  # its words went before it
    "documents": document,
    "calendar_files": lambda world: rows.calendar_file(world.places["own"].board),
    "imports": lambda world: rows.imported(
        world.places["own"].board, world.user("board_admin"), "only-here.csv", uploaded_at=NOW
    ),
    "reminders": settled,
    "invitations": lambda world: rows.invitation(
        world.places["own"].board, Role.STAFF, world.user("principal"), school=world.places["own"].school,
        withdrawn_at=NOW,
    ),
    "browsers": signed_in_nowhere,
    "holds": lambda world: of_privacy(
        world, LegalHold, reason="A case", placed_by=world.user("board_admin"), lifted_by=world.user("board_admin"),
        lifted_at=NOW,
    ),
    "access_requests": lambda world: of_privacy(world, AccessRequest, made_by=world.user("board_admin"), made_at=NOW),
    "words_of_calls": call,
    "words_of_meetings": meeting,
    "words_of_closing": declined,
    "words_of_answers": lambda world: answered(world, Answer),
    "words_of_choices": lambda world: answered(world, Choice),
}  # fmt: skip
RULES = dict(past.items())


def test_every_rule_is_tried() -> None:
    assert set(MADE) == set(RULES)


def as_it_is(row: Any) -> dict[str, Any] | None:
    """The values of the row now; None once it is gone."""
    return type(row)._base_manager.filter(pk=row.pk).values().first()


@pytest.mark.parametrize("name", RULES)
def test_what_is_past_its_term_goes(name: str, world: World) -> None:
    rule, row = RULES[name], MADE[name](world)
    before = as_it_is(row)
    assert rule.term.after is not None
    assert before is not None
    if rule.term.after:
        with clock.standing_at(NOW + rule.term.after - DAY):
            retention.run([rule])
    with clock.standing_at(NOW + rule.term.after + 3 * DAY):
        (would,) = retention.run([rule], dry=True)
        assert would.ended >= 1
        assert as_it_is(row) == before  # a dry run changes nothing, nor did the night before
        retention.run([rule])
        after = as_it_is(row)
        if rule.blank:
            assert after is not None
            attnames = [rule.model._meta.get_field(name).attname for name in rule.blank]  # type: ignore[union-attr]
            assert not any(after[name] for name in attnames)
        else:
            assert after is None
        assert [done.ended for done in retention.run([rule])] == [0]


def test_what_has_not_ended_stays(world: World) -> None:
    """However old: a message that waits, a debt that is open, a hold that stands, a session that goes on."""
    own = world.places["own"].rows
    hold = of_privacy(world, LegalHold, reason="A case", placed_by=world.user("board_admin"))
    waiting, open_ = own[Message], own[Reminder]
    going_on = SignedIn.objects.create(session_key="on", session_data="", expire_date=NOW + timedelta(days=9999))
    browser = UserSession.objects.create(
        user=world.user("staff"), ip="192.0.2.1", user_agent="Firefox", session_key=going_on.session_key
    )
    prospect = Prospect.objects.get(pk=own[Prospect].pk)
    Prospect.objects.filter(pk=prospect.pk).update(closed_why="Open again")
    with clock.standing_at(NOW + timedelta(days=9000)):
        retention.run()
    for row in (hold, waiting, open_, going_on, browser):
        assert as_it_is(row) is not None
    prospect.refresh_from_db()
    assert prospect.closed_why == "Open again"


def test_the_trail_says_how_many_went_and_not_of_whom(world: World) -> None:
    call(world)  # a third one in this board
    with clock.standing_at(NOW + timedelta(days=8 * 365)):
        retention.run()
    said = Event.objects.filter(verb="retention", board=world.places["own"].board)
    assert "words_of_calls: 3" in set(said.values_list("words__why", flat=True))
    assert {event.by for event in said} == {None}


def test_files_of_a_document_go_with_it(world: World, django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    made = document(world)
    file = made.pdf
    assert stored_files.read(file)
    with clock.standing_at(NOW + timedelta(days=3 * 365)), django_capture_on_commit_callbacks(execute=True):
        retention.run()
    assert as_it_is(made) is None
    assert as_it_is(file) is None
    with pytest.raises(stored_files.FileDamaged):
        stored_files.read(file)


@pytest.mark.parametrize("on", ["business", "person", "address"])
def test_a_legal_hold_keeps_what_names_its_subject(on: str, world: World) -> None:
    said = call(world)
    said.contact = world.places["own"].rows[Meeting].contact
    said.save(update_fields=["contact"])
    near = Interaction.objects.get(pk=world.places["near"].rows[Interaction].pk)
    subjects: dict[str, dict[str, Any]] = {
        "business": {"business": said.prospect.business},
        "person": {"person": said.logged_by},
        "address": {"address": said.contact.email},
    }
    subject = subjects[on]
    hold = LegalHold.objects.create(
        board=world.places["own"].board, reason="A case", placed_by=world.user("board_admin"), **subject
    )
    with clock.standing_at(NOW + timedelta(days=8 * 365)):
        held = {done.rule.name: done.held for done in retention.run(dry=True)}
        assert held["words_of_calls"] >= 1
        retention.run()
        said.refresh_from_db()
        near.refresh_from_db()
        assert (said.notes, near.notes) == ("They laughed.", "")
        LegalHold.objects.filter(pk=hold.pk).update(lifted_at=clock.now(), lifted_by=hold.placed_by)
        retention.run()
        said.refresh_from_db()
        assert said.notes == ""


def test_a_form_opened_before_does_not_bring_words_back(world: World) -> None:
    said = call(world)
    with clock.standing_at(NOW + timedelta(days=8 * 365)):
        retention.run()
    assert Interaction.objects.get(pk=said.pk).version == said.version + 1


def test_the_command_counts_and_acts(world: World) -> None:
    row = link(world)
    with clock.standing_at(NOW + timedelta(days=31)):
        told = io.StringIO()
        call_command("retention", "--dry-run", stdout=told)
        assert "Links that let nobody in any more, 30 days" in told.getvalue()
        assert "Nothing was changed." in told.getvalue()
        assert as_it_is(row) is not None
        call_command("retention", stdout=io.StringIO())
        assert as_it_is(row) is None
