"""Who needs a second factor, and the way to it."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from accounts.models import Membership, User
from accounts.permissions import Role
from people.sign_on import counts_as_both

NEED_ONE = (Role.BOARD_ADMIN, Role.SUPERINTENDENT, Role.OFFICE)
# What somebody without one still reaches: the way to it, and the way out.
OPEN = frozenset({
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate", "mfa_reauthenticate", "account_reauthenticate",
    "account_again_by_code", "account_logout",
    "language", "theme", "favicon", "static",
})  # fmt: skip
PROVEN = "second_factor"  # in the session: this person has one, or came by a link that counts as both


def needs_one(user: User) -> bool:
    """Whether a role of `user` asks for a second factor; not while they are the only person of their board. An
    operator's account can open every board, so it always does."""
    if user.is_operator:
        return True
    boards = {m.board_id for m in user.access.whole.memberships if m.role in NEED_ONE}
    others = Membership.objects.current().filter(board__in=boards).exclude(user=user)
    return bool(boards) and others.exists()


class Required:
    """Leads whoever needs a second factor and has none to setting one up, whatever page they asked for.

    allauth asks for it at sign-in once there is one, so a session needs to be looked at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseRedirect | None:
        user = request.user
        if not settings.SECOND_FACTOR_REQUIRED or not isinstance(user, User) or request.session.get(PROVEN):
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in OPEN:
            return None
        if not needs_one(user) or counts_as_both(request, user):
            return None
        if is_mfa_enabled(user):
            request.session[PROVEN] = True
            return None
        return redirect("mfa_activate_totp")
