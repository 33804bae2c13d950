"""Everything between an installed site and a served one: database, cache table, demonstration world, sign-in links."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.links import make_sign_in_link
from accounts.models import Membership, User
from demo import school_alone, world


class Command(BaseCommand):
    help = "Migrate, load the demonstration world into an empty database, and print one sign-in link for each role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="no demonstration world: a school on its own")

    def handle(self, *args: Any, empty: bool, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("prepare is for a LOCAL site: it prints links that let anybody in.")
        call_command("migrate", verbosity=0)
        if "django_cache" not in connection.introspection.table_names():
            call_command("createcachetable", verbosity=0)
        if empty:
            self._school_alone()
            return
        if world.is_wanted():
            self.stdout.write("Loading the demonstration world ...")
            world.load()
        for role, membership in world.one_for_each_role():
            self._link(f"{role}, {membership.user.name}", membership.user)

    def _school_alone(self) -> None:
        if school_alone.is_untouched():
            self.stdout.write(f"Begin here: {settings.SITE_URL}/begin/")
            return
        first = Membership.objects.current().select_related("user").order_by("pk").first()
        if first is not None:
            self._link(first.user.name, first.user)

    def _link(self, who: str, user: User) -> None:
        token = make_sign_in_link(user)
        self.stdout.write(f"{who}: {settings.SITE_URL}/come-in/{token}/")
