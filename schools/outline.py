"""What the initiative page says, worked out from the rows: readiness and where goals lead."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Role
from people.memberships import LEADS
from schools import outline_parts
from schools.alignment import Ladder, ladder_of
from schools.figures import FIGURES, UNKNOWN_BECAUSE
from schools.key_people import KeyPeople, key_people_of
from schools.ladder_drawing import drawing, in_words
from schools.models import Goal, Initiative, Measure, Need, School, SchoolFigure


@dataclass(frozen=True)
class Check:
    """One thing the guide asks for before anyone is called; `url` leads to where it is mended."""

    label: str
    is_met: bool
    url: str


def of(initiative: Initiative) -> dict[str, Any]:
    """Everything the page shows of `initiative`, in a fixed number of queries."""
    logged: list[Need] = list(initiative.needs.annotate(written_by=models.F("created_by__name")))
    needs = [need for need in logged if need.state != Need.State.WITHDRAWN]
    measures = list(Measure.objects.filter(goal__initiative=initiative).with_latest())
    leads = ladder_of(initiative)
    people = key_people_of(initiative)
    checks = readiness(initiative, needs, leads, measures, people)
    rows = outline_parts.states_of_rows(needs, bool(leads.goals), leads.has_lead, bool(measures))
    rows |= outline_parts.state_of_people(initiative, people.has_hours)
    return {
        "initiative": initiative,
        "school": initiative.school,
        "needs": needs,
        "withdrawn": [need for need in logged if need.state == Need.State.WITHDRAWN],
        "measures": measures,
        "public_needs": sum(need.is_published for need in needs),
        "ladder": leads,
        "unserved": [_("%(code)s “%(title)s”") % {"code": goal.code, "title": goal.title} for goal in leads.unserved],
        "ladder_drawing": drawing(leads),
        "ladder_words": in_words(leads),
        "key_people": people.people,
        "checks": checks,
        "ready": sum(check.is_met for check in checks),
        "next_part": outline_parts.next_open(outline_parts.steps(initiative, rows)),
        "good_enough": good_enough(
            has_need=any(need.state == Need.State.OPEN for need in needs),
            has_goal=bool(leads.goals),
            has_measure=bool(measures),
            is_whole=all(check.is_met for check in checks),
        ),
    }


def good_enough(*, has_need: bool, has_goal: bool, has_measure: bool, is_whole: bool = True) -> str:
    """What to say of an initiative that may be called for, though something of the guide's list is open; "" if it asks
    for nothing yet, or nothing is open."""
    if not has_need:
        return ""
    if not has_goal:
        return _("Good enough to call. Before the meeting add goals and a measure.")
    if not has_measure:
        return _("Good enough to call. Before the meeting add a measure.")
    return "" if is_whole else _("Good enough to call. Before the meeting add what is still open.")


def good_enough_to_call(initiative: Initiative) -> str:
    """The same of one initiative, of goals and measures alone; one query."""
    of_it = Initiative.objects.filter(pk=initiative.pk)
    needs = Need.objects.filter(initiative=models.OuterRef("pk"), state=Need.State.OPEN)
    goals = Goal.objects.filter(initiative=models.OuterRef("pk"))
    measures = Measure.objects.filter(goal__initiative=models.OuterRef("pk"))
    known = {"has_need": needs, "has_goal": goals, "has_measure": measures}
    found = of_it.annotate(**{name: models.Exists(rows) for name, rows in known.items()}).values(*known).get()
    return good_enough(**found)


def readiness(
    initiative: Initiative, needs: list[Need], leads: Ladder, measures: list[Measure], people: KeyPeople
) -> list[Check]:
    """The guide's list, in its order. It advises and never blocks a call."""
    school = initiative.school
    has_open_need = any(need.state == Need.State.OPEN for need in needs)
    has_champion = initiative.champion_id is not None
    has_profile = bool(school.enrolment and school.grades and school.strength)

    def at(part: str) -> str:
        return outline_parts.url_of(initiative, part)

    return [
        Check(_("School profile"), has_profile, reverse("school_edit", args=[school.pk])),
        Check(_("Needs with quantities"), has_open_need, at("needs")),
        Check(_("Goals that feed the school and board plans"), leads.has_lead, at("goals")),
        Check(_("Measures with a start and a target"), bool(measures), at("measures")),
        Check(_("Why it matters"), bool(initiative.why), at("why")),
        Check(_("What students learn"), bool(initiative.learning), at("learning")),
        Check(_("What a partner gains"), bool(initiative.benefit_lines), at("partner")),
        Check(_("Key people and their time"), has_champion and people.has_hours, at("people")),
    ]


def with_counts(initiatives: "models.QuerySet[Initiative]") -> "models.QuerySet[Initiative]":
    """Initiatives with `open_needs` and `proposed_needs`, counted by subqueries so that no join doubles a row."""

    def counted(state: Need.State) -> models.functions.Coalesce:
        needs = Need.objects.filter(initiative=models.OuterRef("pk"), state=state).order_by()
        return models.functions.Coalesce(
            models.Subquery(needs.values("initiative").annotate(n=Count("pk")).values("n")), 0
        )

    return initiatives.annotate(open_needs=counted(Need.State.OPEN), proposed_needs=counted(Need.State.PROPOSED))


def has_open_need(initiative: Initiative) -> bool:
    """Whether anything is asked for that a partner could be shown."""
    return Need.objects.filter(initiative=initiative, state=Need.State.OPEN).exists()


def principal_of(school: School) -> User | None:
    """The principal who leads `school`, if one has an account."""
    leads = school.memberships.current().filter(role=Role.PRINCIPAL).order_by("-is_lead", "pk")
    found = leads.select_related("user").first()
    return found.user if found else None


def school_people(school: School) -> "models.QuerySet[User]":
    """Who may be back-up or give time: the principals, champions and staff of the school."""
    return User.objects.filter(
        is_active=True,
        memberships__in=school.memberships.current().filter(role__in=[Role.PRINCIPAL, Role.CHAMPION, Role.STAFF]),
    ).distinct()


def school_leads(school: School) -> "models.QuerySet[User]":
    """Who may be the champion of an initiative or a partnership: whoever may write at the school."""
    leads = school.memberships.current().filter(role__in=LEADS)
    return User.objects.filter(is_active=True, memberships__in=leads).distinct()


def is_champion(user: User, school: School) -> bool:
    """Whether `user` is a champion of `school`."""
    return any(m.role == Role.CHAMPION and m.school_id == school.pk for m in user.access.memberships)


@dataclass(frozen=True)
class Figure:
    """A published figure in words; `reason` says why there is no value."""

    label: str
    value: Decimal | None
    reason: str


def figures_in_words(figures: Iterable[SchoolFigure]) -> list[Figure]:
    """The published figures of a school, in the order of the ministry's file."""
    by_kind = {figure.kind: figure for figure in figures}
    return [
        Figure(str(label), by_kind[kind].value, str(UNKNOWN_BECAUSE.get(by_kind[kind].unknown_because, "")))
        for kind, label in FIGURES.items()
        if kind in by_kind
    ]
