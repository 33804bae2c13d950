"""When the trail is sealed and looked through."""

import logging
import time

from celery import shared_task
from django.db.models import F

from accounts import chain
from accounts.models import ChainCheck, Seal

LOG = logging.getLogger("tandem.trail")
STOP_AFTER = 240  # seconds; what is left is the first of the next night


@shared_task
def seal() -> int:
    """Seal what waits; answers how many Events."""
    return chain.extend_all()


@shared_task
def check() -> int:
    """Look through every chain, the one looked at longest ago first; answers how many do not hold."""
    began, broken = time.monotonic(), 0
    if (at := chain.verify(None)) is not None:
        broken += 1
        LOG.error("The installation's own trail does not hold from position %s on.", at)
    for board in boards_by_last_check():
        if time.monotonic() - began > STOP_AFTER:
            break
        if chain.check([board]):
            broken += 1
            LOG.error("The trail of board %s does not hold.", board)
    return broken


def boards_by_last_check() -> list[int]:
    """The boards that have a chain, those never looked at first."""
    have: set[int] = set(Seal.objects.exclude(board=None).order_by().values_list("board", flat=True).distinct())
    seen = list(ChainCheck.objects.order_by(F("checked_at")).values_list("board", flat=True))
    return [*sorted(have - set(seen)), *(board for board in seen if board in have)]
