"""The first step of a board that partnerships add: what runs already is not left outside."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.permissions import Permission
from core.first_steps import FirstStep, first_steps, how_many, optional
from partnerships.models import Partnership

State = Partnership.State
RUNNING = (State.ACTIVE, State.PAUSED, State.ENDING)


def _running(user: User) -> dict[str, Any]:
    return {"running_partnerships": how_many(Partnership.objects.filter(state__in=RUNNING), "school__board")}


def _in_words(board: Any) -> str:
    n = board.running_partnerships
    return ngettext("%(n)d partnership", "%(n)d partnerships", n) % {"n": n} if n else ""


def _to_enter(board: Any, user: User) -> str:
    """Where `user` enters one at the school they write for; "" for who writes for none: it is the champion's."""
    writes_for = user.access.whole.holding(Permission.PARTNERSHIP_CHANGE)
    school = next((m.school_id for m in writes_for if m.school_id and m.board_id == board.pk), None)
    return reverse("already_with_us", args=[school]) if school else ""


first_steps.register(
    "already_with_us",
    FirstStep(
        gettext_lazy("Enter a partnership that runs already"),
        gettext_lazy("Who, what, until when: two minutes, and nothing you have done is lost."),
        "people", _running, _in_words, _to_enter, optional, gettext_lazy("The school’s champion enters it"), order=90,
    ),
)  # fmt: skip
