"""Error pages: static, one per language, so that "not yours" and "not there" are the same bytes."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it does not exist, or this person may not know that it does."""
    return _page(404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this person sees the thing and may not do this with it."""
    return _page(403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself cannot be read."""
    return _page(400)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many tries to sign in; it says to wait."""
    return _page(429)


def server_error(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """500: ours, not theirs."""
    return _page(500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from our page, or came after signing out."""
    return _page(403, "csrf")


def _page(status: int, name: str = "") -> HttpResponse:
    return HttpResponse(_body(name or str(status), translation.get_language() or "en"), status=status)


@cache
def _body(name: str, language: str) -> str:
    with translation.override(language):
        return render_to_string(f"errors/{name}.html", {"language": language})
