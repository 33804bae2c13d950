"""Takes the rows of the ministry's file into the database: boards, schools and their published figures.

Of a school only what its row says is written, and only what the ministry publishes; what the school wrote of
itself stays. A board is written when it is added and belongs to its people from then on.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

from accounts import events
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
    board, is_new = _locked_board(rows)
    known = _locked_schools(board)
    added = [School(board=board, ministry_number=row.number, **row.fields) for row in rows if row.number not in known]
    School.objects.bulk_create(added, batch_size=BATCH)
    touched = _renew(known, rows)
    schools = known | {school.ministry_number: school for school in added}
    touched |= _write_figures(board, {schools[row.number].pk: row.figures for row in rows})
    changed = [school for school in known.values() if school.pk in touched]
    events.write_many([board] if is_new else [], verb="added", why=source)
    events.write_many(added, verb="added", why=source)
    events.write_many(changed, verb="edited", why=source)
    return Counts(len(added), len(changed), len(rows) - len(added) - len(changed), int(is_new))


def _locked_board(rows: list[SchoolRow]) -> tuple[Board, bool]:
    """The board, and whether it is new. Its lock makes a second import of the same file wait for this one."""
    languages = Counter(row.fields["language"] for row in rows)
    return Board.objects.select_for_update(no_key=True).get_or_create(
        ministry_number=rows[0].board_number,
        defaults={"name": rows[0].board_name, "language": languages.most_common(1)[0][0]},
    )


def _locked_schools(board: Board) -> dict[str, School]:
    """The schools of the board by ministry number, held so that nobody edits one between look and write."""
    schools = School.objects.filter(board=board).exclude(ministry_number="").order_by("pk")
    return {school.ministry_number: school for school in schools.select_for_update(no_key=True)}


def _renew(known: dict[str, School], rows: list[SchoolRow]) -> set[int]:
    """Write the fields in which known schools differ from their rows; the ids of these schools."""
    renewed, names = [], {"version", "search"}
    for row in rows:
        school = known.get(row.number)
        differing = _differing(school, row.fields) if school else {}
        if school is None or not differing:
            continue
        for name, value in differing.items():
            setattr(school, name, value)
        school.version += 1
        School._meta.get_field("search").pre_save(school, False)  # bulk_update does not ask the field itself
        renewed.append(school)
        names |= differing.keys()
    School.objects.bulk_update(renewed, sorted(names), batch_size=BATCH)
    return {school.pk for school in renewed}


def _differing(school: School, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that the row says otherwise.

    Where the ministry published no enrolment and the school then typed its own, the school's stands until the
    ministry publishes one.
    """
    if fields.get("enrolment", 0) is None and school.enrolment is not None and school.enrolment_unknown:
        fields = {name: value for name, value in fields.items() if name != "enrolment"}
    return {name: value for name, value in fields.items() if getattr(school, name) != value}


def _write_figures(board: Board, wanted: dict[int, dict[str, Published]]) -> set[int]:
    """Write the figures (by school id and kind) that differ or are new; the ids of their schools."""
    rows = SchoolFigure.objects.filter(school__board=board).order_by()
    known = {
        (school, kind): (value, because)
        for school, kind, value, because in rows.values_list("school_id", "kind", "value", "unknown_because").iterator()
    }
    differing = [
        (school, kind, *published)
        for school, figures in wanted.items()
        for kind, published in figures.items()
        if known.get((school, kind)) != published
    ]
    for first in range(0, len(differing), FIGURES_AT_ONCE):
        _upsert(differing[first : first + FIGURES_AT_ONCE])
    return {school for school, *_ in differing}


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
