"""The first of a month in French: “1er janvier”. Django writes “1 janvier”, whatever the format says."""

from django.utils.dateformat import DateFormat
from django.utils.translation import get_language


def install() -> None:
    """Let every date Tandem writes say it: pages, mails and documents all go through this one letter of a format."""
    DateFormat.j = _day_of_month  # type: ignore[assignment, method-assign]


def _day_of_month(self: DateFormat) -> int | str:
    day: int = self.data.day  # type: ignore[union-attr]
    return "1er" if day == 1 and (get_language() or "").startswith("fr") else day
