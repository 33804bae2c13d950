"""What a school makes public, part by part, and what others read of it."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import keyset, text
from core.pages import form_page
from schools import publishing
from schools.forms.school import InitiativePublishForm, PublishForm
from schools.models import Initiative, Need, School

P = Permission


@policy(P.SCHOOL_PUBLISH, on=School, related=("board",))
def school_publish(request: Request, school: School) -> HttpResponse:
    """Choose what of the profile others may read."""
    told = publishing.told(school)
    form = PublishForm(_sent(request), instance=school, told=told)
    lead = _("Nothing of your school is public until you say so, part by part.")
    return _publish_page(request, form, school, lead if told else _("The profile says nothing yet. Write it first."))


@policy(P.SCHOOL_PUBLISH, on=Initiative, related=("school__board",))
def initiative_publish(request: Request, initiative: Initiative) -> HttpResponse:
    """Choose what of an initiative, and which of its open needs, others may read."""
    told = publishing.told(initiative)
    form = InitiativePublishForm(_sent(request), instance=initiative, told=told)
    lead = _(
        "Nothing of it is public until you say so, part by part and need by need. Its title goes with what you tick."
    )
    return _publish_page(
        request, form, initiative, lead if told else _("The outline says nothing yet. Write it first.")
    )


def _sent(request: Request) -> Any:
    """No tick at all is an answer, too."""
    return request.POST if request.method == "POST" else None


def _publish_page(request: Request, form: PublishForm, of: publishing.Published, lead: str) -> HttpResponse:
    here = reverse("school" if isinstance(of, School) else "initiative", args=[of.pk])

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=_("What is public"), saved=_("Saved. This is what others read."),
        submit_label=_("Save what is public"), back_url=here, back_label=str(of), lead=lead,
    )  # fmt: skip


@policy(None, on=School, related=("board",), seen_by="published_to")
def school_public(request: Request, school: School) -> HttpResponse:
    """What of a school others read: its name, what it made public, and its public initiatives."""
    told = [part for part in publishing.told(school) if part.is_public]
    initiatives = Initiative.objects.published_to(request.user).filter(school=school, is_published=True)[:50]
    context = {"school": school, "told": told, "initiatives": initiatives}
    return render(request, "schools/school_public.html", context)


@policy(None, on=Initiative, related=("school__board",), seen_by="published_to")
def initiative_public(request: Request, initiative: Initiative) -> HttpResponse:
    """What of an initiative others read: its title, its school, and what was made public. It names nobody."""
    told = [part for part in publishing.told(initiative) if part.is_public]
    context = {
        "initiative": initiative,
        "school": initiative.school,
        "told": [part for part in told if not part.icon],
        "needs": [part for part in told if part.icon],
    }
    return render(request, "schools/initiative_public.html", context)


@policy(P.PUBLISHED_VIEW)
def schools_public(request: Request) -> HttpResponse:
    """The schools that made something public in the boards one has to do with."""
    q = text.query(request.GET.get("q", ""))
    rows = School.objects.published_to(request.user).filter(is_published=True).matching(q).select_related("board")
    page = keyset.page(rows, "name", request.GET)
    return render(request, "schools/schools_public.html", {"page": page, "q": q})


@policy(P.PUBLISHED_VIEW)
def initiatives_public(request: Request) -> HttpResponse:
    """The initiatives that made something public in the boards one has to do with, with what they need."""
    rows = Initiative.objects.published_to(request.user).filter(is_published=True).select_related("school__board")
    needs = Prefetch("needs", Need.objects.filter(is_published=True), to_attr="public_needs")
    page = keyset.page(rows.prefetch_related(needs), "title", request.GET)
    return render(request, "schools/initiatives_public.html", {"page": page})
