"""What is done to a board's calendar in more than one row."""

from django.db import transaction

from accounts.models import User
from boards.models import Board, ClosedPeriod
from boards.school_year import missing_from
from core import facts


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
