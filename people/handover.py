"""What somebody carries where they work, and handing it to another: a room declares its own in `handovers.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from accounts.models import Membership, User
from core import facts
from core.registry import Registry


@dataclass(frozen=True)
class Carried:
    """Rows that name a person in `field`: `rows(membership)` are those of its person and place, `say(n)` counts them.

    `beside` is another field of such a row, in which the same person may not stand as well. `work` is the way from a
    row to the piece of work it belongs to, where one piece may go to another person by itself.
    """

    rows: Callable[[Membership], "models.QuerySet[Any]"]
    field: str
    say: Callable[[int], str]
    beside: str = ""
    work: str = ""

    def filled(self, row: Any, to: User) -> dict[str, User | None]:
        """The fields of `row` with `to` in them: whoever is named beside already moves up, or stays there alone."""
        if not self.beside or getattr(row, f"{self.beside}_id") != to.pk:
            return {self.field: to}
        may_be_empty = row._meta.get_field(self.field).null
        stays = may_be_empty and not row._meta.get_field(self.beside).null
        return {self.field: None} if stays else {self.field: to, self.beside: None}


handovers: Registry[Carried] = Registry("handovers")


def carried_by(membership: Membership) -> list[str]:
    """What the end of `membership` leaves behind, counted in words; nothing while its person keeps a role there."""
    others = Membership.objects.current().filter(user=membership.user_id, **membership.scope)
    if others.exclude(pk=membership.pk).exists():
        return []
    counts = [(one, one.rows(membership).count()) for one in handovers]
    return [one.say(n) for one, n in counts if n]


@transaction.atomic
def hand_over(membership: Membership, to: User, *, by: User) -> int:
    """Give what the person of `membership` carries in its place to `to`; answers how many rows moved.

    What is owed on a row moves with it: its rules look at who carries it.
    """
    why = f"{membership.user} → {to}"
    return sum(_given(one, one.rows(membership), to, why=why, by=by) for one in handovers)


@transaction.atomic
def hand_over_work(work: int, membership: Membership, to: User, *, by: User, why: str = "") -> int:
    """Give `to` what the person of `membership` leads in one piece of work (its key); answers how many rows moved.

    Where they stand as somebody's back-up they stay.
    """
    told = f"{membership.user} → {to}" + (f": {why}" if why else "")
    leading = [one for one in handovers if one.work and one.field == "champion"]
    return sum(_given(one, one.rows(membership).filter(**{one.work: work}), to, why=told, by=by) for one in leading)


def _given(one: Carried, rows: "models.QuerySet[Any]", to: User, *, why: str, by: User) -> int:
    moved = 0
    for row in rows.select_for_update(of=("self",)):
        fields = one.filled(row, to)
        for name, person in fields.items():
            setattr(row, name, person)
        row.version += 1
        row.save(update_fields=[*fields, "version"])
        facts.changed(row, by=by, verb="handed over", why=why)
        moved += 1
    return moved
