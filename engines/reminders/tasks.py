"""When reminders are looked at."""

from celery import shared_task
from django.db import transaction

from engines.reminders import actions
from engines.reminders.rules import rules


@shared_task
def sweep() -> int:
    """Plan the mail of everybody who has something due now; answers for how many."""
    return actions.plan_mail()


@shared_task
def nightly() -> None:
    """The net under `facts.changed`: plan anew what is owed on every row that can owe anything, one query a rule."""
    for rule in rules:
        for subject in rule.watches._default_manager.filter(rule.open).iterator(chunk_size=500):
            with transaction.atomic():
                actions.replan(subject)
