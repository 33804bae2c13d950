"""Every view declares its policy; the middleware refuses a view without one.

`@policy(Permission.X, on=Model)` also loads the subject: out of scope and missing are the same 404, in scope
without the permission is 403. So a view cannot forget to ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import get_resolver

from accounts.access import Access
from accounts.models import User
from accounts.permissions import Permission

View = Callable[..., HttpResponseBase]
NO_STORE = "no-store"
LOOKS = ("GET", "HEAD")
METHODS = (*LOOKS, "POST")  # pages and forms know no other


class Request(HttpRequest):
    """A request whose user is signed in; the middleware has seen to it."""

    user: User


@dataclass(frozen=True)
class Policy:
    """Who may come to a view: anybody, whoever is signed in, or whoever holds one of `permissions`."""

    is_public: bool = False
    permissions: tuple[Permission, ...] = ()


PUBLIC = Policy(is_public=True)
SIGNED_IN = Policy()


def public(view: View) -> View:
    """Anybody may come, signed in or not."""
    view.policy = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Whoever is signed in; what the page shows is their own."""
    view.policy = SIGNED_IN  # type: ignore[attr-defined]
    return view


def policy(
    permission: Permission | None,
    *,
    on: type[models.Model] | None = None,
    related: tuple[str, ...] = (),
    or_own: Permission | None = None,
    seen_by: str = "visible_to",
) -> Callable[[View], View]:
    """Whoever holds `permission`: over the row `pk` of `on`, or, without `on`, anywhere.

    Without a permission, whoever may see the row. What only a support grant shows is looked at and never sent to.

    With `or_own` a person who holds that one and whom the row calls its own (`is_own(user)`) may come too.
    `related` is handed to select_related; `seen_by` is the queryset method that says who may know the row exists.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if on is None:
                if permission is None or not request.user.access.holds(permission):
                    raise Http404
                if not _access(request).holds(permission):
                    raise PermissionDenied
                return view(request, *args, **kwargs)
            subject = find(on, kwargs.pop("pk"), request.user, related, seen_by)
            if not _may(request, subject, permission, or_own):
                raise PermissionDenied
            return view(request, subject, *args, **kwargs)

        guarded.policy = Policy(permissions=tuple(p for p in (permission, or_own) if p))  # type: ignore[attr-defined]
        guarded.subject = on  # type: ignore[attr-defined]
        return guarded

    return declare


def find(
    model: type[models.Model], pk: int, user: User, related: tuple[str, ...] = (), seen_by: str = "visible_to"
) -> Any:
    """The row `pk` that `user` may know exists; raises Http404 for any other, missing or not."""
    rows = getattr(model._default_manager, seen_by)(user)
    row = rows.select_related(*related).filter(pk=pk).first() if related else rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _may(request: Request, subject: Any, permission: Permission | None, or_own: Permission | None) -> bool:
    access = _access(request)
    if permission is None:
        return request.method in LOOKS or not request.user.access.only_looks_at(subject)
    if access.may(permission, subject):
        return True
    return or_own is not None and access.may(or_own, subject) and subject.is_own(request.user)


def _access(request: Request) -> Access:
    """What counts for this request: a support grant lets look, and whatever is sent is sent without it."""
    return request.user.access if request.method in LOOKS else request.user.access.to_act


class PolicyMiddleware:
    """Deny by default: no policy, no page; no method but those of pages and forms. Nothing behind sign-in is kept by
    a cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:  # a view would take it for a look at the page
            return HttpResponseNotAllowed(METHODS)
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = NO_STORE
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        declared = declared_policy(view, request.resolver_match.view_name if request.resolver_match else "")
        if declared is None:
            raise PermissionDenied
        if declared.is_public or request.user.is_authenticated:
            return None
        return redirect_to_login(request.get_full_path())


def declared_policy(view: View, name: str) -> Policy | None:
    """The policy of a view: its own, or the one config.urls names for a package's view."""
    own = getattr(view, "policy", None)
    if own is not None:
        return own
    packages: dict[str, Policy] = getattr(get_resolver().urlconf_module, "PACKAGE_POLICIES", {})
    return packages.get(name)
