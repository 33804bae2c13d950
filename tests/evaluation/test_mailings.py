"""The yearly look is one debt, mailed 8, 4 and 2 weeks before the last school day, and then stands on Today only."""

from datetime import date, time, timedelta

from django.core import mail
from django.db import transaction

from core import clock, facts
from engines.outbox import tasks as outbox
from engines.reminders import tasks
from engines.reminders.models import Reminder
from tests.small_world import local
from tests.talks import Talks

LAST = date(2026, 6, 30)


def mailed_on(day: date) -> list[str]:
    """Who gets a mail that names it, at 8 o'clock on `day`."""
    mail.outbox.clear()
    with clock.standing_at(local(day, time(8, 0))):
        for _minute in range(2):
            tasks.sweep()
            outbox.sweep()
    return sorted(message.to[0] for message in mail.outbox if "Look back on year 1" in message.body)


def test_three_mails_of_one_reminder(talks: Talks) -> None:
    talks.running()
    assert Reminder.objects.filter(rule="evaluation").count() == 2
    mailed = {weeks: mailed_on(LAST - timedelta(weeks=weeks)) for weeks in (9, 8, 7, 6, 5, 4, 3, 2, 1)}
    champion = talks.marcus.email
    assert {weeks for weeks, readers in mailed.items() if champion in readers} == {8, 4, 2}
    assert Reminder.objects.get(rule="evaluation", part="school side").mailings == 3
    assert Reminder.objects.get(rule="evaluation", part="partner side").mailings <= 3


def mailed_between(first: date, last: date) -> list[date]:
    """The days from `first` to `last` on which the champion gets a mail that names it."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if "marcus@tandem.example" in mailed_on(day)]


def test_what_begins_late_is_mailed_at_once_and_then_on_its_days(talks: Talks) -> None:
    """Three weeks before the end 8 and 4 weeks before have passed: one mail for both, and the one of 2 weeks before."""
    begun = LAST - timedelta(weeks=3)
    with clock.standing_at(local(begun)):
        talks.running()
    assert mailed_between(begun, LAST) == [begun, LAST - timedelta(weeks=2)]


def test_a_year_that_ends_later_is_mailed_anew_on_its_new_days(talks: Talks) -> None:
    year = talks.running()
    assert mailed_between(date(2026, 5, 4), date(2026, 5, 6)) == [date(2026, 5, 5)]
    later = LAST + timedelta(weeks=3)
    with clock.standing_at(local(date(2026, 5, 7))), transaction.atomic():
        year.ends_on = later
        year.save()
        facts.changed(year, by=talks.marcus, verb="edited")
    assert mailed_between(date(2026, 5, 8), later) == [later - timedelta(weeks=weeks) for weeks in (8, 4, 2)]


def test_a_year_that_ends_in_summer_is_asked_before_the_last_school_day(talks: Talks) -> None:
    summer = {"kind": "summer", "starts_on": date(2026, 6, 26), "ends_on": date(2026, 9, 7)}
    talks.world.board.closed_periods.create(**summer)
    year = talks.running()
    owed = Reminder.objects.filter(rule="evaluation", part="school side")
    assert [reminder.due_on for reminder in owed] == [date(2026, 6, 25) - timedelta(weeks=8)]
    with transaction.atomic():
        year.ends_on = date(2026, 8, 31)
        year.save()
        facts.changed(year, by=talks.marcus, verb="edited")
    assert [reminder.due_on for reminder in owed.all()] == [date(2026, 6, 25) - timedelta(weeks=8)]


def test_nothing_is_owed_on_a_year_before_it_begins(talks: Talks) -> None:
    year = talks.running()
    with transaction.atomic():
        year.starts_on = date(2026, 5, 25)
        year.save()
        facts.changed(year, by=talks.marcus, verb="edited")
    owed = Reminder.objects.filter(rule="evaluation")
    assert {reminder.due_on for reminder in owed} == {date(2026, 5, 25)}
