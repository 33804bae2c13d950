"""Legal holds: nothing of a person or an organisation is erased or passes its term while one stands."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from boards.models import Board
from core import clock, facts
from people import naming
from people.models import LegalHold


@transaction.atomic
def place(board: Board, *, by: User, reason: str, address: str = "", business: Any = None) -> LegalHold:
    """Hold what names the person with `address`, or `business`.

    Raises ValidationError for an address nobody here has.
    """
    hold = LegalHold(board=board, business=business, reason=reason, placed_by=by, placed_at=clock.now())
    if address:
        named = naming.somebody(address, board.pk)
        if not named.names:
            raise ValidationError({"about": _("Nobody here has this address.")})
        hold.person = User.objects.filter(pk__in=named.users).first()
        hold.address = "" if hold.person else address.lower()
    hold.save()
    facts.changed(hold, by=by, verb="placed")
    return hold


@transaction.atomic
def lift(hold: LegalHold, *, by: User) -> None:
    """From now on terms run again and erasure is possible. A second time changes nothing."""
    if LegalHold.objects.standing().filter(pk=hold.pk).update(lifted_at=clock.now(), lifted_by=by) == 1:
        hold.refresh_from_db()
        facts.changed(hold, by=by, verb="lifted")
