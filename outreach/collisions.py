"""Another school of the board talks with the same organisation: the one thing a champion is told of its prospects."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.templatetags.tandem import dated
from outreach.models import Prospect


def of(prospects: Iterable[Prospect]) -> list[str]:
    """Where other schools of the board are with the organisations of `prospects`, a sentence each: school, champion,
    stage and since when, and nothing else of it. One query."""
    own = list(prospects)
    others = Prospect.objects.open().on_board().filter(business__in=[prospect.business_id for prospect in own])
    others = others.exclude(school__in=[prospect.school_id for prospect in own])
    return [_sentence(other) for other in others.select_related("business", "school__board", "champion")[:20]]


def _sentence(other: Prospect) -> str:
    return _("%(school)s talks with %(name)s, too: %(champion)s, %(stage)s since %(day)s.") % {
        "school": other.school.name,
        "name": other.business.name,
        "champion": other.champion.name,
        "stage": other.get_stage_display().lower(),
        "day": dated(other.stage_since.astimezone(other.board.zone).date(), "MONTH_DAY_FORMAT"),
    }
