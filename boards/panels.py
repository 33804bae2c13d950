"""What boards show on the pages of other rooms."""

from typing import Any

from accounts.permissions import Permission
from accounts.policies import Request
from boards.models import Board
from core import first_steps
from core.panels import Panel, panels

LOOKED_AT = 20  # boards of one administrator


def above(request: Request, owed: Any) -> dict[str, Any] | None:
    """The first hour, for whoever owes nothing and sets up a board alone."""
    return None if _has_more_at_hand(request, owed) else first_hour(request)


def below(request: Request, owed: Any) -> dict[str, Any] | None:
    """The first hour, behind what is owed and behind the school's own first steps."""
    return first_hour(request, is_below=True) if _has_more_at_hand(request, owed) else None


def _has_more_at_hand(request: Request, owed: Any) -> bool:
    return bool(owed) or any(membership.school_id for membership in request.user.access.memberships)


def first_hour(request: Request, *, is_below: bool = False) -> dict[str, Any] | None:
    """The next step of the first board of this administrator that is not set up; no query for anybody else."""
    mine = request.user.access.reach(Permission.BOARD_CHANGE).boards
    if not mine:
        return None
    boards = Board.objects.filter(pk__in=mine).order_by("pk")[:LOOKED_AT]
    for standing in first_steps.of(boards, request.user):
        if standing.left:
            return {"standing": standing, "several": len(mine) > 1, "is_below": is_below}
    return None


panels.register("first_hour_above", Panel("today_above", "boards/_first_hour.html", above))
panels.register("first_hour_below", Panel("today_below", "boards/_first_hour.html", below, 10))
