"""python3 run.py bench: what pages and documents cost, as ratios within one run."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Count
from django.test.utils import override_settings

from accounts.models import Membership, User
from accounts.permissions import Role
from boards.models import Board
from demo import world
from demo.bench import Cost, Goal, Page, alone, measure
from engines.documents.measure import measure as measure_documents
from partnerships.models import Partnership
from schools.models import Initiative, School

SCHOOLS = settings.BASE_DIR.parent / "shared" / "data" / "ontario-schools-2021-2022.csv"
LIST, SEARCH, RECORD = Goal(6, 2), Goal(6, 3), Goal(10, 3)
SHARED_PAGE = Goal(14, 4)  # docs/decisions/0009

DOCUMENTS = {
    "fit": ("a whole one-page fit, of as many warm bare renders as it made", 1.2),
    "page": ("a warm page, of the naive way: system fonts, everything new", 0.7),
    "page_fonts": ("a warm page, of everything new with the bundled fonts", None),
    "start": ("loading fonts and sheets once, in warm bare renders", None),
    "renders": ("renders the fit made", None),
}


class Command(BaseCommand):
    help = "Measure pages and documents against a bare page and a bare render, in one run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--schools", type=Path, default=SCHOOLS, help="the ministry's file")

    def handle(self, *args: Any, schools: Path, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("bench loads its own data; it is for a LOCAL site.")
        self._prepare(schools)
        with override_settings(ROOT_URLCONF="demo.bench_urls"):
            pages = self._pages()
            costs = measure(pages)
        self._print_pages(pages, costs)
        self._print_documents()

    def _prepare(self, schools: Path) -> None:
        call_command("migrate", verbosity=0)
        if "django_cache" not in connection.introspection.table_names():
            call_command("createcachetable", verbosity=0)
        if world.is_wanted():
            world.load()
        if schools.exists():
            call_command("import_schools", str(schools), stdout=open(os.devnull, "w"), stderr=open(os.devnull, "w"))  # noqa: SIM115
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _pages(self) -> list[Page]:
        largest = Board.objects.annotate(n=Count("schools")).order_by("-n", "pk")[0]
        admin = self._administrator(largest)
        marcus = User.objects.get(email=world.address("marcus"))
        robotics = Initiative.objects.get(title="FIRST Robotics at Riverbend")
        northgate = Partnership.objects.get(business__name="Northgate Automation Inc.")
        admin_of_maple, amara = (User.objects.get(email=world.address(key)) for key in ("ruth", "amara"))
        dana = User.objects.get(email=world.address("dana", Role.PARTNER))
        last = School.objects.filter(board=largest).order_by("-name")[0]
        return [
            Page("bare", "/bare/", admin),
            Page("school list", "/schools/", admin, LIST),
            Page("school search", "/schools/?q=public+toronto", admin, SEARCH),
            Page("school", f"/schools/{last.pk}/", admin, RECORD),
            Page("initiative list", "/initiatives/", marcus, LIST),
            Page("initiative", f"/initiatives/{robotics.pk}/", marcus, RECORD),
            Page("organisations", "/organisations/", marcus, LIST),
            Page("prospects", "/prospects/", marcus, LIST),
            Page("partnerships", "/partnerships/", admin_of_maple, LIST),
            Page("partnership", f"/partnerships/{northgate.pk}/", marcus, SHARED_PAGE),
            Page("partner's view", f"/partnerships/{northgate.pk}/", dana, SHARED_PAGE),
            Page("today", "/", marcus, Goal(8, 2.5)),
            Page("today, family", "/", amara, Goal(8, 2.5)),
        ]

    def _administrator(self, board: Board) -> User:
        user = User.objects.create_user(f"bench.{board.pk}.{os.getpid()}@tandem.example", "Bench")
        Membership.objects.create(user=user, role=Role.BOARD_ADMIN, board=board, is_lead=False)
        return user

    def _print_pages(self, pages: list[Page], costs: dict[str, Cost]) -> None:
        bare, counts = costs["bare"].ms, (School.objects.count(), Board.objects.count())
        self.stdout.write(
            f"{connection.vendor}, {counts[0]:,} schools of {counts[1]} boards; CPU in ms a request, in turns"
        )
        names: tuple[tuple[str, int], ...] = (
            ("queries", 8),
            ("goal", 6),
            ("same", 6),
            ("app", 8),
            ("db", 7),
            ("min", 8),
            ("max", 8),
            ("p50", 8),
        )
        names += ("KB", 6), ("of bare", 9), ("goal", 6)
        head = f"{'page':18}" + "".join(f"{name:>{width}}" for name, width in names)
        self.stdout.write(head)
        for page in pages:
            cost = costs[page.name]
            both = [a + d for a, d in zip(cost.app_ms, cost.database_ms, strict=True)]
            goal_queries, goal_ratio = (str(page.goal.queries), f"{page.goal.ratio:g}") if page.goal else ("", "")
            ratio = cost.ms / bare
            missed = page.goal is not None and (cost.queries > page.goal.queries or ratio > page.goal.ratio)
            middle = sorted(cost.wall_ms)[len(cost.wall_ms) // 2]
            self.stdout.write(
                f"{page.name:18}{cost.queries:8}{goal_queries:>6}{cost.same_text:6}"
                f"{sorted(cost.app_ms)[len(cost.app_ms) // 2]:8.2f}{sorted(cost.database_ms)[len(both) // 2]:7.2f}"
                f"{min(both):8.2f}{max(both):8.2f}{middle:8.2f}{cost.bytes / 1024:6.1f}{ratio:9.2f}{goal_ratio:>6}"
                f"{'  MISSED' if missed else ''}"
            )
        self.stdout.write(
            f"bare is {bare / alone():.1f} times Django alone (the same rows, no frame, SQLite in memory)"
        )

    def _print_documents(self) -> None:
        figures = measure_documents()
        self.stdout.write("documents, as ratios of processor time")
        for name, (said, goal) in DOCUMENTS.items():
            missed = "  MISSED" if goal and figures[name] > goal else ""
            self.stdout.write(f"  {said:74}{figures[name]:6.2f}{f'{goal:g}' if goal else '':>6}{missed}")
