"""Who stands for an initiative and with how much time: principal, champion, back-up, and whoever else takes part."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BooleanField, CharField, DecimalField, F, IntegerField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from accounts.permissions import Role
from core.templatetags.tandem import said
from schools.models import Initiative, KeyPerson

_NO_TEXT = Value("", CharField())


@dataclass(frozen=True)
class Row:
    """A principal of the school, or a key person; `key` is that of the latter."""

    is_key: bool
    pk: int
    leads: bool
    user: int | None
    name: str
    part: str
    hours: Decimal | None
    has_release: bool
    release: str
    note: str


@dataclass(frozen=True)
class Person:
    """One line of the page: `key` leads to what is said of their time, 0 where nothing is; `user` to who they are."""

    name: str
    part: str
    time: str
    key: int
    user: int | None
    takes_time: bool = True  # a principal speaks for it; nobody asks for her hours


@dataclass(frozen=True)
class KeyPeople:
    """In the order of the page; `has_hours` if anybody's hours are said."""

    people: list[Person]
    has_hours: bool


def key_people_of(initiative: Initiative) -> KeyPeople:
    """Principal, champion and back-up first, then the others as they were added; one query."""
    leads = Membership.objects.current().filter(role=Role.PRINCIPAL, school=initiative.school_id).order_by()
    no_hours = Cast(Value(None), DecimalField(max_digits=5, decimal_places=2))
    principals = leads.values_list(
        Value(0, IntegerField()), "pk", "is_lead", "user", "user__name", _NO_TEXT, no_hours,
        Value(False, BooleanField()), _NO_TEXT, _NO_TEXT,
    )  # fmt: skip
    named = Coalesce(F("user__name"), F("name"))
    keys = KeyPerson.objects.filter(initiative=initiative).order_by().values_list(
        Value(1, IntegerField()), "pk", Value(False, BooleanField()), "user", named, "part", "hours", "has_release",
        "release", "note",
    )  # fmt: skip
    return arranged(initiative, [Row(bool(kind), *rest) for kind, *rest in principals.union(keys, all=True)])


def arranged(initiative: Initiative, rows: Iterable[Row]) -> KeyPeople:
    """Put the rows in order, and whoever stands for the initiative with what is said of their time."""
    found = sorted(rows, key=lambda row: (row.is_key, not row.leads, row.pk))
    keys = [row for row in found if row.is_key]
    of_user = {row.user: row for row in keys if row.user}
    standing: list[tuple[int, str, str]] = []
    if principal := next((row for row in found if not row.is_key), None):
        standing.append((principal.user or 0, principal.name, _("Principal, speaks for it")))
    if initiative.champion is not None:
        standing.append((initiative.champion.pk, initiative.champion.name, _("Champion, the one contact")))
    if initiative.backup is not None:
        standing.append((initiative.backup.pk, initiative.backup.name, _("Back-up")))
    people: list[Person] = []
    told: set[int] = set()
    for user, name, part in standing:
        row = of_user.get(user) if user not in told else None
        told.add(user)
        is_principal = not people and principal is not None
        people.append(Person(name, part, time_of(row) if row else "", row.pk if row else 0, user, not is_principal))
    others = [row for row in keys if row.user not in told]
    people += [Person(row.name, row.part, time_of(row), row.pk, row.user) for row in others]
    return KeyPeople(people, any(row.hours for row in keys))


def time_of(row: Row) -> str:
    """How much time somebody has for it, in words."""
    told = []
    if row.hours is not None:
        n = int(row.hours) if row.hours == int(row.hours) else 2
        told.append(ngettext("%(n)s hour a month", "%(n)s hours a month", n) % {"n": said(row.hours)})
    if row.has_release:
        told.append(_("release time: %(what)s") % {"what": row.release} if row.release else _("with release time"))
    return ", ".join(told) + (f". {row.note}" if told and row.note else row.note)
