"""Takes the rows of the ministry's file into the database: boards, schools and their published figures.

Of a school only what its row says is written, and only what the ministry publishes; what the school wrote of
itself stays. A board is written when it is added and belongs to its people from then on.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

from accounts import events
from accounts.models import User
from boards.models import Board
from schools.ministry_file import Published, SchoolRow
from schools.models import School, SchoolFigure

BATCH = 1000
FIGURES_AT_ONCE = 240  # of four values each: SQLite may take no more than 999 in one statement


class Counts(NamedTuple):
    """How many schools were added, changed and found as they are; how many boards were added."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    boards_added: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*map(sum, zip(self, other, strict=True)))


def by_board(rows: Iterable[SchoolRow]) -> list[list[SchoolRow]]:
    """The rows of each board, in the order in which the file begins them."""
    boards: dict[str, list[SchoolRow]] = {}
    for row in rows:
        boards.setdefault(row.board_number, []).append(row)
    return list(boards.values())


@transaction.atomic
def apply_board(rows: list[SchoolRow], *, source: str) -> Counts:
    """Write what `rows`, all of one board, say and the database does not: all of it or nothing, when stopped.

    Each board or school added or changed gets one Event that names `source`; figures share that of their school.
    """
    languages = Counter(row.fields["language"] for row in rows)
    # Its lock makes a second import of the same file wait for this one.
    board, is_new = Board.objects.select_for_update(no_key=True).get_or_create(
        ministry_number=rows[0].board_number,
        defaults={"name": rows[0].board_name, "language": languages.most_common(1)[0][0]},
    )
    events.write_many([board] if is_new else [], verb="added", why=source)
    said = differences(board, rows, hold=True)
    write(board, said, source=source)
    added, changed = sum(d.is_new for d in said), sum(bool(d) and not d.is_new for d in said)
    return Counts(added, changed, len(rows) - added - changed, int(is_new))


# ── What rows say that the database does not ──────────────────────────────────


@dataclass(frozen=True, slots=True)
class Difference:
    """What a row says of a school that is not so; it is falsy when there is nothing. Without a school, it is new."""

    row: SchoolRow
    school: School | None
    fields: dict[str, Any]
    figures: dict[str, Published]

    @property
    def is_new(self) -> bool:
        return self.school is None

    def __bool__(self) -> bool:
        return self.is_new or bool(self.fields or self.figures)


def differences(board: Board, rows: list[SchoolRow], *, hold: bool = False) -> list[Difference]:
    """What `rows` say and the schools of `board` do not, in their order; nothing is written.

    With `hold` the schools are held until the end of the transaction, so that nobody edits one between look and write.
    """
    schools = School.objects.filter(board=board, ministry_number__in=[row.number for row in rows]).order_by("pk")
    if hold:
        schools = schools.select_for_update(no_key=True)
    known = {school.ministry_number: school for school in schools}
    figures = _figures(list(known.values()))
    found = []
    for row in rows:
        school = known.get(row.number)
        was = figures.get(school.pk, {}) if school else {}
        found.append(
            Difference(
                row,
                school,
                _differing(school, row.fields) if school else row.fields,
                {kind: published for kind, published in row.figures.items() if was.get(kind) != published},
            )
        )
    return found


def write(board: Board, said: list[Difference], *, source: str, by: User | None = None) -> None:
    """Write the differences, with an Event for each school; asked inside a transaction, of schools that are held."""
    added = [School(board=board, ministry_number=d.row.number, **d.fields) for d in said if d.is_new]
    School.objects.bulk_create(added, batch_size=BATCH)
    _renew([d for d in said if d.school and d.fields])
    new = {school.ministry_number: school for school in added}
    _write_figures({(d.school or new[d.row.number]).pk: d.figures for d in said})
    events.write_many(added, verb="added", by=by, why=source)
    events.write_many([d.school for d in said if d.school and d], verb="edited", by=by, why=source)


def _renew(said: list[Difference]) -> None:
    """Write the fields in which known schools differ from their rows."""
    renewed, names = [], {"version", "search"}
    for school, fields in ((d.school, d.fields) for d in said if d.school):
        for name, value in fields.items():
            setattr(school, name, value)
        school.version += 1
        School._meta.get_field("search").pre_save(school, False)  # bulk_update does not ask the field itself
        renewed.append(school)
        names |= fields.keys()
    School.objects.bulk_update(renewed, sorted(names), batch_size=BATCH)


def _differing(school: School, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that the row says otherwise.

    Where the ministry published no enrolment and the school then typed its own, the school's stands until the
    ministry publishes one.
    """
    if fields.get("enrolment", 0) is None and school.enrolment is not None and school.enrolment_unknown:
        fields = {name: value for name, value in fields.items() if name != "enrolment"}
    return {name: value for name, value in fields.items() if getattr(school, name) != value}


def _figures(schools: list[School]) -> dict[int, dict[str, tuple[Decimal | None, str]]]:
    """The figures of `schools` by their kind."""
    found: dict[int, dict[str, tuple[Decimal | None, str]]] = {}
    rows = SchoolFigure.objects.filter(school__in=schools).order_by()
    for school, kind, value, because in rows.values_list("school_id", "kind", "value", "unknown_because").iterator():
        found.setdefault(school, {})[kind] = (value, because)
    return found


def _write_figures(wanted: dict[int, dict[str, Published]]) -> None:
    """Write figures, by school id and kind."""
    rows = [(school, kind, *published) for school, figures in wanted.items() for kind, published in figures.items()]
    for first in range(0, len(rows), FIGURES_AT_ONCE):
        _upsert(rows[first : first + FIGURES_AT_ONCE])


def _upsert(figures: list[tuple[int, str, Decimal | None, str]]) -> None:
    """Write one batch of figures: school id, kind, value, reason. (By bulk_create, 118,000 take 5 of 8 seconds.)"""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SchoolFigure._meta.db_table} (school_id, kind, value, unknown_because)"
            f" VALUES {', '.join(['(%s, %s, %s, %s)'] * len(figures))}"
            " ON CONFLICT (school_id, kind) DO UPDATE"
            " SET value = excluded.value, unknown_because = excluded.unknown_because",
            [value for figure in figures for value in figure],
        )
