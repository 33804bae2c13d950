"""One's own account: name, what protects it, where it is signed in; language and theme."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.policies import Request, public, signed_in
from core.pages import form_page
from people import met_as
from people.browsers import browser_of
from people.context import THEMES
from people.forms.account import MeForm
from people.second_factor import needs_one

YEAR = 365 * 24 * 3600


@signed_in
def me(request: Request) -> HttpResponse:
    """One's name, title and language, and the ways to what protects the account."""
    form = MeForm(request.POST or None, me=request.user)

    def act() -> str:
        form.save()
        return reverse("me")

    return form_page(
        request, form, act, title=_("Your account"), template="people/me.html", saved=_("Saved."),
        submit_label=_("Save"), has_factor=is_mfa_enabled(request.user),
        must_have_factor=settings.SECOND_FACTOR_REQUIRED and needs_one(request.user),
        memberships=request.user.access.whole.memberships,
        session_count=len(UserSession.objects.purge_and_list(request.user)),
    )  # fmt: skip


@signed_in
def sessions(request: Request) -> HttpResponse:
    """Where one is signed in."""
    found = UserSession.objects.purge_and_list(request.user)
    here = request.session.session_key
    rows = [(session, browser_of(session.user_agent), session.session_key == here) for session in found]
    return render(request, "people/sessions.html", {"rows": rows, "others": len(rows) > 1})


@require_POST
@signed_in
def session_end(request: Request) -> HttpResponse:
    """End one session of one's own, or all others; the browser there has to sign in again."""
    asked = request.POST.get("session", "")
    for session in UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key):
        if asked in ("others", str(session.pk)):
            session.end()
    return redirect("sessions_of_me")


@require_POST
@signed_in
def role(request: Request) -> HttpResponse:
    """Be met as one of one's roles from here on, or as all of them; Today says what waits for that one."""
    met_as.choose(request, request.user, request.POST.get("role", ""))
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
