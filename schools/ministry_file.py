"""The school file of Ontario's Ministry of Education, read as published. Nothing here knows the database.

Columns are found by their names: other years have others. A row says nothing where its column is missing, its cell
blank or not readable; what it does not say is not among its fields, so that silence erases nothing a school wrote.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from boards.models import Board, Level
from core.search_text import search_key
from core.text import FORBIDDEN, UNREADABLE, normalise
from engines.imports.text_file import decode, records
from schools.figures import UNKNOWN_BECAUSE
from schools.models import School

BOARD_NUMBER, BOARD_NAME = "Board Number", "Board Name"
SCHOOL_NUMBER, SCHOOL_NAME, LANGUAGE = "School Number", "School Name", "School Language"
NEEDED = (BOARD_NUMBER, BOARD_NAME, SCHOOL_NUMBER, SCHOOL_NAME, LANGUAGE)
ENROLMENT, LATITUDE, LONGITUDE = "Enrolment", "Latitude", "Longitude"
FIGURE_COLUMNS = {
    "Percentage of Students Whose First Language Is Not English": "first_language_not_english",
    "Percentage of Students Whose First Language Is Not French": "first_language_not_french",
    "Percentage of Students Who Are New to Canada from a Non-English Speaking Country": (
        "new_from_non_english_country"
    ),
    "Percentage of Students Who Are New to Canada from a Non-French Speaking Country": ("new_from_non_french_country"),
    "Percentage of Students Receiving Special Education Services": "special_education",
    "Percentage of Students Identified as Gifted": "gifted",
    "Percentage of Grade 3 Students Achieving the Provincial Standard in Reading": "grade3_reading",
    "Change in Grade 3 Reading Achievement Over Three Years": "grade3_reading_change",
    "Percentage of Grade 3 Students Achieving the Provincial Standard in Writing": "grade3_writing",
    "Change in Grade 3 Writing Achievement Over Three Years": "grade3_writing_change",
    "Percentage of Grade 3 Students Achieving the Provincial Standard in Mathematics": "grade3_mathematics",
    "Change in Grade 3 Mathematics Achievement Over Three Years": "grade3_mathematics_change",
    "Percentage of Grade 6 Students Achieving the Provincial Standard in Reading": "grade6_reading",
    "Change in Grade 6 Reading Achievement Over Three Years": "grade6_reading_change",
    "Percentage of Grade 6 Students Achieving the Provincial Standard in Writing": "grade6_writing",
    "Change in Grade 6 Writing Achievement Over Three Years": "grade6_writing_change",
    "Percentage of Grade 6 Students Achieving the Provincial Standard in Mathematics": "grade6_mathematics",
    "Change in Grade 6 Mathematics Achievement Over Three Years": "grade6_mathematics_change",
    "Percentage of Grade 9 Students Achieving the Provincial Standard in Mathematics": "grade9_mathematics",
    "Change in Grade 9 Mathematics Achievement Over Three Years": "grade9_mathematics_change",
    "Percentage of Students That Passed the Grade 10 OSSLT on Their First Attempt": "literacy_test",
    "Change in Grade 10 OSSLT Literacy Achievement Over Three Years": "literacy_test_change",
    "Percentage of School-Aged Children Who Live in Low-Income Households": "low_income",
    "Percentage of Students Whose Parents Have No Degree, Diploma or Certificate": "parents_without_degree",
}
LANGUAGES = {"english": "en", "anglais": "en", "french": "fr", "francais": "fr", "en": "en", "fr": "fr"}
NUMBER = re.compile(r"[+-]?[0-9]{1,6}(\.[0-9]{1,12})?")
OFFICIAL_NUMBER = re.compile(r"[A-Za-z0-9-]{1,12}")  # text, not a count: 019186 keeps its zero
GRADE = re.compile(r"(JK|SK|K|[0-9]{1,2})(?: ?[-–] ?(JK|SK|K|[0-9]{1,2}))?", re.IGNORECASE)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
GRADE_AS_DATE = re.compile(rf"([0-9]{{1,2}})-({'|'.join(MONTHS)})", re.IGNORECASE)
POSTAL_CODE = re.compile(r"([A-Z][0-9][A-Z])[ -]?([0-9][A-Z][0-9])")
PHONE = re.compile(r"\+?[0-9(][0-9(). /-]{8,24}[0-9](,? ?(x|ext\.?|poste) ?[0-9]{1,6})?", re.IGNORECASE)


class NotTheMinistrysFile(Exception):
    """A file without the columns a school is made of; the text says which."""


class Unusable(Exception):
    """A row no school can be made of; the text says why, `column` where."""

    def __init__(self, text: str, column: str = "") -> None:
        super().__init__(text)
        self.column = column


class LeftOut(ValueError):
    """A cell that cannot be used; the text says why. The rest of its row can."""


class Published(NamedTuple):
    """A published figure, or the published reason why there is none (a key of UNKNOWN_BECAUSE)."""

    value: Decimal | None
    unknown_because: str


class Left(NamedTuple):
    """A cell that is left out: its column, and why."""

    column: str
    cell: str
    why: str

    def __str__(self) -> str:
        says = {"column": self.column, "cell": self.cell[:60], "why": self.why}
        return _("%(column)s “%(cell)s” is left out: %(why)s") % says


class Remark(NamedTuple):
    """Something to tell about a line of the file, counted from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school as a line of the file describes it; `fields` are those of School it says something about."""

    line: int
    board_number: str
    board_name: str
    number: str
    fields: dict[str, Any]
    figures: dict[str, Published]
    left_out: list[Left]


@dataclass(frozen=True, slots=True)
class MinistryFile:
    """The usable rows in the order of the file, the lines refused, the cells left out, the columns not there."""

    rows: list[SchoolRow] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    left_out: list[Remark] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


# ── The file ──────────────────────────────────────────────────────────────────


def read(data: bytes) -> MinistryFile:
    """Read the whole file; raises NotTheMinistrysFile. A row that cannot be used stops no other."""
    rows = records(decode(data))
    header = next(rows, (1, []))[1] or []
    columns = _columns(header)
    found = MinistryFile(absent=[name for name in _wanted() if name not in columns])
    first_lines: dict[tuple[str, str], int] = {}
    for line, record in rows:
        try:
            row = parse_row(_cells(record, columns, len(header)), line)
            _once(row, first_lines)
        except Unusable as problem:
            found.refused.append(Remark(line, str(problem)))
            continue
        found.rows.append(row)
        found.left_out.extend(Remark(line, str(left)) for left in row.left_out)
    return found


def _wanted() -> list[str]:
    return [*NEEDED, *CELLS, ENROLMENT, LATITUDE, LONGITUDE, *FIGURE_COLUMNS]


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Where each column we read stands; its name may be broken over two lines or in other capitals."""
    places: dict[str, int] = {}
    for place, heading in enumerate(header):
        places.setdefault(" ".join(heading.split()).casefold(), place)
    missing = [name for name in NEEDED if name.casefold() not in places]
    if missing:
        raise NotTheMinistrysFile(f"it has no column {', '.join(missing)}.")
    return {name: places[name.casefold()] for name in _wanted() if name.casefold() in places}


def _cells(record: list[str] | None, columns: dict[str, int], width: int) -> dict[str, str]:
    if record is None:
        raise Unusable(_("the line is no CSV"))
    if len(record) != width:
        has = ngettext("it has %(n)s column", "it has %(n)s columns", len(record)) % {"n": len(record)}
        raise Unusable(_("%(has)s, the header has %(width)s") % {"has": has, "width": width})
    return {name: plain(record[place]) for name, place in columns.items()}


def _once(row: SchoolRow, first_lines: dict[tuple[str, str], int]) -> None:
    first = first_lines.setdefault((row.board_number, row.number), row.line)
    if first != row.line:
        says = {"school": row.number, "board": row.board_number, "line": first}
        raise Unusable(_("school %(school)s of board %(board)s stands on line %(line)s already") % says)


# ── A row ─────────────────────────────────────────────────────────────────────


def parse_row(cells: dict[str, str], line: int) -> SchoolRow:
    """The school of `cells` (plain text by column name, NEEDED among them); raises Unusable."""
    row = SchoolRow(
        line=line,
        board_number=_official_number(BOARD_NUMBER, cells),
        board_name=_name(BOARD_NAME, cells, Board),
        number=_official_number(SCHOOL_NUMBER, cells),
        fields={"name": _name(SCHOOL_NAME, cells, School), "language": _language(cells)},
        figures={},
        left_out=[],
    )
    for heading in cells:
        try:
            _take(row, heading, cells)
        except LeftOut as why:
            row.left_out.append(Left(heading, cells[heading], str(why)))
    return row


def _take(row: SchoolRow, heading: str, cells: dict[str, str]) -> None:
    """Add what one cell says to `row`; raises LeftOut."""
    cell = cells[heading]
    if heading in FIGURE_COLUMNS:
        kind = FIGURE_COLUMNS[heading]
        row.figures[kind] = parse_change(cell) if kind.endswith("_change") else parse_share(cell)
    elif heading == ENROLMENT:
        row.fields.update(parse_enrolment(cell))
    elif heading == LATITUDE:
        row.fields.update(parse_coordinates(cell, cells.get(LONGITUDE, "")))
    elif heading in CELLS and cell.upper() not in {"", *UNKNOWN_BECAUSE}:
        name, parse = CELLS[heading]
        row.fields[name] = _fitting(School, name, parse(cell))


def _official_number(heading: str, cells: dict[str, str]) -> str:
    if not cells[heading]:
        raise Unusable(_("it has no %(column)s") % {"column": heading}, heading)
    if not OFFICIAL_NUMBER.fullmatch(cells[heading]):
        says = {"column": heading, "cell": cells[heading][:60]}
        raise Unusable(_("its %(column)s “%(cell)s” is none") % says, heading)
    return cells[heading]


def _name(heading: str, cells: dict[str, str], model: type[Board] | type[School]) -> str:
    if not cells[heading]:
        raise Unusable(_("it has no %(column)s") % {"column": heading}, heading)
    try:
        return str(_fitting(model, "name", cells[heading]))
    except LeftOut as why:
        says = {"column": heading, "cell": cells[heading][:60], "why": why}
        raise Unusable(_("its %(column)s “%(cell)s” cannot be used: %(why)s") % says, heading) from None


def _language(cells: dict[str, str]) -> str:
    language = LANGUAGES.get(search_key(cells[LANGUAGE]))
    if language is None:
        says = {"column": LANGUAGE, "cell": cells[LANGUAGE][:60]}
        raise Unusable(_("its %(column)s “%(cell)s” is neither English nor French") % says, LANGUAGE)
    return language


def _fitting(model: type[Board] | type[School], name: str, value: Any) -> Any:
    """`value` if a form would take it for the field too; raises LeftOut."""
    if UNREADABLE in str(value):
        raise LeftOut(_("a character of it cannot be read"))
    try:
        return model._meta.get_field(name).clean(value, None)  # type: ignore[union-attr]
    except ValidationError as error:
        raise LeftOut(" ".join(error.messages)) from None


# ── A cell: plain text in, our value out; raises LeftOut ──────────────────────


def plain(cell: str) -> str:
    """`cell` on one line, with composed accents, single spaces and no hidden characters."""
    return " ".join(FORBIDDEN.sub(" ", normalise(cell).replace("\n", " ")).split())


@lru_cache(maxsize=4096)  # the same few figures 118,000 times, in one copy each
def parse_number(cell: str, lowest: int, highest: int) -> Published:
    """`89%`, `30` or `-4.5` as a number in this range; SP, NA, N/D, N/R or a blank as the reason for none."""
    if cell.upper() in UNKNOWN_BECAUSE or not cell:
        return Published(None, cell.upper() or "blank")
    bare = cell.removesuffix("%").rstrip()
    if not NUMBER.fullmatch(bare):
        raise LeftOut(_("it is no number"))
    value = Decimal(bare)
    if not lowest <= value <= highest:
        raise LeftOut(_("it does not lie between %(lowest)s and %(highest)s") % {"lowest": lowest, "highest": highest})
    return Published(value, "")


def parse_share(cell: str) -> Published:
    """A share of students, in percent."""
    return _to_hundredths(parse_number(cell, 0, 100))


def parse_change(cell: str) -> Published:
    """A change of a share, in percentage points."""
    return _to_hundredths(parse_number(cell, -100, 100))


def _to_hundredths(published: Published) -> Published:
    """As SchoolFigure keeps it; otherwise the next run would find 33.333 changed."""
    if published.value is None or published.value.as_tuple().exponent >= -2:  # type: ignore[operator]
        return published
    return Published(published.value.quantize(Decimal("0.01")), "")


def parse_enrolment(cell: str) -> dict[str, Any]:
    """How many students, or why that is unknown."""
    published = parse_number(cell, 0, 999_999)
    if published.value is None:
        return {"enrolment": None, "enrolment_unknown": published.unknown_because}
    if published.value % 1 or cell.endswith("%"):
        raise LeftOut(_("it is no number of students"))
    return {"enrolment": _fitting(School, "enrolment", int(published.value)), "enrolment_unknown": ""}


def parse_coordinates(latitude: str, longitude: str) -> dict[str, Any]:
    """Both coordinates in degrees, to five places (about a metre), or none of them."""
    try:
        north, east = parse_number(latitude, -90, 90).value, parse_number(longitude, -180, 180).value
    except LeftOut:
        raise LeftOut(
            _("with Longitude “%(longitude)s” it is no place on earth") % {"longitude": longitude[:60]}
        ) from None
    if north is None or east is None:
        return {}
    metre = Decimal("0.00001")
    return {"latitude": north.quantize(metre), "longitude": east.quantize(metre)}


def parse_level(cell: str) -> str:
    """One of Level."""
    key = search_key(cell)
    level = {
        (True, False): Level.ELEMENTARY,
        (False, True): Level.SECONDARY,
        (True, True): Level.BOTH,
    }.get(("elem" in key, "sec" in key))
    if level is None:
        raise LeftOut(_("it is neither elementary nor secondary"))
    return level


def parse_grades(cell: str) -> str:
    """`JK-8` with the dash we print; `12-Sep`, which a spreadsheet made of 9-12, as the grades it was."""
    if date := GRADE_AS_DATE.fullmatch(cell):
        lowest, highest = MONTHS.index(date[2].lower()) + 1, int(date[1])
        if not lowest <= highest <= 12:
            raise LeftOut(_("it is a date"))
        return f"{lowest}–{highest}"
    if grades := GRADE.fullmatch(cell):
        return "–".join(grade.upper() for grade in grades.groups() if grade)
    return cell


def parse_postal_code(cell: str) -> str:
    """`P6B4J4` as it is written on a letter: P6B 4J4."""
    code = POSTAL_CODE.fullmatch(cell.upper())
    if code is None:
        raise LeftOut(_("it is no Canadian postal code"))
    return f"{code[1]} {code[2]}"


def parse_phone(cell: str) -> str:
    """A telephone number as it was written."""
    if not PHONE.fullmatch(cell):
        raise LeftOut(_("it is no telephone number"))
    return cell


def parse_website(cell: str) -> str:
    """A web address with http or https; one without a scheme (`www.hscdsb.on.ca`) gets http."""
    address = cell if "://" in cell else f"http://{cell}"
    scheme, _mark, rest = address.partition("://")
    # What stands before an @ looks like the site one is sent to and is not.
    if scheme.lower() not in ("http", "https") or "@" in rest.partition("/")[0]:
        raise LeftOut(_("it is no web address"))
    return f"{scheme.lower()}://{rest}"


CELLS: dict[str, tuple[str, Callable[[str], str]]] = {
    "School Level": ("level", parse_level),
    "Grade Range": ("grades", parse_grades),
    "Street": ("street", str),
    "City": ("town", str),  # Municipality says "Sault Ste. Marie, City of" and often names another place
    "Province": ("province", str),
    "Postal Code": ("postal_code", parse_postal_code),
    "Phone Number": ("phone", parse_phone),
    "School Website": ("website", parse_website),
}
