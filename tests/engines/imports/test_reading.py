"""Bytes in, a table out: every encoding, every line break; and what is refused with its limit."""

import io
import itertools
import string
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell

from core import csv_lines
from engines.imports import limits, reading, refused_file
from engines.imports.limits import Unreadable
from engines.imports.reading import Record, table
from engines.imports.refused_file import Refused

HEADINGS = ["School Name", "Town", "Strength"]
ROWS = [
    ["École Élan", "Québec", "Robots, and more; too"],
    ["Two\nlines", "", "It says “so”"],
    ["Ben R. McMullin", "Sault Ste Marie", ""],
]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


def written(rows: list[list[str]], *, between: str = ",", end: str = "\n", encoding: str = "utf-8") -> bytes:
    """A file of these rows, with quotes where they are needed."""
    special = ('"', between, "\n", "\r")

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in special) else text

    return "".join(between.join(map(cell, row)) + end for row in rows).encode(encoding)


def cells(data: bytes) -> list[list[str]]:
    """The headings and rows of a file in which nothing is wrong."""
    found = table(data)
    records = list(found.records)
    assert [record.fault for record in records] == [""] * len(records)
    return [found.headings, *(record.cells for record in records)]


@pytest.mark.parametrize(
    ("encoding", "between", "end"), list(itertools.product(ENCODINGS, ",;\t", ["\n", "\r\n", "\r"])), ids=str
)
def test_a_file_as_any_program_saves_it(encoding: str, between: str, end: str) -> None:
    assert cells(written([HEADINGS, *ROWS], between=between, end=end, encoding=encoding)) == [HEADINGS, *ROWS]


def test_a_first_line_may_say_what_stands_between_cells() -> None:
    data = b"sep=|\r\nSchool Name|Town\r\nA, b; c|Ajax\r\n"
    assert cells(data) == [["School Name", "Town"], ["A, b; c", "Ajax"]]


def test_a_heading_may_hold_the_other_signs_and_be_broken_over_two_lines() -> None:
    assert cells(b'"Name, in full";"School\nName"\nA;B\n') == [["Name, in full", "School Name"], ["A", "B"]]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("a,b,c", ""),
        ("a,b,c,,,", ""),
        ("a,b", "it has 2 columns, the header has 3"),
        ("a", "it has 1 column, the header has 3"),
        ("a,b,c,d", "it has 4 columns, the header has 3"),
        ('a,b,"c', ""),
        (f"a,b,{'x' * 140_000}", "the line is no CSV"),
    ],
    ids=lambda part: part[:20],
)
def test_a_ragged_row_is_told_and_stops_no_other(line: str, fault: str) -> None:
    data = f"A,B,C\n1,2,3\n{line}\n4,5,6\n".encode()
    records = list(table(data).records)
    assert [(record.line, record.fault) for record in records] == [(2, ""), (3, fault), (4, "")]
    assert (records[0].cells, records[2].cells) == (["1", "2", "3"], ["4", "5", "6"])


def test_empty_lines_and_rows_of_nothing_are_no_rows() -> None:
    assert list(table(b"\n\n,,\nA,B\n\n,\n1,2\n\n").records) == [Record(7, ["1", "2"])]


def test_a_line_break_in_quotes_is_counted_as_an_editor_counts_it() -> None:
    assert [record.line for record in table(b'A,B\n"1\n2",3\n4,5\n').records] == [2, 4]


def test_a_quote_never_closed_costs_its_own_line() -> None:
    records = list(table(b'A,B,C\n1,2,3\n1,"2,3\n4,5,6\n7,8,9\n').records)
    assert [record.line for record in records if not record.fault] == [2, 4, 5]
    assert [record.line for record in records if record.fault] == [3]


def test_a_byte_that_is_no_letter_spoils_its_own_cell() -> None:
    assert list(table(b"A,B\n\x81,2\n").records) == [Record(2, ["\ufffd", "2"])]


def test_a_nul_in_a_cell_stays_in_its_cell() -> None:
    assert next(table(b"A,B\n1\x002,3\n" + b"4,5\n" * 40).records) == Record(2, ["1\x002", "3"])


WORDS = st.text(
    st.one_of(
        st.sampled_from(string.printable + "éÉœ—“"), st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
    ),
    max_size=12,
).map(lambda text: text.replace("\r", "\n").replace("\x0b", " ").replace("\x0c", " "))


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_what_is_written_is_read(rows: list[list[str]], between: str) -> None:
    marked = [[f"x{cell}", *rest, "x"] for cell, *rest in rows]  # no row is empty, none begins with an apostrophe
    marked = [[cell if not cell.startswith("'") else f"x{cell}" for cell in row] for row in marked]
    data = written([[*HEADINGS, "End"], *marked], between=between, encoding="utf-8-sig")
    assert [record.cells for record in table(data).records] == marked


# ── What is refused ──


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"School Name,Town\n", "no row under it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "neither CSV nor a workbook"),
        (bytes(5000), "neither CSV nor a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old kind"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (b"PK\x03\x04", "damaged"),
        (",".join(f"c{n}" for n in range(301)).encode() + b"\n1\n", "300 columns"),
        (b"A\n" * 100_002, "100,000 rows"),
        (b"A\n" + b"x" * limits.LARGEST_FILE, "30 MB"),
    ],
    ids=lambda part: repr(part)[:30],
)
def test_a_file_that_is_not_read_says_why_and_names_the_limit(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        list(table(data).records)


def test_100_000_rows_are_read() -> None:
    assert sum(1 for _record in table(b"A\n" * 100_001).records) == 100_000


# ── Workbooks ──


def book(rows: list[list[Any]], *, title: str = "Schools", empty_first: bool = False) -> bytes:
    made = openpyxl.Workbook(write_only=True)
    if empty_first:
        made.create_sheet("Nothing")
    sheet = made.create_sheet(title)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The workbook with other parts: a name's dots and slashes are written as in `parts_of`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def test_a_workbook_is_read_as_its_csv_would_be() -> None:
    found = table(book([HEADINGS, *ROWS], empty_first=True))
    assert (found.headings, found.sheet) == (HEADINGS, "Schools")
    assert [(record.line, record.cells) for record in found.records] == [
        (n, row) for n, row in enumerate(ROWS, start=2)
    ]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (19186, "000000", "019186"),
        (19186, "General", "19186"),
        (12.0, "General", "12"),
        (46.53477, "General", "46.53477"),
        (0.89, "0%", "89%"),
        (0.125, "0.0%", "12.5%"),
        (-4, "General", "-4"),
        (True, "General", "1"),
        (None, "General", ""),
    ],
)
def test_what_a_format_adds_to_a_number_is_part_of_it(value: Any, form: str, text: str) -> None:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("A")
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = form
    sheet.append(["N", "End"])
    sheet.append([cell, "x"])
    out = io.BytesIO()
    made.save(out)
    assert [record.cells for record in table(out.getvalue()).records] == [[text, "x"]]


def test_grades_that_a_spreadsheet_took_for_a_date_are_as_in_the_ministrys_file() -> None:
    from datetime import datetime

    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["Grade Range"])
    sheet.append([datetime(2022, 9, 12)])  # noqa: DTZ001 - a workbook knows no zones
    sheet["A2"].number_format = "d-mmm"
    out = io.BytesIO()
    made.save(out)
    assert [record.cells for record in table(out.getvalue()).records] == [["12-Sep"]]


def test_a_ragged_row_of_a_workbook_is_told() -> None:
    found = list(table(book([["A", "B"], ["1"], ["1", "2", "3"], ["4", "5"]])).records)
    assert [record.fault for record in found] == ["", "it has 3 columns, the header has 2", ""]
    assert found[0].cells == ["1", ""]


def test_a_formula_is_not_run_and_counts_as_what_was_saved() -> None:
    assert [record.cells for record in table(book([["A", "B"], ["=1+1", "x"]])).records] == [["", "x"]]


def test_a_workbook_with_macros_is_refused() -> None:
    data = book([["A"], ["1"]])
    kinds = zipfile.ZipFile(io.BytesIO(data)).read("[Content_Types].xml")
    enabled = kinds.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    for hostile in (
        repacked(data, **{"xl/vbaProject.bin": b"Sub Auto_Open()"}),
        repacked(data, **{"[Content_Types].xml": enabled}),
    ):
        with pytest.raises(Unreadable, match="macros"):
            table(hostile)


def test_a_workbook_that_unpacks_to_100_times_its_size_is_refused_unread() -> None:
    with pytest.raises(Unreadable, match="100 times its size"):
        table(repacked(book([["A"], ["1"]]), **{"xl/worksheets/sheet1.xml": bytes(30_000_000)}))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.imports.workbook.LARGEST_UNPACKED", 1000)
    with pytest.raises(Unreadable, match="MB, which is the limit"):
        table(book([["A"], ["1"]]))


def test_a_packed_file_that_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("schools.csv", "A,B\n1,2\n")
    with pytest.raises(Unreadable, match="no workbook"):
        table(out.getvalue())


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"<worksheet>",
        b"not xml",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaa'>]><worksheet>&a;</worksheet>",
    ],
)
def test_a_broken_or_hostile_sheet(part: bytes) -> None:
    with pytest.raises(Unreadable):
        list(table(repacked(book([["A"], ["1"]]), **{"xl/worksheets/sheet1.xml": part})).records)


def test_a_row_of_a_workbook_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    with pytest.raises(Unreadable, match="which is the limit"):
        list(table(book([["A"], *[["1"]] * 4])).records)


# ── The file of refused rows ──


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_refused_rows_come_back_as_they_were(language: str, between: str) -> None:
    kept = [["=1+1", "+1 905 555 0100", "-4"], ["@home", "École", "'quoted'"], ["a\nb", '"', "\tx"]]
    refused = [Refused(n, "Town", "is none", row) for n, row in enumerate(kept, start=2)]
    data = refused_file.written(HEADINGS, refused, language=language, between=between)
    assert cells(data) == [HEADINGS, *kept]
    assert table(data).between == between


def test_no_cell_of_it_is_a_formula() -> None:
    hostile = [mark + "cmd|' /C calc'!A0" for mark in csv_lines.BEGINS_A_FORMULA]
    data = refused_file.written(hostile, [Refused(2, cell, cell, [cell]) for cell in hostile], language="en")
    for line in data.decode("utf-8-sig").splitlines():
        for cell in line.strip('"').split('","'):
            assert not cell.startswith(csv_lines.BEGINS_A_FORMULA)
