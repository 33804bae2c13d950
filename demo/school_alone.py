"""A school that starts on its own: one person, one school, and a small board behind it."""

from datetime import date

from django.db import transaction

from accounts.models import Membership, User
from accounts.permissions import Role
from boards.calendar import default_closed_periods
from boards.models import Board, ClosedPeriod
from core import clock, facts
from schools.models import School


def is_untouched() -> bool:
    """Whether nobody is here yet."""
    return not User.objects.exists()


class AlreadyBegun(Exception):
    """Somebody was faster."""


@transaction.atomic
def begin(*, name: str, email: str, school_name: str, town: str, language: str) -> User:
    """Make the person champion of the school and administrator of the board behind it; raises AlreadyBegun the
    second time."""
    if not is_untouched():
        raise AlreadyBegun
    user = User.objects.create_user(email, name, language=language)
    board = Board.objects.create(name=school_name, language=language, languages=language)
    facts.changed(board, by=user, verb="added")
    close_days(board, clock.today(board.zone))
    school = School.objects.create(board=board, name=school_name, town=town, language=language)
    facts.changed(school, by=user, verb="added")
    for role, scope in ((Role.CHAMPION, school), (Role.BOARD_ADMIN, None)):
        membership = Membership.objects.create(user=user, role=role, board=board, school=scope)
        facts.changed(membership, by=user, verb="added")
    return user


def close_days(board: Board, today: date) -> None:
    """Give `board` the default calendar of this school year, the next, and the last, whose summer may not be over."""
    first = today.year if today.month >= 8 else today.year - 1
    ClosedPeriod.objects.bulk_create(
        ClosedPeriod(
            board=board,
            kind=period.kind,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            name_en=period.name_en,
            name_fr=period.name_fr,
        )
        for year in (first - 1, first, first + 1)
        for period in default_closed_periods(year)
    )
