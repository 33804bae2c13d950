"""A new board with its first administrator."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.models import Membership, User
from accounts.permissions import Role
from boards.models import Board
from core import clock, facts
from demo.school_alone import close_days


class Command(BaseCommand):
    help = "Make a board with the default calendar, and its first administrator, who signs in by a code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name of the board")
        parser.add_argument("--admin", required=True, help="the e-mail address of its first administrator")
        parser.add_argument("--admin-name", required=True, help="their name")
        parser.add_argument("--ministry-number", default="", help="so that import_schools puts its schools here")
        parser.add_argument("--language", choices=["en", "fr"], default="en")
        parser.add_argument("--zone", default="America/Toronto", help="its time zone, for example America/Winnipeg")

    @transaction.atomic
    def handle(
        self,
        *args: Any,
        name: str,
        admin: str,
        admin_name: str,
        ministry_number: str,
        language: str,
        zone: str,
        **options: Any,
    ) -> None:
        """Nothing is written unless all of it is: a bad address, an unknown zone or a name that is taken says so."""
        board = Board(name=name.strip(), ministry_number=ministry_number.strip(), language=language, zone_name=zone)
        try:
            validate_email(admin)
            board.full_clean()
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        if Board.objects.filter(name__iexact=board.name).exists():
            raise CommandError(f"There is a board called {board.name} already.")
        board.save()
        user = User.objects.filter(email__iexact=admin).first()
        if user is None:
            user = User.objects.create_user(admin, admin_name, language=language)
        facts.changed(board, by=user, verb="added")
        close_days(board, clock.today(board.zone))
        membership = Membership.objects.create(user=user, role=Role.BOARD_ADMIN, board=board)
        facts.changed(membership, by=user, verb="added")
        self.stdout.write(
            f"{board.name} is made. {user.name} signs in at {settings.SITE_URL} with {user.email} and a code."
        )
        first_hour = reverse("first_hour", args=[board.pk])
        self.stdout.write(f"What to do in the first hour stands at {settings.SITE_URL}{first_hour}")
