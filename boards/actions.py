"""What is done to a board's calendar and its rates in more than one row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from boards.calendar import is_open_within_two_years
from boards.calendar_file import Found
from boards.models import Board, CalendarFile, ClosedPeriod, Level, Rate, YearPart
from boards.school_year import TERMS, missing_from
from core import clock, facts, stored_files
from core.pictures import Picture


@transaction.atomic
def fill_holidays(board: Board, school_year: int, *, breaks: bool, by: User) -> int:
    """Enter the holidays of a school year that the rules know, with `breaks` its breaks and summer too; say how many.

    What is there already is left as it is; done again, nothing is added. One Event for each.
    """
    # Lock first: two people may press the button together.
    Board.objects.select_for_update().get(pk=board.pk)
    there = board.closed_periods.values_list("starts_on", "ends_on", "kind")
    missing = missing_from(school_year, there, breaks=breaks)
    for period in missing:
        days = {"kind": period.kind, "starts_on": period.starts_on, "ends_on": period.ends_on}
        row = ClosedPeriod.objects.create(board=board, name_en=period.name_en, name_fr=period.name_fr, **days)
        facts.changed(row, by=by, verb="added")
    return len(missing)


@transaction.atomic
def set_rates(board: Board, amounts: Mapping[str, Decimal | None], *, by: User) -> None:
    """Give an hour of each kind of help in `amounts` ("" is any other) its amount; None takes the rate away. One Event
    for each that changes and one for the board; kinds that are not named keep theirs."""
    # Lock first: two people may save together.
    Board.objects.select_for_update().get(pk=board.pk)
    there = {rate.kind: rate for rate in Rate.objects.filter(board=board)}
    for kind, amount in amounts.items():
        rate = there.get(kind)
        if rate is None and amount is not None:
            facts.changed(Rate.objects.create(board=board, kind=kind, amount=amount), by=by, verb="added")
        elif rate is not None and amount is None:
            facts.changed(rate, by=by, verb="removed")
            rate.delete()
        elif rate is not None and amount is not None and rate.amount != amount:
            rate.amount, rate.version = amount, rate.version + 1
            rate.save(update_fields=["amount", "version"])
            facts.changed(rate, by=by, verb="edited")
    facts.changed(board, by=by, verb="edited")


@transaction.atomic
def set_logo(board: Board, picture: Picture | None, *, by: User) -> None:
    """Show `picture` as the logo of `board`, or none; the file of the one before is forgotten."""
    before = board.logo
    board.logo = stored_files.store(picture.content, content_type=picture.content_type) if picture else None
    Board.objects.filter(pk=board.pk).update(logo=board.logo)
    if before is not None and before != board.logo:
        stored_files.forget(before)
    facts.changed(board, by=by, verb="edited")


# ── Days from a calendar file ──


@dataclass(frozen=True)
class Line:
    """What becomes of one event of a file: `state` is new, there or refused, and `why` is said of the last two."""

    found: Found
    state: str
    why: str | Promise = ""

    @property
    def kind(self) -> str:
        """The kind of its days in words."""
        words: dict[str, Any] = dict(ClosedPeriod.Kind.choices) | dict(YearPart.Kind.choices)
        return str(words.get(self.found.kind, ""))

    @property
    def level(self) -> str:
        """The level of the schools in words; "" for days that close all of them."""
        return str(Level(self.found.level).label) if self.found.kind in YearPart.Kind.values else ""


@transaction.atomic
def keep_file(board: Board, name: str, found: list[Found], *, by: User) -> CalendarFile:
    """Keep what was read of a file until somebody looked at it; the calendar stays as it is."""
    kept = [one.kept() for one in found]
    file = CalendarFile.objects.create(board=board, name=name, found=kept, sent_at=clock.now())
    facts.changed(file, by=by, verb="added")
    return file


def lines_of(file: CalendarFile) -> list[Line]:
    """What becomes of each event of `file` beside the calendar as it is now, in the order of the file."""
    closed = list(file.board.closed_periods.values_list("starts_on", "ends_on", "kind"))
    parts = list(file.board.year_parts.values_list("starts_on", "ends_on", "kind", "level"))
    lines = []
    for found in (Found.of(kept) for kept in file.found):
        line = _line(found, closed, parts)
        if line.state == "new":  # so that what stands twice in the file is added once
            first, last = found.days
            if found.kind in ClosedPeriod.Kind.values:
                closed.append((first, last, found.kind))
            else:
                parts.append((first, last, found.kind, found.level))
        lines.append(line)
    return lines


def _line(found: Found, closed: list[tuple[date, date, str]], parts: list[tuple[date, date, str, str]]) -> Line:
    if found.refused:
        return Line(found, "refused", found.reason)
    first, last = found.days
    if found.kind in ClosedPeriod.Kind.values:
        around = (
            (start, end, kind)
            for start, end, kind in closed
            if start <= first and last <= end and (found.kind != "holiday" or kind == "holiday")
        )
        return Line(found, "there", _("These days are closed already.")) if any(around) else Line(found, "new")
    alike = [(start, end) for start, end, kind, level in parts if (kind, level) == (found.kind, found.level)]
    if (first, last) in alike:
        return Line(found, "there", _("This is in the calendar already."))
    if found.kind in TERMS and any(start <= last and end >= first for start, end in alike):
        return Line(found, "refused", _("It overlaps with another semester or term."))
    return Line(found, "new")


@transaction.atomic
def apply_file(file: CalendarFile, *, by: User) -> int:
    """Take over what is new in `file`, one Event for each entry, and answer how many; done again, nothing is added.

    Raises ValidationError if the schools would be closed for two years on end.
    """
    # Lock first: two people may say yes together.
    Board.objects.select_for_update().get(pk=file.board_id)
    new = [line.found for line in lines_of(file) if line.state == "new"]
    for found in new:
        first, last = found.days
        values = {"starts_on": first, "ends_on": last, "name_en": found.name_en, "name_fr": found.name_fr}
        row: ClosedPeriod | YearPart
        if found.kind in ClosedPeriod.Kind.values:
            row = ClosedPeriod.objects.create(board_id=file.board_id, kind=found.kind, **values)
        else:
            row = YearPart.objects.create(board_id=file.board_id, kind=found.kind, level=found.level, **values)
        facts.changed(row, by=by, verb="added")
    if not is_open_within_two_years(file.board.closed_periods.values_list("starts_on", "ends_on", "kind")):
        raise ValidationError(_("With these days the schools would be closed for two years on end."))
    file.applied_at = clock.now()
    file.version += 1
    file.save(update_fields=["applied_at", "version"])
    facts.changed(file, by=by, verb="taken over")
    return len(new)
