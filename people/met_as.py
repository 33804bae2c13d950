"""The role switch: whoever holds several roles may be met as one of them. It filters lists and colours the frame; what
one may see and do stays the union of one's roles (domain.md, "The people")."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.access import Access
from accounts.models import User

CHOSEN = "met_as"  # in the session: the key of the membership one wants to be met as


def choose(request: HttpRequest, user: User, asked: str) -> None:
    """Be met as the membership with the key `asked` from here on; as all of them for anything that is not one's own."""
    if asked in {str(membership.pk) for membership in user.access.whole.memberships}:
        request.session[CHOSEN] = int(asked)
    else:
        request.session.pop(CHOSEN, None)


def met_as(request: HttpRequest, user: User) -> Access:
    """What `user` holds as the one they chose to be met as."""
    return user.access.met_as(request.session.get(CHOSEN))


class Lists:
    """A list shows what the chosen role reaches. A page about one thing opens by all of one's roles, and so does a
    list that the chosen role does not have: a link in a mail must not end at "not found"."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        user, declared = request.user, getattr(view, "policy", None)
        if declared is None or declared.is_public or not isinstance(user, User) or CHOSEN not in request.session:
            return
        if getattr(view, "subject", None) is not None:
            return
        chosen = met_as(request, user)
        if not declared.permissions or any(chosen.holds(permission) for permission in declared.permissions):
            user.access = chosen
