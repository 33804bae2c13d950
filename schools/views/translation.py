"""Texts in the other language, each beside how it was written."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core.pages import form_page
from schools.forms.translation import InitiativeTranslationForm, SchoolTranslationForm
from schools.models import Initiative, School
from schools.translations import IN, other_of

P = Permission


@policy(P.SCHOOL_CHANGE, on=School, related=("board",))
def school_translation(request: Request, school: School) -> HttpResponse:
    form = SchoolTranslationForm(request.POST or None, instance=school)
    return _page(request, form, school, reverse("school", args=[school.pk]))


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=("school__board",))
def initiative_translation(request: Request, initiative: Initiative) -> HttpResponse:
    """The printed texts of an initiative, its goals, measures and needs."""
    form = InitiativeTranslationForm(request.POST or None, instance=initiative)
    return _page(request, form, initiative, reverse("initiative", args=[initiative.pk]))


def _page(
    request: Request, form: SchoolTranslationForm | InitiativeTranslationForm, of: School | Initiative, here: str
) -> HttpResponse:
    def act() -> str:
        form.save(by=request.user)
        return here

    written, other = of.written_in, other_of(of)
    return form_page(
        request, form, act, title=_("The texts %(in)s") % {"in": IN[other]}, saved=_("Translation saved."),
        submit_label=_("Save the translation"), back_url=here, back_label=str(of),
        template="schools/translation.html", written=written, other=other,
        lead=_("What is printed or made public. Where nothing is translated, it stands %(in)s.") % {"in": IN[written]},
    )  # fmt: skip
