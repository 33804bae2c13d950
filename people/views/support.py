"""Who of those who run the site looks at a board: given by its administrator, or taken in an emergency."""

from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import SupportGrant
from accounts.permissions import Permission
from accounts.policies import Request, policy
from boards.models import Board
from core.pages import form_page, once
from people import support as looks
from people.again import is_fresh
from people.forms.support import GiveSupportForm, TakeSupportForm

P = Permission
SHOWN = 50
RELATED = ("board", "operator", "given_by", "ended_by")


@policy(P.SUPPORT_OPEN)
def support(request: Request) -> HttpResponse:
    """The boards one looks at and has looked at as support; in an emergency, another one."""
    if request.method == "POST" and not is_fresh(request):
        raise ReauthenticationRequired  # allauth's middleware leads there and back, and what was typed is sent on
    form = TakeSupportForm(request.POST or None, by=request.user)

    def act() -> str:
        typed = form.cleaned_data
        board = typed["board"]
        looks.give(board, request.user, by=request.user, reason=typed["reason"], hours=typed["hours"])
        return reverse("board", args=[board.pk])

    return form_page(
        request, form, act, title=_("Support"), template="people/support.html",
        saved=_("You can look at this board now. Its administrators are told by e-mail."),
        submit_label=_("Look at this board"), back_url=reverse("today"), back_label=_("Today"),
        grants=_shown(request.user.support_grants),
        lead=_("A board lets you look at it for some hours. In an emergency you may open one without being asked."),
    )  # fmt: skip


@policy(P.SUPPORT_MANAGE, on=Board)
def board_support(request: Request, board: Board) -> HttpResponse:
    """Who looks and looked at the board as support, when and why; let somebody."""
    form = GiveSupportForm(request.POST or None, board=board)

    def act() -> str:
        typed = form.cleaned_data
        looks.give(board, typed["email"], by=request.user, reason=typed["reason"], hours=typed["hours"])
        return reverse("board_support", args=[board.pk])

    return form_page(
        request, form, act, title=_("Support"), template="people/board_support.html",
        saved=_("They can look at the board now. You can end it at any time."), submit_label=_("Let them look"),
        back_url=reverse("board", args=[board.pk]), back_label=board.name, board=board,
        grants=_shown(board.support_grants),
        lead=_("Whoever runs the site sees nothing of your board unless you let them, or in an emergency, of which you "
               "are told at once. They look and change nothing."),
    )  # fmt: skip


def _shown(grants: Any) -> list[SupportGrant]:
    return list(grants.select_related(*RELATED)[:SHOWN])


@require_POST
@policy(P.SUPPORT_MANAGE, on=SupportGrant, related=("board",), or_own=P.SUPPORT_OPEN)
def support_end(request: Request, grant: SupportGrant) -> HttpResponse:
    """From the next click on it shows nothing."""

    def act() -> str:
        looks.end(grant, by=request.user)
        return reverse("support") if grant.is_own(request.user) else reverse("board_support", args=[grant.board_id])

    url = once(request, act)
    messages.success(request, _("Ended. From the next click on it shows nothing."))
    return redirect(url)
