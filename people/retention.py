"""What is past its term goes, every night: deleted, or emptied of its words. A legal hold stops it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from boards.models import Board
from core import clock, facts, kept
from core.kept import Past, past
from people import naming

BATCH = 500


@dataclass(frozen=True)
class Done:
    """How many rows a rule ended, or would, and how many a legal hold keeps."""

    rule: Past
    ended: int
    held: int


def run(rules: Iterable[Past] = past, *, dry: bool = False) -> list[Done]:
    """End what is past its term; `dry` only counts. Answers for every rule."""
    subjects = naming.held_now()
    return [_end(rule, subjects, dry=dry) for rule in rules]


def _end(rule: Past, subjects: list[naming.Named], *, dry: bool) -> Done:
    assert rule.term.after is not None
    over = rule.rows(clock.now() - rule.term.after)
    free = over.exclude(pk__in=rule.model._base_manager.filter(naming.held(rule.model, subjects)).values("pk"))
    ending = list(free.order_by().values_list("pk", flat=True))
    held = over.count() - len(ending)
    if not dry:
        for start in range(0, len(ending), BATCH):
            _end_some(rule, ending[start : start + BATCH])
    return Done(rule, len(ending), held)


@transaction.atomic
def _end_some(rule: Past, pks: list[Any]) -> None:
    """End the rows `pks`, and say so in the trail of each board they hang on."""
    rows: models.QuerySet[Any] = rule.model._base_manager.filter(pk__in=pks)
    counts = _of_each_board(rule.model, rows)
    if rule.do is not None:
        rule.do(rows)
    elif rule.blank:
        rows.update(**emptied(rule.model, rule.blank))
    else:
        rows.delete()
    for board in Board.objects.filter(pk__in=counts):
        facts.changed(board, by=None, verb="retention", why=f"{rule.name}: {counts[board.pk]}")


def _of_each_board(model: type[models.Model], rows: "models.QuerySet[Any]") -> dict[int, int]:
    way = kept.way(model, Board)
    if not way:
        return {}
    counted = rows.exclude(**{way: None}).order_by().values_list(way).annotate(n=models.Count("pk"))
    return dict(counted)


def emptied(model: type[models.Model], fields: tuple[str, ...]) -> dict[str, Any]:
    """The values that leave nothing in `fields`; a version that is counted on tells an open form."""
    values: dict[str, Any] = {name: None if model._meta.get_field(name).null else "" for name in fields}
    return values | counted_on(model)


def counted_on(model: type[models.Model]) -> dict[str, Any]:
    """The next version of a row people edit, so that a form opened before does not bring its words back."""
    versioned = any(field.name == "version" and not field.is_relation for field in model._meta.concrete_fields)
    return {"version": models.F("version") + 1} if versioned else {}
