"""Append-only tables in tests: who tampers with a row, and who empties the database, takes the triggers off first."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from core.append_only import append_only_models, put_on, take_off


@contextmanager
def lifted(*of: type[models.Model]) -> Iterator[None]:
    """Inside the block the rows of `of`, by default of every append-only model, may be changed and deleted."""
    changed = of or tuple(append_only_models())
    for model in changed:
        take_off(connection, model._meta.db_table)
    yield
    for model in changed:
        put_on(connection, model._meta.db_table, str(model._meta.pk.column))
