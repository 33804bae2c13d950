"""A rule declared in another app is planned, shown, bundled, mailed once and settled; no engine knows it."""

import importlib
import sys
from collections.abc import Iterator
from datetime import date, time

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings

from core import clock, facts
from engines.outbox import tasks as outbox
from engines.reminders import tasks
from engines.reminders.models import Reminder
from engines.reminders.rules import rules
from schools.models import Initiative
from tests.small_world import SmallWorld, local, small_world

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 12)


@pytest.fixture
def second_app(settings: object) -> Iterator[None]:
    """The app installed, as if it had always been: its module is found by the registry itself."""
    list(rules)
    module = "tests.second_rule.reminder_rules"
    sys.modules.pop(module, None)
    apps = [*settings.INSTALLED_APPS, "tests.second_rule"]  # type: ignore[attr-defined]
    with override_settings(INSTALLED_APPS=apps):
        rules.discover()
        yield
    rules.forget("second_rule")
    importlib.invalidate_caches()


def change(initiative: Initiative, world: SmallWorld, **values: object) -> None:
    """What an audited form does."""
    with transaction.atomic():
        for name, value in values.items():
            setattr(initiative, name, value)
        initiative.save()
        facts.changed(initiative, by=world.marcus, verb="edited")


def test_a_second_rule_needs_no_change_of_the_engines(second_app: None, client: Client) -> None:
    with clock.standing_at(local(date(2026, 3, 9))):
        world = small_world()
        world.meeting(date(2026, 3, 10))
        change(world.initiative, world, starts_on=DAY)
    reminder = Reminder.objects.get(rule="second_rule")
    assert (reminder.due_on, reminder.owed_by) == (DAY, world.marcus)

    client.force_login(world.marcus)
    with clock.standing_at(local(DAY, time(8, 0))):
        page = client.get("/").content.decode()
        assert "Look at Mentors for 60" in page
        assert "Second rule" in page
        for _minute in range(3):
            tasks.sweep()
            outbox.sweep()
        (sent,) = mail.outbox
        assert "Look at Mentors for 60" in sent.body
        assert "After the meeting with Harbour Credit Union" in sent.body

        change(world.initiative, world, state=Initiative.State.READY)
        reminder.refresh_from_db()
        assert reminder.settled_at is not None
        assert "Look at Mentors for 60" not in client.get("/").content.decode()
