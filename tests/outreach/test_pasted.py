"""What is made of lines somebody pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from businesses.models import Business
from outreach.pasted import Line, beside, host_of, name_of, read

LINES = [
    ("Harbour Credit Union", ("Harbour Credit Union", "", "", "")),
    ("  •  Harbour   Bakery ", ("Harbour Bakery", "", "", "")),
    ("- Harbour Bakery", ("Harbour Bakery", "", "", "")),
    ("2. Harbour Bakery", ("Harbour Bakery", "", "", "")),
    ("Harbour Bakery, Hilltop", ("Harbour Bakery", "Hilltop", "", "")),
    ("Harbour Bakery - 905 555 0100", ("Harbour Bakery", "", "905 555 0100", "")),
    ("Harbour Bakery – Saint-Jérôme", ("Harbour Bakery", "Saint-Jérôme", "", "")),
    ("Harbour Bakery, Hilltop, 905 555 0100 ext. 12", ("Harbour Bakery", "Hilltop", "905 555 0100 ext. 12", "")),
    ("Harbour Bakery\tHilltop\t905 555 0100", ("Harbour Bakery", "Hilltop", "905 555 0100", "")),
    ("Harbour Bakery, Inc.", ("Harbour Bakery, Inc.", "", "", "")),
    ("Smith, Jones & Co, Hilltop", ("Smith, Jones & Co", "Hilltop", "", "")),
    ("Harbour Bakery, 12 Main Street", ("Harbour Bakery, 12 Main Street", "", "", "")),
    ("Coca-Cola", ("Coca-Cola", "", "", "")),
    ("3M", ("3M", "", "", "")),
    ("Brown Co.Ltd", ("Brown Co.Ltd", "", "", "")),
    ("J.Smith", ("J.Smith", "", "", "")),
    ("northgate.ca", ("Northgate", "", "", "https://northgate.ca")),
    ("https://www.northgate-robotics.on.ca/about", ("Northgate Robotics", "", "", "https://www.northgate-robotics.on.ca/about")),
    ("www.harbour.example", ("Harbour", "", "", "https://www.harbour.example")),
    ("411.ca", ("411", "", "", "https://411.ca")),
    ("Harbour Bakery, harbour.ca", ("Harbour Bakery", "", "", "https://harbour.ca")),
    ("Harbour Bakery https://harbour.ca/en", ("Harbour Bakery", "", "", "https://harbour.ca/en")),
    ("harbour.ca, Hilltop", ("Harbour", "Hilltop", "", "https://harbour.ca")),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "expected"), LINES)
def test_a_line_is_read(typed: str, expected: tuple[str, ...]) -> None:
    [line] = read(typed).lines
    assert (line.name, line.town, line.phone, line.website) == expected
    assert line.is_guessed == (
        bool(line.website) and typed.lower().startswith(("http", "www", "north", "411", "harbour."))
    )


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("northgate.ca", "Northgate"),
        ("maple-valley.on.ca", "Maple Valley"),
        ("caf\u00e9-bleu.qc.ca", "Café Bleu"),
        ("shop.harbour.com", "Shop Harbour"),
        ("qc.ca", "Qc"),
        ("localhost", "Localhost"),
    ],
)
def test_a_host_makes_a_name(host: str, name: str) -> None:
    assert name_of(host) == name


def test_blank_and_doubled_lines_are_dropped_and_told() -> None:
    said = read("Harbour Bakery\n\nharbour bakery \n  \nHarbour Bakery, Hilltop\nnorth.ca\nwww.north.ca/home\n\n")
    assert [line.name for line in said.lines] == ["Harbour Bakery", "North"]
    assert said.doubled == ["harbour bakery", "Harbour Bakery, Hilltop", "www.north.ca/home"]
    assert (said.blank, said.problems) == (2, [])


def test_one_name_in_two_towns_is_two() -> None:
    assert len(read("Harbour Bakery, Hilltop\nHarbour Bakery, Lakeside").lines) == 2


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("info@harbour.ca", "this is an e-mail address. Write the organisation’s name or web address."),
        ("Harbour, info@harbour.ca", "this is an e-mail address. Write the organisation’s name or web address."),
        ("905 555 0100", "there is no name here. Write the organisation’s name or web address."),
        ("***", "there is no name here. Write the organisation’s name or web address."),
        ("x" * 161, "this name is longer than 160 characters."),
        ("https://" + "a" * 70 + ".ca", "this web address leads nowhere. Write it as example.org."),
    ],
)
def test_what_is_no_organisation_is_named_by_its_line(typed: str, problem: str) -> None:
    said = read(f"Harbour Bakery\n{typed}")
    assert [line.number for line in said.lines] == [1]
    assert said.problems == [f"Line 2: {problem}"]


DIRECTORY = [
    Business(pk=1, name="Harbour Credit Union", town="Hilltop", website="https://www.harbour.example/about"),
    Business(pk=2, name="Kestrel Pool Supplies Inc."),
]


@pytest.mark.parametrize(
    ("typed", "there", "alike"),
    [
        ("harbour credit union", 1, None),
        ("Harbour Crédit Union", 1, None),
        ("Harbour Credit Union, Hilltop", 1, None),
        ("Harbour Credit Union, Lakeside", None, 1),
        ("HarbourCredit Union Ltd", None, 1),
        ("harbour.example", 1, None),
        ("Another name, harbour.example", 1, None),
        ("harbourcreditunion.ca", None, 1),
        ("Kestrel Pool Supplies", None, 2),
        ("Kestrel Pools", None, None),
    ],
)
def test_a_line_beside_the_directory(typed: str, there: int | None, alike: int | None) -> None:
    known = beside(read(typed).lines[0], DIRECTORY)
    assert (known.there and known.there.pk, known.alike and known.alike.pk) == (there, alike)


@given(st.text(max_size=400))
def test_nothing_that_is_pasted_is_lost_or_breaks(text: str) -> None:
    """Every line is an organisation, a double, blank or a problem; and none is empty."""
    text = text.replace("\r", "\n")
    said = read(text)
    typed = text.rstrip().split("\n") if text.strip() else []
    assert len(said.lines) + len(said.doubled) + said.blank + len(said.problems) == len(typed)
    assert all(0 < len(line.name) <= 160 and len(line.town) <= 120 and len(line.phone) <= 40 for line in said.lines)


@given(st.from_regex(r"[a-z]{1,12}(-[a-z]{1,9})?\.(ca|com|org)", fullmatch=True))
def test_a_web_address_makes_a_readable_name(host: str) -> None:
    [line] = read(f"https://www.{host}/about").lines
    assert isinstance(line, Line)
    assert line.name[0].isupper()
    assert "." not in line.name
    assert host_of(line.website) == host
