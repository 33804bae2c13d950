"""The outline of an initiative, part by part: each saved as one goes, in any order, left and gone on with."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core.forms import AuditedModelForm
from core.pages import form_page
from core.templatetags.tandem import said
from schools import outline_parts
from schools.forms.initiative import PART_FORMS
from schools.key_people import key_people_of
from schools.models import Goal, Initiative, Measure, Need
from schools.outline_parts import Part, Step

P = Permission
ROWS = ("school__board", "champion", "backup")


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=ROWS)
def outline(request: Request, initiative: Initiative) -> HttpResponse:
    """The parts in the guide's order, each with how far it is, and the one to go on with."""
    steps = outline_parts.steps_of(initiative)
    context = {"initiative": initiative, "steps": steps, "next": outline_parts.next_open(steps)}
    return render(request, "schools/outline.html", context)


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=ROWS)
def outline_part(request: Request, initiative: Initiative, part: str) -> HttpResponse:
    """One part: what is typed, or the rows that are added on pages of their own."""
    steps = outline_parts.steps_of(initiative)
    at = next((n for n, step in enumerate(steps) if step.part.key == part), None)
    if at is None:
        raise Http404
    context = {
        "initiative": initiative,
        "steps": steps,
        "this": steps[at],
        "before": steps[at - 1] if at else None,
        "after": steps[at + 1] if at + 1 < len(steps) else None,
    }
    if form_class := PART_FORMS.get(part):
        form = form_class(request.POST or None, instance=initiative)
        return _typed(request, form, context | (_key_people(initiative) if part == "people" else {}))
    return render(request, "schools/outline_rows.html", context | _rows(initiative, steps[at].part))


def way_back(request: HttpRequest, initiative: Initiative, part: str) -> str:
    """Where a row of `part` leads when it is saved: to the outline if one came from there, else to the initiative."""
    if request.GET.get("from") == "outline":
        return outline_parts.url_of(initiative, part)
    return reverse("initiative", args=[initiative.pk])


def carried(request: HttpRequest) -> str:
    """What an address hands on, so that the next page leads back as this one does."""
    return "?from=outline" if request.GET.get("from") == "outline" else ""


def _typed(request: Request, form: AuditedModelForm[Initiative], context: dict[str, Any]) -> HttpResponse:
    this: Step = context["this"]
    after: Step | None = context["after"]

    def act() -> str:
        of = form.save(by=request.user)
        return after.url if after and "leave" not in request.POST else reverse("outline", args=[of.pk])

    return form_page(
        request, form, act, title=str(this.part.label), saved=_("Part saved."), lead=this.part.asks,
        template="schools/outline_part.html", **context,
    )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A row of a part: what it says, a quiet line, and where it is changed."""

    icon: str
    says: str
    quiet: str
    url: str


def _rows(initiative: Initiative, part: Part) -> dict[str, Any]:
    """The rows of a part, and where one is added."""
    here = [initiative.pk]
    if part.key == "needs":
        needs = initiative.needs.exclude(state=Need.State.WITHDRAWN)
        rows = [Row(n.icon, n.sentence, _waits(n), reverse("need_edit", args=[n.pk])) for n in needs]
        return {"rows": rows, "add_url": reverse("initiative_need_add", args=here), "add_label": _("Add a need")}
    if part.key == "goals":
        goals = Goal.objects.filter(initiative=initiative)
        rows = [Row("flag", goal.title, "", reverse("goal_edit", args=[goal.pk])) for goal in goals]
        return {"rows": rows, "add_url": reverse("goal_add", args=here), "add_label": _("Add a goal")}
    measures = Measure.objects.filter(goal__initiative=initiative)
    rows = [Row("check2", m.label, _from_to(m), reverse("measure_edit", args=[m.pk])) for m in measures]
    return {"rows": rows, "add_url": reverse("measure_add", args=here), "add_label": _("Add a measure")}


def _key_people(initiative: Initiative) -> dict[str, Any]:
    """Whose time is said, and where the champion's is while it is not."""
    people = [person for person in key_people_of(initiative).people if person.key or person.takes_time]
    add = reverse("key_person_add", args=[initiative.pk])
    rows = [
        Row(
            "person", p.name, ", ".join(filter(None, [p.part, p.time])),
            (reverse("key_person_edit", args=[p.key]) + "?from=outline") if p.key
            else f"{add}?user={p.user}&from=outline",
        )
        for p in people
    ]  # fmt: skip
    return {"rows": rows, "add_url": add, "add_label": _("Add somebody")}


def _waits(need: Need) -> str:
    return _("Waits for a yes") if need.state == Need.State.PROPOSED else need.totals


def _from_to(measure: Measure) -> str:
    return f"{said(measure.baseline, measure.unit)} → {said(measure.target, measure.unit)}"
