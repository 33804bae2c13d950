"""What can be imported. A room declares its own in `importers.py`; the engine knows none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.functional import Promise

from accounts.models import User
from boards.models import Board
from core.registry import Registry

Words = str | Promise


@dataclass(frozen=True)
class Column:
    """Something an importer reads of a row. `also` are headings, in whatever language, that mean it; what is needed
    must be in the file. One that is found `by_name_only` is not offered to be chosen."""

    name: str
    label: Words
    also: tuple[str, ...] = ()
    is_needed: bool = False
    by_name_only: bool = False


class Row(NamedTuple):
    """A row of the file: its line, and the text of its cells by the name of their column; "" where it has none."""

    line: int
    cells: Mapping[str, str]


class Fault(NamedTuple):
    """What is wrong with a cell or, without a column, with a row."""

    column: str
    reason: str


class RowRefused(Exception):
    """A row that cannot be used, and why."""

    def __init__(self, reason: str, column: str = "") -> None:
        super().__init__(reason)
        self.fault = Fault(column, reason)


class OfAnother(Exception):
    """A row that belongs to another board; `place` is what that one is called."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True, slots=True)
class Usable:
    """A row that can be used. No two of a file have one `key`; `left_out` are the cells that could not be taken."""

    line: int
    key: Any
    title: str
    value: Any
    left_out: tuple[Fault, ...] = ()


class Fate(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Outcome(NamedTuple):
    """What becomes, or became, of a usable row; `says` is what changes, or why nothing does, in words."""

    line: int
    fate: Fate
    title: str
    says: str = ""
    column: str = ""  # of a row that is refused


@dataclass(frozen=True)
class Importer:
    """`usable(board, by)` answers what makes a Usable of a Row, and raises RowRefused or OfAnother; `by` is whoever
    imports. `foresee` says of some rows what would become of them, and writes nothing. `write(board, by, rows, source)`
    does it, with an Event for each row it touches, inside the transaction it is called in. A row that was written once
    is found unchanged by both.

    `batch` rows are written in one transaction. Those of the lowest `order` are offered first. Where a row may be of
    another board, `known_by` says in a sentence how those of a board are told. The first of the columns `called` that
    has something names a row that is refused.
    """

    name: str
    label: Words
    lead: Words
    columns: tuple[Column, ...]
    usable: Callable[[Board, User], Callable[[Row], Usable]]
    foresee: Callable[[Board, User, list[Usable]], list[Outcome]]
    write: Callable[[Board, User, list[Usable], str], list[Outcome]]
    batch: int = 100
    order: int = 50
    known_by: Callable[[Board], str] | None = None
    called: tuple[str, ...] = ()

    @property
    def needed(self) -> list[Column]:
        """The columns a file must have."""
        return [column for column in self.columns if column.is_needed]


importers: Registry[Importer] = Registry("importers")
