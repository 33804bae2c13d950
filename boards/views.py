"""A board's goals, calendar and settings."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import SupportGrant
from accounts.permissions import Permission
from accounts.policies import Request, policy
from boards.forms import CANADIAN_ZONES, BoardForm, ClosedPeriodForm, LogoForm, RatesForm, StrategicGoalForm
from boards.models import Board, ClosedPeriod, StrategicGoal
from core import clock, first_steps, panels
from core.forms import AuditedModelForm
from core.money import sign
from core.pages import form_page
from core.picture_page import picture_response

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
        "rates": board.rates.all(),
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
    return _page(
        request, form, board, _("Settings of the board"), _("Settings saved."), _("Save the settings"),
        template="boards/settings.html", zones=CANADIAN_ZONES,
    )  # fmt: skip


@policy(P.BOARD_VIEW, on=Board, related=("logo",))
def board_logo(request: Request, board: Board) -> HttpResponse:
    """The logo itself."""
    return picture_response(board.logo)


@policy(P.BOARD_CHANGE, on=Board, related=("logo",))
def board_logo_edit(request: Request, board: Board) -> HttpResponse:
    is_sent = request.method == "POST"
    form = LogoForm(request.POST if is_sent else None, request.FILES if is_sent else None, instance=board)
    told = _("It stands on the board’s page and on the documents of its schools.")
    return _page(request, form, board, _("Logo of the board"), _("Logo saved."), _("Save the logo"), lead=told)


@policy(P.BOARD_CHANGE, on=Board)
def board_rates(request: Request, board: Board) -> HttpResponse:
    """What an hour of help is worth, all kinds at once."""
    form = RatesForm(request.POST if request.method == "POST" else None, instance=board)
    title = _("Rates for an hour of help, in %(sign)s") % {"sign": sign(board.currency, get_language() or "en")}
    told = _("Where a need has no value of its own, its hours say what it is worth. Leave empty what you do not know.")
    return _page(request, form, board, title, _("Rates saved."), _("Save the rates"), lead=told)


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
    **context: Any,
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
        **context,
    )
