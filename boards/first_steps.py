"""The first steps of a board: its settings, its calendar, its goals."""

from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership, User
from boards.models import Board, ClosedPeriod, StrategicGoal
from core import clock
from core.first_steps import Asked, FirstStep, first_steps, how_many, optional


def of_one_school(user: User) -> dict[str, Any]:
    """The fact `is_of_one_school`: `user` works at a school of the board, and nobody works at another or in a family
    of schools. So it is where a school began on its own, whichever of their roles `user` is met as."""
    own = {membership.school_id for membership in user.access.whole.memberships if membership.school_id}
    if not own:
        return {"is_of_one_school": Value(False)}
    here = Membership.objects.current().filter(board=OuterRef("pk"))
    elsewhere = here.filter(Q(family__isnull=False) | (Q(school__isnull=False) & ~Q(school__in=own)))
    alone = Q(Exists(here.filter(school__in=own))) & ~Q(Exists(elsewhere))
    return {"is_of_one_school": ExpressionWrapper(alone, output_field=BooleanField())}


def left_to_one_school(board: Any, user: User) -> Asked:
    """A board's step; a school on its own may leave it."""
    return Asked.OPTIONAL if board.is_of_one_school else Asked.NEEDED


def not_at_one_school(board: Any, user: User) -> Asked:
    """A board's step, of which a school on its own hears nothing."""
    return Asked.NOT_HERE if board.is_of_one_school else Asked.NEEDED


def _settings_done(board: Board) -> bool | str:
    """Whether somebody has saved them, or said more of the board than what it was made with."""
    if board.version == 1 and not (board.short_name or board.plan_name_en or board.plan_name_fr):
        return False
    return _("Mail is on") if board.mail_is_on else _("Mail is off")


def _closed_ahead(user: User) -> dict[str, Any]:
    return {"days_ahead": how_many(ClosedPeriod.objects.filter(ends_on__gte=clock.now().date()), "board")}


def _pa_days_ahead(user: User) -> dict[str, Any]:
    ahead = ClosedPeriod.objects.filter(ends_on__gte=clock.now().date(), kind=ClosedPeriod.Kind.PA_DAY)
    return {"pa_days_ahead": how_many(ahead, "board")}


def _goals(user: User) -> dict[str, Any]:
    return {"goals_written": how_many(StrategicGoal.objects.all(), "board")} | of_one_school(user)


def _days_in_words(board: Any) -> str:
    """How many times the schools will be closed; "" for never."""
    n = board.days_ahead
    return ngettext("%(n)d time closed", "%(n)d times closed", n) % {"n": n} if n else ""


def _pa_days_in_words(board: Any) -> str:
    n = board.pa_days_ahead
    return ngettext("%(n)d PA day", "%(n)d PA days", n) % {"n": n} if n else ""


def _goals_in_words(board: Any) -> str:
    n = board.goals_written
    return ngettext("%(n)d goal", "%(n)d goals", n) % {"n": n} if n else ""


def _at(page: str) -> Any:
    return lambda board, user: reverse(page, args=[board.pk])


first_steps.register(
    "settings",
    FirstStep(
        gettext_lazy("Go through the settings"),
        gettext_lazy("Time zone, paper, the name of your plan, and whether Tandem may send mail."),
        "pencil", lambda user: {}, _settings_done, _at("board_edit"), order=20,
    ),
)  # fmt: skip
first_steps.register(
    "closed_days",
    FirstStep(
        gettext_lazy("Enter the days without school"),
        gettext_lazy("Whatever is owed is counted in school days."),
        "calendar-x", _closed_ahead, _days_in_words, _at("closed_period_add"), order=30,
    ),
)  # fmt: skip
first_steps.register(
    "pa_days",
    FirstStep(
        gettext_lazy("Add the PA days"),
        gettext_lazy("Holidays and breaks can be foreseen; PA days are different at each board."),
        "calendar-x", _pa_days_ahead, _pa_days_in_words, _at("closed_period_add"), optional, order=35,
    ),
)  # fmt: skip
first_steps.register(
    "strategic_goals",
    FirstStep(
        gettext_lazy("Write the strategic goals"),
        gettext_lazy("Initiatives flow into them: it shows a partner how far their help reaches."),
        "compass", _goals, _goals_in_words, _at("strategic_goal_add"), left_to_one_school, order=40,
    ),
)  # fmt: skip
