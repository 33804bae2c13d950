"""The calendar of a board by school year: looking at it, filling in what rules know, terms and exams."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from accounts.policies import Request, policy
from boards import actions
from boards.forms import CalendarFileForm, HolidaysForm, YearPartForm
from boards.models import Board, CalendarFile, YearPart
from boards.school_year import school_year_of
from boards.year_page import year_of
from core import clock
from core.forms import CleanForm
from core.pages import form_page

P = Permission
EARLIEST, LATEST = 1990, 2098  # the school years whose days a form takes


@policy(P.BOARD_VIEW, on=Board)
def board_calendar(request: Request, board: Board) -> HttpResponse:
    """A school year: its months, days without school, terms, exams and last school day."""
    now = school_year_of(clock.today(board.zone))
    year = _year_asked(request, now)
    context = {
        "board": board,
        "year": year_of(board, year),
        "now": now,
        "before": year - 1 if year > EARLIEST else None,
        "after": year + 1 if year < LATEST else None,
        "may_change": request.user.access.may(P.BOARD_CHANGE, board),
    }
    return render(request, "boards/calendar.html", context)


def _year_asked(request: Request, now: int) -> int:
    """The school year the address names; this one if it names none, or none there is."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isascii() and asked.isdigit() and EARLIEST <= int(asked[:5]) <= LATEST else now


@policy(P.BOARD_CHANGE, on=Board)
def holidays_fill(request: Request, board: Board) -> HttpResponse:
    """Ontario's holidays of a school year by rule, with the breaks if wanted; nothing is doubled."""
    now = school_year_of(clock.today(board.zone))
    asked = _year_asked(request, now)
    years = sorted({now, now + 1, asked})
    form = HolidaysForm(request.POST or None, years=years, initial={"year": asked})
    added = 0

    def act() -> str:
        nonlocal added
        year, breaks = form.cleaned_data["year"], form.cleaned_data["with_breaks"]
        added = actions.fill_holidays(board, year, breaks=breaks, by=request.user)
        return f"{reverse('board_calendar', args=[board.pk])}?year={year}"

    return form_page(
        request, form, act, title=_("Fill in the holidays"), saved=lambda: _added(added),
        submit_label=_("Fill in the holidays"), back_url=reverse("board_calendar", args=[board.pk]),
        back_label=_("Calendar"),
        lead=_("Ontario’s holidays are worked out by rule. What is there already stays as it is."),
    )  # fmt: skip


def _added(n: int) -> str:
    if not n:
        return _("All of these days were there already.")
    return ngettext("%(n)d entry added.", "%(n)d entries added.", n) % {"n": n}


@policy(P.BOARD_CHANGE, on=Board)
def year_part_add(request: Request, board: Board) -> HttpResponse:
    form = YearPartForm(request.POST or None, instance=YearPart(board=board))
    return _part_page(request, form, board, _("Add a term or exams"))


@policy(P.BOARD_CHANGE, on=YearPart, related=("board",))
def year_part_edit(request: Request, part: YearPart) -> HttpResponse:
    form = YearPartForm(request.POST or None, instance=part)
    return _part_page(request, form, part.board, _("Part of the school year"))


def _part_page(request: Request, form: YearPartForm, of: Board, title: str) -> HttpResponse:
    here = reverse("board_calendar", args=[of.pk])

    def act() -> str:
        part = form.save(by=request.user)
        return f"{here}?year={school_year_of(part.starts_on)}"

    return form_page(
        request, form, act, title=title, saved=_("Calendar saved."), submit_label=_("Save in the calendar"),
        back_url=here, back_label=_("Calendar"),
    )  # fmt: skip


@policy(P.BOARD_CHANGE, on=Board)
def calendar_file_add(request: Request, board: Board) -> HttpResponse:
    """Send a calendar file; it is read and kept, and nothing is taken over yet."""
    is_sent = request.method == "POST"
    form = CalendarFileForm(request.POST if is_sent else None, request.FILES if is_sent else None, board=board)

    def act() -> str:
        file = actions.keep_file(board, form.file_name, form.found, by=request.user)
        return reverse("calendar_file", args=[file.pk])

    return form_page(
        request, form, act, title=_("Read a calendar file"), submit_label=_("Read the file"),
        back_url=reverse("board_calendar", args=[board.pk]), back_label=_("Calendar"),
        lead=_("Most calendars can be exported as an .ics file. What the words of an event tell is recognised."),
    )  # fmt: skip


@policy(P.BOARD_CHANGE, on=CalendarFile, related=("board",))
def calendar_file(request: Request, file: CalendarFile) -> HttpResponse:
    """What a file holds: what is new, what is there already, what is left out and why; then the yes to what is new."""
    form = CleanForm(request.POST if request.method == "POST" else None)  # nothing is asked
    here = reverse("board_calendar", args=[file.board_id])
    added = 0

    def act() -> str:
        nonlocal added
        added = actions.apply_file(file, by=request.user)
        return here

    lines = actions.lines_of(file)
    new = [line for line in lines if line.state == "new"]
    return form_page(
        request, form, act, title=_("What the file holds"), saved=lambda: _added(added),
        template="boards/calendar_file.html",
        submit_label=ngettext("Take over %(n)d entry", "Take over %(n)d entries", len(new)) % {"n": len(new)},
        back_url=here, back_label=_("Calendar"), file=file, new=new,
        there=[line for line in lines if line.state == "there"],
        refused=[line for line in lines if line.state == "refused"],
    )  # fmt: skip
