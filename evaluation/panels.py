"""The yearly look on the page of its partnership."""

from typing import Any

from accounts.permissions import Permission
from accounts.policies import Request
from core.panels import Panel, panels
from evaluation.models import Evaluation
from evaluation.requirements import standing
from partnerships.models import Partnership, PartnershipYear


def looking_back(request: Request, partnership: Partnership) -> dict[str, Any] | None:
    """Each year with its report or the way to answer, in one query."""
    access = request.user.access
    if not access.may(Permission.EVALUATION_VIEW, partnership):
        return None
    years = PartnershipYear.objects.filter(partnership=partnership).select_related("evaluation")
    rows = [(year, _evaluation(year)) for year in standing(years).order_by("-number")]
    may_answer = access.may(Permission.EVALUATION_ANSWER, partnership) and partnership.state not in (
        Partnership.State.FORMING,
        Partnership.State.AGREEMENT,
    )
    return {"partnership": partnership, "rows": rows, "may_answer": may_answer}


def _evaluation(year: PartnershipYear) -> Evaluation | None:
    return year.evaluation if hasattr(year, "evaluation") else None


panels.register("looking_back", Panel("partnership", "evaluation/_panel.html", looking_back, 30))
