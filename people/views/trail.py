"""The trail: who did what to what, when and why, for those who may audit."""

from collections.abc import Iterator
from datetime import tzinfo

from django.db import models
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from accounts.models import Event, User
from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import clock, csv_lines, keyset
from people import trail as trails
from people.forms.trail import TrailForm

P = Permission


@policy(P.AUDIT_VIEW)
def trail(request: Request) -> HttpResponse:
    """What was done in one's scope, newest first, and whether the chain of it holds."""
    filters = TrailForm(request.GET)
    events = trails.events_of(request.user, filters.asked(), timezone.get_current_timezone())
    page = keyset.page(events, "at", request.GET, newest_first=True)
    has_schools = trails.has_schools(request.user)
    lines, known = trails.read(request.user, page.rows, with_schools=has_schools)
    filters.choose_school(known.schools)
    context = {
        "page": page,
        "lines": lines,
        "filters": filters,
        "has_schools": has_schools,
        "is_narrowed": any(filters.asked().values()),
        "chains": trails.chains(request.user),
        "most": trails.MOST_LINES,
    }
    return render(request, "people/trail.html", context)


@policy(P.AUDIT_VIEW)
def trail_csv(request: Request) -> StreamingHttpResponse:
    """The same as a file, with the same filters; it is written while it is sent."""
    zone = timezone.get_current_timezone()
    events = trails.events_of(request.user, TrailForm(request.GET).asked(), zone)
    name = f"tandem-{clock.now():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _written(request.user, events, zone, translation.get_language() or "en"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _written(user: User, events: "models.QuerySet[Event]", zone: tzinfo, language: str) -> Iterator[str]:
    """The lines of the file, in the reader's language: by the time they are asked for the view has returned."""
    rows = trails.file_rows(user, events, zone)
    lines = csv_lines.lines(rows)
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line
