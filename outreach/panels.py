"""What outreach shows on the pages of lower rooms."""

from typing import Any

from django.urls import reverse

from accounts.permissions import Permission
from accounts.policies import Request
from businesses.models import Business
from core.panels import Panel, panels
from engines.reminders.today import Owed
from outreach import week
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
    context = {"prospects": rows.select_related("business")[:20], "may_add": False, "initiative": initiative}
    if access.may(Permission.PROSPECT_CHANGE, initiative):
        paste = reverse("prospects_paste", args=[initiative.school_id])
        context["paste_url"] = f"{paste}?initiative={initiative.pk}"
    return context


def this_week(request: Request, owed: list[Owed]) -> dict[str, Any] | None:
    """Needs that wait for a yes, then the meetings and next steps of the week, for those who talk with partners."""
    if not week.may_see(request.user):
        return None
    days, waiting = week.of(request.user, owed)
    return {"days": days, "is_empty": not any(day.entries for day in days), "waiting": waiting}


panels.register("this_week", Panel("today_below", "outreach/_week.html", this_week))
panels.register("prospects_of_business", Panel("business", "outreach/_prospects_panel.html", prospects_of_business))
panels.register(
    "prospects_of_initiative", Panel("initiative", "outreach/_prospects_panel.html", prospects_of_initiative)
)
