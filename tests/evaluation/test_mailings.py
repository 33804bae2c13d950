"""The yearly look is one debt, mailed 8, 4 and 2 weeks before the last school day, and then stands on Today only."""

from datetime import date, time, timedelta

from django.core import mail

from core import clock
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
