"""What a list searches: one column of plain lower-case text, kept by the database row itself."""

import unicodedata
from typing import Any

from django.db import models


def search_key(*texts: str) -> str:
    """`texts` as one line: lower case, without accents, ligatures opened, single spaces."""
    joined = " ".join(texts).lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    plain = "".join(c for c in unicodedata.normalize("NFD", joined) if not unicodedata.combining(c))
    return " ".join(plain.split())


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
