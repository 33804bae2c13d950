"""The list of schools as a file."""

from collections.abc import Callable, Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import clock, csv_lines, workbook_lines
from core.templatetags.tandem import said
from schools import exports

P = Permission
Rows = Iterator[list[object]]


@policy(P.SCHOOL_VIEW)
def schools_csv(request: Request) -> HttpResponseBase:
    """The list as it is seen, for any spreadsheet."""
    return _as_file(request, "csv", "text/csv; charset=utf-8", lambda rows: "".join(csv_lines.lines(rows)).encode())


@policy(P.SCHOOL_VIEW)
def schools_xlsx(request: Request) -> HttpResponseBase:
    """The list as it is seen, as a workbook."""
    return _as_file(
        request, "xlsx", workbook_lines.CONTENT_TYPE, lambda rows: workbook_lines.workbook(_("Schools"), rows)
    )


def _as_file(request: Request, kind: str, content_type: str, write: Callable[[Rows], bytes]) -> HttpResponseBase:
    try:
        rows = exports.rows_of(request.user, request.GET.get("q", ""))
    except exports.TooMany:
        most = {"most": said(exports.MOST_ROWS)}
        messages.error(request, _("A file holds at most %(most)s schools. Search for fewer.") % most)
        return redirect("schools")
    name = f"{slugify(_('Schools'))}-{clock.today(get_current_timezone()):%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(exports.table(rows)), content_type=content_type, headers=headers)
