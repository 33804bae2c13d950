"""A table, row by row: what can be used, what is refused and why, what belongs to another board.

The same for the preview and for the writing, so that both say the same of the same file.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import User
from boards.models import Board
from engines.imports.kinds import Importer, OfAnother, RowRefused, Usable
from engines.imports.mapping import Mapping, heading, row
from engines.imports.reading import Table
from engines.imports.refused_file import Refused

Progress = Callable[[int], None]


@dataclass
class Sorted:
    """What the rows of a file are; `rows` counts them, and `between` stood between their cells."""

    rows: int = 0
    between: str = ","
    usable: list[Usable] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    elsewhere: Counter[str] = field(default_factory=Counter)
    left_out: list[tuple[int, str, str]] = field(default_factory=list)  # line, heading, why


def sort_rows(importer: Importer, board: Board, by: User, table: Table, mapping: Mapping, tell: Progress) -> Sorted:
    """Sort every row of `table`; `tell` hears how many were looked at. Raises Unreadable."""
    found, first_lines = Sorted(between=table.between), dict[object, int]()
    usable = importer.usable(board, by)
    for record in table.records:
        found.rows += 1
        tell(found.rows)
        try:
            if record.fault:
                raise RowRefused(record.fault)
            known = usable(row(record, importer.columns, mapping))
            _once(known, first_lines)
        except RowRefused as why:
            name = heading(why.fault.column, table.headings, mapping)
            found.refused.append(Refused(record.line, name, why.fault.reason, record.cells))
        except OfAnother as other:
            found.elsewhere[other.place] += 1
        else:
            found.usable.append(known)
            found.left_out += [
                (known.line, heading(fault.column, table.headings, mapping), fault.reason) for fault in known.left_out
            ]
    return found


def _once(known: Usable, first_lines: dict[object, int]) -> None:
    first = first_lines.setdefault(known.key, known.line)
    if first != known.line:
        raise RowRefused(_("the same stands on line %(line)s already") % {"line": first})


def in_batches(rows: list[Usable], size: int) -> Iterator[list[Usable]]:
    """The rows, `size` at a time."""
    for first in range(0, len(rows), size):
        yield rows[first : first + size]


def cells_of(table: Table, lines: set[int]) -> dict[int, list[str]]:
    """The cells of some lines of a table."""
    return {record.line: record.cells for record in table.records if record.line in lines}
