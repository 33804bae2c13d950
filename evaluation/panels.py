"""The yearly look on the page of its partnership."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.permissions import Permission
from accounts.policies import Request
from core import clock
from core.panels import Panel, panels
from evaluation import actions
from evaluation.models import Response
from evaluation.requirements import standing
from partnerships.models import Partnership, PartnershipYear


def looking_back(request: Request, partnership: Partnership) -> dict[str, Any] | None:
    """Each year with its report, the way to answer or when it opens, in one query."""
    access = request.user.access
    if not access.may(Permission.EVALUATION_VIEW, partnership):
        return None
    years = PartnershipYear.objects.filter(partnership=partnership).select_related("evaluation")
    mine = Response.objects.filter(evaluation__year=OuterRef("pk"), person=request.user).order_by()
    not_yet = partnership.state in (Partnership.State.FORMING, Partnership.State.AGREEMENT)
    may_answer = actions.side_of(request.user, partnership) is not None and not not_yet
    today = clock.today(partnership.board.zone)
    rows = standing(years).annotate(has_answered=Exists(mine)).order_by("-number")
    return {"rows": [_row(year, today, may_answer) for year in rows]}


def _row(year: Any, today: date, may_answer: bool) -> dict[str, Any]:
    is_done = year.school_is_in and year.partner_is_in
    is_begun = year.school_is_in or year.partner_is_in
    opens_on = actions.opens_on(year)
    return {
        "year": year,
        "evaluation": getattr(year, "evaluation", None),
        "is_done": is_done,
        "has_answered": year.has_answered,
        "opens_on": opens_on if today < opens_on and not is_begun else None,
        "may_answer": may_answer and not is_done and year.starts_on <= today,
    }


panels.register("looking_back", Panel("partnership", "evaluation/_panel.html", looking_back, 30))
