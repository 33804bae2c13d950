"""The yearly look, as one of the things a partnership needs."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from evaluation.actions import OPENS_BEFORE
from evaluation.models import Response
from partnerships.models import Partnership, PartnershipYear, Side
from partnerships.still_needed import Requirement, Standing, requirements


def standing(years: "models.QuerySet[PartnershipYear]") -> "models.QuerySet[PartnershipYear]":
    """`years` with `school_is_in` and `partner_is_in`."""
    answered = Response.objects.filter(evaluation__year=OuterRef("pk")).order_by()
    return years.annotate(
        school_is_in=Exists(answered.filter(side=Side.SCHOOL)),
        partner_is_in=Exists(answered.filter(side=Side.PARTNER)),
    )


def looked_at() -> dict[str, Any]:
    """The last year that has begun, and who has answered for it."""
    years = PartnershipYear.objects.filter(partnership=OuterRef("pk"), starts_on__lte=clock.now().date())
    last = years.order_by("-number")
    answered = Response.objects.filter(evaluation__year=OuterRef("look_year")).order_by()
    return {
        "look_year": Subquery(last.values("pk")[:1]),
        "look_number": Subquery(last.values("number")[:1]),
        "look_ends_on": Subquery(last.values("ends_on")[:1]),
        "look_school": Exists(answered.filter(side=Side.SCHOOL)),
        "look_partner": Exists(answered.filter(side=Side.PARTNER)),
    }


def say_looked_back(partnership: Any) -> Standing:
    """Done, whose answers are missing, or when it opens."""
    ends_on: date | None = partnership.look_ends_on
    if ends_on is None or partnership.state in (Partnership.State.FORMING, Partnership.State.AGREEMENT):
        return Standing("none", _("Once under way"))
    if partnership.look_school and partnership.look_partner:
        return Standing("ok", _("Year %(n)d done") % {"n": partnership.look_number})
    url = reverse("evaluation_answer", args=[partnership.look_year])
    opens_on = ends_on - OPENS_BEFORE
    if clock.now().date() < opens_on and not (partnership.look_school or partnership.look_partner):
        return Standing("none", _("In %(month)s") % {"month": date_format(opens_on, "F")})
    if partnership.look_school:
        return Standing("warn", _("The partner’s answers are missing"))
    if partnership.look_partner:
        return Standing("warn", _("The school’s answers are missing"), url)
    return Standing("warn", _("Both sides’ answers are missing"), url)


def ask_partner(partnership: Any) -> str:
    """Their answers, once it is time or the school has answered."""
    is_missing = say_looked_back(partnership).kind == "warn" and not partnership.look_partner
    return _("Your answers are asked for") if is_missing else ""


requirements.register(
    "looked_back", Requirement(gettext_lazy("Looked back"), 50, say_looked_back, looked_at, ask_partner)
)
