"""Coming in by a link, who is in, and the choices that go with a person: language and theme."""

import uuid
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import links
from accounts.models import Absence, Membership, User
from accounts.permissions import Permission, Role
from accounts.policies import Request, policy, public, signed_in
from core import keyset
from core.forms import LONGEST_KEY
from core.pages import form_page, led_on, once
from core.text import query
from people import invitations, memberships
from people.context import THEMES
from people.forms import AbsenceForm, AcceptForm, EndForm, InvitationForm, MeForm, MembershipForm
from people.handover import carried_by
from people.models import Invitation
from people.second_factor import PROVEN, needs_one

P = Permission
YEAR = 365 * 24 * 3600
PLACES = ("board", "family", "school", "business")
WAITING_SHOWN = 50


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
    _sign_in(request, link.user)
    request.session[PROVEN] = True  # on one's own machine the link counts as both factors
    return redirect("today")


# ── Who is in ──


@policy(P.PEOPLE_VIEW)
def people(request: Request) -> HttpResponse:
    """Who is in, with which role and where, since when; and who was asked and has not come yet."""
    access, q = request.user.access, query(request.GET.get("q", ""))
    rows = Membership.objects.visible_to(request.user).current().select_related("user", *PLACES)
    if q:
        rows = rows.filter(Q(user__name__icontains=q) | Q(user__email__icontains=q))
    page = keyset.page(rows.annotate(called=F("user__name")), "called", request.GET)
    asked = Invitation.objects.visible_to(request.user).waiting().select_related(*PLACES)[:WAITING_SHOWN]
    context = {
        "page": page,
        "rows": [(membership, memberships.may_change(request.user, membership)) for membership in page.rows],
        "asked": asked if not q else [],
        "q": q,
        "may_invite": access.holds(P.PEOPLE_CHANGE),
        "form_token": uuid.uuid4(),
    }
    return render(request, "people/people.html", context)


@policy(P.PEOPLE_CHANGE)
def invite(request: Request) -> HttpResponse:
    """Ask somebody in: at one's own place, or at the school ?school= of one's board."""
    place = _place_of(request)
    blank = Invitation(board_id=place.chain().board, language=getattr(place, "language", request.user.language))
    if place._meta.model_name != "board":
        setattr(blank, f"{place._meta.model_name}_id", place.pk)
    form = InvitationForm(request.POST or None, instance=blank, by=request.user, place=place)

    def act() -> str:
        invitations.invite(form.instance, by=request.user)
        return reverse("people")

    return form_page(
        request, form, act, title=_("Invite somebody to %(place)s") % {"place": place},
        saved=_("The invitation is on its way."), submit_label=_("Send the invitation"),
        back_url=reverse("people"), back_label=_("People"),
        lead=_("They get a link by e-mail that is good for seven days and once. They need no password."),
    )  # fmt: skip


def _place_of(request: Request) -> Any:
    """The place somebody is asked into; raises Http404 for a school where one may not."""
    asked = query(request.GET.get("school", ""))
    if asked:
        schools: Any = Membership._meta.get_field("school").related_model
        key = int(asked) if asked.isdecimal() and len(asked) <= LONGEST_KEY else 0
        school = schools.objects.visible_to(request.user).filter(pk=key).first()
        if school is None or not request.user.access.may(P.PEOPLE_CHANGE, school):
            raise Http404
        return school
    return request.user.access.holding(P.PEOPLE_CHANGE)[0].place


@require_POST
@policy(P.PEOPLE_CHANGE, on=Invitation, related=PLACES)
def invitation_again(request: Request, invitation: Invitation) -> HttpResponse:
    """A new link; the one before is dead."""
    return _done(request, invitation, invitations.send_again, _("Sent again. The earlier link is dead."))


@require_POST
@policy(P.PEOPLE_CHANGE, on=Invitation, related=PLACES)
def invitation_withdraw(request: Request, invitation: Invitation) -> HttpResponse:
    """The link lets nobody in any more."""
    return _done(request, invitation, invitations.withdraw, _("The invitation is withdrawn."))


def _done(request: Request, invitation: Invitation, do: Any, saved: str) -> HttpResponse:
    if not invitations.may_let_in(request.user, invitation.role, invitation):
        raise PermissionDenied

    def act() -> str:
        do(invitation, by=request.user)
        return reverse("people")

    url = once(request, act)
    messages.success(request, saved)
    return redirect(url)


@led_on
@policy(P.PEOPLE_CHANGE, on=Membership, related=("user", *PLACES))
def membership_change(request: Request, membership: Membership) -> HttpResponse:
    """Another role, or the lead."""
    _refuse_others(request, membership)
    form = MembershipForm(request.POST or None, membership=membership, by=request.user)

    def act() -> str:
        typed = form.cleaned_data
        memberships.change(membership, role=Role(typed["role"]), is_lead=typed["is_lead"], by=request.user)
        return reverse("people")

    return _about(
        request, membership, form, act, title=_("The role of %(name)s") % {"name": membership.user.name},
        saved=_("Saved. It holds from their next click on."), submit_label=_("Save the role"),
        remove_url=reverse("membership_end", args=[membership.pk]), remove_label=_("End this role"),
    )  # fmt: skip


@led_on
@policy(P.PEOPLE_CHANGE, on=Membership, related=("user", *PLACES))
def membership_end(request: Request, membership: Membership) -> HttpResponse:
    """Somebody leaves, and somebody takes over."""
    _refuse_others(request, membership)
    carried = carried_by(membership)
    form = EndForm(request.POST if request.method == "POST" else None, membership=membership, carries=bool(carried))

    def act() -> str:
        typed = form.cleaned_data
        memberships.end(membership, by=request.user, why=typed["why"], to=typed.get("to"))
        return reverse("people")

    says = {"name": membership.user.name, "what": ", ".join(carried)}
    lead = _("%(name)s carries %(what)s. All of it goes to whoever takes over, with what is owed on it.") % says
    return _about(
        request, membership, form, act, title=_("End the role of %(name)s") % says,
        lead=lead if carried else _("From the next click on they see nothing of it any more."),
        saved=_("Ended."), submit_label=_("End this role"), keep_label=_("Leave it as it is"),
    )  # fmt: skip


@policy(None, on=Membership, related=("user", *PLACES))
def membership_away(request: Request, membership: Membership) -> HttpResponse:
    """Days away, one's own or of somebody whose role one may change."""
    if membership.ended_at is not None:
        raise Http404
    if membership.user_id != request.user.pk:
        _refuse_others(request, membership)
    absence = Absence(membership=membership)
    form = AbsenceForm(request.POST or None, instance=absence)

    def act() -> str:
        memberships.go_away(form.instance, by=request.user)
        return reverse("membership_away", args=[membership.pk])

    return _about(
        request, membership, form, act, title=_("Days away of %(name)s") % {"name": membership.user.name},
        saved=_("Entered. What is owed on these days is shown and mailed to the stand-in."),
        submit_label=_("Enter these days"), template="people/away.html",
        lead=_("Whoever stands in sees what is owed and is reminded of it. It gives them no right they do not hold."),
        absences=membership.absences.filter(called_off_at=None).select_related("stand_in"),
    )  # fmt: skip


@require_POST
@policy(None, on=Absence, related=("membership__user", "membership__board"))
def absence_call_off(request: Request, absence: Absence) -> HttpResponse:
    """Nobody stands in any more."""
    membership = absence.membership
    if membership.user_id != request.user.pk:
        _refuse_others(request, membership)

    def act() -> str:
        memberships.call_off(absence, by=request.user)
        return reverse("membership_away", args=[membership.pk])

    return redirect(once(request, act))


def _refuse_others(request: Request, membership: Membership) -> None:
    if membership.ended_at is not None:
        raise Http404
    if not memberships.may_change(request.user, membership):
        raise PermissionDenied


def _about(request: Request, membership: Membership, form: Any, act: Any, **page: Any) -> HttpResponse:
    of_others = membership.user_id != request.user.pk
    url, label = (reverse("people"), _("People")) if of_others else (reverse("today"), _("Today"))
    return form_page(request, form, act, back_url=url, back_label=label, membership=membership, **page)


@public
def accept_invitation(request: HttpRequest, invitation: str) -> HttpResponse:
    """Looking shows who asks one in and as what; the button takes the role, once.

    Somebody new is signed in: they have read the mail. Whoever has an account already signs in their own way.
    """
    found = invitations.find(invitation)
    if found is None:
        return render(request, "people/invitation_gone.html", status=404)
    link, asked = found
    form = AcceptForm(request.POST or None, initial={"name": asked.name})
    is_known = User.objects.filter(email__iexact=asked.email).exists()

    def act() -> str:
        user = invitations.accept(link, asked, name=form.cleaned_data["name"])
        if not is_known:
            _sign_in(request, user)
        return reverse("today")

    return form_page(
        request, form, act, title=_("Come in to %(place)s") % {"place": asked.place},
        template="people/accept_invitation.html", submit_label=_("Accept the invitation"), invitation=asked,
        saved=_("Welcome. This is what waits for you."), is_known=is_known,
    )  # fmt: skip


# ── One's own account ──


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
        memberships=request.user.access.memberships,
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


def browser_of(user_agent: str) -> str:
    """What a person calls the browser that says `user_agent` of itself."""
    named = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac", "Mac"))
    browser = next((name for sign, name in named if sign in user_agent), "")
    system = next((name for sign, name in (*systems, ("Linux", "Linux")) if sign in user_agent), "")
    return ", ".join(part for part in (browser, system) if part) or _("Another browser")


def factor_on(request: HttpRequest) -> HttpResponseBase:
    """allauth's own page; whoever has just typed what the app shows has proven to be there, and is shown the recovery
    codes without being asked again."""
    response = totp.activate_totp(request)
    if request.method == "POST" and response.status_code == 302 and is_mfa_enabled(request.user):
        record_authentication(request, request.user, method="mfa", type="totp", reauthenticated=True)
    return response


def factor_off(request: HttpRequest) -> HttpResponseBase:
    """allauth's own page; where a second factor is needed, the next page asks for another one."""
    response = totp.deactivate_totp(request)
    if request.method == "POST":
        request.session.pop(PROVEN, None)
    return response


def _sign_in(request: HttpRequest, user: User) -> None:
    """Sign `user` in by a link, and remember the browser as allauth does for its own ways in."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    UserSession.objects.create_from_request(request)


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
