"""Text of comma-separated values, whatever program saved it: its encoding, what stands between its cells, its records.

Nothing here knows the database.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any

from engines.imports.limits import LONGEST_LINE

BETWEEN_CELLS = (",", ";", "\t")
MARKS = (  # the longer before the shorter that begins it
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LINES_OF_A_HEADER = 50
LOOKED_AT = 4000  # bytes that tell what a file is
csv.field_size_limit(LONGEST_LINE)


def decode(data: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16, with a mark at its beginning or without, or in Windows-1252.

    A byte that is none of it becomes U+FFFD, so that it spoils its own cell only.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if wide := _wide(data[:LOOKED_AT]):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")  # French text in Windows-1252 is never valid UTF-8
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _wide(beginning: bytes) -> str:
    """The name of UTF-16 without a mark: every other byte of Latin text is a zero; "" for anything else."""
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    half = len(beginning) // 2
    if half and odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if half and even > 0.7 * half and odd < 0.1 * half else ""


def is_text(text: str) -> bool:
    """Whether this may be a table that somebody wrote, and no picture or program."""
    beginning = text[:LOOKED_AT]
    odd = sum(c < " " and c not in "\t\n\r\f" for c in beginning)
    return odd * 50 <= len(beginning)


def delimiter(line: str) -> str:
    """What stands between the cells of a header: that which makes the most of them."""
    return max(
        BETWEEN_CELLS, key=lambda mark: len(_next(csv.reader(io.StringIO(line, newline=""), delimiter=mark)) or [])
    )


def between_cells(text: str) -> str:
    """What stands between the cells of a file; the comma where it is a mark that only its own first line tells."""
    mark = _beginning(list(io.StringIO(text, newline="")))[1]
    return mark if mark in BETWEEN_CELLS else BETWEEN_CELLS[0]


def records(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """The records that hold anything, each with the line it begins on, counted from 1; None for one that is no CSV.

    The first line may say what stands between cells (`sep=;`). A quote that is never closed swallows the lines after
    it: a record of several lines that has not as many columns as the header, or that goes to the end of the file, is
    read again line by line, so that only the line with the quote is lost.
    """
    lines = list(io.StringIO(text, newline=""))
    first, mark = _beginning(lines)
    reader, width = csv.reader(lines[first:], delimiter=mark), 0
    while (begins := first + reader.line_num + 1) <= len(lines):
        record = _next(reader)
        ends = first + reader.line_num
        width = width or len(record or [])
        is_whole = record is not None and len(record) == width and not _is_open(lines, begins, ends)
        if ends > begins and not is_whole:
            again = [(n, _next(csv.reader([lines[n - 1]], delimiter=mark))) for n in range(begins, ends + 1)]
        else:
            again = [(begins, record)]
        yield from ((n, cells) for n, cells in again if cells is None or any(map(str.strip, cells)))


def _is_open(lines: list[str], begins: int, ends: int) -> bool:
    """Whether a record goes to the end of the file because nobody closed its quote."""
    return ends == len(lines) and sum(line.count('"') for line in lines[begins - 1 :]) % 2 == 1


def _beginning(lines: list[str]) -> tuple[int, str]:
    """How many lines stand before the header, and what stands between cells."""
    first = next((n for n, line in enumerate(lines) if line.strip(" \t\r\n,;")), 0)
    line = lines[first] if lines else ""
    if line.lower().startswith("sep=") and line[4:5] in (*BETWEEN_CELLS, "|"):
        return first + 1, line[4]
    return first, delimiter(_whole(lines[first : first + LINES_OF_A_HEADER]))


def _whole(lines: list[str]) -> str:
    """The first lines, as many as it takes to close every quote: a heading may be broken over two."""
    text = ""
    for line in lines:
        text += line
        if text.count('"') % 2 == 0:
            return text
    return lines[0] if lines else ""


def _next(reader: Any) -> list[str] | None:
    try:
        return list(next(reader, []))
    except csv.Error:
        return None
