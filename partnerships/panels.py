"""What partnerships show on the pages of lower rooms."""

from typing import Any

from accounts.permissions import Permission
from accounts.policies import Request
from businesses.models import Business
from core.panels import Panel, panels
from engines.reminders.today import Owed
from outreach.models import Prospect, Stage
from partnerships.models import Partnership
from partnerships.still_needed import asked_of_partner, standings
from schools.models import School

P = Permission
State = Partnership.State
ON_TODAY = 5
ON_A_SHEET = 6


def of_prospect(request: Request, prospect: Prospect) -> dict[str, Any] | None:
    """The partnership of a prospect, or the way to begin one."""
    access = request.user.access
    if not access.may(P.PARTNERSHIP_VIEW, prospect):
        return None
    partnership = Partnership.objects.visible_to(request.user).filter(prospect=prospect).first()
    may_change = access.may(P.PARTNERSHIP_CHANGE, prospect)
    is_over = partnership is None or partnership.state == Partnership.State.ENDED
    return {
        "prospect": prospect,
        "partnership": partnership,
        "may_begin": may_change and is_over and prospect.stage == Stage.IN_DISCUSSION,
    }


def of_business(request: Request, business: Business) -> dict[str, Any] | None:
    """The partnerships of a business this person may know of."""
    if not request.user.access.holds(P.PARTNERSHIP_VIEW):
        return None
    rows = Partnership.objects.visible_to(request.user).filter(business=business)
    found = list(rows.select_related("school", "prospect__initiative")[:20])
    return {"partnerships": found} if found else None


def on_today(request: Request, owed: list[Owed]) -> dict[str, Any] | None:
    """The partnerships that moved last, for those who have no week of talks: superintendent, office, partner."""
    access = request.user.access
    if not access.holds(P.PARTNERSHIP_VIEW) or access.holds(P.CONVERSATION_VIEW):
        return None
    rows = Partnership.objects.visible_to(request.user).exclude(state=Partnership.State.ENDED)
    found = list(rows.select_related("school", "business", "prospect__initiative")[: ON_TODAY + 1])
    reads_needs = access.holds(P.INITIATIVE_VIEW)
    shown = found[:ON_TODAY]
    if reads_needs:
        missing = {key: [s.text for _label, s in of if s.kind == "warn"] for key, of in standings(shown).items()}
    else:
        missing = asked_of_partner(shown)
    listed = [(partnership, missing[partnership.pk]) for partnership in shown]
    return {"listed": listed, "more": len(found) > ON_TODAY, "is_partner": not reads_needs}


def of_staff_meeting(request: Request, school: School) -> dict[str, Any] | None:
    """The partnerships of the school and its board that went on long enough to tell of, as far as the reader knows."""
    told = (State.ACTIVE, State.ENDING, State.ENDED)
    rows = Partnership.objects.visible_to(request.user).filter(school__board=school.board_id, state__in=told)
    found = list(rows.select_related("school", "business", "prospect__initiative")[:ON_A_SHEET])
    return {"partnerships": found, "school": school} if found else None


panels.register(
    "partnerships_of_staff_meeting", Panel("staff_meeting", "partnerships/_of_staff_meeting.html", of_staff_meeting)
)
panels.register("partnership_of_prospect", Panel("prospect", "partnerships/_of_prospect.html", of_prospect))
panels.register("partnerships_of_business", Panel("business", "partnerships/_of_business.html", of_business, 40))
panels.register("partnerships_on_today", Panel("today_below", "partnerships/_on_today.html", on_today))
