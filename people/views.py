"""Coming in on one's own machine, and the choices that go with a person: language and theme."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import links
from accounts.models import User
from accounts.policies import public
from people.context import THEMES

YEAR = 365 * 24 * 3600


@public
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link from the terminal of a LOCAL site: looking shows whose it is, the button signs in, once."""
    link = links.find_sign_in(token)
    if link is None or link.user is None:
        raise Http404
    if request.method != "POST":
        return render(request, "people/sign_in_link.html", {"person": link.user})
    if not links.use(link):
        raise Http404
    login(request, link.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("today")


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak English or French from here on; whoever is signed in takes the choice along."""
    chosen = request.POST.get("language", "")
    response = back(request)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, **_cookie())
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light or dark from here on, in this browser."""
    response = back(request)
    if request.POST.get("theme") in THEMES:
        response.set_cookie("theme", request.POST["theme"], max_age=YEAR, **_cookie())
    return response


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form stood on; never to another site."""
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(url if is_ours else "/")


def _cookie() -> dict[str, Any]:
    return {"httponly": True, "samesite": "Lax", "secure": settings.HTTPS}
