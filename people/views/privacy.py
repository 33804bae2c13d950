"""What is kept, said and handed out: the public page, one's own data, and a board's privacy desk."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.policies import Request, policy, public, signed_in
from boards.models import Board
from core.kept import Kind, tables
from core.pages import form_page, once
from people import access_file, erasure, holds, naming
from people.access_file import AccessFile
from people.forms.privacy import AccessRequestForm, EraseForm, LegalHoldForm
from people.models import AccessRequest, LegalHold

P = Permission
OF_A_PERSON = (Kind.CONTACT, Kind.PERSONAL, Kind.SENSITIVE)
SHOWN = 50


@public
def what_is_kept(request: HttpRequest) -> HttpResponse:
    """In plain words, from the declarations: what is kept of people, why, how long, and what erasure does to it."""
    kept = [(table, [group for group in table.groups if group.kept.kind in OF_A_PERSON]) for table in tables]
    places = [(table, [group for group in table.groups if group.kept.kind == Kind.ORGANISATION]) for table in tables]
    context = {"kept": [(t, g) for t, g in kept if g], "places": [t for t, g in places if g]}
    return render(request, "people/what_is_kept.html", context)


# ── One's own ──


@signed_in
def me_data(request: Request) -> HttpResponse:
    """The ways to one's own data."""
    return render(request, "people/me_data.html", {})


@signed_in
def me_data_json(request: Request) -> HttpResponse:
    """Everything that names one, for a program."""
    return _json(access_file.of_me(request.user))


@signed_in
def me_data_file(request: Request) -> HttpResponse:
    """Everything that names one, to read."""
    return _readable(access_file.of_me(request.user))


def _json(file: AccessFile) -> HttpResponse:
    return _attached(file.as_json(), "application/json", "json", file)


def _readable(file: AccessFile) -> HttpResponse:
    html = render_to_string("people/access_file.html", {"file": file, "language": get_language()})
    return _attached(html, "text/html; charset=utf-8", "html", file)


def _attached(content: str, content_type: str, ending: str, file: AccessFile) -> HttpResponse:
    name = f"tandem-{file.made_at:%Y-%m-%d}.{ending}"
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


# ── A board's desk ──


@policy(P.PRIVACY_MANAGE, on=Board)
def board_privacy(request: Request, board: Board) -> HttpResponse:
    """Legal holds that stand, and access requests, newest first."""
    beside = ("person", "business", "placed_by")
    context = {
        "board": board,
        "holds": board.legal_holds.standing().select_related(*beside)[:SHOWN],
        "requests": board.access_requests.select_related("business", "made_by")[:SHOWN],
        "form_token": uuid.uuid4(),
    }
    return render(request, "people/board_privacy.html", context)


@policy(P.PRIVACY_MANAGE, on=Board)
def legal_hold_add(request: Request, board: Board) -> HttpResponse:
    """Hold a person or an organisation."""
    form = LegalHoldForm(request.POST or None, by=request.user, board=board)

    def act() -> str:
        typed = form.cleaned_data
        holds.place(board, by=request.user, reason=typed["reason"], address=typed["about"], business=typed["business"])
        return reverse("board_privacy", args=[board.pk])

    return form_page(
        request, form, act, title=_("Place a legal hold"), saved=_("From now on nothing of it is erased."),
        submit_label=_("Place the hold"), back_url=reverse("board_privacy", args=[board.pk]), back_label=_("Privacy"),
        lead=_("While it stands, nothing that names this person or organisation is erased or passes its term."),
    )  # fmt: skip


@require_POST
@policy(P.PRIVACY_MANAGE, on=LegalHold, related=("board",))
def legal_hold_lift(request: Request, hold: LegalHold) -> HttpResponse:
    """Terms run again."""

    def act() -> str:
        holds.lift(hold, by=request.user)
        return reverse("board_privacy", args=[hold.board_id])

    return redirect(once(request, act))


@policy(P.PRIVACY_MANAGE, on=Board)
def access_request_add(request: Request, board: Board) -> HttpResponse:
    """Somebody asks what is kept."""
    form = AccessRequestForm(request.POST or None, instance=AccessRequest(board=board), by=request.user)

    def act() -> str:
        form.instance.made_by = request.user
        return reverse("access_request", args=[form.save(by=request.user).pk])

    return form_page(
        request, form, act, title=_("What is kept of somebody?"), submit_label=_("Look for it"),
        back_url=reverse("board_privacy", args=[board.pk]), back_label=_("Privacy"),
        lead=_("Everything you may see that names a person or an organisation, as two files. That you asked is kept."),
    )  # fmt: skip


RELATED = ("board", "business")


@policy(P.PRIVACY_MANAGE, on=AccessRequest, related=RELATED)
def access_request(request: Request, asked: AccessRequest) -> HttpResponse:
    """What was found, in numbers, and the two files."""
    context: dict[str, Any] = {"asked": asked}
    try:
        context |= {"file": _file(request, asked), "named": _named(asked)}
    except naming.Several as several:
        context["several"] = several.messages[0]
    return render(request, "people/access_request.html", context)


@policy(P.PRIVACY_MANAGE, on=AccessRequest, related=RELATED)
def access_request_json(request: Request, asked: AccessRequest) -> HttpResponse:
    """The file for a program."""
    return _json(_found(request, asked))


@policy(P.PRIVACY_MANAGE, on=AccessRequest, related=RELATED)
def access_request_file(request: Request, asked: AccessRequest) -> HttpResponse:
    """The file to read."""
    return _readable(_found(request, asked))


@policy(P.PRIVACY_MANAGE, on=AccessRequest, related=RELATED)
def access_request_erase(request: Request, asked: AccessRequest) -> HttpResponse:
    """Forget the person asked about."""
    if asked.business is not None:
        raise Http404
    here = reverse("access_request", args=[asked.pk])
    try:
        named = _named(asked)
    except naming.Several:
        return redirect(here)
    form = EraseForm(request.POST or None)
    reasons = erasure.in_the_way(named) if request.method != "POST" else []

    def act() -> str:
        erasure.erase(named, by=request.user, also=form.words())
        return reverse("board_privacy", args=[asked.board_id])

    return form_page(
        request, form, act, title=_("Erase %(name)s") % {"name": ", ".join(named.words)}, saved=_("Erased."),
        submit_label=_("Erase"), back_url=here, back_label=str(asked), keep_label=_("Leave it as it is"),
        lead=" ".join(reasons) or _(
            "Their account is closed; name, address, titles, notes of talks with them, mail, and documents that name "
            "them go; where others wrote their name, it is taken out. Counts and signatures stay."
        ),
    )  # fmt: skip


def _named(asked: AccessRequest) -> naming.Named:
    """Whom a request is about; raises Several."""
    if asked.business is not None:
        return naming.organisation(asked.business)
    return naming.somebody(asked.about, asked.board_id)


def _file(request: Request, asked: AccessRequest) -> AccessFile:
    return access_file.of_somebody(str(asked.subject), _named(asked), request.user, asked.since, asked.until)


def _found(request: Request, asked: AccessRequest) -> AccessFile:
    """The file of a request; raises Http404 while several people are called so."""
    try:
        return _file(request, asked)
    except naming.Several as several:
        raise Http404 from several
