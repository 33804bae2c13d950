"""What somebody carries of a school's partnerships."""

from typing import Any

from django.db import models
from django.utils.translation import ngettext

from accounts.models import Membership
from partnerships.models import Partnership
from people.handover import Carried, handovers


def _named_in(field: str) -> Any:
    def rows(membership: Membership) -> "models.QuerySet[Partnership]":
        own = Partnership.objects.filter(school=membership.school_id, **{field: membership.user_id})
        return own.exclude(state=Partnership.State.ENDED)

    return rows


def say(n: int) -> str:
    return ngettext("%(n)d partnership", "%(n)d partnerships", n) % {"n": n}


def say_backup(n: int) -> str:
    return ngettext("back-up of %(n)d partnership", "back-up of %(n)d partnerships", n) % {"n": n}


handovers.register(
    "partnerships", Carried(_named_in("champion"), "champion", say, "backup", work="prospect__initiative")
)
handovers.register("partnerships_backup", Carried(_named_in("backup"), "backup", say_backup, beside="champion"))
