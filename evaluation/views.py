"""Looking back: answer, read the report, choose what comes next."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import clock
from core.pages import form_page, once
from evaluation import actions, report
from evaluation.forms import AnswerForm, ChoiceForm
from evaluation.models import Answer, Choice, Evaluation
from partnerships.models import Partnership, PartnershipYear, Side

P = Permission
YEAR_ROWS = tuple(f"partnership__{path}" for path in ("school__board", "business", "prospect__initiative"))
ROWS = tuple(f"year__{path}" for path in YEAR_ROWS)


@policy(P.EVALUATION_ANSWER, on=PartnershipYear, related=YEAR_ROWS)
def evaluation_answer(request: Request, year: PartnershipYear) -> HttpResponse:
    """Nine questions, answered apart from the other side."""
    partnership = year.partnership
    side = _my_side(request, partnership)
    started = Evaluation.objects.filter(year=year).first()
    if started and actions.both_in(started):
        return redirect("evaluation", started.pk)
    is_early = clock.today(year.board.zone) < actions.opens_on(year.starts_on, year.ends_on)
    mine: Any = Answer.objects.filter(response__evaluation__year=year, response__person=request.user)
    form = AnswerForm(
        request.POST or None, questions=actions.questions_of(year), side=side, is_early=is_early, answers=mine
    )
    here = reverse("partnership", args=[partnership.pk])

    def act() -> str:
        return reverse("evaluation", args=[actions.answer(year, side, form.said(), by=request.user).pk])

    return form_page(
        request, form, act, title=_("How did year %(n)d go?") % {"n": year.number}, template="evaluation/answer.html",
        saved=_("Thank you. Your answers are sent."), submit_label=_("Send my answers"), back_url=here,
        back_label=partnership.initiative.title, of=partnership.name_of(side.other), is_early=is_early, year=year,
    )  # fmt: skip


@policy(P.EVALUATION_VIEW, on=Evaluation, related=ROWS)
def evaluation(request: Request, evaluation: Evaluation) -> HttpResponse:
    """Both sides' view beside each other; before both are in, only who has answered."""
    context = report.of(evaluation, request.user) | {"form_token": uuid.uuid4()}
    return render(request, "evaluation/evaluation.html", context)


@policy(P.EVALUATION_ANSWER, on=Evaluation, related=ROWS)
def evaluation_choose(request: Request, evaluation: Evaluation) -> HttpResponse:
    """What one's own side wants next."""
    side = _my_side(request, evaluation.year.partnership)
    chosen = evaluation.choices.filter(side=side).first()
    form = ChoiceForm(request.POST or None, initial=report.begun_from(chosen))
    here = reverse("evaluation", args=[evaluation.pk])

    def act() -> str:
        typed = form.cleaned_data
        actions.choose(evaluation, side, Choice.Decision(typed["decision"]), typed["why"], by=request.user)
        return here

    def saved() -> str:
        return report.what_follows(evaluation, side)

    return form_page(
        request, form, act, title=_("What next?"), saved=saved, submit_label=_("Send our choice"),
        lead=_("Both sides choose. What both want takes effect; if you differ, talk and choose again."),
        back_url=here, back_label=evaluation.year.partnership.initiative.title,
    )  # fmt: skip


@require_POST
@policy(P.EVALUATION_VIEW, on=Evaluation, related=ROWS)
def evaluation_pdf(request: Request, evaluation: Evaluation) -> HttpResponse:
    """One click: the report on paper, in the language of the school's texts; before both are in, back to who is."""
    if not actions.both_in(evaluation):
        return redirect("evaluation", evaluation.pk)

    def act() -> str:
        language = evaluation.year.partnership.school.language
        return reverse("document", args=[actions.ask_report(evaluation, by=request.user, language=language).pk])

    return redirect(once(request, act))


def _my_side(request: Request, partnership: Partnership) -> Side:
    """The side this person speaks for; the policy has seen that there is one."""
    side = actions.side_of(request.user, partnership)
    assert side is not None
    return side
