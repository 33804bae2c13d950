"""The steps of outreach: one function moves the stage, whoever asks."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Event
from boards.models import Board
from businesses.models import Business
from core import clock
from core.gates import GateClosed
from outreach import actions
from outreach.models import FollowUp, Interaction, Meeting, Prospect, Stage
from tests.small_world import SmallWorld, local, small_world

pytestmark = pytest.mark.django_db
NOW = local(date(2026, 3, 9))


@pytest.fixture
def world() -> SmallWorld:
    with clock.standing_at(NOW):
        return small_world()


def stage(world: SmallWorld) -> str:
    return Prospect.objects.get().stage


@pytest.mark.parametrize("start", [s for s in Stage if s not in (Stage.AGREED, Stage.NOT_NOW)])
@pytest.mark.parametrize("to", [s for s in Stage if s not in (Stage.AGREED, Stage.NOT_NOW)])
def test_any_stage_in_one_step(world: SmallWorld, start: Stage, to: Stage) -> None:
    Prospect.objects.update(stage=start)
    actions.move(world.prospect, to=to, by=world.marcus, reason="Because")
    moved = Prospect.objects.get()
    assert moved.stage == to
    if start != to:
        assert moved.closed_why == ("Because" if to == Stage.DECLINED else "")


def test_agreed_needs_a_begun_partnership(world: SmallWorld) -> None:
    with pytest.raises(GateClosed):
        actions.move(world.prospect, to=Stage.AGREED, by=world.marcus)
    assert stage(world) == Stage.IDENTIFIED


def test_not_now_needs_a_day_to_ask_again_and_loses_it_when_reopened(world: SmallWorld) -> None:
    with pytest.raises(ValidationError):
        actions.move(world.prospect, to=Stage.NOT_NOW, by=world.marcus)
    actions.move(world.prospect, to=Stage.NOT_NOW, by=world.marcus, ask_again_on=date(2026, 12, 1))
    assert Prospect.objects.get().ask_again_on == date(2026, 12, 1)
    actions.move(world.prospect, to=Stage.CONTACTED, by=world.marcus)
    assert (Prospect.objects.get().ask_again_on, stage(world)) == (None, Stage.CONTACTED)


def test_a_prospect_is_reopened_never_doubled(world: SmallWorld) -> None:
    actions.move(world.prospect, to=Stage.DECLINED, by=world.marcus, reason="Not this year")
    again = actions.make_prospect(
        world.business, world.initiative, by=world.marcus, champion=world.marcus,
        next_step="Call", next_step_on=NOW.date(),
    )  # fmt: skip
    assert (again.pk, stage(world), Prospect.objects.count()) == (world.prospect.pk, Stage.IDENTIFIED, 1)
    assert Prospect.objects.get().next_step == "Call"


def test_a_business_of_another_board_is_refused(world: SmallWorld) -> None:
    elsewhere = Business.objects.create(board=Board.objects.create(name="Other", language="en"), name="Harbour")
    with pytest.raises(ValidationError):
        actions.make_prospect(
            elsewhere, world.initiative, by=world.marcus, champion=world.marcus, next_step="", next_step_on=NOW.date()
        )


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (Interaction.Outcome.TALKED, Stage.CONTACTED),
        (Interaction.Outcome.PUT_THROUGH, Stage.CONTACTED),
        (Interaction.Outcome.NO_ANSWER, Stage.IDENTIFIED),
    ],
)
def test_the_first_contact_moves_the_prospect(world: SmallWorld, outcome: str, after: str) -> None:
    call = Interaction(prospect=world.prospect, happened_at=NOW, outcome=outcome)
    actions.log_interaction(call, by=world.marcus, next_step="Send the page", next_step_on=date(2026, 3, 11))
    prospect = Prospect.objects.get()
    assert (prospect.stage, prospect.last_contact_at) == (after, NOW)
    assert (prospect.next_step, prospect.next_step_on) == ("Send the page", date(2026, 3, 11))
    assert Event.objects.filter(verb="logged", by=world.marcus).count() == 1


def test_an_older_call_does_not_turn_the_clock_back(world: SmallWorld) -> None:
    for days in (0, 3):
        call = Interaction(prospect=world.prospect, happened_at=NOW - timedelta(days=days), outcome="talked")
        actions.log_interaction(call, by=world.marcus)
    assert Prospect.objects.get().last_contact_at == NOW


def test_a_meeting_moves_the_prospect_and_following_it_up_moves_it_on(world: SmallWorld) -> None:
    meeting = world.meeting(date(2026, 3, 10))
    assert stage(world) == Stage.MEETING_SET
    actions.tick(meeting, FollowUp.Part.THANK_YOU, answer=FollowUp.Answer.DONE, by=world.marcus)
    prospect = Prospect.objects.get()
    assert (prospect.stage, prospect.last_contact_at) == (Stage.IN_DISCUSSION, meeting.starts_at)


def test_a_decision_call_needs_its_day(world: SmallWorld) -> None:
    meeting = world.meeting(date(2026, 3, 10))
    with pytest.raises(ValidationError):
        actions.tick(meeting, FollowUp.Part.DECISION_CALL, answer=FollowUp.Answer.DONE, by=world.marcus)
    assert not FollowUp.objects.exists()


def test_cancelled_twice_is_cancelled_once(world: SmallWorld) -> None:
    meeting = world.meeting(date(2026, 3, 10))
    for _twice in range(2):
        actions.cancel_meeting(Meeting.objects.get(pk=meeting.pk), by=world.marcus, why="Snow")
    assert Event.objects.filter(verb="cancelled").count() == 1
