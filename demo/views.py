"""Beginning with nothing, a school that joins a board, and the page that shows every component."""

import uuid
from decimal import Decimal
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import links
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.policies import Request, policy, public, signed_in
from boards.models import Board
from businesses.look_alikes import look_alikes
from core import charts
from core.pages import form_page, led_on, led_to, once
from core.text import query
from demo import joining, school_alone
from demo.forms import BeginForm, EveryControl, JoinForm, JoiningForm
from people import rotation
from schools.models import Joining, School

P = Permission
SHOWN = 50


@public
def begin(request: HttpRequest) -> HttpResponse:
    """Two questions, then Today. Only on a LOCAL site where nobody is yet."""
    if not settings.LOCAL:
        raise Http404
    if not school_alone.is_untouched():
        if request.method == "POST":  # the second of two clicks
            return HttpResponseRedirect(reverse("today"))
        raise Http404
    form = BeginForm(request.POST or None)

    def act() -> str:
        language = (get_language() or "en")[:2]
        user = school_alone.begin(**form.cleaned_data, language=language)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        rotation.note(request, user)
        UserSession.objects.create_from_request(request)
        return reverse("today")

    return form_page(
        request, form, act, title=_("Who are you, and which school?"), template="demo/begin.html",
        submit_label=_("Begin"),
        lead=_("You begin as the champion: the one person partners speak with. Others can join later."),
    )  # fmt: skip


@signed_in
def components(request: Request) -> HttpResponse:
    """Every component in use, in its states."""
    faulty = EveryControl({"text": "\u202e", "number": "many", "pills": "never", "tiles": ""})
    faulty.is_valid()
    hours = [("Oct", Decimal(14)), ("Nov", Decimal(32)), ("Dec", Decimal(24))]
    context = {"form": EveryControl(), "form_errors": faulty, "bars": charts.bars(hours)}
    return render(request, "components.html", context)


# ── A school joins a board ──


@policy(P.BOARD_CHANGE, on=Board)
def joinings(request: Request, board: Board) -> HttpResponse:
    """Which schools were asked, with the link of each; which joined; and what is in the directory twice since."""
    beside = ("asked_by", "joined_by", "school", "came_from")
    asked = list(board.joinings.filter(withdrawn_at=None).select_related(*beside)[: 2 * SHOWN])
    context = {
        "board": board,
        "waiting": [(row, _address(row)) for row in asked if row.joined_at is None][:SHOWN],
        "joined": [row for row in asked if row.joined_at is not None][:SHOWN],
        "alike": look_alikes(board)[:SHOWN] if board.has_joined_here else [],
        "form_token": uuid.uuid4(),
    }
    return render(request, "demo/joinings.html", context)


def _address(row: Joining) -> str:
    return settings.SITE_URL + reverse("join", args=[links.joining_token(row)])


@policy(P.BOARD_CHANGE, on=Board)
def joining_ask(request: Request, board: Board) -> HttpResponse:
    """A link for whoever administers a school on its own."""
    form = JoiningForm(request.POST or None, instance=Joining(board=board))
    here = reverse("joinings", args=[board.pk])

    def act() -> str:
        joining.ask(form.instance, by=request.user)
        return here

    return form_page(
        request, form, act, title=_("Let a school join"), submit_label=_("Make the link"),
        saved=_("The link is made. Give it to whoever administers the school."), back_url=here, back_label=board.name,
        lead=_("For a school that began on its own here. It comes with its history, its partners and its signatures."),
    )  # fmt: skip


@require_POST
@policy(P.BOARD_CHANGE, on=Joining)
def joining_withdraw(request: Request, row: Joining) -> HttpResponse:
    """The link lets no school join any more."""

    def act() -> str:
        joining.withdraw(row, by=request.user)
        return reverse("joinings", args=[row.board_id])

    return redirect(once(request, act))


@led_on
@policy(P.BOARD_CHANGE)
def join(request: Request, code: str) -> HttpResponse:
    """What changes when one's school joins the board that asked it; the button lets it join, once."""
    found = joining.find(code)
    if found is None:
        if request.method == "POST" and (url := led_to(request)):  # the second of two clicks
            return redirect(url)
        return render(request, "demo/joining_gone.html", status=404)
    link, asked = found
    schools = [school for school in joining.schools_of(request.user) if school.board_id != asked.board_id]
    school = _chosen(request, schools)
    context: dict[str, Any] = {
        "asked": asked,
        "title": _("Join %(board)s") % {"board": asked.board},
        "schools": schools,
    }
    if school is None:
        return render(request, "demo/join.html", context)
    reasons = joining.in_the_way(school, asked.board)
    context |= {"outlook": joining.outlook(school, asked.board), "reasons": reasons, "school": school}
    if reasons:
        return render(request, "demo/join.html", context)

    def act() -> str:
        joining.accept(link, asked, school, by=request.user)
        works_there = Membership.objects.current().filter(user=request.user, school=school).exists()
        return reverse("school", args=[school.pk]) if works_there else reverse("today")

    return form_page(
        request, JoinForm(request.POST or None), act, template="demo/join.html",
        saved=_("%(school)s belongs to %(board)s now.") % {"school": school, "board": asked.board},
        submit_label=_("Join this board"), **context,
    )  # fmt: skip


def _chosen(request: Request, schools: list[School]) -> School | None:
    """The school ?school= of `schools`, or the only one."""
    if len(schools) == 1:
        return schools[0]
    asked = query(request.GET.get("school", ""))
    return next((school for school in schools if str(school.pk) == asked), None)
