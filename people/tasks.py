"""What people's rooms do in the worker: by night, and when the domain of a board is to be looked at."""

from celery import shared_task

from core import clock
from people import domains, retention, support
from people.models import SignOn

BATCH = 50


@shared_task
def end_what_is_past() -> dict[str, int]:
    """End what is past its term; answers how many rows of which rule."""
    return {done.rule.name: done.ended for done in retention.run()}


@shared_task
def check_domains() -> int:
    """Look at the domains that are due; answers how many show the record of their board."""
    due = SignOn.objects.filter(check_due_at__lte=clock.now()).order_by("check_due_at", "pk")
    return sum(domains.check(pk) for pk in list(due.values_list("pk", flat=True)[:BATCH]))


@shared_task
def note_run_out_support() -> int:
    """Write into the trail which support ran out; answers how many."""
    return support.note_run_out()
