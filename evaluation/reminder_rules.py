"""What is owed on the yearly look (domain.md, the table of clocks)."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from engines.reminders.rules import Due, Item, rule
from evaluation.actions import OPENS_BEFORE
from evaluation.models import Response
from partnerships.models import Partnership, PartnershipYear, Side

UNDER_WAY = (Partnership.State.ACTIVE, Partnership.State.PAUSED, Partnership.State.ENDING)


def show_evaluation(year: PartnershipYear) -> Item:
    partnership = year.partnership
    return Item(
        title=_("Look back on year %(n)d") % {"n": year.number},
        detail=f"{partnership.business.name} · {partnership.initiative.title} · {partnership.school.name}",
        url=reverse("evaluation_answer", args=[year.pk]),
        icon="people",
        action=_("Answer nine questions"),
    )


@rule(
    "evaluation",
    watches=PartnershipYear,
    show=show_evaluation,
    related=("partnership__school", "partnership__business", "partnership__prospect__initiative"),
    open=Q(partnership__state__in=UNDER_WAY),
    again=(OPENS_BEFORE - timedelta(weeks=4), OPENS_BEFORE - timedelta(weeks=2)),
)  # fmt: skip
def evaluation(year: PartnershipYear) -> Iterator[Due]:
    """Each side's lead, 8 weeks before the last school day of the year and mailed again 4 and 2 weeks before it, until
    that side has answered. Nothing is owed on a year before it begins."""
    partnership = year.partnership
    if partnership.state not in UNDER_WAY:
        return
    answered = set(Response.objects.filter(evaluation__year=year).order_by().values_list("side", flat=True))
    last = year.board.calendar.last_school_day_on_or_before(year.ends_on)
    on = max(last - OPENS_BEFORE, year.starts_on)
    if Side.SCHOOL not in answered:
        yield Due(part="school side", owed_by=partnership.champion, on=on)
    lead = partnership.partner_lead
    if Side.PARTNER not in answered and partnership.shared_at and lead is not None and lead.user is not None:
        yield Due(part="partner side", owed_by=lead.user, on=on)
