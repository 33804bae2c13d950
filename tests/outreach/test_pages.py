"""What the pages of outreach and Today say and refuse."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from core import clock
from outreach import actions
from outreach.models import Interaction, Meeting, Prospect, Stage
from schools.models import Need
from tests.factories import rows
from tests.factories.sent import as_shown
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


def sent(client: Client, url: str, **changes: str) -> Any:
    """The answer to the page's form, sent as it is shown but for `changes`."""
    return client.post(url, as_shown(client.get(url).context["form"], **changes))


def said(client: Client, url: str) -> str:
    """What the page says."""
    return client.get(url).content.decode()


# ── Needs that wait for a yes ──


@pytest.mark.parametrize("who", ["helen", "marcus"])
def test_a_proposed_need_stands_on_today(who: str, world: SmallWorld, client: Client) -> None:
    client.force_login(getattr(world, who))
    before = said(client, "/")
    assert "wait for your yes" not in before
    assert "All clear" in before
    for _ in range(2):
        rows.need(world.initiative, world.marcus, state=Need.State.PROPOSED)
    rows.need(world.initiative, world.marcus)
    page = said(client, "/")
    assert "2 needs of Marcus Lee wait for your yes." in page
    assert "2 things wait for you." in page
    assert "All clear" not in page
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
    assert "A need of Marcus Lee waits for your yes." in page
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


# ── Days ──


@pytest.mark.parametrize(
    ("day", "hint"),
    [
        ("2026-03-12", ""),
        ("2026-03-16", "Monday 16 March is a day without school."),  # a PA day
        ("2026-03-14", "Saturday 14 March is a day without school."),
        ("2027-01-02", "Saturday 2 January 2027 is a day without school."),
    ],
)
def test_a_meeting_on_a_day_without_school_is_set_with_a_hint(
    day: str, hint: str, world: SmallWorld, marcus: Client
) -> None:
    page = reverse("meeting_add", args=[world.prospect.pk])
    answer = sent(marcus, page, day=day, at="10:00", place="Here")
    assert answer.status_code == 302
    hints = [str(m) for m in get_messages(answer.wsgi_request) if m.level_tag == "warning"]
    assert hints == ([hint] if hint else [])


def test_a_next_step_has_a_day_to_come_or_the_one_it_had(world: SmallWorld, marcus: Client) -> None:
    page = reverse("next_step", args=[world.prospect.pk])
    Prospect.objects.update(next_step_on=date(2026, 3, 2))
    assert sent(marcus, page, next_step="Call again").status_code == 302
    refused = sent(marcus, page, next_step_on="2026-03-03")
    assert refused.context["form"].errors == {"next_step_on": ["This day has passed. Choose today or later."]}
    assert sent(marcus, page, next_step_on=TODAY.isoformat()).status_code == 302


# ── What was said ──


def test_a_logged_call_is_mended(world: SmallWorld, marcus: Client) -> None:
    call = Interaction(prospect=world.prospect, happened_at=local(TODAY), outcome="no_answer", notes="Slip")
    actions.log_interaction(call, by=world.marcus)
    page = reverse("interaction_edit", args=[call.pk])
    assert page in said(marcus, reverse("prospect", args=[world.prospect.pk]))
    assert sent(marcus, page, day="2026-03-05", at="09:00", outcome="talked", notes="They were kind").status_code == 302
    mended, prospect = Interaction.objects.get(), Prospect.objects.get()
    assert (mended.notes, mended.happened_at) == ("They were kind", local(date(2026, 3, 5), time(9)))
    assert (prospect.last_contact_at, prospect.stage) == (mended.happened_at, Stage.CONTACTED)
    assert Event.objects.filter(verb="edited", by=world.marcus).count() == 1


def test_agreed_to_meet_leads_to_the_meeting(world: SmallWorld, marcus: Client) -> None:
    page, prospect = reverse("interaction_add", args=[world.prospect.pk]), reverse("prospect", args=[world.prospect.pk])
    answer = sent(marcus, page, outcome="agreed_to_meet", notes="Once")
    assert answer["Location"] == reverse("meeting_add", args=[world.prospect.pk])
    assert [str(m) for m in get_messages(answer.wsgi_request)] == ["Saved. Now set the meeting."]
    world.meeting(date(2026, 3, 12))
    assert sent(marcus, page, outcome="agreed_to_meet", notes="Twice")["Location"] == prospect
    assert sent(marcus, page, outcome="talked")["Location"] == prospect


def test_the_last_tick_says_that_all_is_done(world: SmallWorld, marcus: Client) -> None:
    meeting = world.meeting(date(2026, 3, 6))
    page = reverse("meeting_after", args=[meeting.pk])
    heard = []
    for part in ("what_happened", "thank_you", "take_away", "decision_call"):
        answer = marcus.post(page, {"part": part, "answer": "not_needed"})
        heard += [str(m) for m in get_messages(answer.wsgi_request)]
    assert heard == ["All done after the meeting with Harbour Credit Union."]


# ── Today ──


def test_a_next_step_is_done_with_one_click(world: SmallWorld, marcus: Client) -> None:
    actions.set_next_step(world.prospect, "Call them", TODAY, by=world.marcus)
    done = reverse("next_step_done", args=[world.prospect.pk])
    assert f'action="{done}"' in said(marcus, "/")
    page = marcus.post(done, follow=True).content.decode()
    assert reverse("next_step", args=[world.prospect.pk]) in page
    assert "You owe nobody anything today" in page
    assert (Prospect.objects.get().next_step, Prospect.objects.get().next_step_on) == ("", None)
    assert Event.objects.filter(verb="next step done", by=world.marcus).count() == 1


def test_the_count_is_what_is_due(world: SmallWorld, marcus: Client) -> None:
    for days, name in ((0, "Today Ltd"), (3, "Later Ltd"), (4, "Last Ltd")):
        actions.make_prospect(
            rows.business(world.board, name), world.initiative, by=world.marcus, champion=world.marcus,
            next_step=f"Call {name}", next_step_on=TODAY + timedelta(days=days),
        )  # fmt: skip
    answer = marcus.get("/")
    page = answer.content.decode()
    assert (len(answer.context["due"]), len(answer.context["soon"])) == (1, 2)
    assert "One thing waits for you." in page
    assert re.search(r"On your side</h2><span class=\"t-count\">1</span>", page)
    assert page.index("Call Today Ltd") < page.index(">Soon<") < page.index("Call Later Ltd")


# ── Good enough to call ──


def test_it_is_said_what_to_add_before_the_meeting(world: SmallWorld, marcus: Client) -> None:
    pages = [reverse("prospect", args=[world.prospect.pk]), reverse("initiative", args=[world.initiative.pk])]

    def heard() -> list[list[str]]:
        return [re.findall(r"Good enough to call\. [^<]*", said(marcus, page)) for page in pages]

    assert heard() == [[], []]
    rows.need(world.initiative, world.marcus)
    assert heard() == [["Good enough to call. Before the meeting add goals and a measure."]] * 2
    goal = rows.goal(world.initiative)
    assert heard() == [["Good enough to call. Before the meeting add a measure."]] * 2
    rows.measure(goal)
    assert heard() == [[], ["Good enough to call. Before the meeting add what is still open."]]
    Prospect.objects.update(stage=Stage.MEETING_SET)
    world.initiative.goals.all()[0].measures.all().delete()
    assert heard() == [[], ["Good enough to call. Before the meeting add a measure."]]
