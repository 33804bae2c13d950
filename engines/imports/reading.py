"""Bytes in, a table out: headings and rows, whatever the file is. Nothing here knows the database or an importer.

What breaks a limit of `limits` is refused as a whole, with the limit in the words; what is wrong with one row stops no
other.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import csv_lines
from engines.imports import text_file, workbook
from engines.imports.limits import (
    LARGEST_FILE,
    LONGEST_READING,
    MOST_COLUMNS,
    MOST_ROWS,
    Unreadable,
    too_large,
    too_many_columns,
    too_many_rows,
)
from engines.imports.refused_file import BEFORE


class Record(NamedTuple):
    """A row of a table by its line, counted from 1; `fault` says why its cells are not those of the headings."""

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """What a file holds: its headings, as many cells in each record that has no fault, the first row as an example,
    the sheet it stood on, and what stands between the cells of a text."""

    headings: list[str]
    records: Iterator[Record]
    first: list[str]
    sheet: str = ""
    between: str = ","


def table(data: bytes) -> Table:
    """The table in the bytes of a CSV or XLSX file; raises Unreadable, also while its records are taken."""
    if len(data) > LARGEST_FILE:
        raise Unreadable(too_large())
    if data.startswith(workbook.OLD_WORKBOOK):
        raise Unreadable(_("This workbook is of an old kind (.xls) or behind a password. Save it as .xlsx or CSV."))
    if data.startswith(workbook.BEGINS):
        name, rows = workbook.sheet(data)
        return _table(((line, cells) for line, cells in rows), name)
    text = text_file.decode(data)
    if not text_file.is_text(text):
        raise Unreadable(_("This is neither CSV nor a workbook (.xlsx). Save the table as one of them."))
    return replace(_table(text_file.records(text)), between=text_file.between_cells(text))


def _table(rows: Iterator[tuple[int, list[str] | None]], sheet: str = "") -> Table:
    first = next(rows, None)
    if first is None:
        raise Unreadable(_("This file is empty."))
    headings = [" ".join(cell.split()) for cell in _trimmed(first[1] or [])]
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(too_many_columns())
    second = next(rows, None)
    if second is None:
        raise Unreadable(_("This file has a line of headings and no row under it."))
    records, before = _records(chain([second], rows), len(headings)), _ours(headings)
    return Table(headings[before:], _without(records, before), (second[1] or [])[before:], sheet)


def _records(rows: Iterator[tuple[int, list[str] | None]], width: int) -> Iterator[Record]:
    began = time.monotonic()
    for n, (line, cells) in enumerate(rows, start=1):
        if n > MOST_ROWS:
            raise Unreadable(too_many_rows())
        if n % 1000 == 0 and time.monotonic() - began > LONGEST_READING:
            raise Unreadable(
                _("Reading this file takes longer than %(most)s minutes, which is the limit. Split it.")
                % {"most": int(LONGEST_READING // 60)}
            )
        yield _fitted(line, cells, width)


def _fitted(line: int, cells: list[str] | None, width: int) -> Record:
    """A record as wide as the headings: empty cells at its end are nothing, others too many or too few a fault."""
    if cells is None:
        return Record(line, [], _("the line is no CSV"))
    if len(cells) > width:
        cells = [*cells[:width], *_trimmed(cells[width:])]
    cells = [_plain(cell) for cell in cells]
    if len(cells) == width:
        return Record(line, cells)
    has = ngettext("it has %(n)s column", "it has %(n)s columns", len(cells)) % {"n": len(cells)}
    return Record(line, cells, _("%(has)s, the header has %(width)s") % {"has": has, "width": width})


def _trimmed(cells: list[str]) -> list[str]:
    """The cells without the empty ones at the end."""
    last = max((n for n, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    return cells[:last]


def _plain(cell: str) -> str:
    """A cell without the apostrophe by which a file of ours kept it from being taken for a formula."""
    bare = cell.removeprefix("'")
    return bare if csv_lines.harmless(bare) == cell else cell


def _ours(headings: list[str]) -> int:
    """How many columns at the beginning are those that a file of refused rows has before its own."""
    return len(BEFORE["en"]) if tuple(headings[: len(BEFORE["en"])]) in BEFORE.values() else 0


def _without(records: Iterator[Record], before: int) -> Iterator[Record]:
    for line, cells, fault in records:
        yield Record(line, cells[before:], fault)
