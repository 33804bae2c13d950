"""The pages that lead to a first call: organisations pasted, and a call sheet in the hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core.pages import form_page
from core.text import labelled
from outreach import actions, collisions
from outreach.forms import PasteForm
from outreach.models import Prospect
from schools.models import Initiative, School

P = Permission


@policy(P.PROSPECT_CHANGE, on=School, related=("board",))
def prospects_paste(request: Request, school: School) -> HttpResponse:
    """Several businesses at once, a line each, as prospects of an initiative of the school."""
    if not Initiative.objects.filter(school=school).exists():
        return render(request, "outreach/need_first.html", {"school": school})
    form = PasteForm(request.POST or None, school=school, chosen=request.GET.get("initiative", ""))

    def act() -> str:
        initiative = form.cleaned_data["initiative"]
        settled, doubled = form.settled()
        made, left = actions.approach(settled, initiative, by=request.user)
        _say_what_came_of_it(request, made, left, doubled, form.said.blank)
        return reverse("prospect", args=[made[0].pk]) if made else reverse("initiative", args=[initiative.pk])

    return form_page(
        request, form, act, title=_("Paste businesses"), submit_label=_("Make them prospects"),
        lead=_("Ask a parent, the Rotary Club or the chamber of commerce. Three are enough to begin."),
        back_url=reverse("school", args=[school.pk]), back_label=school.name,
    )  # fmt: skip


def _say_what_came_of_it(
    request: Request, made: list[Prospect], left: list[Prospect], doubled: list[str], blank: int
) -> None:
    if made:
        names = ", ".join(prospect.business.name for prospect in made)
        words = ngettext("%(n)d prospect added", "%(n)d prospects added", len(made)) % {"n": len(made)}
        messages.success(request, labelled(words, names) + ".")
    if left:
        names = ", ".join(prospect.business.name for prospect in left)
        messages.warning(request, labelled(_("Prospects of this initiative already"), names) + ".")
    if doubled:
        messages.warning(request, labelled(_("Stood there twice, and counts once"), ", ".join(doubled)) + ".")
    if blank:
        words = ngettext("%(n)d blank line left out.", "%(n)d blank lines left out.", blank) % {"n": blank}
        messages.warning(request, words)
    for sentence in collisions.of(made):
        messages.warning(request, sentence)
