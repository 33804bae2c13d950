"""What the pages of outreach and Today say and refuse."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from core import clock
from outreach import actions
from outreach.models import Meeting, Prospect, Stage
from schools.models import Need
from tests.factories import rows
from tests.small_world import SmallWorld, join, local, small_world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 9)  # a Monday


@pytest.fixture
def world() -> Iterator[SmallWorld]:
    with clock.standing_at(local(TODAY)):
        yield small_world()


@pytest.fixture
def marcus(world: SmallWorld, client: Client) -> Client:
    client.force_login(world.marcus)
    return client


def said(client: Client, url: str) -> str:
    """What the page says."""
    return client.get(url).content.decode()


# ── Needs that wait for a yes ──


@pytest.mark.parametrize("who", ["helen", "marcus"])
def test_a_proposed_need_stands_on_today(who: str, world: SmallWorld, client: Client) -> None:
    client.force_login(getattr(world, who))
    assert "wait for your yes" not in said(client, "/")
    for _ in range(2):
        rows.need(world.initiative, world.marcus, state=Need.State.PROPOSED)
    rows.need(world.initiative, world.marcus)
    page = said(client, "/")
    assert "2 needs wait for your yes." in page
    assert reverse("initiative", args=[world.initiative.pk]) in page


def test_it_stands_on_the_today_of_nobody_who_cannot_say_yes(world: SmallWorld, client: Client) -> None:
    rows.need(world.initiative, world.marcus, state=Need.State.PROPOSED)
    teacher, elsewhere = User.objects.create_user("t@tandem.example", "Tess"), rows.school(world.board)
    principal = User.objects.create_user("p@tandem.example", "Paul")
    join(teacher, Role.STAFF, world.board, school=world.school)
    join(principal, Role.PRINCIPAL, world.board, school=elsewhere)
    for user in (teacher, principal):
        client.force_login(user)
        assert "waits for your yes" not in said(client, "/")


def test_the_meetings_of_the_week_stand_beside_it(world: SmallWorld, marcus: Client) -> None:
    rows.need(world.initiative, world.marcus, state=Need.State.PROPOSED)
    world.meeting(date(2026, 3, 12))
    page = said(marcus, "/")
    assert "A need waits for your yes." in page
    assert "15:30" in page
    assert "First meeting, Riverbend" in page


def test_the_list_counts_what_waits(world: SmallWorld, marcus: Client) -> None:
    rows.need(world.initiative, world.marcus, state=Need.State.PROPOSED)
    page = said(marcus, reverse("initiatives"))
    assert "1 waits for a yes" in page
    assert "0 needs" not in page


def test_a_summary_without_an_open_need_says_so(world: SmallWorld, marcus: Client) -> None:
    meeting = world.meeting(date(2026, 3, 12))
    for name, pk in (("initiative_summary", world.initiative.pk), ("meeting_summary", meeting.pk)):
        answer = marcus.post(reverse(name, args=[pk]))
        assert [str(m) for m in get_messages(answer.wsgi_request)] == ["No need is open yet, so the page shows none."]
        marcus.get(answer["Location"])
    rows.need(world.initiative, world.marcus)
    answer = marcus.post(reverse("initiative_summary", args=[world.initiative.pk]))
    assert list(get_messages(answer.wsgi_request)) == []


# ── A meeting that was called off ──


@pytest.mark.parametrize("name", ["meeting_edit", "meeting_cancel", "meeting_summary", "meeting_after"])
def test_nothing_is_done_to_a_cancelled_meeting(name: str, world: SmallWorld, marcus: Client) -> None:
    meeting = world.meeting(date(2026, 3, 12))
    actions.cancel_meeting(meeting, by=world.marcus, why="Snow")
    events = Event.objects.count()
    answer = marcus.post(reverse(name, args=[meeting.pk]), {"part": "thank_you", "answer": "done"}, follow=True)
    assert answer.redirect_chain == [(reverse("prospect", args=[world.prospect.pk]), 302)]
    page = answer.content.decode()
    assert "This meeting was cancelled." in page
    assert "First meeting cancelled" in page
    assert "10:00 · Marcus Lee" in page  # who cancelled it
    assert Event.objects.count() == events


def test_the_prospect_of_the_only_meeting_steps_back(world: SmallWorld) -> None:
    first, second = world.meeting(date(2026, 3, 12)), world.meeting(date(2026, 3, 13))
    for meeting, after in ((first, Stage.MEETING_SET), (second, Stage.CONTACTED)):
        actions.cancel_meeting(Meeting.objects.get(pk=meeting.pk), by=world.marcus, why="")
        assert Prospect.objects.get().stage == after
    assert Event.objects.filter(verb="moved to contacted", by=world.marcus).count() == 1


def test_a_prospect_that_is_further_stays(world: SmallWorld) -> None:
    meeting = world.meeting(date(2026, 3, 12))
    Prospect.objects.update(stage=Stage.IN_DISCUSSION)
    actions.cancel_meeting(Meeting.objects.get(pk=meeting.pk), by=world.marcus, why="")
    assert Prospect.objects.get().stage == Stage.IN_DISCUSSION
