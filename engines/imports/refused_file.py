"""The rows that were refused, as a file that can be mended and uploaded again."""

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from core import csv_lines

# What stands before the columns of the file itself, by language; a file that begins with them is known by them.
BEFORE = {
    "en": ("Tandem: line", "Tandem: column", "Tandem: reason"),
    "fr": ("Tandem : ligne", "Tandem : colonne", "Tandem : motif"),
}


class Refused(NamedTuple):
    """A row that is not used: its line, the heading of the column that is wrong ("" for the whole row), why, and its
    cells as they stood."""

    line: int
    column: str
    reason: str
    cells: list[str]


def written(headings: list[str], refused: Iterable[Refused], *, language: str, between: str = ",") -> bytes:
    """The file: UTF-8 with its mark, every cell quoted, none of them a formula, and `between` them what stood there."""
    header = [*BEFORE.get(language, BEFORE["en"]), *headings]
    rows = ([row.line, row.column, row.reason, *row.cells] for row in refused)
    return "".join(csv_lines.lines(chain([header], rows), between)).encode(errors="replace")
