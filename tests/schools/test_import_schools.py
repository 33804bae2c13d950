"""manage.py import_schools: the ministry's file as published, a second time, and with everything wrong with it."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts import events
from accounts.models import Event
from boards.models import Board
from schools import ministry_import
from schools.ministry_file import FIGURE_COLUMNS, parse_share
from schools.models import Family, School, SchoolFigure

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "ontario-schools-2021-2022.csv"
# The 49 columns of 2021-2022, in their order.
HEADINGS = [
    *("Board Number", "Board Name", "Board Type", "School Number", "School Name", "School Type"),
    *("School Special Condition Code", "School Level", "School Language", "Grade Range", "Building Suite", "P.O. Box"),
    *("Street", "Municipality", "City", "Province", "Postal Code", "Phone Number", "Fax Number", "School Website"),
    *("Board Website", "Enrolment", "Latitude", "Longitude", *FIGURE_COLUMNS, "Extract Date"),
]
GIFTED = "Percentage of Students Identified as Gifted"
READING = "Percentage of Grade 3 Students Achieving the Provincial Standard in Reading"
WRITING = "Percentage of Grade 3 Students Achieving the Provincial Standard in Writing"
LITERACY = "Percentage of Students That Passed the Grade 10 OSSLT on Their First Attempt"
LOW_INCOME = "Percentage of School-Aged Children Who Live in Low-Income Households"
ALGOMA = {
    "Board Number": "B28010",
    "Board Name": "Algoma DSB",
    "School Number": "019186",
    "School Name": "Anna McCrea Public School",
    "School Level": "Elementary",
    "School Language": "English",
    "Grade Range": "JK-8",
    "Street": "250 Mark St",
    "Municipality": "Sault Ste. Marie, City of",
    "City": "Sault Ste Marie",
    "Province": "Ontario",
    "Postal Code": "P6A3M7",
    "Phone Number": "705-945-7106",
    "School Website": "www.adsb.on.ca",
    "Enrolment": "260",
    "Latitude": "46.49763",
    "Longitude": "-84.287301",
    **dict.fromkeys(FIGURE_COLUMNS, "NA"),
    GIFTED: "0",
    READING: "89%",
    WRITING: "N/R",
    LITERACY: "N/D",
    LOW_INCOME: "SP",
    "Extract Date": "10/4/2024",
}
HEARST = ALGOMA | {
    "Board Number": "B29106",
    "Board Name": "CSDC des Grandes Rivières",
    "School Number": "702498",
    "School Name": "École secondaire catholique de Hearst – Œuvre",
    "School Level": "Secondary",
    "School Language": "French",
    "Grade Range": "12-Sep",
    "City": "Hearst",
    "Enrolment": "SP",
    GIFTED: "",
}
BROOKLIN = ALGOMA | {"School Number": "032409", "School Name": "Ben R McMullin Public School"}

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def published(*schools: dict[str, str] | str, headings: list[str] = HEADINGS) -> bytes:
    """A file as the ministry writes it; a text stands for a line as it is."""
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\n")
    out.writerow(headings)
    for school in schools:
        if isinstance(school, str):
            text.write(f"{school}\n")
        else:
            out.writerow([school.get(heading, "") for heading in headings])
    return text.getvalue().encode("cp1252")


class Run:
    """Runs the command on a file; what it said stands in `out` and `err`."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ministry.csv"
        self.out = self.err = ""

    def __call__(self, *schools: dict[str, str] | str, headings: list[str] = HEADINGS) -> "Run":
        return self.file(published(*schools, headings=headings))

    def file(self, data: bytes) -> "Run":
        self.path.write_bytes(data)
        out, err = io.StringIO(), io.StringIO()
        call_command("import_schools", str(self.path), stdout=out, stderr=err)
        self.out, self.err = out.getvalue(), err.getvalue()
        return self


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def school(number: str) -> School:
    return School.objects.get(ministry_number=number)


def figures(number: str) -> dict[str, tuple[Decimal | None, str]]:
    rows = SchoolFigure.objects.filter(school__ministry_number=number)
    return {row.kind: (row.value, row.unknown_because) for row in rows}


def trail() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("pk").values_list("verb", "words__subject_name"))


def everything() -> dict[str, list[Any]]:
    """All rows the importer may write."""
    models = (Board, School, SchoolFigure, Event)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def writes(queries: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in queries.captured_queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


# ── What a row becomes ────────────────────────────────────────────────────────


def test_a_row_becomes_a_school_of_its_board(run: Run) -> None:
    run(ALGOMA)

    made = school("019186")
    assert {name: getattr(made, name) for name in ("name", "level", "language", "grades", "town", "street")} == {
        "name": "Anna McCrea Public School",
        "level": "elementary",
        "language": "en",
        "grades": "JK–8",
        "town": "Sault Ste Marie",
        "street": "250 Mark St",
    }
    assert (made.province, made.postal_code, made.phone) == ("Ontario", "P6A 3M7", "705-945-7106")
    assert made.website == "http://www.adsb.on.ca"
    assert (made.latitude, made.longitude) == (Decimal("46.49763"), Decimal("-84.28730"))
    assert (made.enrolment, made.enrolment_unknown, made.version) == (260, "", 1)
    board = made.board
    assert (board.name, board.ministry_number, board.language) == ("Algoma DSB", "B28010", "en")
    assert (board.zone_name, board.closed_periods.count()) == ("America/Toronto", 0)
    assert "1 added, 0 changed, 0 unchanged. Boards: 1 added. Rows refused: 0. Cells left out: 0." in run.out
    assert run.err == ""


def test_french_names_stay_whole_and_are_found_by_name_and_town(run: Run) -> None:
    run(ALGOMA, HEARST)

    made = school("702498")
    assert made.name == "École secondaire catholique de Hearst – Œuvre"
    assert (made.language, made.grades, made.board.language) == ("fr", "9–12", "fr")
    assert made.board.name == "CSDC des Grandes Rivières"
    assert list(School.objects.matching("ECOLE oeuvre hearst")) == [made]
    assert list(School.objects.matching("sault 019186")) == [school("019186")]


def test_unknown_figures_keep_their_reason(run: Run) -> None:
    run(ALGOMA, HEARST)

    found = figures("019186")
    assert len(found) == len(FIGURE_COLUMNS)
    assert found["gifted"] == (0, "")
    assert found["grade3_reading"] == (89, "")
    assert found["grade3_writing"] == (None, "N/R")
    assert found["literacy_test"] == (None, "N/D")
    assert found["low_income"] == (None, "SP")
    assert found["grade6_writing"] == (None, "NA")
    assert figures("702498")["gifted"] == (None, "blank")
    assert (school("702498").enrolment, school("702498").enrolment_unknown) == (None, "SP")


def test_each_board_and_school_leaves_one_event_of_nobody(run: Run) -> None:
    run(ALGOMA, HEARST, BROOKLIN)

    assert trail() == [
        ("added", "Algoma DSB"),
        ("added", "Anna McCrea Public School"),
        ("added", "Ben R McMullin Public School"),
        ("added", "CSDC des Grandes Rivières"),
        ("added", "École secondaire catholique de Hearst – Œuvre"),
    ]
    made = school("019186")
    event = Event.objects.get(words__subject_name=made.name)
    assert (event.board_id, event.school_id, event.family_id, event.business_id) == (
        made.board_id,
        made.pk,
        None,
        None,
    )
    assert (event.by, event.why, event.subject_id) == (None, "ministry.csv", made.pk)
    assert event.subject_type.model_class() is School


def test_a_number_in_two_boards_is_two_schools(run: Run) -> None:
    run(ALGOMA, HEARST | {"School Number": ALGOMA["School Number"]})

    assert list(School.objects.order_by("pk").values_list("ministry_number", "board__name")) == [
        ("019186", "Algoma DSB"),
        ("019186", "CSDC des Grandes Rivières"),
    ]


def test_the_language_of_a_board_is_that_of_most_of_its_schools(run: Run) -> None:
    french = ALGOMA | {"School Language": "French"}
    run(ALGOMA, french | {"School Number": "000002"}, french | {"School Number": "000003"})

    assert Board.objects.get().language == "fr"


def test_columns_of_another_year(run: Run) -> None:
    """Other places, a name broken over two lines, two columns more, and some of ours not there."""
    gone = ("Latitude", "Longitude", "Board Type", GIFTED)
    headings = ["Grade 9 Applied", *reversed([h for h in HEADINGS if h not in gone]), "Grade 9 Academic"]
    headings[headings.index("School Name")] = "School\nName"

    run(ALGOMA | {"School\nName": "Anna McCrea"}, headings=headings)

    assert (school("019186").name, school("019186").latitude) == ("Anna McCrea", None)
    assert set(figures("019186")) == set(FIGURE_COLUMNS.values()) - {"gifted"}
    assert f"Not in this file, so left as it is: Latitude, Longitude, {GIFTED}\n" in run.out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_saved_anew_as_utf_8_changes_nothing(run: Run, encoding: str) -> None:
    run(ALGOMA, HEARST)
    before = everything()

    run.file(published(ALGOMA, HEARST).decode("cp1252").encode(encoding))

    assert everything() == before


# ── Rows that cannot be used ──────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("B28010,Algoma DSB,Pub", "it has 3 columns, the header has 49"),
        (",".join(["x"] * 50), "it has 50 columns, the header has 49"),
        (BROOKLIN | {"School Number": ""}, "it has no School Number"),
        (BROOKLIN | {"Board Number": ""}, "it has no Board Number"),
        (BROOKLIN | {"School Number": "019186"}, "school 019186 of board B28010 stands on line 2 already"),
        (BROOKLIN | {"School Number": "1.9E+05"}, "its School Number “1.9E+05” is none"),
        (BROOKLIN | {"School Name": ""}, "it has no School Name"),
        (BROOKLIN | {"School Name": "x" * 201}, f"its School Name “{'x' * 60}” cannot be used: Ensure"),
        (BROOKLIN | {"School Language": "Cree"}, "its School Language “Cree” is neither English nor French"),
    ],
)
def test_a_row_that_cannot_be_used_is_said_with_its_line_and_stops_no_other(
    run: Run, row: dict[str, str] | str, reason: str
) -> None:
    run(ALGOMA, row, HEARST)

    assert run.err.startswith(f"line 3: not used, {reason}")
    assert run.err.count("\n") == 1
    assert set(School.objects.values_list("ministry_number", flat=True)) == {"019186", "702498"}
    assert "Schools: 2 added, 0 changed, 0 unchanged. Boards: 2 added. Rows refused: 1." in run.out


def test_a_quote_never_closed_costs_its_own_line_only(run: Run) -> None:
    run(ALGOMA, 'B28010,Algoma DSB,"Pub,000001', BROOKLIN, HEARST)

    assert run.err == "line 3: not used, it has 3 columns, the header has 49\n"
    assert School.objects.count() == 3


def test_lines_are_counted_as_an_editor_counts_them(run: Run) -> None:
    headings = ["School\nName" if heading == "School Name" else heading for heading in HEADINGS]

    run("B28010", headings=headings)

    assert run.err == "line 3: not used, it has 1 column, the header has 49\n"


def test_a_cell_that_cannot_be_used_is_said_and_the_rest_of_its_row_is_taken(run: Run) -> None:
    run(ALGOMA | {"School Website": "hhttps://adsb.on.ca", "Enrolment": "many", GIFTED: "S."})

    assert run.err.splitlines() == [
        "line 2: School Website “hhttps://adsb.on.ca” is left out: it is no web address",
        "line 2: Enrolment “many” is left out: it is no number",
        f"line 2: {GIFTED} “S.” is left out: it is no number",
    ]
    made = school("019186")
    assert (made.website, made.enrolment, made.enrolment_unknown) == ("", None, "")
    assert set(figures("019186")) == set(FIGURE_COLUMNS.values()) - {"gifted"}
    assert "Rows refused: 0. Cells left out: 3." in run.out


# ── The second run ────────────────────────────────────────────────────────────


def test_a_second_run_changes_nothing_and_says_so(run: Run) -> None:
    run(ALGOMA, HEARST, BROOKLIN)
    before = everything()

    with CaptureQueriesContext(connection) as queries:
        run(ALGOMA, HEARST, BROOKLIN)

    assert writes(queries) == []
    assert everything() == before
    assert "Schools: 0 added, 0 changed, 3 unchanged. Boards: 0 added." in run.out
    assert run.out.endswith("Nothing changed.\n")


def test_a_changed_row_changes_its_school_and_leaves_one_event(run: Run) -> None:
    run(ALGOMA, BROOKLIN, HEARST)
    before = everything()

    run(ALGOMA, BROOKLIN | {"School Name": "Ben R. Élan School", "Enrolment": "SP", READING: "SP"}, HEARST)

    changed = school("032409")
    assert (changed.name, changed.enrolment, changed.enrolment_unknown) == ("Ben R. Élan School", None, "SP")
    assert (changed.version, changed.search) == (2, "ben r. elan school sault ste marie 032409")
    assert figures("032409")["grade3_reading"] == (None, "SP")
    assert figures("032409") | {"grade3_reading": (89, "")} == figures("019186")
    assert trail()[len(before["Event"]) :] == [("edited", "Ben R. Élan School")]
    others = School.objects.exclude(pk=changed.pk).order_by("pk").values()
    assert list(others) == [row for row in before["School"] if row["id"] != changed.pk]
    assert len(everything()["SchoolFigure"]) == len(before["SchoolFigure"])
    assert "Schools: 0 added, 1 changed, 2 unchanged." in run.out
    assert "Nothing changed." not in run.out


def test_a_changed_figure_is_the_schools_event_but_no_new_version_of_its_profile(run: Run) -> None:
    run(ALGOMA)

    run(ALGOMA | {GIFTED: "12%", WRITING: "74%"})

    assert (figures("019186")["gifted"], figures("019186")["grade3_writing"]) == ((12, ""), (74, ""))
    assert trail()[2:] == [("edited", "Anna McCrea Public School")]
    assert school("019186").version == 1


def test_schools_of_a_later_file_join_their_board(run: Run) -> None:
    run(ALGOMA)

    run(ALGOMA, BROOKLIN)

    assert Board.objects.count() == 1
    assert "Schools: 1 added, 0 changed, 1 unchanged. Boards: 0 added." in run.out


def test_a_school_that_is_not_in_the_file_stays(run: Run) -> None:
    run(ALGOMA, BROOKLIN)

    run(ALGOMA)

    assert set(School.objects.values_list("ministry_number", flat=True)) == {"019186", "032409"}


# ── What is the school's own ──────────────────────────────────────────────────


def test_what_a_school_wrote_of_itself_stays(run: Run) -> None:
    run(ALGOMA)
    made = school("019186")
    own = {
        "family": Family.objects.create(board=made.board, name="North"),
        "demographics": "Half of our students came to Canada within five years.",
        "demographic_figure": "50 %",
        "demographic_label": "new to Canada",
        "strength": "A choir that travels",
        "accomplishments": "Provincial finalists.",
        "challenge": "Distance",
        "year_runs": "Exams in June.",
    }
    School.objects.filter(pk=made.pk).update(**own)

    run(ALGOMA | {"School Name": "McCrea Public School"})

    made.refresh_from_db()
    assert made.name == "McCrea Public School"
    assert {name: getattr(made, name) for name in own} == own
    assert Event.objects.get(verb="edited").family_id == made.family_id


def test_a_cell_that_says_nothing_erases_nothing(run: Run) -> None:
    run(ALGOMA)
    before = everything()
    silent = dict.fromkeys(
        ("School Level", "Grade Range", "Street", "City", "Postal Code", "Phone Number", "Latitude"), ""
    )

    run(ALGOMA | silent | {"School Website": "N/A", "Enrolment": "many", READING: "S."})
    run(ALGOMA, headings=["Board Number", "Board Name", "School Number", "School Name", "School Language"])

    assert everything() == before


def test_the_number_a_school_typed_where_the_ministry_had_none_stands_until_it_has_one(run: Run) -> None:
    run(HEARST)
    School.objects.update(enrolment=12)

    run(HEARST)
    assert school("702498").enrolment == 12

    run(HEARST | {"Enrolment": "15"})
    assert (school("702498").enrolment, school("702498").enrolment_unknown) == (15, "")

    run(HEARST)
    assert (school("702498").enrolment, school("702498").enrolment_unknown) == (None, "SP")


def test_the_name_a_board_gave_itself_stays(run: Run) -> None:
    run(ALGOMA)
    Board.objects.update(name="Algoma District School Board", language="fr")

    run(ALGOMA)

    assert Board.objects.values_list("name", "language").get() == ("Algoma District School Board", "fr")


def test_a_school_typed_by_hand_is_no_business_of_the_file(run: Run) -> None:
    board = Board.objects.create(name="Algoma DSB", language="en", ministry_number="B28010")
    typed = School.objects.create(board=board, name=ALGOMA["School Name"], language="en")

    run(ALGOMA)

    assert School.objects.filter(board=board).count() == 2
    typed.refresh_from_db()
    assert (typed.town, typed.version) == ("", 1)


# ── Stops and refusals ────────────────────────────────────────────────────────


@pytest.fixture
def stops_at_the_second_board(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if Ctrl-C came between the second board's schools and their Events."""
    write_many = events.write_many
    boards: set[int] = set()

    def stop(subjects: Any, **how: Any) -> None:
        boards.update(subject.pk for subject in subjects if isinstance(subject, Board))
        if len(boards) == 2:
            raise KeyboardInterrupt
        write_many(subjects, **how)

    monkeypatch.setattr(ministry_import.events, "write_many", stop)


@pytest.mark.usefixtures("stops_at_the_second_board")
def test_a_stop_leaves_whole_boards_and_the_next_run_takes_the_rest(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Stopped after 2 of 3 schools"):
        run(ALGOMA, BROOKLIN, HEARST)

    assert [board.name for board in Board.objects.all()] == ["Algoma DSB"]
    assert (School.objects.count(), SchoolFigure.objects.count()) == (2, 2 * len(FIGURE_COLUMNS))
    assert Event.objects.count() == 3

    monkeypatch.undo()
    run(ALGOMA, BROOKLIN, HEARST)
    assert "Schools: 1 added, 0 changed, 2 unchanged. Boards: 1 added." in run.out


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.csv cannot be read: No such file or directory\."):
        call_command("import_schools", str(tmp_path / "missing.csv"))


def test_a_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        call_command("import_schools", str(tmp_path))


def test_a_file_without_the_needed_columns_is_one_clear_error(run: Run) -> None:
    headings = [heading for heading in HEADINGS if heading not in ("School Number", "School Name")]

    with pytest.raises(CommandError, match="it has no column School Number, School Name"):
        run(ALGOMA, headings=headings)
    assert not Board.objects.exists()


def test_a_file_of_no_schools_changes_nothing(run: Run) -> None:
    run()

    assert "0 schools of 0 boards" in run.out
    assert run.out.endswith("Nothing changed.\n")


def test_events_of_many_belong_into_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        events.write_many([], verb="added")


# ── Progress ──────────────────────────────────────────────────────────────────


def test_a_terminal_shows_a_bar(run: Run) -> None:
    run.path.write_bytes(published(ALGOMA, HEARST))
    screen = Terminal()

    call_command("import_schools", str(run.path), stdout=screen, no_color=True)

    shown = screen.getvalue().split("\n")[0].split("\r")
    assert shown == [
        "",
        f"{'█' * 15}{'░' * 15}  50 %  1 of 2 schools",
        f"{'█' * 30} 100 %  2 of 2 schools",
    ]


def test_elsewhere_progress_is_plain_lines(run: Run) -> None:
    run(ALGOMA, HEARST)

    assert run.out.splitlines()[:2] == [" 50 %  1 of 2 schools", "100 %  2 of 2 schools"]
    assert "\r" not in run.out


# ── The whole file ────────────────────────────────────────────────────────────


def generated() -> Iterator[dict[str, str]]:
    """As many schools and boards as the ministry's file has, with the oddities it has."""
    codes = ["SP", "NA", "N/D", "N/R", ""]
    for n in range(4919):
        base = HEARST if n % 83 < 12 else ALGOMA
        yield base | {
            "Board Number": f"B{n % 83:05}",
            "Board Name": f"Board {n % 83}",
            "School Number": f"{n * 7:06}",
            "School Name": f"{base['School Name']} {n}",
            "Enrolment": "SP" if n % 30 == 0 else str(5 * (n % 300 + 1)),
            READING: codes[n % 5] if n % 3 == 0 else f"{n % 101}%",
        }


@pytest.fixture
def whole() -> bytes:
    return REAL.read_bytes() if REAL.exists() else published(*generated())


def test_the_whole_file_comes_in_once(run: Run, whole: bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(whole.decode("cp1252"), newline="")))

    run.file(whole)

    assert (School.objects.count(), Board.objects.count()) == (len(rows), 83) == (4919, 83)
    made = {(s.board.ministry_number, s.ministry_number): s for s in School.objects.select_related("board")}
    assert set(made) == {(row["Board Number"], row["School Number"]) for row in rows}
    found = _gifted()
    for row in rows:
        key = row["Board Number"], row["School Number"]
        assert made[key].name == " ".join(row["School Name"].split())
        assert made[key].town == row["City"]
        assert str(made[key].enrolment or made[key].enrolment_unknown) == (row["Enrolment"] or "blank")
        assert found[key] == parse_share(row[GIFTED])
        made[key].clean_fields(exclude=["board", "family"])
    unreadable = run.err.count("Percentage of")
    assert SchoolFigure.objects.count() == len(rows) * len(FIGURE_COLUMNS) - unreadable
    assert unreadable < 20
    assert Event.objects.count() == 4919 + 83
    assert "4,919 schools of 83 boards in " in run.out
    assert "Schools: 4,919 added, 0 changed, 0 unchanged. Boards: 83 added. Rows refused: 0." in run.out

    with CaptureQueriesContext(connection) as queries:
        run.file(whole)

    assert writes(queries) == []
    assert Event.objects.count() == 4919 + 83
    assert "Schools: 0 added, 0 changed, 4,919 unchanged." in run.out
    assert run.out.endswith("Nothing changed.\n")


def _gifted() -> dict[tuple[str, str], tuple[Decimal | None, str]]:
    rows = SchoolFigure.objects.filter(kind="gifted").values_list(
        "school__board__ministry_number", "school__ministry_number", "value", "unknown_because"
    )
    return {(board, number): (value, because) for board, number, value, because in rows}
