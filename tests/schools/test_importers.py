"""Schools from a board's file: its own rows of the ministry's, in whatever year and language, or a list of its own."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from boards.models import Board
from engines.imports import actions, reading
from engines.imports.models import Import
from schools.importers import columns
from schools.ministry_file import FIGURE_COLUMNS
from schools.ministry_headings import ALSO
from schools.models import School, SchoolFigure
from tests.factories import rows
from tests.schools.test_import_schools import REAL, generated, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
READING = "Percentage of Grade 3 Students Achieving the Provincial Standard in Reading"
OWN = {
    "Board Number": "B28010",
    "Board Name": "Algoma DSB",
    "School Number": "019186",
    "School Name": "Anna McCrea Public School",
    "School Language": "English",
    "School Level": "Elementary",
    "Grade Range": "JK-8",
    "City": "Sault Ste Marie",
    "Enrolment": "190",
    READING: "89%",
}
OTHER = OWN | {"Board Number": "B28029", "Board Name": "CSP du Nord-Est", "School Number": "702498"}


def written(*schools: dict[str, str], between: str = ",", encoding: str = "cp1252", extra: int = 0) -> bytes:
    """The file with these rows, and so many columns nobody knows."""
    out = io.StringIO()
    headings = [*schools[0], *(f"Unknown {n}" for n in range(extra))]
    writer = csv.DictWriter(out, headings, restval="x", delimiter=between, lineterminator="\n")
    writer.writeheader()
    writer.writerows(schools)
    return out.getvalue().encode(encoding)


class Desk:
    """A board with its administrator, who imports."""

    def __init__(self, **board: Any) -> None:
        self.board = rows.board("Algoma DSB", **({"ministry_number": "B28010"} | board))
        self.ruth: User = rows.user("Ruth")
        rows.member(self.ruth, Role.BOARD_ADMIN, self.board)

    def look(self, data: bytes, **chosen: int) -> Import:
        row = actions.upload(self.board, "schools", "schools.csv", data, by=self.ruth)
        actions.work(row.pk)
        row.refresh_from_db()
        if chosen:
            actions.match(row, {name.replace("_", " "): place for name, place in chosen.items()}, by=self.ruth)
            actions.work(row.pk)
            row.refresh_from_db()
        return row

    def take(self, data: bytes, **chosen: int) -> Import:
        row = self.look(data, **chosen)
        actions.apply(row, part="all", by=self.ruth)
        actions.work(row.pk)
        row.refresh_from_db()
        assert row.state == "applied", row.because
        return row

    def school(self, number: str = "019186") -> School:
        return School.objects.get(board=self.board, ministry_number=number)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def counts(row: Import) -> dict[str, int]:
    names = ("added", "changed", "unchanged", "refused", "elsewhere")
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def test_every_column_of_the_ministrys_file_is_read_and_has_other_names() -> None:
    assert {column.name for column in columns()} == set(ALSO)
    assert {column.name for column in columns() if column.by_name_only} == set(FIGURE_COLUMNS)


# ── Its own rows only ──


def test_only_the_rows_of_the_board_come_in_and_the_rest_is_counted(desk: Desk) -> None:
    row = desk.take(written(OWN, OTHER, OTHER | {"School Number": "702499"}))

    assert counts(row) == {"added": 1, "elsewhere": 2}
    assert row.preview["elsewhere"] == [["CSP du Nord-Est", 2]]
    assert list(Board.objects.all()) == [desk.board]
    assert list(School.objects.all()) == [desk.school()]
    assert desk.school().town == "Sault Ste Marie"
    assert Event.objects.get(verb="added", subject_id=desk.school().pk).by == desk.ruth


def test_a_row_without_a_board_is_refused(desk: Desk) -> None:
    row = desk.look(written(OWN | {"Board Number": ""}))
    assert row.preview["refused"] == [[2, "Board Number", "it has no number of the board", "Anna McCrea Public School"]]


def test_a_board_without_a_number_knows_its_rows_by_its_name() -> None:
    desk = Desk(ministry_number="")
    assert counts(desk.take(written(OWN, OTHER))) == {"added": 1, "elsewhere": 1}


@pytest.mark.parametrize(
    ("called", "short", "in_the_file", "told"),
    [
        ("Algoma District School Board", "", "Algoma DSB", {"added": 1, "elsewhere": 1}),
        ("Algoma", "Algoma DSB", "ALGOMA District School Board", {"added": 1, "elsewhere": 1}),
        ("Algoma Catholic District School Board", "", "Algoma DSB", {"elsewhere": 2}),
    ],
)
def test_the_short_form_of_the_kind_of_board_counts(
    called: str, short: str, in_the_file: str, told: dict[str, int]
) -> None:
    desk = Desk(ministry_number="")
    Board.objects.filter(pk=desk.board.pk).update(name=called, short_name=short)
    assert counts(desk.look(written(OWN | {"Board Name": in_the_file}, OTHER))) == told


@pytest.mark.parametrize(
    ("board", "words"),
    [
        ({}, "known by its ministry number B28010 or, in a file without numbers of boards, by its name Algoma DSB."),
        ({"ministry_number": ""}, "known by its name, Algoma DSB: it has no ministry number."),
        ({"ministry_number": "", "short_name": "ADSB"}, "known by its name, Algoma DSB or ADSB: it has no ministry"),
    ],
)
@pytest.mark.parametrize("is_all_elsewhere", [False, True])
def test_the_page_says_by_what_rows_are_known(
    is_all_elsewhere: bool, board: dict[str, str], words: str, signed_in: Callable[[User], Client]
) -> None:
    desk = Desk(**board)
    row = desk.look(written(*([OTHER] if is_all_elsewhere else [OWN, OTHER])))
    page = signed_in(desk.ruth).get(reverse("import", args=[row.pk])).content.decode()
    assert page.count(words) == 1
    assert (reverse("board_edit", args=[desk.board.pk]) in page) == is_all_elsewhere
    assert "There is nothing to write" not in page


def test_a_board_without_a_number_can_use_any_file() -> None:
    desk = Desk(ministry_number="", language="fr")
    data = "Code;Désignation;Ville\n12;École du Lac;Sudbury\n13;École du Parc;Hearst\n".encode("cp1252")
    row = desk.take(data, School_Number=0, School_Name=1, City=2)
    assert counts(row) == {"added": 2}
    assert desk.school("12").language == "fr"
    assert counts(desk.take(data)) == {"unchanged": 2}


# ── Other years, other languages, other programs ──


@pytest.mark.parametrize("extra", [39, 41], ids=["49 columns", "51 columns"])
def test_other_years_have_other_columns(extra: int, desk: Desk) -> None:
    row = desk.take(written(OWN, extra=extra))
    assert len(row.headings) == 10 + extra
    assert counts(row) == {"added": 1}
    assert len(row.unused()) == extra


def test_columns_stand_in_any_order_and_some_are_missing(desk: Desk) -> None:
    few = {name: OWN[name] for name in ("School Name", "Board Number", "School Number")}
    row = desk.take(written(few))
    assert counts(row) == {"added": 1}
    assert desk.school().language == "en"


def test_french_headings(desk: Desk) -> None:
    french = {ALSO[name][0] if ALSO[name] else name: cell for name, cell in OWN.items()}
    french |= {"Langue de l'école": "Français", "Palier de l’école": "Élémentaire"}
    row = desk.take(written(french, between=";", encoding="utf-8-sig"))
    assert counts(row) == {"added": 1}
    school = desk.school()
    assert (school.language, school.town, school.enrolment) == ("fr", "Sault Ste Marie", 190)
    assert SchoolFigure.objects.get(school=school).value == 89


def test_a_workbook_that_dropped_zeros_finds_the_same_school(desk: Desk) -> None:
    desk.take(written(OWN))
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(OWN))
    book.active.append([19186 if cell == "019186" else cell for cell in OWN.values()])
    out = io.BytesIO()
    book.save(out)
    assert counts(desk.take(out.getvalue())) == {"unchanged": 1}
    assert School.objects.count() == 1


# ── What changes ──


def test_a_second_run_doubles_nothing_and_says_so(desk: Desk) -> None:
    desk.take(written(OWN))
    before = list(School.objects.values()), list(SchoolFigure.objects.values())
    events = Event.objects.exclude(subject_type=rows.content_type(Import.objects.all()[0])).count()
    row = desk.take(written(OWN))
    assert counts(row) == {"unchanged": 1}
    assert (list(School.objects.values()), list(SchoolFigure.objects.values())) == before
    assert Event.objects.exclude(subject_type=rows.content_type(row)).count() == events


def test_what_changes_is_said_before(desk: Desk) -> None:
    desk.take(written(OWN))
    row = desk.look(
        written(OWN | {"School Name": "McCrea", "Enrolment": "SP", READING: "SP", "School Level": "Elem-Sec"})
    )
    says = "Name: Anna McCrea Public School → McCrea · Level: Elementary → Elementary and secondary"
    assert row.preview["changed"] == [[2, "McCrea", f"{says} · Students: 190 → – · 1 figure"]]


def test_what_a_school_wrote_stays(desk: Desk) -> None:
    desk.take(written(OWN))
    own = {
        "demographics": "Half of our students came lately.",
        "strength": "A choir",
        "accomplishments": "Finalists.",
        "challenge": "Distance",
        "year_runs": "Exams in June.",
    }
    School.objects.update(**own)
    desk.take(written(OWN | {"School Name": "McCrea"}, extra=3))
    school = desk.school()
    assert school.name == "McCrea"
    assert {name: getattr(school, name) for name in own} == own


def test_a_file_that_does_not_say_the_language_changes_none(desk: Desk) -> None:
    desk.take(written(OWN | {"School Language": "French"}))
    silent = {name: cell for name, cell in OWN.items() if name != "School Language"}
    assert counts(desk.take(written(silent))) == {"unchanged": 1}


def test_a_cell_that_cannot_be_used_is_said_and_the_rest_is_taken(desk: Desk) -> None:
    row = desk.take(written(OWN | {"Enrolment": "many"}))
    assert row.preview["left_out"] == [[2, "Enrolment", "“many” is left out: it is no number"]]
    assert desk.school().enrolment is None


# ── The whole file ──


def test_the_whole_file() -> None:
    """The ministry's where it is at hand, else one made as long: 4,919 rows of 83 boards."""
    data, number = (REAL.read_bytes(), "B66052") if REAL.exists() else (published(*generated()), "B00007")
    lines = list(csv.DictReader(io.StringIO(data.decode("cp1252"), newline="")))
    own = sum(line["Board Number"] == number for line in lines)
    assert (len(lines), own) == (4919, 584 if REAL.exists() else 60)
    desk = Desk(ministry_number=number)
    row = desk.take(data)
    assert (row.rows, row.total, row.done) == (4919, own, own)
    assert counts(row) == {"added": own, "elsewhere": 4919 - own}
    assert row.preview["elsewhere_count"] == 82
    assert counts(desk.take(data)) == {"unchanged": own, "elsewhere": 4919 - own}


def test_a_table_is_not_held_whole() -> None:
    """Rows are taken one by one: what is not of the board is not kept."""
    found = reading.table(written(OWN, OTHER))
    assert next(found.records).line == 2
