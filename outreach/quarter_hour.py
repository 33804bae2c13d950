"""The first quarter hour: from the first sign-in to a call sheet in the hand.

Nobody ticks a step; each is worked out from what is there. It is over when all are done or a call has been logged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from engines.documents.models import Document
from outreach.models import OPEN_STAGES, CallPlan, Interaction, Prospect
from schools.models import Initiative, Need, School

BUSINESSES = 3  # so many are pasted to begin with
SUMMARIES = ("executive_summary", "summary_for_meeting")


@dataclass(frozen=True)
class Step:
    """A step, how many minutes it takes, and where it is taken; `url` is "" where another comes first."""

    label: str | Promise
    minutes: int
    why: str | Promise
    url: str
    is_done: bool


@dataclass(frozen=True)
class Standing:
    """How far a school has come."""

    school: School
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_over(self) -> bool:
        return self.done == len(self.steps)


def schools_of(user: User) -> frozenset[int]:
    """The schools whose calls `user` makes."""
    return user.access.to_act.reach(Permission.CONVERSATION_CHANGE).schools


def without_a_call(schools: Iterable[int]) -> "QuerySet[School]":
    """Those of `schools` in which nobody has logged a call yet."""
    called = Interaction.objects.filter(prospect__school=OuterRef("pk"), kind=Interaction.Kind.CALL)
    return School.objects.filter(~Exists(called), pk__in=schools)


def standing_of(schools: Iterable[int]) -> Standing | None:
    """How far the first of `schools` has come that is not through; one query."""
    rows = School.objects.filter(pk__in=schools).order_by("pk").annotate(**_facts())
    found = (Standing(school, _steps(school)) for school in rows)
    return next((standing for standing in found if not standing.is_over), None)


def _facts() -> dict[str, Any]:
    needs = Need.objects.filter(initiative__school=OuterRef("pk")).exclude(state=Need.State.WITHDRAWN)
    newest = Initiative.objects.filter(school=OuterRef("pk")).order_by("-pk")
    asking = needs.filter(state=Need.State.OPEN).order_by("-initiative_id")
    prospects = Prospect.objects.filter(school=OuterRef("pk"))
    counted = prospects.order_by().values("school").annotate(n=Count("pk")).values("n")
    to_call = prospects.filter(stage__in=OPEN_STAGES, off_board_at=None)
    first = to_call.order_by(F("next_step_on").asc(nulls_last=True), "pk")
    summaries = Document.objects.filter(school=OuterRef("pk"), kind__in=SUMMARIES)
    return {
        "has_need": Exists(needs),
        "prospects_made": Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        "has_sheet": Exists(CallPlan.objects.filter(prospect__school=OuterRef("pk"))),
        "has_summary": Exists(summaries.exclude(state__in=(Document.State.FAILED, Document.State.REFUSED))),
        "to_call": Subquery(first.values("pk")[:1]),
        "initiative": Coalesce(
            Subquery(asking.values("initiative")[:1]),
            Subquery(newest.values("pk")[:1]),
            output_field=BigIntegerField(),
        ),
    }


def _steps(school: Any) -> list[Step]:
    """The four steps of a school that carries the facts."""
    made = min(school.prospects_made, BUSINESSES)
    pasted = gettext_lazy(
        "Names or web addresses, one a line. Ask a parent, the Rotary Club or the chamber of commerce."
    )
    begun = _("%(n)d of %(of)d are there.") % {"n": made, "of": BUSINESSES}
    return [
        Step(
            gettext_lazy("Write one need"), 2,
            gettext_lazy("One sentence is enough: “a bus to transport 18 students, once a week for 15 weeks”."),
            reverse("need_add", args=[school.pk]), bool(school.has_need),
        ),
        Step(
            gettext_lazy("Paste three businesses"), 2, begun if 0 < made < BUSINESSES else pasted,
            reverse("prospects_paste", args=[school.pk]) if school.initiative else "", made == BUSINESSES,
        ),
        Step(
            gettext_lazy("Print your first call sheet"), 4,
            gettext_lazy("Who you are, why you call, how it concerns them. We write the words with you."),
            reverse("call_sheet", args=[school.to_call]) if school.to_call else "", bool(school.has_sheet),
        ),
        Step(
            gettext_lazy("Make your one-page summary"), 5,
            gettext_lazy("Three sentences on why; school and need are there. They read it before they meet you."),
            reverse("initiative_why", args=[school.initiative]) if school.initiative else "", bool(school.has_summary),
        ),
    ]  # fmt: skip
