"""manage.py retention: end what is past its term, or count it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from people import retention


class Command(BaseCommand):
    help = "Delete or empty what is past its term, as the nightly task does. With --dry-run only count it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        for done in retention.run(dry=dry_run):
            kept = f", {done.held} kept by a legal hold" if done.held else ""
            self.stdout.write(f"{done.ended:8}  {done.rule.title}, {done.rule.term.words}{kept}")
        self.stdout.write("Nothing was changed." if dry_run else "Done.")
