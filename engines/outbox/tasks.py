"""When the outbox is looked at: at once when a message is planned, and every minute for what the bell missed."""

from celery import shared_task

from engines.outbox import actions
from engines.outbox.models import Message

BATCH = 200


@shared_task
def send(ids: list[int]) -> int:
    """Send the messages `ids`; answers how many went out."""
    return sum(actions.send(pk) for pk in ids)


@shared_task
def sweep() -> int:
    """Send what waits, oldest first; answers how many went out."""
    waiting = Message.objects.waiting().order_by("next_try_at", "pk").values_list("pk", flat=True)
    return send(list(waiting[:BATCH]))
