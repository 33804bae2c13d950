"""What a list searches: one column of plain lower-case text, kept by the database row itself."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row")
Named = TypeVar("Named", bound=models.Model)


def search_key(*texts: str) -> str:
    """`texts` as one line: lower case, without accents, ligatures opened, single spaces."""
    joined = " ".join(texts).lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    plain = "".join(c for c in unicodedata.normalize("NFD", joined) if not unicodedata.combining(c))
    return " ".join(plain.split())


def by_key(rows: Iterable[Row], words: Callable[[Row], Iterable[str]]) -> dict[str, list[Row]]:
    """`rows` by the search keys of the `words` that may call each; an empty word calls none."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for key in {search_key(word) for word in words(row)} - {""}:
            found[key].append(row)
    return found


def of_the_same_name(rows: "models.QuerySet[Named]", name: str) -> "Named | None":
    """The first of `rows` with that name, accents and capitals aside. Their `search` begins with the name."""
    key = search_key(name)
    alike = rows.filter(search__startswith=key)[:50] if key else ()
    return next((row for row in alike if search_key(getattr(row, "name", "")) == key), None)


class SearchText(models.CharField):
    """The search key of the fields named in `of`, worked out whenever the row is written (as auto_now is)."""

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"editable": False, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("editable", "default"):
            kwargs.pop(implied, None)
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = search_key(*(getattr(model_instance, name) for name in self.of))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key
