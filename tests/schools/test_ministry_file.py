"""The ministry's file, cell by cell: what each means to us, and what is left out with its reason."""

from decimal import Decimal

import pytest

from schools import ministry_file as file
from schools.figures import FIGURES
from schools.ministry_file import LeftOut, NotTheMinistrysFile, Published, Unusable

ROW = {
    "Board Number": "B28010",
    "Board Name": "Algoma DSB",
    "School Number": "019186",
    "School Name": "Anna McCrea Public School",
    "School Language": "English",
}


def parsed(**cells: str) -> file.SchoolRow:
    """The row with these cells beside the needed ones: parsed(School_Level="Secondary")."""
    return file.parse_row(ROW | {name.replace("_", " "): cell for name, cell in cells.items()}, line=7)


def written(*lines: str) -> bytes:
    """A small file in the ministry's encoding under the needed columns."""
    return "\n".join([",".join(ROW), *lines, ""]).encode("cp1252")


def test_every_figure_we_can_say_has_its_column() -> None:
    assert set(file.FIGURE_COLUMNS.values()) == set(FIGURES)
    assert len(file.FIGURE_COLUMNS) == len(FIGURES)


# ── Cells ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "value", "because"),
    [
        ("30", "30", ""),
        ("89%", "89", ""),
        ("89 %", "89", ""),
        ("0", "0", ""),
        ("100%", "100", ""),
        ("12.5", "12.5", ""),
        ("33.3333%", "33.33", ""),
        ("007", "7", ""),
        ("SP", None, "SP"),
        ("sp", None, "SP"),
        ("NA", None, "NA"),
        ("N/D", None, "N/D"),
        ("N/R", None, "N/R"),
        ("", None, "blank"),
    ],
)
def test_a_share_is_a_number_or_the_reason_for_none(cell: str, value: str | None, because: str) -> None:
    assert file.parse_share(cell) == Published(Decimal(value) if value else None, because)


@pytest.mark.parametrize("cell", ["101", "-1", "1e2", "NaN", "Infinity", "12,5", "S.", "x", "%", "1 2", "٣", "9" * 500])
def test_what_is_no_share_is_left_out(cell: str) -> None:
    with pytest.raises(LeftOut):
        file.parse_share(cell)


@pytest.mark.parametrize(("cell", "value"), [("-4", "-4"), ("+3%", "3"), ("-100", "-100")])
def test_a_change_may_be_negative(cell: str, value: str) -> None:
    assert file.parse_change(cell) == Published(Decimal(value), "")


@pytest.mark.parametrize(
    ("cell", "enrolment", "because"),
    [("190", 190, ""), ("5", 5, ""), ("20000", 20000, ""), ("SP", None, "SP"), ("", None, "blank")],
)
def test_enrolment(cell: str, enrolment: int | None, because: str) -> None:
    assert file.parse_enrolment(cell) == {"enrolment": enrolment, "enrolment_unknown": because}


@pytest.mark.parametrize("cell", ["4", "20001", "190.5", "90%", "-20", "abc"])
def test_what_is_no_enrolment_is_left_out(cell: str) -> None:
    with pytest.raises(LeftOut):
        file.parse_enrolment(cell)


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("46.53477", "-84.3077", ("46.53477", "-84.30770")),
        ("43.68082989", "-79.33047497", ("43.68083", "-79.33047")),
        ("90", "180", ("90.00000", "180.00000")),
        ("", "-84.3", None),
        ("46.5", "NA", None),
    ],
)
def test_coordinates_come_in_pairs_of_five_places(
    latitude: str, longitude: str, expected: tuple[str, str] | None
) -> None:
    found = file.parse_coordinates(latitude, longitude)
    assert tuple(str(degrees) for degrees in found.values()) == (expected or ())


@pytest.mark.parametrize(("latitude", "longitude"), [("91", "0"), ("46", "-181"), ("north", "-84"), ("46", "4_0")])
def test_coordinates_off_the_globe_are_left_out(latitude: str, longitude: str) -> None:
    with pytest.raises(LeftOut):
        file.parse_coordinates(latitude, longitude)


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("Elementary", "elementary"),
        ("Secondary", "secondary"),
        ("Élémentaire", "elementary"),
        ("Elementary/Secondary", "both"),
        ("Elem-Sec", "both"),
    ],
)
def test_level(cell: str, level: str) -> None:
    assert file.parse_level(cell) == level


@pytest.mark.parametrize(
    ("cell", "grades"),
    [
        ("JK-8", "JK–8"),
        ("9-12", "9–12"),
        ("9 – 12", "9–12"),
        ("k-5", "K–5"),
        ("12", "12"),
        ("12-Sep", "9–12"),
        ("8-Jul", "7–8"),
        ("Ungraded", "Ungraded"),
    ],
)
def test_grades(cell: str, grades: str) -> None:
    assert file.parse_grades(cell) == grades


@pytest.mark.parametrize(("cell", "code"), [("P6B4J4", "P6B 4J4"), ("p6b 4j4", "P6B 4J4"), ("P6B-4J4", "P6B 4J4")])
def test_postal_code(cell: str, code: str) -> None:
    assert file.parse_postal_code(cell) == code


@pytest.mark.parametrize("cell", ["705-945-7194", "(705) 945-7194", "+1 705 945 7194 ext. 12", "705-945-7194 poste 3"])
def test_a_telephone_number_stays_as_written(cell: str) -> None:
    assert file.parse_phone(cell) == cell


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("http://www.adsb.on.ca", "http://www.adsb.on.ca"),
        ("HTTPS://Brooklinhs.ddsb.ca", "https://Brooklinhs.ddsb.ca"),
        ("www.alcdsb.on.ca/school/pass", "http://www.alcdsb.on.ca/school/pass"),
        ("femss.amdsb.ca", "http://femss.amdsb.ca"),
        ("http://www.hdsb.ca/x.aspx?sc=2050&sn=a+b", "http://www.hdsb.ca/x.aspx?sc=2050&sn=a+b"),
    ],
)
def test_website(cell: str, address: str) -> None:
    assert parsed(School_Website=cell).fields["website"] == address


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("School Level", "Kindergarten"),
        ("Grade Range", "31-Jan"),
        ("Grade Range", "9" * 41),
        ("Street", "x" * 201),
        ("City", "Sault \ufffdte Marie"),
        ("Postal Code", "90210"),
        ("Phone Number", "see website"),
        ("School Website", "hhttps://sirjamacdonald.ddsb.ca"),
        ("School Website", "http://schools.hwdsb.on.ca/south meadow/"),
        ("School Website", "javascript:alert(1)"),
        ("School Website", "javascript://www.adsb.on.ca/%0Aalert(1)"),
        ("School Website", "ftp://www.adsb.on.ca"),
        ("School Website", "http://www.adsb.on.ca@evil.example/"),
        ("School Website", "mailto:office@adsb.on.ca"),
        ("School Website", "http://[adsb"),
        ("School Website", "http://www.adsb.on.ca/" + "x" * 300),
        ("Enrolment", "abc"),
        ("Latitude", "999"),
        ("Percentage of Students Identified as Gifted", "many"),
    ],
)
def test_a_cell_that_cannot_be_used_is_left_out_and_said(heading: str, cell: str) -> None:
    row = file.parse_row(ROW | {heading: cell}, line=7)

    assert (row.fields, row.figures) == ({"name": ROW["School Name"], "language": "en"}, {})
    assert len(row.left_out) == 1
    assert str(row.left_out[0]).startswith(f"{heading} “{cell[:60]}” is left out: ")


@pytest.mark.parametrize("cell", ["", "NA", "N/D", "N/R", "SP"])
def test_a_text_cell_that_says_nothing_is_not_among_the_fields(cell: str) -> None:
    row = parsed(Grade_Range=cell, City=cell, Postal_Code=cell, Phone_Number=cell, School_Website=cell)

    assert (row.fields, row.left_out) == ({"name": ROW["School Name"], "language": "en"}, [])


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("  St.  Aidan ", "St. Aidan"),
        ("Two\r\nlines", "Two lines"),
        ("E\u0301cole", "École"),
        ("N\x00UL", "N UL"),
        ("turned\u202eround", "turned round"),
    ],
)
def test_plain(raw: str, plain: str) -> None:
    assert file.plain(raw) == plain


# ── Rows ──────────────────────────────────────────────────────────────────────


def test_the_town_is_the_city_and_not_the_municipality() -> None:
    row = parsed(Municipality="Sault Ste. Marie, City of", City="Sault Ste Marie")

    assert row.fields["town"] == "Sault Ste Marie"
    assert "Sault Ste. Marie, City of" not in row.fields.values()


def test_official_numbers_keep_their_zeros() -> None:
    row = parsed()

    assert (row.board_number, row.board_name, row.number, row.line) == ("B28010", "Algoma DSB", "019186", 7)


@pytest.mark.parametrize(("cell", "language"), [("English", "en"), ("French", "fr"), ("Français", "fr")])
def test_language(cell: str, language: str) -> None:
    assert parsed(School_Language=cell).fields["language"] == language


@pytest.mark.parametrize(
    ("heading", "cell", "reason"),
    [
        ("Board Number", "", "it has no Board Number"),
        ("Board Number", "B 280", "its Board Number “B 280” is none"),
        ("Board Name", "", "it has no Board Name"),
        ("School Number", "", "it has no School Number"),
        ("School Number", "1.9E+05", "its School Number “1.9E+05” is none"),
        ("School Number", "0" * 13, f"its School Number “{'0' * 13}” is none"),
        ("School Name", "", "it has no School Name"),
        ("School Name", "\ufffdcole", "its School Name “\ufffdcole” cannot be used: a character of it cannot be read"),
        ("School Language", "", "its School Language “” is neither English nor French"),
        ("School Language", "Cree", "its School Language “Cree” is neither English nor French"),
    ],
)
def test_a_row_no_school_can_be_made_of(heading: str, cell: str, reason: str) -> None:
    with pytest.raises(Unusable) as refused:
        file.parse_row(ROW | {heading: cell}, line=7)
    assert str(refused.value) == reason


def test_a_name_longer_than_ours_is_refused_rather_than_cut() -> None:
    with pytest.raises(Unusable, match="at most 200 characters"):
        parsed(School_Name="x" * 201)


# ── Files ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-8"])
def test_three_encodings_read_the_same(encoding: str) -> None:
    text = written().decode() + "B28118,CÉP de l’Est,023549,École “Œuvre”,French\n"

    row = file.read(text.encode(encoding)).rows[0]

    assert (row.board_name, row.fields["name"]) == ("CÉP de l’Est", "École “Œuvre”")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_of_no_encoding_spoils_its_own_row_only(mark: bytes) -> None:
    data = mark + written("B1,One,0001,\x02,English", "B1,One,0002,Two,English").replace(b"\x02", b"\x81cole\xe9 x")

    found = file.read(data)

    assert [row.number for row in found.rows] == ["0002"]
    assert [remark.line for remark in found.refused] == [2]


def test_columns_are_found_by_name_whatever_their_place_their_capitals_and_their_line_breaks() -> None:
    data = (
        'Extract Date,"SCHOOL\nLanguage",School Name, School  Number ,New Column,board name,Board Number,'
        '"Enrolment\r\n"\n'
        "10/4/2024,English,Anna McCrea Public School,019186,x,Algoma DSB,B28010,190\n"
        "10/4/2024,Cree,Moosonee Public School,019187,x,Algoma DSB,B28010,190\n"
    )

    found = file.read(data.encode())

    assert [(row.line, row.number, row.board_number) for row in found.rows] == [(4, "019186", "B28010")]
    assert found.rows[0].fields["enrolment"] == 190
    assert [remark.line for remark in found.refused] == [5]
    assert "Enrolment" not in found.absent
    assert "City" in found.absent


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("B1,One,0001", "it has 3 columns, the header has 5"),
        ("B1,One,0001,Two,English,more", "it has 6 columns, the header has 5"),
        ("B1,One,0009,Nine again,English", "school 0009 of board B1 stands on line 2 already"),
        ('B1,One,0001,"' + "x" * 140_000 + '",English', "the line is no CSV"),
    ],
)
def test_a_refused_line_stops_no_other(line: str, reason: str) -> None:
    found = file.read(written("B1,One,0009,Nine,English", line, "B1,One,0002,Two,English"))

    assert found.refused == [(3, reason)]
    assert [row.number for row in found.rows] == ["0009", "0002"]


def test_a_quote_never_closed_costs_its_own_line_only() -> None:
    found = file.read(
        written("B1,One,0001,One,English", 'B1,One,0002,"Two,English', 'B1,One,0003,"Three, the",English', "B1,One")
    )

    assert [row.number for row in found.rows] == ["0001", "0003"]
    assert [remark.line for remark in found.refused] == [3, 5]


def test_empty_lines_are_nothing_to_report() -> None:
    found = file.read(written("", ",,,,", "B1,One,0001,One,English", " , ,,,", ""))

    assert ([row.line for row in found.rows], found.refused) == ([4], [])


def test_a_number_may_stand_in_two_boards() -> None:
    found = file.read(written("B1,One,0001,One,English", "B2,Two,0001,Two,English"))

    assert [(row.board_number, row.number) for row in found.rows] == [("B1", "0001"), ("B2", "0001")]


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (b"", "Board Number, Board Name, School Number, School Name, School Language"),
        (b"\n\n", "Board Number, Board Name, School Number, School Name, School Language"),
        (b"Board Number,Board Name,School Name,School Language\n", "School Number"),
        ("Board Number,Board Name".encode("utf-16"), "School Number, School Name"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "School Number, School Name"),
        (b"Board Number;Board Name;School Number;School Name\n", "School Language"),
    ],
)
def test_a_file_without_the_needed_columns(data: bytes, missing: str) -> None:
    with pytest.raises(NotTheMinistrysFile, match=missing):
        file.read(data)
