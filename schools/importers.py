"""Schools from a file: the ministry's, whole, of which a board takes its own rows; or any list of its schools.

Of a school only what the file says and the ministry publishes is written; what the school wrote of itself stays.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from boards.models import Board
from core.text import labelled
from engines.imports.kinds import (
    Column,
    Fate,
    Fault,
    Importer,
    OfAnother,
    Outcome,
    Row,
    RowRefused,
    Usable,
    importers,
)
from schools import ministry_import
from schools.board_names import board_key
from schools.figures import FIGURES
from schools.ministry_file import (
    BOARD_NAME,
    BOARD_NUMBER,
    CELLS,
    ENROLMENT,
    FIGURE_COLUMNS,
    LANGUAGE,
    LATITUDE,
    LONGITUDE,
    SCHOOL_NAME,
    SCHOOL_NUMBER,
    Unusable,
    parse_row,
    plain,
)
from schools.ministry_headings import ALSO
from schools.ministry_import import Difference
from schools.models import School

DIGITS = 6  # of a school's number; a spreadsheet drops the zeros it begins with
LABELS = {
    SCHOOL_NUMBER: gettext_lazy("School number"),
    SCHOOL_NAME: gettext_lazy("Name of the school"),
    LANGUAGE: gettext_lazy("Language of the school"),
    BOARD_NUMBER: gettext_lazy("Number of the board"),
    BOARD_NAME: gettext_lazy("Name of the board"),
    "School Level": gettext_lazy("Level"),
    "Grade Range": gettext_lazy("Grades"),
    "Street": gettext_lazy("Street"),
    "City": gettext_lazy("Town"),
    "Province": gettext_lazy("Province"),
    "Postal Code": gettext_lazy("Postal code"),
    "Phone Number": gettext_lazy("Phone"),
    "School Website": gettext_lazy("Website"),
    ENROLMENT: gettext_lazy("Students"),
    LATITUDE: gettext_lazy("Latitude"),
    LONGITUDE: gettext_lazy("Longitude"),
}
IN_A_REASON = {  # what a row cannot do without, as a sentence says it
    SCHOOL_NUMBER: gettext_lazy("school number"),
    SCHOOL_NAME: gettext_lazy("name"),
    LANGUAGE: gettext_lazy("language"),
}
SPOKEN = {"en": "English", "fr": "French"}  # as the file says it


def columns() -> tuple[Column, ...]:
    """What is read of a row, by the ministry's names."""
    needed = {SCHOOL_NUMBER, SCHOOL_NAME}
    own = (SCHOOL_NUMBER, SCHOOL_NAME, LANGUAGE, BOARD_NUMBER, BOARD_NAME, *CELLS, ENROLMENT, LATITUDE, LONGITUDE)
    figures = (Column(name, FIGURES[kind], ALSO[name], by_name_only=True) for name, kind in FIGURE_COLUMNS.items())
    return (*(Column(name, LABELS[name], ALSO[name], name in needed) for name in own), *figures)


def usable(board: Board, by: User) -> Callable[[Row], Usable]:
    """What makes a school of a row of `board`, and tells the rows of others."""
    known = set(School.objects.filter(board=board).values_list("ministry_number", flat=True))

    def make(row: Row) -> Usable:
        _own(board, row)
        cells = {name: plain(cell) for name, cell in row.cells.items()}
        if BOARD_NUMBER not in cells and not cells.get(ENROLMENT):  # only in the ministry's file a blank says something
            cells.pop(ENROLMENT, None)
        number = _whole(cells[SCHOOL_NUMBER], known, is_published=BOARD_NUMBER in cells)
        own = {BOARD_NUMBER: board.ministry_number or "0", BOARD_NAME: board.name, SCHOOL_NUMBER: number}
        try:
            school = parse_row({LANGUAGE: SPOKEN[board.language]} | cells | own, row.line)
        except Unusable as why:
            raise RowRefused(_said(why), why.column) from None
        if LANGUAGE not in cells and number in known:  # the file does not say; the school knows
            school = replace(school, fields={k: v for k, v in school.fields.items() if k != "language"})
        left_out = tuple(
            Fault(left.column, _("“%(cell)s” is left out: %(why)s") % {"cell": left.cell[:60], "why": left.why})
            for left in school.left_out
        )
        return Usable(row.line, number, school.fields["name"], school, left_out)

    return make


def known_by(board: Board) -> str:
    """By what the rows of `board` are known, as its page of a file says it."""
    if board.ministry_number:
        says = {"number": board.ministry_number, "name": board.name}
        return (
            _(
                "Rows of your board are known by its ministry number %(number)s or, in a file without numbers of "
                "boards, by its name %(name)s."
            )
            % says
        )
    if board.short_name:
        says = {"name": board.name, "short": board.short_name}
        return _("Rows of your board are known by its name, %(name)s or %(short)s: it has no ministry number.") % says
    return _("Rows of your board are known by its name, %(name)s: it has no ministry number.") % {"name": board.name}


def _said(why: Unusable) -> str:
    """Why a row is of no use, with the column in plain words and not as the ministry calls it."""
    words = IN_A_REASON.get(why.column)
    return str(why).replace(why.column, str(words), 1) if words else str(why)


def _own(board: Board, row: Row) -> None:
    """Raises OfAnother for a row that says it is another board's, by number or, where this one has none, by name."""
    number, name = (plain(row.cells.get(column, "")) for column in (BOARD_NUMBER, BOARD_NAME))
    if BOARD_NUMBER in row.cells and board.ministry_number:
        if not number:
            raise RowRefused(_("it has no number of the board"), BOARD_NUMBER)
        if number.casefold() != board.ministry_number.casefold():
            raise OfAnother(name or number)
    elif BOARD_NAME in row.cells:
        if board_key(name) not in {board_key(board.name), board_key(board.short_name or board.name)}:
            raise OfAnother(name or number or _("no board is named"))
    elif BOARD_NUMBER in row.cells:
        raise OfAnother(number or _("no board is named"))


def _whole(number: str, known: set[str], *, is_published: bool) -> str:
    """The number with the zeros it begins with, where the school is known by it or the file is the ministry's."""
    filled = number.zfill(DIGITS) if number.isascii() and number.isdecimal() else number
    if number in known:
        return number
    return filled if is_published or filled in known else number


def foresee(board: Board, by: User, rows: list[Usable]) -> list[Outcome]:
    """What would become of the schools of `rows`."""
    said = ministry_import.differences(board, [row.value for row in rows])
    return [_outcome(row, difference) for row, difference in zip(rows, said, strict=True)]


def write(board: Board, by: User, rows: list[Usable], source: str) -> list[Outcome]:
    """Add and change the schools of `rows`."""
    Board.objects.select_for_update(no_key=True).get(pk=board.pk)  # a second import waits for this one
    said = ministry_import.differences(board, [row.value for row in rows], hold=True)
    outcomes = [_outcome(row, difference) for row, difference in zip(rows, said, strict=True)]
    ministry_import.write(board, [difference for difference in said if difference], source=source, by=by)
    return outcomes


def _outcome(row: Usable, said: Difference) -> Outcome:
    if said.is_new:
        place = " · ".join(filter(None, (row.key, said.fields.get("town", ""))))
        return Outcome(row.line, Fate.ADDED, row.title, place)
    if not said:
        return Outcome(row.line, Fate.UNCHANGED, row.title, _("stands here already"))
    return Outcome(row.line, Fate.CHANGED, row.title, " · ".join(_changes(said)))


def _changes(said: Difference) -> list[str]:
    """What changes, in words."""
    words = [_change(said.school, name, value) for name, value in said.fields.items() if name != "enrolment_unknown"]
    if "enrolment_unknown" in said.fields and "enrolment" not in said.fields:
        words.append(_("why the number of students is unknown"))
    if n := len(said.figures):
        words.append(ngettext("%(n)s figure", "%(n)s figures", n) % {"n": n})
    return words


def _change(school: School | None, name: str, value: Any) -> str:
    field: Any = School._meta.get_field(name)
    was, will = (_shown(field, each) for each in (getattr(school, name), value))
    return labelled(capfirst(field.verbose_name), f"{was} → {will}")


def _shown(field: "models.Field[Any, Any]", value: Any) -> str:
    return str(dict(field.flatchoices).get(value, value)) if value not in (None, "") else "–"


importers.register(
    "schools",
    Importer(
        name="schools",
        label=gettext_lazy("Schools"),
        lead=gettext_lazy(
            "The ministry’s file as published, or a list of your own. What schools wrote themselves stays."
        ),
        columns=columns(),
        usable=usable,
        foresee=foresee,
        write=write,
        order=10,
        known_by=known_by,
        called=(SCHOOL_NAME, SCHOOL_NUMBER),
    ),
)
