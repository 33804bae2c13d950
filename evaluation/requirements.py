"""The yearly look, as one of the things a partnership needs."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from evaluation.actions import OPENS_BEFORE
from partnerships.models import Partnership, PartnershipYear, Side
from partnerships.still_needed import Fact, Facts, Requirement, Source, Standing, requirements

NOT_YET = (Partnership.State.FORMING, Partnership.State.AGREEMENT)


def looked_at(keys: list[int]) -> Source:
    """The years that have begun, each with the sides that have answered for it."""
    rows = PartnershipYear.objects.filter(partnership__in=keys, starts_on__lte=clock.now().date())
    return Source(rows, of="partnership", side="evaluation__responses__side", key="pk", number="number", day="ends_on")


def _of_last(facts: Facts) -> tuple[Fact | None, set[str]]:
    """The last year that has begun, and the sides that have answered for it."""
    last = max(facts, key=lambda fact: fact.number or 0, default=None)
    return last, {fact.side for fact in facts if last and fact.key == last.key and fact.side}


def say_looked_back(partnership: Partnership, facts: Facts) -> Standing:
    """Of the last year that has begun: done, whose answers are missing, or when it opens."""
    last, sides = _of_last(facts)
    if last is None or last.day is None or partnership.state in NOT_YET:
        return Standing("none", _("Once under way"))
    if sides == set(Side):
        return Standing("ok", _("Year %(n)d done") % {"n": last.number})
    url = reverse("evaluation_answer", args=[last.key])
    opens_on = last.day - OPENS_BEFORE
    if clock.now().date() < opens_on and not sides:
        return Standing("none", _("In %(month)s") % {"month": date_format(opens_on, "F")})
    if Side.SCHOOL in sides:
        return Standing("warn", _("The partner’s answers are missing"))
    if Side.PARTNER in sides:
        return Standing("warn", _("The school’s answers are missing"), url)
    return Standing("warn", _("Both sides’ answers are missing"), url)


def ask_partner(partnership: Partnership, facts: Facts) -> str:
    """Their answers, once it is time or the school has answered."""
    is_asked = say_looked_back(partnership, facts).kind == "warn" and Side.PARTNER not in _of_last(facts)[1]
    return _("Your answers are asked for") if is_asked else ""


requirements.register(
    "looked_back", Requirement(gettext_lazy("Looked back"), 50, say_looked_back, looked_at, ask_partner)
)
