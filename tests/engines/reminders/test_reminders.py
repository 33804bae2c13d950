"""What is owed is planned with the fact, mailed in the mail of the day, and settled by facts."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import transaction

from accounts.models import Absence, User
from core import clock, facts
from engines.outbox import tasks as outbox
from engines.outbox.models import Message
from engines.reminders import actions, tasks
from engines.reminders import today as todays
from engines.reminders.models import DigestLine, Reminder
from outreach.actions import cancel_meeting, move, set_meeting, set_next_step, tick
from outreach.models import FollowUp, Meeting, Stage
from tests.small_world import SmallWorld, local, small_world

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 3, 12)
DONE, NOT_NEEDED = FollowUp.Answer.DONE, FollowUp.Answer.NOT_NEEDED
Part = FollowUp.Part


@pytest.fixture
def world() -> SmallWorld:
    with clock.standing_at(local(date(2026, 3, 9))):
        return small_world()


def after(meeting: Meeting) -> Reminder:
    return Reminder.objects.get(rule="meeting_after", subject_id=meeting.pk)


def sweep() -> None:
    """What beat does every minute."""
    tasks.sweep()
    outbox.sweep()


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 3, 10), date(2026, 3, 12)),
        (date(2026, 3, 11), date(2026, 3, 13)),
        # Friday 13 is one; Monday 16 is a PA day, so Tuesday is two.
        (THURSDAY, date(2026, 3, 17)),
        (date(2026, 3, 13), date(2026, 3, 18)),
    ],
)
def test_after_the_meeting_is_due_two_school_days_later(world: SmallWorld, day: date, due: date) -> None:
    with clock.standing_at(local(date(2026, 3, 9))):
        reminder = after(world.meeting(day))
    assert (reminder.due_on, reminder.owed_by, reminder.settled_at) == (due, world.marcus, None)
    assert reminder.mail_at == local(due, time(7, 30))
    assert (reminder.board, reminder.school) == (world.board, world.school)


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        (local(THURSDAY, time(15, 30)), False),  # it begins: there is nothing to follow up yet
        (local(THURSDAY, time(16, 15)), True),  # it is over, the thank-you need not wait for the day it is due
        (local(date(2026, 3, 20)), True),
    ],
)
def test_what_follows_a_meeting_stands_on_today_once_it_is_over(world: SmallWorld, now: datetime, stands: bool) -> None:
    with clock.standing_at(local(date(2026, 3, 9))):
        meeting = world.meeting(THURSDAY)
    with clock.standing_at(now):
        owed = todays.owed_by(world.marcus, clock.today(world.board.zone))
    assert [o.reminder for o in owed] == ([after(meeting)] if stands else [])


def test_today_looks_a_week_ahead(world: SmallWorld) -> None:
    today = date(2026, 3, 9)
    with clock.standing_at(local(today)):
        for days, stands in ((8, False), (7, True), (0, True), (-400, True)):
            set_next_step(world.prospect, "Call them", today + timedelta(days=days), by=world.marcus)
            owed = todays.owed_by(world.marcus, today)
            assert [(o.item.title, o.days_late) for o in owed] == ([("Call them", -days)] if stands else [])


def test_a_late_meeting_counts_from_the_local_day_on_which_it_ends(world: SmallWorld) -> None:
    reminder = after(world.meeting(date(2026, 3, 10), time(20, 0)))  # already 11 March in UTC
    assert reminder.due_on == date(2026, 3, 12)


def test_fact_and_reminder_stand_or_fall_together(world: SmallWorld) -> None:
    @transaction.atomic
    def set_and_stumble() -> None:
        world.meeting(THURSDAY)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        set_and_stumble()
    assert not Meeting.objects.exists()
    assert not Reminder.objects.filter(rule="meeting_after").exists()


def test_a_change_outside_a_transaction_is_refused(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        facts.changed(world.prospect, by=world.marcus, verb="moved")


def test_the_thank_you_alone_settles_nothing_and_the_four_ticks_do(world: SmallWorld) -> None:
    meeting = world.meeting(THURSDAY)
    tick(meeting, Part.THANK_YOU, answer=DONE, by=world.marcus)
    assert after(meeting).settled_at is None
    tick(meeting, Part.WHAT_HAPPENED, answer=DONE, by=world.marcus, what_happened="They liked it.")
    tick(meeting, Part.TAKE_AWAY, answer=NOT_NEEDED, by=world.marcus)
    assert after(meeting).settled_at is None
    tick(meeting, Part.DECISION_CALL, answer=DONE, by=world.marcus, decision_call_on=date(2026, 3, 19))
    assert after(meeting).settled_at is not None
    meeting.refresh_from_db()
    assert (meeting.what_happened, meeting.decision_call_on) == ("They liked it.", date(2026, 3, 19))


def test_a_tick_said_twice_counts_once(world: SmallWorld) -> None:
    meeting = world.meeting(THURSDAY)
    for _twice in range(2):
        tick(meeting, Part.THANK_YOU, answer=DONE, by=world.marcus)
    assert meeting.follow_ups.count() == 1


def test_a_moved_meeting_moves_the_same_debt(world: SmallWorld) -> None:
    meeting = world.meeting(date(2026, 3, 10))
    before = after(meeting)
    set_meeting(meeting, starts_at=local(date(2026, 3, 24)), minutes=30, by=world.marcus)
    moved = after(meeting)
    assert (moved.pk, moved.due_on) == (before.pk, date(2026, 3, 26))


def test_a_cancelled_meeting_owes_nothing(world: SmallWorld) -> None:
    meeting = world.meeting(THURSDAY)
    cancel_meeting(meeting, by=world.marcus, why="Snow")
    assert after(meeting).settled_at is not None


def test_a_new_next_step_is_a_new_debt_and_the_old_one_is_settled(world: SmallWorld) -> None:
    set_next_step(world.prospect, "Send the summary", date(2026, 3, 20), by=world.marcus)
    steps = Reminder.objects.filter(rule="next_step")
    assert [(r.due_on, r.settled_at is None) for r in steps] == [
        (date(2026, 3, 20), True),
        (date(2026, 6, 1), False),
    ]
    move(world.prospect, to=Stage.DECLINED, by=world.marcus, reason="No budget")
    assert not Reminder.objects.open().exists()


def test_the_mail_of_the_day_goes_out_once_and_once_more(world: SmallWorld) -> None:
    world.meeting(date(2026, 3, 10))  # due Thursday 12
    with clock.standing_at(local(THURSDAY, time(7, 29))):
        sweep()
    assert mail.outbox == []
    with clock.standing_at(local(THURSDAY, time(7, 31))):
        for _minute in range(3):
            sweep()
    assert [(m.to, "Harbour Credit Union" in m.body) for m in mail.outbox] == [(["marcus@tandem.example"], True)]
    once_more = local(date(2026, 3, 20), time(7, 30))  # five school days on; Monday 16 is closed
    assert Reminder.objects.get(rule="meeting_after").mail_at == once_more
    with clock.standing_at(once_more + timedelta(minutes=1)):
        sweep()
        sweep()
    assert len(mail.outbox) == 2
    assert Reminder.objects.get(rule="meeting_after").mail_at is None


def test_everything_due_is_one_mail_with_a_line_each(world: SmallWorld) -> None:
    world.meeting(date(2026, 3, 10))
    set_next_step(world.prospect, "Send the summary", THURSDAY, by=world.marcus)
    with clock.standing_at(local(THURSDAY, time(8, 0))):
        sweep()
        sweep()
    (sent,) = mail.outbox
    assert sent.subject == "2 things on your side today"
    assert "Send the summary" in sent.body
    assert DigestLine.objects.count() == 2


@pytest.mark.parametrize(
    "moment",
    [
        local(THURSDAY, time(18, 0)),
        local(THURSDAY, time(23, 59)),
        local(date(2026, 3, 14), time(10, 0)),  # Saturday
        local(date(2026, 3, 16), time(10, 0)),  # PA day
    ],
)
def test_nothing_is_mailed_outside_sending_hours(world: SmallWorld, moment: object) -> None:
    world.meeting(date(2026, 3, 9))
    with clock.standing_at(moment):  # type: ignore[arg-type]
        sweep()
    assert mail.outbox == []
    with clock.standing_at(local(date(2026, 3, 17), time(7, 30))):
        sweep()
    assert len(mail.outbox) == 1


def test_what_was_settled_before_it_was_sent_is_not_mailed(world: SmallWorld) -> None:
    meeting = world.meeting(date(2026, 3, 10))
    with clock.standing_at(local(THURSDAY, time(8, 0))):
        tasks.sweep()
        for part in Part:
            tick(meeting, part, answer=NOT_NEEDED, by=world.marcus)
        outbox.sweep()
    assert mail.outbox == []
    assert Message.objects.get().state == Message.State.SUPPRESSED


def test_a_board_that_mails_nothing_is_silent(world: SmallWorld) -> None:
    world.board.mail_is_on = False
    world.board.save()
    world.meeting(date(2026, 3, 10))
    with clock.standing_at(local(THURSDAY, time(8, 0))):
        sweep()
    assert mail.outbox == []


def test_a_principal_is_mailed_on_monday(world: SmallWorld) -> None:
    tuesday, next_open_day = date(2026, 3, 10), date(2026, 3, 17)  # Monday 16 is a PA day
    assert actions.mailing_time(tuesday, world.helen, world.board) == local(next_open_day, time(7, 30))
    assert actions.mailing_time(tuesday, world.marcus, world.board) == local(tuesday, time(7, 30))


@pytest.mark.parametrize(
    ("wish", "marcus", "helen"),
    [
        (User.MailWish.WHEN_DUE, date(2026, 3, 10), date(2026, 3, 17)),
        (User.MailWish.MONDAYS, date(2026, 3, 17), date(2026, 3, 17)),
        (User.MailWish.NEVER, None, None),
    ],
)
def test_the_wish_of_a_reader_decides_the_day(
    wish: str, marcus: date | None, helen: date | None, world: SmallWorld
) -> None:
    for reader, day in ((world.marcus, marcus), (world.helen, helen)):
        reader.mail_wish = wish
        mailed = actions.mailing_time(date(2026, 3, 10), reader, world.board)
        assert mailed == (local(day, time(7, 30)) if day else None)


def test_whoever_wishes_no_mail_has_it_on_today_alone(world: SmallWorld) -> None:
    world.meeting(date(2026, 3, 10))
    wish(world.marcus, User.MailWish.NEVER)
    with clock.standing_at(local(THURSDAY, time(8, 0))):
        sweep()
        assert mail.outbox == []
        assert not Message.objects.exists()
        assert [owed.reminder.rule for owed in todays.owed_by(world.marcus, THURSDAY)] == ["meeting_after"]
        wish(world.marcus, User.MailWish.WHEN_DUE)
        sweep()
    assert len(mail.outbox) == 1


def test_a_wish_that_changes_keeps_what_was_mailed(world: SmallWorld) -> None:
    """Mailed once and silenced: when mail is wanted again it comes once more, five school days on, and no oftener."""
    world.meeting(date(2026, 3, 10))
    with clock.standing_at(local(THURSDAY, time(8, 0))):
        sweep()
        planned = Reminder.objects.get(rule="meeting_after").mail_at
        wish(world.marcus, User.MailWish.NEVER)
        assert Reminder.objects.get(rule="meeting_after").mail_at is None
        wish(world.marcus, User.MailWish.WHEN_DUE)
        assert Reminder.objects.get(rule="meeting_after").mail_at == planned
        sweep()
    assert len(mail.outbox) == 1


def test_a_stand_in_who_wishes_no_mail_gets_none(world: SmallWorld) -> None:
    world.meeting(date(2026, 3, 10))
    membership = world.marcus.memberships.get()
    Absence.objects.create(
        membership=membership, stand_in=world.helen, entered_by=world.helen, starts_on=THURSDAY, ends_on=THURSDAY
    )
    wish(world.helen, User.MailWish.NEVER)
    with clock.standing_at(local(THURSDAY, time(8, 0))):
        sweep()
    assert mail.outbox == []
    assert Message.objects.get().state == Message.State.SUPPRESSED


def wish(reader: User, when: str) -> None:
    """What the page of one's own account does."""
    reader.mail_wish = when
    reader.save(update_fields=["mail_wish"])
    actions.remail(reader)


def test_the_nightly_net_finds_what_no_action_told(world: SmallWorld) -> None:
    Meeting.objects.create(prospect=world.prospect, place="Riverbend", starts_at=local(THURSDAY))
    assert not Reminder.objects.filter(rule="meeting_after").exists()
    tasks.nightly()
    tasks.nightly()
    assert Reminder.objects.filter(rule="meeting_after").count() == 1


def test_lines_of_a_mail_that_was_given_up_are_free_again(world: SmallWorld) -> None:
    world.meeting(date(2026, 3, 10))
    with clock.standing_at(local(THURSDAY, time(8, 0))):
        tasks.sweep()
        message = Message.objects.get()
        DigestLine.objects.create(message=message, reminder=Reminder.objects.get(rule="meeting_after"), mailing=1)
        Message.objects.filter(pk=message.pk).update(state=Message.State.FAILED, next_try_at=None)
    with clock.standing_at(local(date(2026, 3, 13), time(8, 0))):
        sweep()
    assert len(mail.outbox) == 1
