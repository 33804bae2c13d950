"""A table as a file for a spreadsheet: comma-separated, line by line, and nothing in it is taken for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes accents for something else
# What a spreadsheet takes for the beginning of a formula, in full width too.
BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, line: str) -> str:
        return line


def harmless(cell: object) -> str:
    """The cell as text; behind an apostrophe where it would begin a formula."""
    text = "" if cell is None else str(cell)
    is_formula = text.startswith(BEGINS_A_FORMULA) or text.lstrip().startswith(BEGINS_A_FORMULA)
    return f"'{text}" if is_formula else text


def lines(rows: Iterable[Sequence[object]], between: str = ",") -> Iterator[str]:
    """Each of `rows` as a line, with every cell quoted and harmless and `between` them."""
    writer = csv.writer(_Echo(), delimiter=between, quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK
    for row in rows:
        yield str(writer.writerow([harmless(cell) for cell in row]))
