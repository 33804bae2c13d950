"""When files are read and written: at once when asked for, and every minute for what the bell missed."""

from celery import shared_task

from engines.imports import actions
from engines.imports.models import Import

BATCH = 5


@shared_task
def work(ids: list[int]) -> None:
    """Read or write the imports `ids`."""
    for pk in ids:
        actions.work(pk)


@shared_task
def sweep() -> None:
    """Go on with what waits, oldest first."""
    waiting = Import.objects.waiting().order_by("next_try_at", "pk").values_list("pk", flat=True)
    work(list(waiting[:BATCH]))
