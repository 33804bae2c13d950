"""The yearly look on the page of its partnership."""

from datetime import date
from typing import Any

from accounts.permissions import Permission
from accounts.policies import Request
from core import clock
from core.panels import Panel, panels
from evaluation import actions
from evaluation.requirements import OPENS_BEFORE, standing
from partnerships.models import Partnership, PartnershipYear


def looking_back(request: Request, partnership: Partnership) -> dict[str, Any] | None:
    """Each year with its report, the way to answer or when it opens, in one query."""
    access = request.user.access
    if not access.may(Permission.EVALUATION_VIEW, partnership):
        return None
    years = PartnershipYear.objects.filter(partnership=partnership).select_related("evaluation")
    not_yet = partnership.state in (Partnership.State.FORMING, Partnership.State.AGREEMENT)
    may_answer = actions.side_of(request.user, partnership) is not None and not not_yet
    today = clock.today(partnership.board.zone)
    return {"rows": [_row(year, today, may_answer) for year in standing(years).order_by("-number")]}


def _row(year: Any, today: date, may_answer: bool) -> dict[str, Any]:
    is_done = year.school_is_in and year.partner_is_in
    opens_on = max(year.ends_on - OPENS_BEFORE, year.starts_on)
    return {
        "year": year,
        "evaluation": getattr(year, "evaluation", None),
        "is_done": is_done,
        "opens_on": opens_on if today < opens_on and not (year.school_is_in or year.partner_is_in) else None,
        "may_answer": may_answer and not is_done and year.starts_on <= today,
    }


panels.register("looking_back", Panel("partnership", "evaluation/_panel.html", looking_back, 30))
