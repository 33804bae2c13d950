"""A need: written, read back while it is typed, opened and withdrawn."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core.forms import CleanForm
from core.pages import form_page
from schools import actions
from schools.forms.need import NeedForm, WithdrawForm
from schools.models import Initiative, Need, School
from schools.views.outline import carried, way_back

P = Permission


@policy(P.NEED_ADD, on=School, related=("board",))
def need_add(request: Request, school: School) -> HttpResponse:
    """A need alone: it becomes a small initiative of its own name, or joins one named."""
    form = NeedForm(request.POST or None, instance=Need(), school=school)
    return _need_page(request, form, school, _("Add a need"), reverse("school", args=[school.pk]), school.name)


@policy(P.NEED_ADD, on=Initiative, related=("school__board",))
def initiative_need_add(request: Request, initiative: Initiative) -> HttpResponse:
    form = NeedForm(request.POST or None, instance=Need(initiative=initiative), school=initiative.school)
    form.fields.pop("initiative_title", None)
    back = way_back(request, initiative, "needs")
    return _need_page(request, form, initiative.school, _("Add a need"), back, initiative.title)


@policy(P.INITIATIVE_CHANGE, on=Need, related=("initiative__school__board",), or_own=P.NEED_CHANGE_OWN)
def need_edit(request: Request, need: Need) -> HttpResponse:
    form = NeedForm(request.POST or None, instance=need, school=need.initiative.school)
    back = way_back(request, need.initiative, "needs")
    return _need_page(request, form, need.initiative.school, _("Edit the need"), back, need.initiative.title)


@policy(P.INITIATIVE_CHANGE, on=Need, related=("initiative__school__board",))
def need_open(request: Request, need: Need) -> HttpResponse:
    """The yes that a teacher's need waits for; a withdrawn one is asked for again."""
    form = CleanForm(request.POST if request.method == "POST" else None)  # nothing is asked
    title = _("Say yes to this need") if need.state == Need.State.PROPOSED else _("Ask for this again")
    return _need_moved(request, form, need, Need.State.OPEN, title, _("The need is open."))


@policy(P.INITIATIVE_CHANGE, on=Need, related=("initiative__school__board",), or_own=P.NEED_CHANGE_OWN)
def need_withdraw(request: Request, need: Need) -> HttpResponse:
    """It is asked for no more; it stays in the history, and can be asked for again."""
    form = WithdrawForm(request.POST or None)
    return _need_moved(request, form, need, Need.State.WITHDRAWN, _("Withdraw this need"), _("The need is withdrawn."))


def _need_moved(request: Request, form: CleanForm, need: Need, to: Need.State, title: str, saved: str) -> HttpResponse:
    here = way_back(request, need.initiative, "needs")

    def act() -> str:
        actions.move_need(need, to=to, by=request.user, why=form.cleaned_data.get("why", ""))
        return here

    return form_page(
        request, form, act, title=title, saved=saved, submit_label=title, lead=f"{need.sentence}.",
        keep_label=_("Leave it as it is"), back_url=here, back_label=need.initiative.title,
    )  # fmt: skip


def _need_page(
    request: Request, form: NeedForm, of: School, title: str, back_url: str, back_label: str
) -> HttpResponse:
    def act() -> str:
        need = form.save(by=request.user)
        if "another" in request.POST:
            return reverse("initiative_need_add", args=[need.initiative_id]) + carried(request)
        return way_back(request, need.initiative, "needs")

    may_open = request.user.access.may(P.INITIATIVE_CHANGE, of)
    saved = _("Need saved.") if may_open else _("Need saved. Your champion or principal says yes to it.")
    titles = Initiative.objects.visible_to(request.user).filter(school=of).values_list("title", flat=True)[:100]
    return form_page(
        request, form, act, title=title, saved=saved, submit_label=_("Save this need"),
        template="schools/need_form.html", back_url=back_url, back_label=back_label, school=of,
        titles=titles if "initiative_title" in form.fields else [], carried=carried(request), **form.read_back(),
        lead=_("Three questions, under a minute. Be exact: businesses answer exact questions."),
    )  # fmt: skip


@policy(P.NEED_ADD, on=School, related=("board",))
def need_sentence(request: Request, school: School) -> HttpResponse:
    """The need typed so far, read back as a sentence while it is typed."""
    form = NeedForm(request.GET, instance=Need(), school=school)
    context = form.read_back() | {"swapped": "seen" in request.GET}  # where it is also shown as a business sees it
    return render(request, "schools/need_read_back.html", context)
