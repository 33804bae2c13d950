"""What somebody carries of a school's initiatives."""

from typing import Any

from django.db import models
from django.utils.translation import ngettext

from accounts.models import Membership
from people.handover import Carried, handovers
from schools.models import Initiative


def _named_in(field: str) -> Any:
    def rows(membership: Membership) -> "models.QuerySet[Initiative]":
        done = (Initiative.State.COMPLETED, Initiative.State.ARCHIVED)
        own = Initiative.objects.filter(school=membership.school_id, **{field: membership.user_id})
        return own.exclude(state__in=done)

    return rows


def say(n: int) -> str:
    return ngettext("%(n)d initiative", "%(n)d initiatives", n) % {"n": n}


def say_backup(n: int) -> str:
    return ngettext("back-up of %(n)d initiative", "back-up of %(n)d initiatives", n) % {"n": n}


handovers.register("initiatives", Carried(_named_in("champion"), "champion", say, beside="backup", work="pk"))
handovers.register("initiatives_backup", Carried(_named_in("backup"), "backup", say_backup, beside="champion"))
