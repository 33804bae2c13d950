"""The kinds of document. A room declares its own in `document_kinds.py`; the engine knows none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise

from core.registry import Registry


@dataclass(frozen=True)
class Content:
    """What a document says: the template's context, and the pictures it refers to as `job:name`."""

    context: dict[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class DocumentKind:
    """`content(subject)` is asked in the language of the document. `pages=1` is a promise that is kept or refused;
    `budgets` are the words each field may have when all are full; `labels` name those fields to the reader.
    `url(subject)` is the page of its subject, where there is one.
    `stays(subject)`: it is part of a signature, and neither erasure nor retention takes it.
    `is_read_by_link`: whoever holds the reading link of its subject, which it prints, reads it without an account.
    """

    name: str
    model: type[models.Model]
    template: str
    content: Callable[[Any], Content]
    label: str | Promise
    url: Callable[[Any], str] | None = None
    pages: int | None = None
    is_read_by_link: bool = False
    stays: Callable[[Any], bool] = lambda subject: False
    budgets: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, str | Promise] = field(default_factory=dict)


kinds: Registry[DocumentKind] = Registry("document_kinds")


def document(
    name: str, *, for_model: type[models.Model], template: str, label: str | Promise, **promises: Any
) -> Callable[[Callable[[Any], Content]], Callable[[Any], Content]]:
    """Declare the decorated function as the content of the document `name`."""

    def declare(content: Callable[[Any], Content]) -> Callable[[Any], Content]:
        kinds.register(name, DocumentKind(name, for_model, template, content, label, **promises))
        return content

    return declare
