"""manage.py operator: say who runs the site, and who does no longer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import SupportGrant, User
from core import facts
from people import support


class Command(BaseCommand):
    help = "Let somebody run the site: they see no board unless one lets them, or in an emergency. --end takes it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="of somebody who has no account yet")
        parser.add_argument("--end", action="store_true", help="they run the site no more")

    @transaction.atomic
    def handle(self, *args: Any, email: str, name: str, end: bool, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None and (end or not name.strip()):
            raise CommandError("Nobody has this address. Give --name to make an account.")
        if user is None:
            user = User.objects.create_user(email, name.strip())
        if user.is_operator == (not end):
            self.stdout.write("Nothing was changed.")
            return
        user.is_operator = not end
        user.save(update_fields=["is_operator"])
        facts.changed(user, by=None, verb="runs the site no more" if end else "runs the site")
        for grant in SupportGrant.objects.running().filter(operator=user) if end else ():
            support.end(grant, by=user)
        self.stdout.write(f"{user.email} runs the site{' no more' if end else ''}.")
