"""The pages of imported files: the list with the upload, how far one is, its columns, what was refused."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.policies import Request, policy
from boards.models import Board
from core import stored_files
from core.pages import form_page, once
from core.text import query
from engines.imports import actions
from engines.imports.forms import ColumnsForm, PartForm, UploadForm
from engines.imports.models import Import

P = Permission
SHOWN = 50
LARGE = ("preview", "headings", "mapping", "late")  # what a list does not show


@policy(P.BOARD_CHANGE, on=Board)
def imports(request: Request, board: Board) -> HttpResponse:
    """Upload a file; and the files that were."""
    asked = query(request.GET.get("kind", ""))
    initial = {"kind": asked} if asked else None
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)

    def act() -> str:
        file = form.cleaned_data["file"]
        name = query(file.name) or _("File")
        made = actions.upload(board, form.cleaned_data["kind"], name, file.read(), by=request.user)
        return reverse("import", args=[made.pk])

    return form_page(
        request, form, act, title=_("Import"), submit_label=_("Upload and look"), template="engines/imports.html",
        lead=_("Schools or people from a file. You see what it would do before anything is written."),
        back_url=reverse("board", args=[board.pk]), back_label=board.name,
        rows=Import.objects.visible_to(request.user).filter(board=board).select_related("by").defer(*LARGE)[:SHOWN],
    )  # fmt: skip


@policy(P.BOARD_CHANGE, on=Import, related=("board", "by"))
def import_(request: Request, row: Import) -> HttpResponse:
    """Where a file stands: how far its reading or writing is, what it would do, what it did."""
    is_part = bool(request.headers.get("HX-Request"))
    if row.state == Import.State.MAPPING and not is_part:
        return redirect("import_columns", row.pk)
    context = {
        "row": row,
        "preview": row.preview,
        "known_by": row.importer.known_by(row.board) if row.importer.known_by else "",
        "part": PartForm() if row.state == Import.State.PREVIEWED else None,
        "form_token": uuid.uuid4(),
    }
    response = render(request, "engines/_import_progress.html" if is_part else "engines/import.html", context)
    if is_part and not row.is_working:
        response["HX-Refresh"] = "true"  # the page has other parts now
    return response


@policy(P.BOARD_CHANGE, on=Import, related=("board",))
def import_columns(request: Request, row: Import) -> HttpResponse:
    """Which heading stands for what."""
    here = reverse("import", args=[row.pk])
    if not row.can_be_matched:
        return redirect(here)
    form = ColumnsForm(request.POST or None, row=row)

    def act() -> str:
        _unless_moved(request, lambda: actions.match(row, form.mapping(), by=request.user))
        return here

    return form_page(
        request, form, act, title=_("The columns of %(file)s") % {"file": row.name},
        lead=_("Choose the heading of the file that stands for each. It is remembered for files like this one."),
        submit_label=_("Go on with these columns"), template="engines/import_columns.html", row=row,
        back_url=reverse("imports", args=[row.board_id]), back_label=_("Import"),
    )  # fmt: skip


@policy(P.BOARD_CHANGE, on=Import, related=("refused_file",))
def import_refused(request: Request, row: Import) -> HttpResponse:
    """The rows that are refused, with line, column and reason before their own columns."""
    if row.refused_file is None:
        raise Http404
    response = HttpResponse(stored_files.read(row.refused_file), content_type="text/csv; charset=utf-8")
    name = slugify(row.name.rsplit(".", 1)[0]) or "file"
    response["Content-Disposition"] = f'attachment; filename="{name}-{slugify(_("refused"))}.csv"'
    return response


@require_POST
@policy(P.BOARD_CHANGE, on=Import, related=("board",))
def import_apply(request: Request, row: Import) -> HttpResponse:
    """Write it, or the part that was chosen; or go on where it stopped."""
    form = PartForm({"part": request.POST.get("part", Import.Part.ALL)})  # not asked for where there is one part only
    if not form.is_valid():
        messages.error(request, _("Choose which part is written. Nothing was."))
        return redirect("import", row.pk)
    part = form.cleaned_data["part"]
    return _moved(request, row, lambda: actions.apply(row, part=part, by=request.user))


@require_POST
@policy(P.BOARD_CHANGE, on=Import, related=("board",))
def import_stop(request: Request, row: Import) -> HttpResponse:
    """Nothing more of it is read or written."""
    return _moved(request, row, lambda: actions.stop(row, by=request.user))


def _moved(request: Request, row: Import, move: Callable[[], None]) -> HttpResponse:
    here = reverse("import", args=[row.pk])

    def act() -> str:
        _unless_moved(request, move)
        return here

    return redirect(once(request, act))


def _unless_moved(request: Request, move: Callable[[], None]) -> None:
    """Do `move`, or say that somebody else was faster."""
    try:
        move()
    except actions.NotNow:
        messages.info(request, _("This import has gone on meanwhile. Here is where it stands."))
