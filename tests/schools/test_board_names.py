"""What a board is called in the ministry's file and by itself, and that no two boards are taken for one."""

import csv
import io

import pytest

from schools.board_names import board_key
from tests.schools.test_import_schools import REAL, generated, published


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Maple Valley DSB", "Maple Valley District School Board"),
        ("maple  valley dsb", "MAPLE VALLEY District School Board"),
        ("DSB Niagara", "District School Board of Niagara"),
        ("DSB Niagara", "Niagara DSB"),
        ("York CDSB", "York Catholic District School Board"),
        ("London DCSB", "London District Catholic School Board"),
        ("Ottawa CSB", "Ottawa Catholic School Board"),
        ("CDSB of Eastern Ontario", "Catholic District School Board of Eastern Ontario"),
        ("Hastings & Prince Edward DSB", "Hastings and Prince Edward District School Board"),
        ("Moosonee DSAB", "Moosonee District School Area Board"),
        ("Penetanguishene PSSB", "Penetanguishene Protestant Separate School Board"),
        ("CHEO SA", "CHEO School Authority"),
        ("CS Viamonde", "Conseil scolaire Viamonde"),
        ("CSD Viamonde", "Conseil scolaire de district Viamonde"),
        ("CS catholique MonAvenir", "Conseil scolaire catholique Mon Avenir"),
        ("CSDC des Grandes Rivieres", "Conseil scolaire de district catholique des Grandes Rivières"),
        ("CSDC du Centre-Est de l'Ontario", "Conseil des écoles catholiques du Centre-Est de l’Ontario"),
        ("CSC Nouvelon Nord", "Conseil scolaire catholique Nouvelon-Nord"),
        ("CSP du Grand Nord de l'Ontario", "Conseil scolaire public du Grand Nord de l’Ontario"),
        ("CÉP de l'Est de l'Ontario", "Conseil des écoles publiques de l’Est de l’Ontario"),
        ("St Clair CDSB", "St. Clair Catholic District School Board"),
        ("Maple Valley", "MAPLE VALLEY"),
    ],
)
def test_the_short_and_the_long_name_are_one_board(short: str, long: str) -> None:
    assert board_key(short) == board_key(long)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Durham DSB", "Durham CDSB"),
        ("Durham District School Board", "Durham Catholic District School Board"),
        ("DSB Niagara", "Niagara CDSB"),
        ("York Region DSB", "York CDSB"),
        ("CSP du Nord-Est de l'Ontario", "CSDC du Nord-Est de l'Ontario"),
        ("Maple Valley DSB", "Maple Valley"),
        ("Maple DSB", "Valley DSB"),
        ("Toronto DSB", ""),
    ],
)
def test_two_boards_stay_two(one: str, other: str) -> None:
    assert board_key(one) != board_key(other)


def test_the_ministrys_boards_stay_distinct() -> None:
    data = REAL.read_bytes() if REAL.exists() else published(*generated())
    names = {row["Board Name"] for row in csv.DictReader(io.StringIO(data.decode("cp1252")))}
    assert len(names) > 80
    assert len({board_key(name) for name in names}) == len(names)
