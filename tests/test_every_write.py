"""Every write leaves an Event: who did it, in the transaction of the change.

Each page that writes is sent once as it would be by somebody who may; what changed in the rows a board owns is found by
looking at all of them before and after.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AccessLink, Event, EventWords, User
from agreements.models import (
    AgreedObjective,
    AgreedPromise,
    AgreedRole,
    Clause,
    RecordedYes,
)
from engines.outbox.models import Message
from engines.reminders.models import DigestLine, Reminder
from evaluation.models import Answer, Choice
from outreach.models import FollowUp, Meeting, Prospect, Stage
from partnerships.models import Participation
from people.models import SignOn
from schools.models import Goal, Initiative, KeyPerson, Measure
from tests.factories import rows
from tests.factories.models import owned
from tests.factories.pages import ROLES, OpenForm, named, open_forms, pages
from tests.factories.sent import Sent, filled, make_ready, with_token
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing"), pytest.mark.xdist_group("every_write")]

# Rows the engines keep: they follow from facts and are no fact themselves. The Event itself is the trail.
KEPT_BY_ENGINES: set[type[models.Model]] = {Message, Reminder, DigestLine, Event, EventWords}
# Values worked out from other rows when these are written.
KEPT_TOTALS: dict[type[models.Model], set[str]] = {Prospect: {"last_contact_at"}, SignOn: {"check_due_at"}}
# A row that is part of another: the Event is the other's, and its verb names the part.
PART_OF: dict[type[models.Model], str] = {
    FollowUp: "meeting",
    Participation: "session",
    RecordedYes: "version",
    Choice: "evaluation",
    Answer: "response",
    AgreedPromise: "version",
    AgreedObjective: "version",
    AgreedRole: "version",
    Clause: "version_of",
}
# Rows that may be taken away: they have no history of their own yet (a foreign key protects them as soon as they have),
# and the Event keeps what they said, who took them away and when. Every other row is archived.
MAY_GO: set[type[models.Model]] = {Goal, KeyPerson, Measure}

Rows = dict[tuple[type[models.Model], int], tuple[Any, ...]]


def everything() -> Rows:
    """Every owned row with its values, engines' rows and kept totals aside."""
    found: Rows = {}
    for model in owned():
        if model in KEPT_BY_ENGINES:
            continue
        names = [field.attname for field in model._meta.fields if field.name not in KEPT_TOTALS.get(model, set())]
        for values in model._base_manager.values_list("pk", *names):
            found[model, values[0]] = values[1:]
    return found


@dataclass
class Done:
    """What one request changed and took away, and the Events it left."""

    changed: list[models.Model]
    removed: list[tuple[type[models.Model], int]]
    events: list[Event]

    def silent(self, by: User) -> list[str]:
        """The rows of which no Event says that `by` changed them or took them away."""
        told = {(event.subject_type_id, event.subject_id) for event in self.events if event.by_id == by.pk}
        removed = {(event.subject_type_id, event.subject_id) for event in self.events if event.verb == "removed"} & told
        silent = [repr(row) for row in self.changed if not {_key(type(row), row.pk), _part_key(row)} & told]
        return silent + [f"{model.__name__} {pk}" for model, pk in self.removed if _key(model, pk) not in removed]


def _part_key(row: models.Model) -> tuple[int, int]:
    """Type and key of the row whose Event tells of `row`: its own, or that of the row it is part of."""
    of: type[models.Model] = type(row)
    pk = row.pk
    if part := PART_OF.get(of):
        of, pk = of._meta.get_field(part).related_model, getattr(row, f"{part}_id")  # type: ignore[assignment]
    return _key(of, pk)


def _key(model: type[models.Model], pk: int) -> tuple[int, int]:
    return ContentType.objects.get_for_model(model).pk, pk


def done_by(act: Callable[[], Any]) -> tuple[Any, Done]:
    """What `act` answers, and what it changed."""
    before, last = everything(), Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    answer = act()
    after = everything()
    gone = [key for key in before if key not in after]
    assert {model for model, _pk in gone} <= MAY_GO, "a row is archived, not deleted"
    keys = [key for key, values in after.items() if before.get(key) != values]
    changed = [model._base_manager.get(pk=pk) for model, pk in keys]
    return answer, Done(changed, gone, list(Event.objects.filter(pk__gt=last)))


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# What they change belongs to no board: tests/people/test_second_factor.py, tests/people/test_again.py.
OF_A_PERSON = {"me", "address_of_me"}


@pytest.fixture(scope="module")
def found() -> list[OpenForm]:
    """The forms of the site; filled when first asked for."""
    return []


@pytest.fixture
def opened(world: World, signed_in: Callable[[User], Client], found: list[OpenForm]) -> list[OpenForm]:
    found[:] = found or open_forms(world, signed_in)
    return found


def test_every_form_leaves_an_event(world: World, signed_in: Callable[[User], Client], opened: list[OpenForm]) -> None:
    browsers = {role: signed_in(world.user(role)) for role in ROLES}
    rows.initiative(world.places["own"].school, "1 initiative without a prospect")  # the first to choose from
    wrong = []
    for form in opened:
        if form.page.name in OF_A_PERSON:
            continue
        with taken_back():
            make_ready(form.page.name, world)
            answer, done = done_by(lambda form=form: browsers[form.role].post(form.url, with_token(filled(form.form))))  # type: ignore[misc]
        if answer.status_code != 302 or not (done.changed or done.removed):
            wrong.append(f"{form} changed nothing: {answer.status_code}")
        wrong += [f"{form} says nothing of {row}" for row in done.silent(world.user(form.role))]
        wrong += [f"{form}: {event} hangs on no board" for event in done.events if event.board_id is None]
    assert len(opened) >= 22
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [page.name for page in pages() if page.is_post_only and page.subject])
def test_every_page_that_acts_leaves_an_event(name: str, world: World, signed_in: Callable[[User], Client]) -> None:
    actor = world.user(
        "board_admin"
        if name.startswith(("invitation", "absence", "legal_hold", "sign_on", "support", "joining", "import"))
        else "champion"
    )
    browser = signed_in(actor)
    answer, done = done_by(lambda: browser.post(named(name).url(world), with_token({})))
    assert answer.status_code == 302
    # The document, and the link behind the code it prints, which only a summary has; a draft that is there is kept.
    written = {"agreement_draft": set(), "next_step_done": {"Prospect"}}
    written |= {page: {"Document"} for page in ("agreement_pdf", "evaluation_pdf")}
    written |= {"invitation_again": {"AccessLink"}, "invitation_withdraw": {"Invitation"}}
    written |= {"support_end": {"SupportGrant"}}
    written |= {
        "legal_hold_lift": {"LegalHold"},
        "joining_withdraw": {"Joining"},
        "import_apply": {"Import"},
        "import_stop": {"Import"},
        "absence_call_off": {"Absence"},
        "sign_on_look": set(),  # a clock of the worker's
        "partner_person_end": set(),
    }  # nobody was named
    assert {type(row).__name__ for row in done.changed} == written.get(name, {"AccessLink", "Document"})
    assert done.silent(actor) == []


# The same page acts in several ways.
VARIANTS: list[tuple[str, Sent, tuple[str, ...]]] = [
    ("need_add", {"initiative_title": ""}, ("Need", "Initiative")),
    ("need_add", {"initiative_title": "A title of its own"}, ("Need", "Initiative")),
    ("prospect_add", {}, ("Prospect",)),
    ("prospect_move", {"to": "declined", "reason": "Not this year."}, ("Prospect",)),
    ("prospect_move", {"to": "not_now", "ask_again_on": "2026-09-09"}, ("Prospect",)),
    ("interaction_add", {"next_step": "", "next_step_on": ""}, ("Interaction", "Prospect")),
    ("interaction_add", {"outcome": "no_answer", "next_step": "", "next_step_on": ""}, ("Interaction",)),
    ("meeting_after", {"part": "what_happened", "answer": "not_needed"}, ("FollowUp", "Meeting", "Prospect")),
    ("meeting_after", {"part": "take_away", "answer": "done"}, ("FollowUp", "Meeting", "Prospect")),
    ("meeting_after", {"part": "decision_call", "answer": "done"}, ("FollowUp", "Meeting", "Prospect")),
]


@pytest.mark.parametrize(("name", "changes", "of"), VARIANTS, ids=lambda part: str(part)[:50])
def test_so_does_every_way_to_send_it(
    name: str,
    changes: Sent,
    of: tuple[str, ...],
    world: World,
    signed_in: Callable[[User], Client],
    opened: list[OpenForm],
) -> None:
    champion = world.user("champion")
    form = next(form for form in opened if form.page.name == name)
    if name in ("interaction_add", "prospect_add"):
        _stand_back(world, to=Stage.IDENTIFIED if name == "interaction_add" else Stage.DECLINED)
    answer, done = done_by(lambda: signed_in(champion).post(form.url, with_token(filled(form.form) | changes)))
    assert answer.status_code == 302
    assert sorted({type(row).__name__ for row in done.changed}) == sorted(of)
    assert done.silent(champion) == []


def _stand_back(world: World, to: Stage) -> None:
    Prospect.objects.filter(pk=world.places["own"].rows[Prospect].pk).update(stage=to)


def test_meetings_move_their_prospect_and_say_so(world: World, signed_in: Callable[[User], Client]) -> None:
    champion, meeting = world.user("champion"), world.places["own"].rows[Meeting]
    sent = with_token({"part": "take_away", "answer": "not_needed"})
    _answer, done = done_by(lambda: signed_in(champion).post(reverse("meeting_after", args=[meeting.pk]), sent))
    assert {type(row).__name__ for row in done.changed} == {"FollowUp", "Meeting", "Prospect"}
    assert sorted(event.verb for event in done.events) == ["moved to in_discussion", "take_away not_needed"]
    assert done.silent(champion) == []


def test_coming_in_by_a_link_leaves_an_event(world: World, client: Client) -> None:
    person = world.user("no_membership")
    answer, done = done_by(lambda: client.post(named("sign_in_link").url(world)))
    assert answer.status_code == 302
    assert [type(row) for row in done.changed] == [AccessLink]
    assert done.silent(person) == []


def test_a_silent_write_would_be_seen(world: World) -> None:
    """The test of the test."""
    initiative = world.places["own"].rows[Initiative]
    champion = world.user("champion")
    _answer, done = done_by(lambda: Initiative.objects.filter(pk=initiative.pk).update(title="Quietly"))
    assert done.silent(champion) == [repr(Initiative.objects.get(pk=initiative.pk))]


@pytest.mark.parametrize("name", [page.name for page in pages() if page.is_post_only and not page.subject])
def test_what_one_chooses_for_oneself_is_no_row_of_a_board(
    name: str, world: World, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(world.user("champion"))
    _answer, done = done_by(lambda: browser.post(named(name).url(world), {name: "fr", "next": "/"}))
    assert done.changed == []
