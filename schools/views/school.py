"""A school's own pages: the list of schools, its profile and its improvement goals."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import keyset, text
from core.pages import form_page
from core.picture_page import picture_response
from schools import outline
from schools.forms.school import ImprovementGoalForm, SchoolForm, SchoolPictureForm
from schools.models import ImprovementGoal, Initiative, School

P = Permission


@policy(P.SCHOOL_VIEW)
def schools(request: Request) -> HttpResponse:
    """The schools this person may see, found by name, town or number."""
    q = text.query(request.GET.get("q", ""))
    rows = School.objects.visible_to(request.user).matching(q).select_related("board", "family")
    rows = rows.only("name", "town", "grades", "enrolment", "enrolment_unknown", "board__name", "family__name")
    page = keyset.page(rows, "name", request.GET)
    adds_to = [m.board for m in request.user.access.holding(P.BOARD_CHANGE)]
    return render(request, "schools/schools.html", {"page": page, "q": q, "adds_to": adds_to})


@policy(P.SCHOOL_VIEW, on=School, related=("board", "family"))
def school(request: Request, school: School) -> HttpResponse:
    """A school's profile, its improvement goals and its initiatives."""
    user = request.user
    context = {
        "school": school,
        "goals": school.improvement_goals.prefetch_related("strategic_goals"),
        "initiatives": Initiative.objects.visible_to(user).filter(school=school)[:50],
        "figures": outline.figures_in_words(school.figures.all()),
        "may_change": user.access.may(P.SCHOOL_CHANGE, school),
        "may_write": user.access.may(P.INITIATIVE_CHANGE, school),
        "may_add_need": user.access.may(P.NEED_ADD, school),
        "may_invite": user.access.may(P.PEOPLE_CHANGE, school),
        "may_publish": user.access.may(P.SCHOOL_PUBLISH, school),
        "may_audit": user.access.may(P.AUDIT_VIEW, school),
    }
    return render(request, "schools/school.html", context)


@policy(P.SCHOOL_CHANGE, on=School, related=("board",))
def school_edit(request: Request, school: School) -> HttpResponse:
    form = SchoolForm(request.POST or None, instance=school)
    here = reverse("school", args=[school.pk])

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=_("School profile"), saved=_("Profile saved."),
        submit_label=_("Save the profile"), back_url=here, back_label=school.name,
        lead=_("What a business asks first: who you are, what you are proud of, what is hard."),
    )  # fmt: skip


@policy(None, on=School, related=("board", "picture"), seen_by="published_to")
def school_picture(request: Request, school: School) -> HttpResponse:
    """The logo or photo itself: for whoever reads the profile, and for others once it is public."""
    is_public = school.is_published and "picture" in school.public_parts
    if not (school.has_picture and (is_public or request.user.access.may(P.SCHOOL_VIEW, school))):
        raise Http404
    return picture_response(school.picture)


@policy(P.SCHOOL_CHANGE, on=School, related=("board", "picture"))
def school_picture_edit(request: Request, school: School) -> HttpResponse:
    is_sent = request.method == "POST"
    form = SchoolPictureForm(request.POST if is_sent else None, request.FILES if is_sent else None, instance=school)
    here = reverse("school", args=[school.pk])

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=_("Logo or photo") if school.board.photos_are_on else _("Logo of the school"),
        saved=_("Picture saved."), submit_label=_("Save the picture"), back_url=here, back_label=school.name,
        lead=_("It stands on the school’s page; a logo stands on its documents too."),
    )  # fmt: skip


@policy(P.SCHOOL_CHANGE, on=School, related=("board",))
def improvement_goal_add(request: Request, school: School) -> HttpResponse:
    form = ImprovementGoalForm(request.POST or None, instance=ImprovementGoal(school=school))
    return _improvement_goal_page(request, form, school, _("Add an improvement goal"))


@policy(P.SCHOOL_CHANGE, on=ImprovementGoal, related=("school__board",))
def improvement_goal_edit(request: Request, goal: ImprovementGoal) -> HttpResponse:
    form = ImprovementGoalForm(request.POST or None, instance=goal)
    return _improvement_goal_page(request, form, goal.school, _("Improvement goal"))


def _improvement_goal_page(request: Request, form: ImprovementGoalForm, of: School, title: str) -> HttpResponse:
    here = reverse("school", args=[of.pk])

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=title, saved=_("Goal saved."), submit_label=_("Save this goal"),
        back_url=here, back_label=of.name,
    )  # fmt: skip
