"""What somebody carries of a school's prospects."""

from django.db import models
from django.utils.translation import ngettext

from accounts.models import Membership
from outreach.models import Prospect
from people.handover import Carried, handovers


def prospects_of(membership: Membership) -> "models.QuerySet[Prospect]":
    """The prospects that are talked with, or will be asked again."""
    return Prospect.objects.filter(school=membership.school_id, champion=membership.user_id, off_board_at=None)


def say(n: int) -> str:
    return ngettext("%(n)d prospect", "%(n)d prospects", n) % {"n": n}


handovers.register("prospects", Carried(prospects_of, "champion", say, work="initiative"))
