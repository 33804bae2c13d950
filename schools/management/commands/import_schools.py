"""Loads the schools of Ontario as the Ministry of Education publishes them, and their boards."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from schools.ministry_file import MinistryFile, NotTheMinistrysFile, read
from schools.ministry_import import Counts, apply_board, by_board

BAR = 30  # characters


class Command(BaseCommand):
    help = "Load the school file of Ontario's Ministry of Education; a second run writes only what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the CSV file as published")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        began = time.monotonic()
        found = self._read(path)
        for refused in found.refused:
            self.stderr.write(f"line {refused.line}: not used, {refused.text}")
        for left_out in found.left_out:
            self.stderr.write(f"line {left_out.line}: {left_out.text}")
        if found.absent:
            self.stdout.write(f"Not in this file, so left as it is: {', '.join(found.absent)}")
        counts = self._apply(found, source=path.name)
        for line in summary(counts, found, time.monotonic() - began):
            self.stdout.write(line)

    def _read(self, path: Path) -> MinistryFile:
        try:
            return read(path.read_bytes())
        except OSError as problem:
            raise CommandError(f"{path} cannot be read: {problem.strerror}.") from None
        except NotTheMinistrysFile as problem:
            raise CommandError(f"{path} is not the ministry's school file: {problem}") from None

    def _apply(self, found: MinistryFile, *, source: str) -> Counts:
        counts, done, progress = Counts(), 0, Progress(self.stdout, len(found.rows))
        try:
            for rows in by_board(found.rows):
                counts = counts.plus(apply_board(rows, source=source))
                done += len(rows)
                progress.show(done)
        except KeyboardInterrupt:
            said = f"Stopped after {done:,} of {len(found.rows):,} schools; each is whole. Run it again for the rest."
            raise CommandError(f"\n{said}", returncode=130) from None
        return counts


class Progress:
    """How far a run is: a bar that grows on a terminal, one line each tenth elsewhere."""

    def __init__(self, out: OutputWrapper, total: int) -> None:
        self.out, self.total, self.tenths = out, total, 0

    def show(self, done: int) -> None:
        """Say that `done` of the schools are in."""
        said = f"{100 * done // self.total:3} %  {done:,} of {self.total:,} schools"
        if self.out.isatty():
            bar = "█" * (BAR * done // self.total)
            self.out.write(f"\r{bar:░<{BAR}} {said}", ending="\n" if done == self.total else "")
            self.out.flush()
        elif (tenths := 10 * done // self.total) > self.tenths:
            self.tenths = tenths
            self.out.write(said)


def summary(counts: Counts, found: MinistryFile, seconds: float) -> list[str]:
    """What the run came to, in words."""
    boards = len({row.board_number for row in found.rows})
    lines = [
        f"{len(found.rows):,} schools of {boards:,} boards in {seconds:.1f} s.",
        f"Schools: {counts.added:,} added, {counts.changed:,} changed, {counts.unchanged:,} unchanged. "
        f"Boards: {counts.boards_added:,} added. "
        f"Rows refused: {len(found.refused):,}. Cells left out: {len(found.left_out):,}.",
    ]
    if not (counts.added or counts.changed or counts.boards_added):
        lines.append("Nothing changed.")
    return lines
