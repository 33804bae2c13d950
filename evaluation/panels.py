"""The yearly look on the page of its partnership."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.permissions import Permission
from accounts.policies import Request
from core import clock
from core.panels import Panel, panels
from evaluation import actions
from evaluation.requirements import NOT_YET
from partnerships.models import Partnership, PartnershipYear, Side


@dataclass
class Look:
    """Where the look at one year stands, for one reader."""

    year: int
    number: int
    opens_on: date | None  # None once it is not early any more
    is_begun: bool
    evaluation: int | None
    sides: set[str] = field(default_factory=set)
    has_answered: bool = False

    @property
    def is_done(self) -> bool:
        return self.sides == set(Side)


def looking_back(request: Request, partnership: Partnership) -> dict[str, Any] | None:
    """Each year with its report, the way to answer or when it opens, in one query."""
    if not request.user.access.may(Permission.EVALUATION_VIEW, partnership):
        return None
    today = clock.today(partnership.board.zone)
    years = PartnershipYear.objects.filter(partnership=partnership).order_by("-number")
    answered = ("evaluation__responses__side", "evaluation__responses__person")
    looks: dict[int, Look] = {}
    for key, number, starts_on, ends_on, evaluation, side, person in years.values_list(
        "pk", "number", "starts_on", "ends_on", "evaluation", *answered
    ):
        opens_on = actions.opens_on(starts_on, ends_on)
        look = looks.setdefault(
            key, Look(key, number, opens_on if today < opens_on else None, starts_on <= today, evaluation)
        )
        if side:
            look.sides.add(side)
            look.has_answered |= person == request.user.pk
    is_mine = partnership.state not in NOT_YET and actions.side_of(request.user, partnership) is not None
    return {"looks": list(looks.values()), "is_mine": is_mine}


panels.register("looking_back", Panel("partnership", "evaluation/_panel.html", looking_back, 30))
