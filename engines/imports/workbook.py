"""A workbook of Excel or LibreOffice (.xlsx), read row by row; nothing in it is run.

What it would unpack to is asked before it is unpacked. Nothing here knows the database.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple

import openpyxl
from django.utils.translation import gettext as _

from engines.imports.limits import (
    LARGEST_UNPACKED,
    MOST_COLUMNS,
    MOST_TIMES_LARGER,
    Unreadable,
)

BEGINS = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # .xls, and every workbook behind a password
MACROS = ("vbaproject", "vbadata", "xl/macrosheets/", "xl/activex/")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ZEROS = re.compile(r"0+")
DAY_AND_MONTH = re.compile(r"d{1,2}[-/ ]mmm", re.IGNORECASE)


class Sheet(NamedTuple):
    """The first sheet of a workbook that holds anything: its name and its rows, each with its number."""

    name: str
    rows: Iterator[tuple[int, list[str]]]


def sheet(data: bytes) -> Sheet:
    """The first sheet that holds anything; raises Unreadable, also while its rows are taken."""
    _refuse_what_is_no_plain_workbook(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for page in book.worksheets:
            page.reset_dimensions()  # what it says of its own size may be wrong
            rows = _rows(page)
            if first := next(rows, None):
                return Sheet(page.title, _with(first, rows))
    except Unreadable:
        raise
    except Exception as problem:  # whatever a broken workbook makes of the library
        raise Unreadable(_damaged()) from problem
    return Sheet("", iter(()))


def _refuse_what_is_no_plain_workbook(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = [part.filename.lower() for part in parts.infolist()]
            unpacked = sum(part.file_size for part in parts.infolist())
            _refuse_too_large(unpacked, len(data))
            if "xl/workbook.xml" not in names:
                raise Unreadable(_("This is a packed file and no workbook. Upload the table in it as CSV or XLSX."))
            kinds = parts.read(next(p for p in parts.infolist() if p.filename == "[Content_Types].xml"))
    # A way of packing that zipfile does not know is its NotImplementedError.
    except (zipfile.BadZipFile, StopIteration, OSError, EOFError, ValueError, NotImplementedError) as problem:
        raise Unreadable(_damaged()) from problem
    if b"macroenabled" in kinds.lower() or any(word in name for name in names for word in MACROS):
        raise Unreadable(_("This workbook holds macros; the limit is none. Save it as .xlsx or CSV and upload that."))


def _refuse_too_large(unpacked: int, packed: int) -> None:
    if unpacked > MOST_TIMES_LARGER * packed:
        raise Unreadable(
            _("This workbook unpacks to more than %(most)s times its size, which is the limit. Save it as CSV.")
            % {"most": MOST_TIMES_LARGER}
        )
    if unpacked > LARGEST_UNPACKED:
        raise Unreadable(
            _("This workbook unpacks to more than %(most)s MB, which is the limit. Split it, or save it as CSV.")
            % {"most": LARGEST_UNPACKED // 1024 // 1024}
        )


def _damaged() -> str:
    return _("This workbook is damaged and cannot be read. Open it, save it anew as .xlsx or CSV and upload that.")


def _rows(page: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, as text."""
    rows = enumerate(page.iter_rows(max_col=MOST_COLUMNS + 1), start=1)
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except Exception as problem:
            raise Unreadable(_damaged()) from problem
        texts = [_text(cell) for cell in cells]
        if any(map(str.strip, texts)):
            yield number, texts


def _with(first: tuple[int, list[str]], rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rows


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV: what a format adds to a number (zeros before it, %) is part of it."""
    match value := cell.value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "1" if value else "0"
        case int() | float():
            return _number(value, cell.number_format or "")
        case datetime():
            if DAY_AND_MONTH.fullmatch((cell.number_format or "").split(";")[0]):
                return f"{value.day}-{MONTHS[value.month - 1]}"  # 9-12, which a spreadsheet took for a date
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _number(value: int | float, form: str) -> str:
    form = form.split(";")[0]
    if form.rstrip().endswith("%"):
        return f"{round(value * 100, 6):g}%"
    if value != int(value) if abs(value) < 1e15 else True:
        return repr(value) if abs(value) < 1e15 else f"{value:.15g}"
    return f"{int(value):0{len(form)}}" if ZEROS.fullmatch(form) else str(int(value))
