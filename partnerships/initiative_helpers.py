"""Who helps with an initiative: its partnerships, and what their partners promised and brought for its needs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import BooleanField, Case, Value, When
from django.utils.timezone import get_current_timezone

from accounts.models import User
from core import clock
from partnerships.models import Partnership, seen_by
from schools.needs_met import Helper, Pledge, Standing, finders
from schools.sentences import NeedFacts

State = Partnership.State
AGREED = frozenset({State.AGREEMENT, State.ACTIVE, State.PAUSED, State.ENDING})
GIVEN_ONCE = ("", "once")  # how often help comes that stays when its partnership has ended
FACTS = ("kind", "what", "quantity", "unit", "people", "hours", "frequency", "times", "times_unit")


class Row(NamedTuple):
    """A partnership with one of its years and one of the promises of that year; None and "" where there is none."""

    pk: int
    initiative: int
    state: str
    is_seen: bool
    business: str
    lead: str | None
    year: int | None
    starts_on: date | None
    need: int | None
    rhythm: str | None  # how often the need asks for it
    withdrawn_at: datetime | None
    delivered: Decimal | None
    kind: str | None
    what: str
    quantity: Decimal | None
    unit: str
    people: int | None
    hours: Decimal | None
    frequency: str
    times: int | None
    times_unit: str


def find(initiatives: list[int], reader: User) -> list[Helper]:
    """The partnerships of `initiatives`, those that moved last first, in one query."""
    is_seen = Case(When(seen_by(reader), then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = Partnership.objects.filter(prospect__initiative__in=initiatives).annotate(is_seen=is_seen)
    promise = "years__commitments__"
    columns = (
        *("pk", "prospect__initiative", "state", "is_seen", "business__name", "partner_lead__name"),
        *("years__number", "years__starts_on", f"{promise}need", f"{promise}need__frequency"),
        *(f"{promise}withdrawn_at", f"{promise}delivered", *(f"{promise}{name}" for name in FACTS)),
    )
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows.order_by("-state_since", "-pk", "years__number", "years__commitments").values_list(*columns):
        found[row[0]].append(Row(*row))
    today = clock.today(get_current_timezone())
    return [_helper(rows_of, today) for rows_of in found.values()]


def _helper(rows: list[Row], today: date) -> Helper:
    first = rows[0]
    is_seen = first.is_seen
    return Helper(
        initiative=first.initiative,
        name=first.business if is_seen else "",
        lead=(first.lead or "") if is_seen else "",
        page=first.pk if is_seen else 0,
        year=_year(rows, today),
        is_under_way=first.state in (State.ACTIVE, State.PAUSED, State.ENDING),
        pledges=tuple(_pledge(row) for row in counting(rows, today) if _stands(row)),
    )


def _year(rows: list[Row], today: date) -> int | None:
    """The number of the last year that has begun, else of the first."""
    years = {row.year: row.starts_on for row in rows if row.year is not None and row.starts_on is not None}
    return max((n for n, start in years.items() if start <= today), default=min(years, default=None))


def counting(rows: Iterable[Row], today: date) -> list[Row]:
    """The promises that count: for each need those of the last year that has begun, else of the first to come. What is
    promised anew each year is one promise, and no second one."""
    of_need: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.need is not None and row.withdrawn_at is None:
            of_need[row.need].append(row)
    return [row for some in of_need.values() for year in [_year(some, today)] for row in some if row.year == year]


def _stands(row: Row) -> bool:
    """Whether it is worth anything still: of a partnership that has ended only what arrived once and for all."""
    return row.state != State.ENDED or (row.rhythm in GIVEN_ONCE and bool(row.delivered))


def _pledge(row: Row) -> Pledge:
    standing = Standing.PROMISED if row.state in AGREED else Standing.OFFERED
    if row.state == State.ENDED:
        standing = Standing.GIVEN
    facts = NeedFacts(**{name: getattr(row, name) for name in FACTS})
    return Pledge(row.need or 0, facts, standing, row.delivered or Decimal(0))


finders.register("partnerships", find)
