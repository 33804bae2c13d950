"""Who is in: asked, changed, ended, away."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Absence, Membership, SupportGrant
from accounts.permissions import Permission, Role
from accounts.policies import Request, policy
from core import keyset
from core.forms import LONGEST_KEY
from core.pages import form_page, led_on, once
from core.text import query
from people import invitations, memberships
from people.forms.members import AbsenceForm, EndForm, InvitationForm, MembershipForm
from people.handover import carried_by
from people.models import Invitation

P = Permission
PLACES = ("board", "family", "school", "business")
WAITING_SHOWN = 50


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
        "support": _support(request) if access.holds(P.SUPPORT_MANAGE) else [],
        "form_token": uuid.uuid4(),
    }
    return render(request, "people/people.html", context)


def _support(request: Request) -> list[SupportGrant]:
    """Who looks at the boards of this administrator as support at this moment."""
    boards = request.user.access.reach(P.SUPPORT_MANAGE).boards
    return list(SupportGrant.objects.running().filter(board__in=boards).select_related("operator"))


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
        lead=_lead_of(place),
    )  # fmt: skip


def _lead_of(place: Any) -> str:
    """What an invitation is; at a board also where the people of its schools are asked in."""
    said = _("They get a link by e-mail that is good for seven days and once. They need no password.")
    if place._meta.model_name != "board":
        return said
    link = format_html('<a href="{}">{}</a>', reverse("schools"), _("on the page of their school"))
    elsewhere = format_html(_("Principals, champions and staff are asked in {}."), link)
    return format_html("{} {}", said, elsewhere)


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
