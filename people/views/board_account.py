"""Coming in with the board's own account, and where a board sets that up."""

import uuid
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from requests import RequestException

from accounts.permissions import Permission
from accounts.policies import Request, policy, public
from boards.models import Board
from core import clock
from core.pages import form_page, once
from people import sign_on as rules
from people.again import fresh
from people.forms.board_account import BoardAccountForm, SignOnForm
from people.models import SignOn
from people.tasks import check_domains

P = Permission
SHOWN = 50


# ── Coming in ──


@public
@login_not_required
def sign_in_by_board(request: HttpRequest) -> HttpResponse:
    """Which board's sign-in an address belongs to, and the way there: a link, for a form may lead to this site only."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = BoardAccountForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "next": get_next_redirect_url(request)}
    if request.method == "POST" and form.is_valid():
        found, email = form.sign_on, form.cleaned_data["email"]
        try:
            way = rules.way_to(request, found, email, context["next"])
            context |= {"way": way, "after_a_second": f"1;url={way}", "board": found.board}
        except (RequestException, OAuth2Error) as error:
            rules.log.warning("the sign-in %s does not say where it lives: %s", found.provider_id, error)
            name = {"board": found.board.name}
            form.add_error(None, _("The sign-in of %(board)s does not answer. Let us send you a code instead.") % name)
    return render(request, "account/by_board.html", context)


@public
@login_not_required
def back_from_board(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Whoever comes back from a board's sign-in is let in, or told why not."""
    try:
        adapter = rules.BoardSignIn(request, provider_id)
        answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer


# ── Setting it up ──


@policy(P.BOARD_CHANGE, on=Board)
def sign_ons(request: Request, board: Board) -> HttpResponse:
    """The board's own sign-ins, one for each domain, and how far each is."""
    return render(request, "people/sign_ons.html", {"board": board, "sign_ons": board.sign_ons.all()[:SHOWN]})


@policy(P.BOARD_CHANGE, on=Board)
@fresh
def sign_on_add(request: Request, board: Board) -> HttpResponse:
    return _page(request, SignOn(board=board), _("The board’s own sign-in"))


@policy(P.BOARD_CHANGE, on=SignOn, related=("board",))
@fresh
def sign_on_edit(request: Request, sign_on: SignOn) -> HttpResponse:
    return _page(request, sign_on, _("Sign-in for %(domain)s") % {"domain": sign_on.domain})


def _page(request: Request, sign_on: SignOn, title: str) -> HttpResponse:
    """The settings, what the other side needs to know, and whether the domain is shown to be the board's."""
    form = SignOnForm(request.POST or None, instance=sign_on)
    kept = SignOn.objects.filter(pk=sign_on.pk).first()  # as it is, whatever is being typed

    def act() -> str:
        saved = form.save(by=request.user)
        transaction.on_commit(check_domains.delay, robust=True)
        return reverse("sign_on_edit", args=[saved.pk])

    back = reverse("openid_connect_callback", args=[kept.provider_id]) if kept else ""
    return form_page(
        request, form, act, title=title, submit_label=_("Save the sign-in"),
        lead=_("People come in with the account they have at the board, by OpenID Connect. Roles stay given here."),
        saved=_("Saved."), template="people/sign_on.html", back_url=reverse("sign_ons", args=[sign_on.board_id]),
        back_label=_("Sign-in"), kept=kept, callback=request.build_absolute_uri(back), look_token=uuid.uuid4(),
    )  # fmt: skip


@require_POST
@policy(P.BOARD_CHANGE, on=SignOn)
def sign_on_look(request: Request, sign_on: SignOn) -> HttpResponse:
    """Have the worker look for the record now."""

    def act() -> str:
        SignOn.objects.filter(pk=sign_on.pk, verified_at=None).update(check_due_at=clock.now())
        transaction.on_commit(check_domains.delay, robust=True)
        return reverse("sign_on_edit", args=[sign_on.pk])

    return redirect(once(request, act))
