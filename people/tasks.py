"""What people's rooms do by night."""

from celery import shared_task

from people import retention, support


@shared_task
def end_what_is_past() -> dict[str, int]:
    """End what is past its term; answers how many rows of which rule."""
    return {done.rule.name: done.ended for done in retention.run()}


@shared_task
def note_run_out_support() -> int:
    """Write into the trail which support ran out; answers how many."""
    return support.note_run_out()
