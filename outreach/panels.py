"""What outreach shows on the pages of lower rooms."""

from typing import Any

from django.urls import reverse

from accounts.permissions import Permission
from accounts.policies import Request
from businesses.models import Business
from core.panels import Panel, panels
from engines.reminders.today import Owed
from outreach import quarter_hour, week
from outreach.models import Prospect
from schools.models import Initiative


def prospects_of_business(request: Request, business: Business) -> dict[str, Any] | None:
    """The prospects of a business this person may know of, and the way to make one."""
    access = request.user.access
    if not access.holds(Permission.PROSPECT_VIEW):
        return None
    rows = Prospect.objects.visible_to(request.user).filter(business=business)
    return {
        "prospects": rows.select_related("initiative", "school")[:20],
        "may_add": access.holds(Permission.PROSPECT_CHANGE),
        "business": business,
    }


def prospects_of_initiative(request: Request, initiative: Initiative) -> dict[str, Any] | None:
    """Who is being approached for an initiative."""
    access = request.user.access
    if not access.may(Permission.PROSPECT_VIEW, initiative):
        return None
    rows = Prospect.objects.visible_to(request.user).filter(initiative=initiative).open()
    prospects = list(rows.select_related("business")[:20])
    context = {"prospects": prospects, "may_add": False, "initiative": initiative}
    if access.may(Permission.PROSPECT_CHANGE, initiative):
        paste = reverse("prospects_paste", args=[initiative.school_id])
        if prospects and access.may(Permission.CONVERSATION_VIEW, initiative):
            context["sheets_url"] = reverse("call_sheets", args=[initiative.pk])
        context["paste_url"] = f"{paste}?initiative={initiative.pk}"
    return context


def this_week(request: Request, owed: list[Owed]) -> dict[str, Any] | None:
    """The meetings and next steps of the week, for those who talk with partners."""
    if not week.may_see(request.user):
        return None
    days, _waiting, _without_a_call = _week(request, owed)
    return {"days": days, "is_empty": not any(day.entries for day in days)}


def needs_that_wait(request: Request, owed: list[Owed]) -> dict[str, Any] | None:
    """Needs of teachers that wait for this reader's yes; `count` things more on their side."""
    if not week.may_see(request.user):
        return None
    _days, waiting, _without_a_call = _week(request, owed)
    return {"waiting": waiting, "count": sum(entry.needs for entry in waiting)} if waiting else None


def _week(request: Request, owed: list[Owed]) -> Any:
    """The week, read once for the page."""
    kept = vars(request)
    if "outreach_week" not in kept:
        kept["outreach_week"] = week.of(request.user, owed)
    return kept["outreach_week"]


def quarter_hour_above(request: Request, owed: list[Owed]) -> dict[str, Any] | None:
    """The first quarter hour, while nothing is due."""
    return None if _is_due(owed) else _quarter_hour(request, owed)


def quarter_hour_below(request: Request, owed: list[Owed]) -> dict[str, Any] | None:
    """The first quarter hour, behind what is due."""
    return _quarter_hour(request, owed) if _is_due(owed) else None


def _is_due(owed: list[Owed]) -> bool:
    return any(entry.days_late >= 0 for entry in owed)


def _quarter_hour(request: Request, owed: list[Owed]) -> dict[str, Any] | None:
    """The steps of the first school of one's own that has not called anybody; no query where there is none."""
    if not week.may_see(request.user):
        return None
    _days, _waiting, without_a_call = _week(request, owed)
    standing = quarter_hour.standing_of(without_a_call) if without_a_call else None
    return {"standing": standing, "is_below": _is_due(owed)} if standing else None


panels.register("quarter_hour_above", Panel("today_above", "outreach/_quarter_hour.html", quarter_hour_above, 10))
panels.register("quarter_hour_below", Panel("today_below", "outreach/_quarter_hour.html", quarter_hour_below, 60))
panels.register("needs_that_wait", Panel("today_mine", "outreach/_needs_that_wait.html", needs_that_wait))
panels.register("this_week", Panel("today_below", "outreach/_week.html", this_week))
panels.register("prospects_of_business", Panel("business", "outreach/_prospects_panel.html", prospects_of_business))
panels.register(
    "prospects_of_initiative", Panel("initiative", "outreach/_prospects_panel.html", prospects_of_initiative)
)
