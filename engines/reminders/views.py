"""Today: what is on one's side, and what other rooms add."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format

from accounts.policies import Request, signed_in
from core import clock, panels
from engines.reminders import today as todays


@signed_in
def today(request: Request) -> HttpResponse:
    """What this person owes, most late first; a word for who owes nothing."""
    user = request.user
    first = user.access.first
    local = clock.now().astimezone(first.board.zone) if first else clock.now()
    owed = todays.owed_by(user, local.date())
    due = [o for o in owed if o.days_late >= 0]
    mine = panels.at("today_mine", request, owed)  # what else is on their side; each says how many in `count`
    request.due_today = len(due)  # type: ignore[attr-defined]  # the navigation shows it too, and need not count again
    context = {
        "due": due,
        "mine": mine,
        "waiting": len(due) + sum(panel.context["count"] for panel in mine),
        "soon": owed[len(due) :],
        "today": local.date(),
        "hour": local.hour,
        "first_name": user.name.split()[0] if user.name else "",
        "date": date_format(local, "l j F"),
        "above": panels.at("today_above", request, owed),
        "below": panels.at("today_below", request, owed),
    }
    return render(request, "engines/today.html", context)
