"""A canary in every text of every row that a board owns: a word that stands there and nowhere else."""

import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import models

from accounts.models import User
from boards.models import Board
from businesses.models import Business
from people.models import LegalHold
from tests.factories.models import owned
from tests.factories.world import PLACES, World

CANARY = re.compile(r"qz\d{5}")
# Texts that are codes of ours: a program reads them, nobody types them. Choices and hashes are told by themselves.
CODES = frozenset({
    "Board.zone_name", "Message.kind", "Message.nudge", "Message.language", "Document.kind", "Document.language",
    "Document.paper", "Document.fingerprint", "Reminder.rule", "Reminder.part", "Reminder.occasion", "Clause.article",
    "SchoolFigure.kind", "SchoolFigure.unknown_because", "School.enrolment_unknown", "School.demographic_figure",
    "AgreedPromise.kind", "Import.kind", "Import.headings_key", "AccessLink.token_hash", "User.password",
    "User.language", "Event.verb", "Event.words_hash", "EventWords.salt",
    # kept to be searched, shown nowhere: folded from texts that hold a canary
    "School.search", "Business.search",
})  # fmt: skip


@dataclass(frozen=True)
class Canary:
    """Where a word was put: `place` is "" for a row of nobody in the three places, "board" for one of the own board."""

    word: str
    place: str
    model: type[models.Model]
    field: str
    pk: int

    @property
    def row(self) -> str:
        """How who_sees.csv names the row: what a board is called is seen by more people than the rest of it."""
        called = self.model is Board and self.field in ("name", "short_name")
        return "BoardName" if called else self.model.__name__

    def __str__(self) -> str:
        return f"{self.model.__name__}.{self.field} of {self.place or 'nobody'}"


def texts(model: type[models.Model]) -> list[Any]:
    """The fields of `model` in which somebody's words stand."""
    kinds = (models.CharField, models.TextField)
    found = [field for field in model._meta.local_concrete_fields if isinstance(field, kinds) and not field.choices]
    return [field for field in found if f"{model.__name__}.{field.name}" not in CODES]


def plant(world: World) -> dict[str, Canary]:
    """Put a word of its own into every text of every row; answers where each stands."""
    numbers, found = count(10_000), {}
    every: list[type[models.Model]] = [*owned(), User]
    for at in world.places.values():  # the hold of the little world is on an organisation, this one on an address
        who = {"address": f"held at {at.name}", "reason": "Because", "placed_by": at.people["board_admin"]}
        LegalHold.objects.create(board=at.board, **who)
    for model in every:
        fields = texts(model)
        for row in model._base_manager.all() if fields else ():
            place, values = place_of(row, world), {}
            for field in fields:
                if isinstance(row, LegalHold) and row.business_id and field.name == "address":
                    continue
                canary = Canary(f"qz{next(numbers)}", place, model, field.name, row.pk)
                found[canary.word] = canary
                values[field.name] = _fitting(field, canary.word)
            model._base_manager.filter(pk=row.pk).update(**values)
    return found


def _fitting(field: Any, word: str) -> str:
    if isinstance(field, models.EmailField) or field.name in ("recipient", "address", "about"):
        return f"{word}@example.org"
    return f"https://{word}.example.org/" if isinstance(field, models.URLField) else word


def place_of(row: models.Model, world: World) -> str:
    """Whose a row is: one of the three places, "board" when it is the own board's alone, "" for nobody there."""
    for name in PLACES:
        place = world.places[name]
        if isinstance(row, User):
            if row.pk in {user.pk for user in place.people.values()}:
                return name
            continue
        chain = row.chain()  # type: ignore[attr-defined]
        marked = place.rows[type(row)].pk == row.pk
        of_it = {(1, place.school.pk), (2, place.family.pk), (3, place.rows[Business].pk)}
        if marked or of_it & {(1, chain.school), (2, chain.family), (3, chain.business)}:
            return name
    if isinstance(row, User):
        return ""
    board = row.chain().board  # type: ignore[attr-defined]
    return {world.places["own"].board.pk: "board", world.places["far"].board.pk: "far"}.get(board, "")
