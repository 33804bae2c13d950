"""A school that began on its own joins a board, at the word of somebody who may say so."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from boards.models import Board
from core import clock, facts
from demo import joining
from schools.models import Joining, School


class Command(BaseCommand):
    help = "Let a school on its own join a board, with its history. What is in the way is said, and nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", help="the name of the school")
        parser.add_argument("board", help="the name of the board it joins")
        parser.add_argument("--by", required=True, help="the e-mail address of the account on whose word it is done")

    @transaction.atomic
    def handle(self, *args: Any, school: str, board: str, by: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=by, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {by}.")
        to = _one(Board.objects.filter(name__iexact=board.strip(), joined_to=None), "board", board)
        coming = _one(School.objects.filter(name__iexact=school.strip()).exclude(board=to), "school", school)
        row = Joining.objects.create(board=to, meant_for=coming.name[:120], asked_by=user, expires_at=clock.now())
        facts.changed(row, by=user, verb="asked to join")
        try:
            joining.join(row, coming, by=user)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{coming.name} belongs to {to.name} now.")


def _one(rows: Any, kind: str, name: str) -> Any:
    found = list(rows[:2])
    if not found:
        raise CommandError(f"No {kind} is called {name}.")
    if len(found) > 1:
        raise CommandError(f"Several {kind}s are called {name}.")
    return found[0]
