"""Which heading of a file stands for which column: found by name, chosen by a person, or remembered.

A mapping is the place of a heading, counted from 0, by the name of the column. Nothing here knows the database.
"""

import hashlib
from collections.abc import Sequence

from core.search_text import search_key
from engines.imports.kinds import Column, Row
from engines.imports.reading import Record

Mapping = dict[str, int]


def key(heading: str) -> str:
    """A heading as it is compared: letters and digits, without accents and capitals."""
    return "".join(c for c in search_key(heading) if c.isalnum())


def by_name(columns: Sequence[Column], headings: Sequence[str]) -> Mapping:
    """The mapping of the headings that mean a column; of two that mean the same, the first."""
    places: Mapping = {}
    for place, heading in enumerate(headings):
        places.setdefault(key(heading), place)
    found: Mapping = {}
    for column in columns:
        meant = [places[word] for word in map(key, (column.name, *column.also)) if word in places]
        if meant and meant[0] not in found.values():
            found[column.name] = meant[0]
    return found


def missing(columns: Sequence[Column], mapping: Mapping) -> list[Column]:
    """The columns that are needed and that no heading stands for."""
    return [column for column in columns if column.is_needed and column.name not in mapping]


def headings_key(headings: Sequence[str]) -> str:
    """What is the same for files with the same headings."""
    return hashlib.sha256("\n".join(map(key, headings)).encode()).hexdigest()


def row(record: Record, columns: Sequence[Column], mapping: Mapping) -> Row:
    """A record without a fault by the names of its columns."""
    return Row(record.line, {c.name: record.cells[mapping[c.name]] for c in columns if c.name in mapping})


def heading(column: str, headings: Sequence[str], mapping: Mapping) -> str:
    """What the file calls a column; "" for the whole row."""
    return headings[mapping[column]] if column in mapping else column
