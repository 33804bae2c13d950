"""The pages that lead to a first call: organisations pasted, and a call sheet in the hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core.pages import form_page
from core.text import labelled
from outreach import actions, call_sheets, collisions
from outreach.forms import CallPlanForm, PasteForm
from outreach.models import CallPlan, Prospect
from schools.models import Initiative, School

P = Permission
MOST_READ_BACK = 800  # letters of one part; more is refused when it is saved


@require_POST
@policy(P.CONVERSATION_CHANGE)
def quarter_hour_put_away(request: Request) -> HttpResponse:
    """Somebody knows the way: Today shows the first quarter hour no more, and every step stays where it is."""
    actions.put_quarter_hour_away(request.user)
    back = format_html('<a href="{}#id_knows_the_way">{}</a>', reverse("me"), _("It comes back under your account"))
    messages.success(request, format_html("{} {}.", _("Put away."), back))
    return redirect("today")


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
        return reverse("call_sheet", args=[made[0].pk]) if made else reverse("initiative", args=[initiative.pk])

    return form_page(
        request, form, act, title=_("Paste businesses"), submit_label=_("Make them prospects"),
        lead=_("Ask a parent, the Rotary Club or the chamber of commerce. Three are enough to begin."),
        back_url=reverse("school", args=[school.pk]), back_label=school.name,
    )  # fmt: skip


@policy(P.CONVERSATION_CHANGE, on=Prospect, related=call_sheets.ROWS)
def call_sheet(request: Request, prospect: Prospect) -> HttpResponse:
    """The words of a call, with gaps to fill: saved as often as one likes, read back while they are typed, printed."""
    plan = call_sheets.plan_of(prospect, call_sheets.need_of(prospect.initiative))
    if request.headers.get("HX-Request") and request.method == "GET":
        typed = {name: request.GET.get(name, "")[:MOST_READ_BACK] for name in CallPlanForm.Meta.fields}
        sheet = call_sheets.sheet_of(prospect, CallPlan(prospect=prospect, **typed))
        return render(request, "outreach/_call_words.html", {"sheet": sheet})
    form = CallPlanForm(request.POST or None, instance=plan)
    here = reverse("call_sheet", args=[prospect.pk])

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=_("Call sheet for %(name)s") % {"name": prospect.business.name},
        template="outreach/call_sheet.html", saved=_("Call sheet saved."), submit_label=_("Save the call sheet"),
        lead=_("Write as you speak. What is in brackets is yours to fill in; the rest is a draft."),
        back_url=reverse("prospect", args=[prospect.pk]), back_label=prospect.business.name,
        sheet=call_sheets.sheet_of(prospect, plan), prospect=prospect,
    )  # fmt: skip


@policy(P.CONVERSATION_VIEW, on=Initiative, related=("school__board",))
def call_sheets_of_initiative(request: Request, initiative: Initiative) -> HttpResponse:
    """A sheet for each open prospect nobody has called yet, to be printed together."""
    rows = call_sheets.never_called(initiative).select_related(*call_sheets.ROWS)
    found = list(rows.prefetch_related(call_sheets.CONTACTS)[: call_sheets.MOST + 1])
    need = call_sheets.need_of(initiative) if found else ""
    sheets = [call_sheets.sheet_of(row, call_sheets.plan_of(row, need)) for row in found[: call_sheets.MOST]]
    context = {"initiative": initiative, "sheets": sheets, "there_are_more": len(found) > call_sheets.MOST}
    return render(request, "outreach/call_sheets.html", context)


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
