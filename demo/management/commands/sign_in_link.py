"""A sign-in link for one person of a LOCAL site."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from accounts.links import make_sign_in_link
from accounts.models import Membership, User
from accounts.permissions import Role
from boards.models import Board
from core import facts


class Command(BaseCommand):
    help = "Print a link that signs somebody in once on this LOCAL site; or administer an imported board here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--email", help="the address of an account")
        who.add_argument("--board", help="the name of a board: its local administrator, made when missing")

    def handle(self, *args: Any, email: str | None, board: str | None, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("Sign-in links are for a LOCAL site.")
        user = self._by_email(email) if email else self._administrator(board or "")
        self.stdout.write(f"{user.name}: {settings.SITE_URL}/come-in/{make_sign_in_link(user)}/")

    def _by_email(self, email: str) -> User:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        return user

    @transaction.atomic
    def _administrator(self, name: str) -> User:
        boards = list(Board.objects.filter(name__icontains=name)[:6])
        exact = [board for board in boards if board.name.lower() == name.lower()]
        if len(exact or boards) != 1:
            found = ", ".join(board.name for board in boards) or "none"
            raise CommandError(f"Name one board. Found: {found}.")
        board = (exact or boards)[0]
        lead = board.memberships.current().filter(role=Role.BOARD_ADMIN).select_related("user").first()
        if lead is not None:
            return lead.user
        address = f"administrator.{slugify(board.name)}.{board.pk}@tandem.example"
        user = User.objects.create_user(address, "Local administrator", language=board.language)
        membership = Membership.objects.create(user=user, role=Role.BOARD_ADMIN, board=board)
        facts.changed(membership, by=user, verb="added")
        return user
