"""The steps of a need: a state moves in one place, whoever asks."""

from django.db import transaction
from django.db.models import F

from accounts.models import User
from core import facts
from schools.models import Need

# Where a need may come from to get there.
COMES_FROM = {
    Need.State.OPEN: (Need.State.PROPOSED, Need.State.WITHDRAWN),
    Need.State.WITHDRAWN: (Need.State.PROPOSED, Need.State.OPEN),
}


@transaction.atomic
def move_need(need: Need, *, to: Need.State, by: User, why: str = "") -> None:
    """Open `need` (the yes that a teacher's waits for, or asked for again) or withdraw it; a second time changes
    nothing. Raises KeyError for "proposed", to which nothing goes back."""
    rows = Need.objects.filter(pk=need.pk, state__in=COMES_FROM[to])
    if rows.update(state=to, version=F("version") + 1) == 1:
        need.refresh_from_db(fields=["state", "version"])
        facts.changed(need, by=by, verb="opened" if to == Need.State.OPEN else "withdrawn", why=why)
