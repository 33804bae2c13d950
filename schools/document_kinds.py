"""The executive summary: one page, sent before the first meeting."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.templatetags.tandem import said
from engines.documents.actions import reading_address
from engines.documents.kinds import Content, document
from engines.documents.qr import qr_svg
from schools.alignment import ladder_of
from schools.logos import logo_of
from schools.models import Initiative, Measure, Need, Translated
from schools.models.initiative import lines_of
from schools.models.translated import read_in, text_in
from schools.outline import principal_of

MOST = {"needs": 5, "benefits": 4, "goals": 4, "measures": 4}
BUDGETS = {
    "summary": 28,
    "initiative": 52,
    "why": 58,
    "learning": 40,
    "needs": 50,
    "benefit": 56,
    "goals": 30,
    "ask": 33,
}
LABELS = {
    "summary": _("In one or two sentences"),
    "initiative": _("What happens"),
    "why": _("Why it matters"),
    "learning": _("How it enhances student learning"),
    "needs": _("What we need"),
    "benefit": _("What is in it for the partner"),
    "goals": _("Goals"),
    "ask": _("What you ask of the partner now"),
}
PROMISES = {"pages": 1, "budgets": BUDGETS, "labels": LABELS, "is_read_by_link": True}
TEMPLATE = "documents/executive_summary.html"


@document(
    "executive_summary",
    for_model=Initiative,
    template=TEMPLATE,
    label=_("Executive summary"),
    url=lambda initiative: reverse("initiative", args=[initiative.pk]),
    **PROMISES,
)
def executive_summary(initiative: Initiative) -> Content:
    """The summary for whoever may be interested."""
    return summary_of(initiative, address=reading_address(initiative))


def summary_of(
    initiative: Initiative, *, address: str, business: str = "", contact: str = "", meeting_on: date | None = None
) -> Content:
    """The page of `initiative`, for `business` where there is one, in the active language; `address` is where its
    text is read without an account."""
    school, language = initiative.school, read_in()

    def said_of(row: Translated, field: str) -> str:
        return text_in(row, field, language)

    benefits = lines_of(said_of(initiative, "benefits"))
    needs = [need.parts for need in initiative.needs.filter(state=Need.State.OPEN)]
    leads = ladder_of(initiative)
    measures = list(_measures(initiative))
    principal = principal_of(school)
    champion = initiative.champion
    logo = logo_of(school)
    context = {
        "school": school.name,
        "board": school.board.name if school.board.name != school.name else "",
        "business": business,
        "contact": contact,
        "meeting_on": meeting_on,
        "title": said_of(initiative, "title"),
        "summary": said_of(initiative, "summary"),
        "students": school.enrolment,
        "grades": school.grades,
        "demographic_figure": school.demographic_figure,
        "demographic_label": said_of(school, "demographic_label"),
        "strength": said_of(school, "strength"),
        "challenge": said_of(school, "challenge"),
        "initiative": said_of(initiative, "description"),
        "why": said_of(initiative, "why"),
        "learning": said_of(initiative, "learning"),
        "needs": needs[: MOST["needs"]],
        "needs_more": max(0, len(needs) - MOST["needs"]),
        "benefit_for": business,
        "benefits": benefits[: MOST["benefits"]],
        "benefits_more": max(0, len(benefits) - MOST["benefits"]),
        "goals": [goal.title for goal in leads.goals[: MOST["goals"]]],
        "goals_more": max(0, len(leads.goals) - MOST["goals"]),
        "improvement_goals": [own.title for own in leads.own],
        "strategic_goals": [(goal.code, goal.title) for goal in leads.strategic],
        "plan_name": school.board.plan_name,
        "measures": [_measured(measure, language) for measure in measures[: MOST["measures"]]],
        "measures_more": max(0, len(measures) - MOST["measures"]),
        "ask": said_of(initiative, "ask"),
        "champion": champion.name if champion else "",
        "champion_title": champion.title if champion else "",
        "champion_email": champion.email if champion else "",
        "principal": principal.name if principal else "",
        "principal_email": principal.email if principal and not champion else "",
        "logo_of": logo.of,
        "qr": True,
        "qr_address": address.removeprefix("https://").removeprefix("http://"),
    }
    return Content(context, {"qr.svg": qr_svg(address)} | logo.files)


def _measures(initiative: Initiative) -> "models.QuerySet[Measure]":
    """With what tells the language they were written in."""
    return Measure.objects.filter(goal__initiative=initiative).select_related("goal__initiative__school")


def _measured(measure: Measure, language: str) -> tuple[str, str, str]:
    unit = text_in(measure, "unit", language)
    return said(measure.baseline, unit), said(measure.target, unit), text_in(measure, "label", language)
