"""Texts keep the language they were written in; each that is printed may have a translation beside it."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language

OTHER = {"en": "fr", "fr": "en"}


class Translated(models.Model):
    """A row whose texts named in PRINTED may also be written in the other of the two languages."""

    PRINTED: ClassVar[tuple[str, ...]] = ()

    in_other_language = models.JSONField(default=dict, editable=False)  # a text by the name of its field

    class Meta:
        abstract = True

    @property
    def written_in(self) -> str:
        """The language the row was written in, "en" or "fr"."""
        raise NotImplementedError


def text_in(row: Translated, field: str, language: str) -> str:
    """What `field` of `row` says in `language` ("en" or "fr"): its translation into that, or as it was written."""
    written = str(getattr(row, field))
    translated = row.in_other_language.get(field)
    return str(translated) if written and translated and language != row.written_in else written


def lacks(row: Translated, field: str, language: str) -> bool:
    """Whether `field` of `row` stands in another language than `language` because nobody translated it."""
    return bool(getattr(row, field)) and language != row.written_in and not row.in_other_language.get(field)


def read_in() -> str:
    """The language in which whoever looks reads, "en" or "fr"."""
    return (get_language() or "en")[:2]


def written_for(row: Translated, language: str) -> dict[str, Any]:
    """The printed texts of `row` for a copy that is written in `language`, with their translations."""
    if language == row.written_in:
        return {name: getattr(row, name) for name in row.PRINTED} | {"in_other_language": row.in_other_language}
    both = {name: getattr(row, name) for name in row.PRINTED if not lacks(row, name, language) and getattr(row, name)}
    return {name: text_in(row, name, language) for name in row.PRINTED} | {"in_other_language": both}
