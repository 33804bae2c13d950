"""Pages of a long list by the key of the last row shown: the thousandth page costs what the first does."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db import models
from django.db.models import Q

Row = TypeVar("Row", bound=models.Model)
PAGE_SIZE = 25


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """Up to 25 rows, and where the neighbouring pages begin ("" where there is none)."""

    rows: list[Row]
    after: str
    before: str


def page(
    rows: "models.QuerySet[Row]", by: str, asked: Any, *, newest_first: bool = False, size: int = PAGE_SIZE
) -> KeysetPage[Row]:
    """The page of `rows`, ordered by `by` and pk, that `asked` (a mapping with "after" or "before") names.

    A key that was tampered with, or of another list, is the first page. One row more than shown is read to know
    whether a further page exists.
    """
    forward = "before" not in asked
    key = _unpacked(asked.get("after" if forward else "before", ""), by)
    if key is not None:
        rows = rows.filter(_beyond(by, key, up=forward != newest_first))
    order = (by, "pk") if forward != newest_first else (f"-{by}", "-pk")
    found = list(rows.order_by(*order)[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if not forward:
        found.reverse()
    has_after = has_more if forward else key is not None
    has_before = key is not None if forward else has_more
    return KeysetPage(
        found,
        after=_packed(found[-1], by) if found and has_after else "",
        before=_packed(found[0], by) if found and has_before else "",
    )


def _beyond(by: str, key: tuple[str, int], *, up: bool) -> Q:
    more = "gt" if up else "lt"
    # The first condition follows from the second; said by itself an index can begin where the page does.
    return Q(**{f"{by}__{more}e": key[0]}) & (Q(**{f"{by}__{more}": key[0]}) | Q(**{f"pk__{more}": key[1]}))


def _packed(row: models.Model, by: str) -> str:
    value = getattr(row, by)
    return signing.dumps(
        [value.isoformat() if isinstance(value, date) else value, row.pk],
        salt=f"keyset.{by}",
        compress=True,
    )


def _unpacked(raw: str, by: str) -> tuple[str, int] | None:
    try:
        value, pk = signing.loads(raw, salt=f"keyset.{by}")
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return value, pk
