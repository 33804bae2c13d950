"""A board's goals, calendar and settings."""

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import SupportGrant
from accounts.permissions import Permission
from accounts.policies import Request, policy
from boards.forms import BoardForm, ClosedPeriodForm, StrategicGoalForm
from boards.models import Board, ClosedPeriod, StrategicGoal
from core import clock, first_steps, panels
from core.forms import AuditedModelForm
from core.pages import form_page

P = Permission
SUPPORT_SHOWN = 3  # the newest; its page has them all


@policy(P.BOARD_CHANGE)
def boards(request: Request) -> HttpResponse:
    """The boards one administers; with one, straight to it."""
    mine = list(Board.objects.filter(pk__in=request.user.access.reach(P.BOARD_CHANGE).boards)[:100])
    if len(mine) == 1:
        return redirect("board", mine[0].pk)
    return render(request, "boards/boards.html", {"boards": mine})


@policy(P.BOARD_VIEW, on=Board)
def board(request: Request, board: Board) -> HttpResponse:
    """Strategic goals, closed days from today on, settings."""
    today = clock.today(board.zone)
    may_support = request.user.access.may(P.SUPPORT_MANAGE, board)
    support = SupportGrant.objects.filter(board=board).select_related("operator")
    context = {
        "board": board,
        "goals": board.strategic_goals.all(),
        "about_goals": panels.at("board_goals", request, board),
        "closed": board.closed_periods.filter(ends_on__gte=today)[:60],
        "may_support": may_support,
        "support": support[:SUPPORT_SHOWN] if may_support else [],
        "may_manage_privacy": request.user.access.may(P.PRIVACY_MANAGE, board),
        "may_audit": request.user.access.may(P.AUDIT_VIEW, board),
        "may_change": request.user.access.may(P.BOARD_CHANGE, board),
    }
    return render(request, "boards/board.html", context)


@policy(P.BOARD_CHANGE, on=Board)
def first_hour(request: Request, board: Board) -> HttpResponse:
    """What is set up and what is not yet: the first steps, each with the way to it."""
    [standing] = first_steps.of(Board.objects.filter(pk=board.pk), request.user)
    return render(request, "boards/first_hour.html", {"board": board, "standing": standing})


@policy(P.BOARD_CHANGE, on=Board)
def board_edit(request: Request, board: Board) -> HttpResponse:
    form = BoardForm(request.POST or None, instance=board)
    return _page(request, form, board, _("Settings of the board"), _("Settings saved."), _("Save the settings"))


@policy(P.BOARD_CHANGE, on=Board)
def strategic_goal_add(request: Request, board: Board) -> HttpResponse:
    form = StrategicGoalForm(request.POST or None, instance=StrategicGoal(board=board))
    return _page(request, form, board, _("Add a strategic goal"), _("Goal saved."), _("Save this goal"))


@policy(P.BOARD_CHANGE, on=StrategicGoal, related=("board",))
def strategic_goal_edit(request: Request, goal: StrategicGoal) -> HttpResponse:
    form = StrategicGoalForm(request.POST or None, instance=goal)
    return _page(request, form, goal.board, _("Strategic goal"), _("Goal saved."), _("Save this goal"))


@policy(P.BOARD_CHANGE, on=Board)
def closed_period_add(request: Request, board: Board) -> HttpResponse:
    form = ClosedPeriodForm(request.POST or None, instance=ClosedPeriod(board=board))
    return _page(request, form, board, _("Add closed days"), _("Closed days saved."), _("Save the closed days"))


@policy(P.BOARD_CHANGE, on=ClosedPeriod, related=("board",))
def closed_period_edit(request: Request, period: ClosedPeriod) -> HttpResponse:
    form = ClosedPeriodForm(request.POST or None, instance=period)
    return _page(request, form, period.board, _("Closed days"), _("Closed days saved."), _("Save the closed days"))


def _page(
    request: Request,
    form: "AuditedModelForm[Board] | Form",
    of: Board,
    title: str,
    saved: str,
    submit_label: str,
) -> HttpResponse:
    here = reverse("board", args=[of.pk])

    def act() -> str:
        form.save(by=request.user)  # type: ignore[union-attr]
        return here

    return form_page(
        request,
        form,
        act,
        title=title,
        saved=saved,
        submit_label=submit_label,
        back_url=here,
        back_label=of.name,
    )
