"""An initiative and what hangs on it: goals and measures."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import keyset, panels
from core.forms import CleanForm
from core.pages import Act, form_page, led_on, once
from engines.documents import actions as documents
from schools import actions, needs_met, outline, outline_parts, translations
from schools.forms.hand_over import HandOverForm
from schools.forms.initiative import CopyForm, GoalForm, MeasureForm, NewInitiativeForm, ThreeSentencesForm
from schools.forms.translation import LanguageForm
from schools.models import Goal, Initiative, Measure, School
from schools.views.outline import carried, way_back

P = Permission


@policy(P.INITIATIVE_VIEW)
def initiatives(request: Request) -> HttpResponse:
    """The initiatives of the schools this person may see."""
    user = request.user
    rows = Initiative.objects.visible_to(user).select_related("school", "champion")
    page = keyset.page(outline.with_counts(rows), "title", request.GET)
    writes_for = [m.school for m in user.access.holding(P.INITIATIVE_CHANGE) if m.school]
    covered = needs_met.covered(page.rows, user)
    context = {
        "page": page,
        "rows": [(initiative, covered[initiative.pk]) for initiative in page.rows],
        "writes_for": writes_for,
        "several": len({i.school_id for i in page.rows}) > 1,
    }
    return render(request, "schools/initiatives.html", context)


@policy(P.INITIATIVE_CHANGE, on=School, related=("board",))
def initiative_add(request: Request, school: School) -> HttpResponse:
    new = Initiative(school=school, champion=request.user if outline.is_champion(request.user, school) else None)
    form = NewInitiativeForm(request.POST or None, instance=new)

    def act() -> str:
        return outline_parts.url_of(form.save(by=request.user), "what")

    return form_page(
        request, form, act, title=_("Write an initiative"), saved=_("Initiative saved."),
        submit_label=_("Go on with the outline"), back_url=reverse("initiatives"), back_label=_("Initiatives"),
        lead=_("Only the title is needed now. The rest can follow in any order."),
    )  # fmt: skip


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=("school__board",))
def initiative_copy(request: Request, initiative: Initiative) -> HttpResponse:
    """Copy it to another year, or to another school where one writes initiatives."""
    form = CopyForm(request.POST or None, of=initiative, by=request.user)

    def act() -> str:
        typed = form.cleaned_data
        days = {"starts_on": typed["starts_on"], "ends_on": typed["ends_on"]}
        copy = actions.copy_initiative(initiative, to=typed["school"], **days, by=request.user)
        return reverse("outline", args=[copy.pk])

    return form_page(
        request, form, act, title=_("Copy to another year or school"),
        saved=_("Copied. Look it through, part by part."), submit_label=_("Copy the initiative"),
        back_url=reverse("initiative", args=[initiative.pk]),
        back_label=initiative.title,
        lead=_("Texts, goals, measures and open needs come along; partners, prospects and what is public do not."),
    )  # fmt: skip


INITIATIVE_ROWS = ("school__board", "champion", "backup")


@policy(P.INITIATIVE_VIEW, on=Initiative, related=INITIATIVE_ROWS)
def initiative(request: Request, initiative: Initiative) -> HttpResponse:
    """Needs, goals and where they lead, measures, learning, what a partner gains, and how ready it is."""
    user = request.user
    shown = outline.of(initiative)
    helpers = needs_met.helpers_of([initiative.pk], user)
    met = needs_met.met_of(shown["needs"], helpers)
    context = shown | {
        "needs_met": [(need, met[need.pk]) for need in shown["needs"]],
        "together": [helper for helper in helpers if helper.is_under_way and helper.year],
        "leads": [helper for helper in helpers if helper.is_under_way and helper.lead],
        "own": {n.pk for n in shown["needs"] if user.access.holds(P.NEED_CHANGE_OWN) and n.is_own(user)},
        "may_write": user.access.may(P.INITIATIVE_CHANGE, initiative),
        # Hours are a figure about a named employee: they are read at the school and go no further up.
        "sees_time": initiative.school_id in user.access.reach(P.INITIATIVE_VIEW).schools,
        "may_add_need": user.access.may(P.NEED_ADD, initiative),
        "speaks_both": translations.speaks_both(initiative),
        "may_publish": user.access.may(P.SCHOOL_PUBLISH, initiative),
        "panels": panels.at("initiative", request, initiative),
        "form_token": uuid.uuid4(),
    }
    return render(request, "schools/initiative.html", context)


@require_POST
@policy(P.INITIATIVE_CHANGE, on=Initiative, related=INITIATIVE_ROWS)
def initiative_summary(request: Request, initiative: Initiative) -> HttpResponse:
    """One click: ask for the executive summary, in the language of the school's texts, then watch it being made."""
    return redirect(once(request, lambda: _asked_for(request, initiative, initiative.school.language)))


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=INITIATIVE_ROWS)
def summary_language(request: Request, initiative: Initiative) -> HttpResponse:
    """In which language the summary is made, and what of it would not stand in the other one."""
    written, other = initiative.written_in, translations.other_of(initiative)
    form = LanguageForm(request.POST or None, initial={"language": written})
    return form_page(
        request, form, lambda: _asked_for(request, initiative, form.cleaned_data["language"]),
        title=_("One-page summary"), submit_label=_("Make the one-page summary"),
        template="schools/summary_language.html",
        back_url=reverse("initiative", args=[initiative.pk]), back_label=initiative.title, initiative=initiative,
        missing=translations.missing_on_summary(initiative, other),
        written_in=translations.IN[written], other_in=translations.IN[other],
    )  # fmt: skip


def _asked_for(request: Request, initiative: Initiative, language: str) -> str:
    say_if_nothing_is_asked_for(request, initiative)
    document = documents.ask("executive_summary", initiative, by=request.user, language=language)
    return reverse("document", args=[document.pk])


def say_if_nothing_is_asked_for(request: HttpRequest, initiative: Initiative) -> None:
    """Warn whoever makes the one-page summary of an initiative without an open need."""
    if not outline.has_open_need(initiative):
        messages.warning(request, _("No need is open yet, so the page shows none."))


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=INITIATIVE_ROWS)
def initiative_why(request: Request, initiative: Initiative) -> HttpResponse:
    """Why, in three sentences; with school and need they are the one-page summary, which is asked for at once."""
    form = ThreeSentencesForm(request.POST or None, instance=initiative)

    def act() -> str:
        return _asked_for(request, form.save(by=request.user), initiative.school.language)

    return form_page(
        request, form, act, title=_("Why, in three sentences"), submit_label=_("Make the one-page summary"),
        lead=_("With your school and what you need, they fill the page a business reads before it meets you."),
        back_url=reverse("initiative", args=[initiative.pk]), back_label=initiative.title,
    )  # fmt: skip


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=INITIATIVE_ROWS)
def initiative_hand_over(request: Request, initiative: Initiative) -> HttpResponse:
    """Another champion: what is owed goes along, and both are told."""
    form = HandOverForm(request.POST or None, initiative=initiative)
    here = reverse("initiative", args=[initiative.pk])

    def act() -> str:
        actions.hand_over(initiative, form.cleaned_data["to"], by=request.user, why=form.cleaned_data["why"])
        return here

    lead = _(
        "Its prospects, next steps and partnerships go along, with everything that is owed on them. Both are told."
    )
    return form_page(
        request, form, act, title=_("Hand over to another champion"), saved=_("Handed over. Both are told."),
        submit_label=_("Hand it over"), keep_label=_("Leave it as it is"), lead=lead,
        back_url=here, back_label=initiative.title,
    )  # fmt: skip


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=INITIATIVE_ROWS)
def goal_add(request: Request, initiative: Initiative) -> HttpResponse:
    form = GoalForm(request.POST or None, instance=Goal(initiative=initiative))
    return _row_page(
        request, form, initiative, "goals", _("Add a goal"), _("Goal saved."), _("Save this goal"),
        lead=_("Goals are stronger when they flow into the school’s and the board’s own goals."),
        **_to_flow_into(request, initiative.school),
    )  # fmt: skip


def _to_flow_into(request: Request, school: School) -> dict[str, str]:
    """The way to a goal of the school's own, where it has none that another could flow into."""
    if school.improvement_goals.exists() or not request.user.access.may(P.SCHOOL_CHANGE, school):
        return {}
    note = _("Your school’s improvement plan has no goal here yet, so there is none to tick.")
    return {
        "note": note,
        "note_url": reverse("improvement_goal_add", args=[school.pk]),
        "note_label": _("Write one of its goals"),
    }


@policy(P.INITIATIVE_CHANGE, on=Goal, related=("initiative__school__board",))
def goal_edit(request: Request, goal: Goal) -> HttpResponse:
    form = GoalForm(request.POST or None, instance=goal)
    return _row_page(
        request, form, goal.initiative, "goals", _("Goal"), _("Goal saved."), _("Save this goal"),
        **_to_flow_into(request, goal.initiative.school),
        remove_url=reverse("goal_remove", args=[goal.pk]) + carried(request),
        remove_label=_("Remove this goal"),
    )  # fmt: skip


@led_on
@policy(P.INITIATIVE_CHANGE, on=Goal, related=("initiative__school__board",))
def goal_remove(request: Request, goal: Goal) -> HttpResponse:
    def act() -> str:
        actions.remove_goal(goal, by=request.user)
        return way_back(request, goal.initiative, "goals")

    return _removal_page(request, goal.initiative, "goals", act, _("Remove this goal"), goal.title, _("Goal removed."))


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=INITIATIVE_ROWS)
def measure_add(request: Request, initiative: Initiative) -> HttpResponse:
    form = MeasureForm(request.POST or None, instance=Measure(), initiative=initiative)
    if not initiative.goals.exists():
        return goal_first(request, initiative)
    return _row_page(
        request, form, initiative, "measures", _("Add a measure"), _("Measure saved."), _("Save this measure"),
        lead=_("A number today, a number to reach. It makes the review easy and the celebration true."),
    )  # fmt: skip


def goal_first(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    """A measure counts towards a goal: say so, and lead to the goal."""
    context = {"initiative": initiative, "carried": carried(request)}
    return render(request, "schools/goal_first.html", context)


@policy(P.INITIATIVE_CHANGE, on=Measure, related=("goal__initiative__school__board",))
def measure_edit(request: Request, measure: Measure) -> HttpResponse:
    form = MeasureForm(request.POST or None, instance=measure, initiative=measure.initiative)
    return _row_page(
        request, form, measure.initiative, "measures", _("Measure"), _("Measure saved."), _("Save this measure"),
        remove_url=reverse("measure_remove", args=[measure.pk]) + carried(request),
        remove_label=_("Remove this measure"),
    )  # fmt: skip


@led_on
@policy(P.INITIATIVE_CHANGE, on=Measure, related=("goal__initiative__school__board",))
def measure_remove(request: Request, measure: Measure) -> HttpResponse:
    of = measure.initiative

    def act() -> str:
        actions.remove_measure(measure, by=request.user)
        return way_back(request, of, "measures")

    return _removal_page(request, of, "measures", act, _("Remove this measure"), measure.label, _("Measure removed."))


def _removal_page(
    request: Request, of: Initiative, part: str, act: Act, title: str, lead: str, saved: str
) -> HttpResponse:
    """Ask once more before a row is gone."""
    form = CleanForm(request.POST if request.method == "POST" else None)  # nothing is asked
    return form_page(
        request, form, act, title=title, saved=saved, submit_label=title, lead=lead,
        keep_label=_("Leave it as it is"), back_url=way_back(request, of, part), back_label=of.title,
    )  # fmt: skip


def _row_page(
    request: Request,
    form: GoalForm | MeasureForm,
    of: Initiative,
    part: str,
    title: str,
    saved: str,
    submit_label: str,
    lead: str = "",
    **context: str,
) -> HttpResponse:
    here = way_back(request, of, part)

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=title, saved=saved, submit_label=submit_label, lead=lead,
        back_url=here, back_label=of.title, **context,
    )  # fmt: skip
