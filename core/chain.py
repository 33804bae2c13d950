"""How an owned row reaches its board."""

from typing import NamedTuple, Protocol


class Chain(NamedTuple):
    """The ids a row hangs on; None where there is none. A school's family may be none yet."""

    board: int | None = None
    family: int | None = None
    school: int | None = None
    business: int | None = None


class Owned(Protocol):
    """A row a board owns."""

    pk: int

    def chain(self) -> Chain: ...
