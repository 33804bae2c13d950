"""What schools show on the pages of lower rooms."""

from typing import Any

from accounts.permissions import Permission
from accounts.policies import Request
from boards.models import Board
from core.panels import Panel, panels
from schools.alignment import unserved


def goals_nothing_serves(request: Request, board: Board) -> dict[str, Any] | None:
    """The strategic goals of a board that no initiative leads to, for those who see the whole board."""
    if board.pk not in request.user.access.reach(Permission.INITIATIVE_VIEW).boards:
        return None
    goals = list(unserved(board.pk))
    return {"goals": goals} if goals else None


panels.register("goals_nothing_serves", Panel("board_goals", "schools/_unserved.html", goals_nothing_serves))
