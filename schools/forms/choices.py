"""What a school's forms let choose from."""

from typing import Any

from django import forms
from django.db import models


def only(field: forms.Field, rows: "models.QuerySet[Any]", refusal: Any) -> None:
    """Let `field` choose among `rows`; anything else is refused in words, as if it did not exist."""
    field.queryset = rows  # type: ignore[attr-defined]
    for code in ("invalid_choice", "invalid_pk_value"):
        field.error_messages[code] = refusal


def drop_if_empty(form: forms.Form, name: str, rows: "models.QuerySet[Any]") -> None:
    """A choice among nothing is not asked."""
    if not form.is_bound and not rows.exists():
        del form.fields[name]
