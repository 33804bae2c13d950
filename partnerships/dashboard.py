"""The page of a partnership, worked out from its rows in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format

from accounts.models import Membership, User
from accounts.permissions import Permission, Role
from core import charts, clock
from core.text import query
from partnerships.models import (
    Commitment,
    Participation,
    Partnership,
    PartnershipYear,
    Session,
    Side,
)
from partnerships.sessions import side_of, who_came
from partnerships.still_needed import standings
from schools.models import Measure, Need

P = Permission
State = Partnership.State
SHOWN = 5  # sessions; the others stand on a page of their own


@dataclass
class Held:
    """A session with the word that counts on who came, and the one that waits."""

    session: Session
    counted: Participation | None = None
    waiting: Participation | None = None
    came: str = ""  # the word that counts, else the one that waits, as this reader is told it


@dataclass(frozen=True)
class Month:
    """What took place in one month."""

    label: str
    sessions: int
    hours: Decimal


def of(partnership: Partnership, user: User, asked: str = "") -> dict[str, Any]:
    """Everything the page shows of `partnership` to `user`: the year of the number `asked`, else the current one."""
    access = user.access
    _read_people(partnership)
    today = clock.today(partnership.board.zone)
    years = list(partnership.years.all())
    year = next((year for year in years if str(year.number) == asked), None) or current(years, today)
    may_change = access.may(P.PARTNERSHIP_CHANGE, partnership)
    months = by_month(year)
    promises = _promises(partnership, years)
    shown = {side: _of_year(promises[side], year) for side in Side}
    return {
        "partnership": partnership,
        "school": partnership.school,
        "business": partnership.business,
        "initiative": partnership.initiative,
        "years": years,
        "year": year,
        "side": side_of(user, partnership),
        "is_inside": access.may(P.INITIATIVE_VIEW, partnership),
        "measures": list(Measure.objects.filter(goal__initiative=partnership.prospect.initiative_id).with_latest()),
        "principal": _principal_of(partnership),
        "promises": [(side, partnership.name_of(side), shown[side]) for side in Side],
        "withdrawn": [promise for side in Side for promise in promises[side] if promise.withdrawn_at],
        "counts": {side: len(shown[side]) for side in Side},
        "held": latest(year, sees_small=access.may(P.SESSION_LOG, partnership)),
        "hours": sum((month.hours for month in months), Decimal(0)),
        "sessions": sum(month.sessions for month in months),
        "months": months,
        "bars": charts.bars([(month.label, month.hours) for month in months]),
        "may_change": may_change,
        "may_log": access.may(P.SESSION_LOG, partnership) and _takes_sessions(partnership, year, today),
        "may_agree": may_change and partnership.state == State.FORMING,
        "may_move": may_change and partnership.is_under_way,
        "next_number": years[-1].number + 1 if years else 1,
        "needed": standings([partnership])[partnership.pk] if access.may(P.INITIATIVE_VIEW, partnership) else [],
    }


def _takes_sessions(partnership: Partnership, year: PartnershipYear | None, today: date) -> bool:
    return partnership.is_under_way and year is not None and year.starts_on <= today


def current(years: Iterable[PartnershipYear], today: date) -> PartnershipYear | None:
    """The year that `today` lies in; else the next to come, else the last."""
    rows = list(years)
    for year in rows:
        if year.includes(today) or year.starts_on > today:
            return year
    return rows[-1] if rows else None


def _read_people(partnership: Partnership) -> None:
    """Give `partnership` its champion and back-up.

    As joins they would be the eighth and ninth table of what the page reads anyway, and PostgreSQL takes longer to plan
    such a query than to run it.
    """
    people = User.objects.in_bulk({partnership.champion_id, partnership.backup_id} - {None})
    partnership.champion = people[partnership.champion_id]
    partnership.backup = people[partnership.backup_id] if partnership.backup_id else None


def _principal_of(partnership: Partnership) -> str:
    leads = Membership.objects.current().filter(role=Role.PRINCIPAL, school=partnership.school_id)
    return leads.order_by("-is_lead", "pk").values_list("user__name", flat=True).first() or ""


def silent_sides(partnership: Partnership) -> list[str]:
    """The names of the sides that have promised nothing."""
    promises = Commitment.objects.filter(year__partnership=partnership, withdrawn_at=None).order_by()
    heard = set(promises.values_list("side", flat=True))
    return [partnership.name_of(side) for side in Side if side not in heard]


def _promises(partnership: Partnership, years: list[PartnershipYear]) -> dict[Side, list[Commitment]]:
    """What was promised in `years`, by side. What the rows hang on is read already, and handed to them."""
    by_key, initiative = {year.pk: year for year in years}, partnership.initiative
    initiative.school = partnership.school
    found: dict[Side, list[Commitment]] = {side: [] for side in Side}
    for row in Commitment.objects.filter(year__in=list(by_key)).select_related("need"):
        row.year = by_key[row.year_id]
        if row.need is not None and row.need.initiative_id == initiative.pk:
            row.need.initiative = initiative
        found[Side(row.side)].append(row)
    return found


def _of_year(promises: list[Commitment], year: PartnershipYear | None) -> list[Commitment]:
    return [promise for promise in promises if year and promise.year_id == year.pk and not promise.withdrawn_at]


def latest(year: PartnershipYear | None, *, sees_small: bool) -> list[Held]:
    """The last sessions of `year`, newest first."""
    if year is None:
        return []
    return with_words(held_in(year)[:SHOWN], sees_small=sees_small)


def held_in(year: PartnershipYear) -> "models.QuerySet[Session]":
    """The sessions of `year` that took place, newest first."""
    return Session.objects.filter(year=year, state=Session.State.HELD).order_by("-held_on", "-pk")


def with_words(held: "models.QuerySet[Session]", *, sees_small: bool) -> list[Held]:
    """Each of these sessions with the word that counts and the one that waits, in one query.

    1 to 4 students are told only to those who count them.
    """
    words = Participation.objects.filter(session__in=held).select_related("session")
    found: dict[int, Held] = {}
    for word in words.order_by("-session__held_on", "-session_id"):
        one = found.setdefault(word.session_id, Held(word.session))
        if word.counts:
            one.counted = word
        elif word.answered_at is None:
            one.waiting = word
    for one in found.values():
        if word_shown := one.counted or one.waiting:
            one.came = who_came(word_shown, sees_small=sees_small)
    return list(found.values())


def by_month(year: PartnershipYear | None) -> list[Month]:
    """The months of `year` in which something took place, oldest first, with what counts."""
    counted = Participation.objects.counted().filter(session__year=year).order_by()
    rows = counted.annotate(month=TruncMonth("session__held_on")).values("month")
    totals = rows.annotate(n=Count("pk"), total=Sum("hours")).order_by("month")
    return [Month(date_format(row["month"], "M"), row["n"], row["total"]) for row in totals]


def of_session(session: Session, user: User) -> dict[str, Any]:
    """Everything the page of a session shows to `user`."""
    partnership = session.year.partnership
    access = user.access
    sees_small = access.may(P.SESSION_LOG, partnership)
    words = [
        (word, who_came(word, sees_small=sees_small))
        for word in session.participations.select_related("reported_by").order_by("-reported_at", "-pk")
    ]
    is_held = session.state == Session.State.HELD
    return {
        "session": session,
        "partnership": partnership,
        "words": words,
        "may_correct": is_held and access.may(P.SESSION_LOG, partnership),
        "may_answer": is_held and access.may(P.SESSION_CONFIRM, partnership),
    }


def counted_of(session: Session) -> dict[str, Any]:
    """The numbers of a session to begin a correction from."""
    word = session.participations.order_by("-counts", "-reported_at", "-pk").first()
    return {name: getattr(word, name) for name in ("volunteers", "hours", "students")} if word else {}


def need_asked_for(partnership: Partnership, asked: str) -> Need | None:
    """The open need of this partnership's initiative with the key `asked`; None for anything else."""
    key = query(asked)
    if not (key.isdecimal() and len(key) <= 18):
        return None
    needs = Need.objects.filter(initiative=partnership.prospect.initiative_id).exclude(state=Need.State.WITHDRAWN)
    return needs.filter(pk=int(key)).first()


def open_needs(partnership: Partnership) -> list[Need]:
    """The needs a promise can meet, for the form to begin from."""
    needs = Need.objects.filter(initiative=partnership.prospect.initiative_id, state=Need.State.OPEN)
    return list(needs.select_related("initiative__school__board"))


def as_asked_for(need: Need | None) -> dict[str, Any]:
    """What a promise that meets all of `need` begins with."""
    if need is None:
        return {}
    names = ("kind", "what", "quantity", "unit", "people", "hours", "frequency", "times", "times_unit", "value")
    return {name: getattr(need, name) for name in names}
