"""When documents are made: at once when asked for, and every minute for what the bell missed."""

from celery import shared_task
from celery.signals import worker_init

from engines.documents import actions, rendering
from engines.documents.models import Document

BATCH = 20


@shared_task
def make(ids: list[int]) -> int:
    """Make the documents `ids`; answers how many are ready."""
    return sum(actions.make(pk) for pk in ids)


@shared_task
def sweep() -> int:
    """Make what waits, oldest first."""
    waiting = Document.objects.waiting().order_by("next_try_at", "pk").values_list("pk", flat=True)
    return make(list(waiting[:BATCH]))


@worker_init.connect
def warm_up(**kwargs: object) -> None:
    """Load fonts and sheets before the first person waits for them."""
    rendering.warm_up()
