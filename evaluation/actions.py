"""Answering, and deciding what comes next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from core import clock, facts
from engines.documents import actions as documents
from engines.documents.models import Document
from evaluation.models import Answer, Choice, Evaluation, Question, QuestionSet, Response
from partnerships import actions as partnerships
from partnerships.models import Partnership, PartnershipYear, Side

SHORT_FORM = "short form"
Decision = Choice.Decision
GOES_ON = (Decision.RENEW, Decision.GROW, Decision.ADJUST)
OPENS_BEFORE = timedelta(weeks=8)  # before the end of the year


@dataclass(frozen=True)
class Said:
    """One answer: 1 to 5, or None for "cannot judge"; what would help."""

    rating: int | None
    help: str = ""


def opens_on(starts_on: date, ends_on: date) -> date:
    """The day from which looking back on a year with these first and last days is not early."""
    return max(ends_on - OPENS_BEFORE, starts_on)


def side_of(user: User, partnership: Partnership) -> Side | None:
    """The side `user` may answer and choose for; None for whoever only reads.

    By the right itself and not by where one works: a teacher who sits at the partner too answers for the partner.
    """
    if user.access.may(Permission.EVALUATION_ANSWER, partnership.school):
        return Side.SCHOOL
    return Side.PARTNER if user.access.may(Permission.EVALUATION_ANSWER, partnership) else None


def questions_of(year: PartnershipYear) -> list[Question]:
    """The questions of `year`: those its look began with, else the short form."""
    started = Evaluation.objects.filter(year=year).first()
    chosen = started.question_set_id if started else QuestionSet.objects.get(name=SHORT_FORM).pk
    return list(Question.objects.filter(question_set=chosen))


@transaction.atomic
def answer(year: PartnershipYear, side: Side, said: Mapping[str, Said], *, by: User) -> Evaluation:
    """Keep what `by` answered for `side`, by the key of the question.

    Sent again it takes the place of what was sent before, until both sides are in. Raises ValidationError from then
    on, for a missing question, and before the year begins.
    """
    year = PartnershipYear.objects.select_for_update(of=("self",)).select_related(
        "partnership__school__board", "partnership__champion", "partnership__partner_lead__user"
    ).get(pk=year.pk)  # fmt: skip
    if year.starts_on > clock.today(year.board.zone):
        raise ValidationError(_("Year %(n)d has not begun yet.") % {"n": year.number})
    evaluation, is_new = Evaluation.objects.get_or_create(
        year=year, defaults={"question_set": QuestionSet.objects.get(name=SHORT_FORM)}
    )
    if is_new:
        facts.changed(evaluation, by=by, verb="opened")
    if both_in(evaluation):
        raise ValidationError(_("Both sides have answered; what was said stays."))
    response, is_first = Response.objects.update_or_create(
        evaluation=evaluation, person=by, defaults={"side": side, "submitted_at": clock.now()}
    )
    for question in evaluation.question_set.questions.all():
        if question.key not in said:
            raise ValidationError(_("Answer each question, or choose “cannot judge”."))
        one = said[question.key]
        Answer.objects.update_or_create(
            response=response, question=question, defaults={"rating": one.rating, "help": one.help}
        )
    facts.changed(response, by=by, verb="answered" if is_first else "answered anew")
    facts.changed(year, by=by, verb="looked back on")
    return evaluation


def sides_in(evaluation: Evaluation) -> set[str]:
    """The sides of which somebody has answered."""
    return set(evaluation.responses.order_by().values_list("side", flat=True))


def both_in(evaluation: Evaluation) -> bool:
    return sides_in(evaluation) == set(Side)


@transaction.atomic
def choose(evaluation: Evaluation, side: Side, decision: Decision, why: str, *, by: User) -> None:
    """What `side` wants next; it may choose anew until both want the same, which then takes effect.

    Raises ValidationError before both sides have answered, and after it is decided.
    """
    evaluation = Evaluation.objects.select_for_update(of=("self",)).select_related(
        "year__partnership__prospect__initiative", "year__partnership__school"
    ).get(pk=evaluation.pk)  # fmt: skip
    if not both_in(evaluation):
        raise ValidationError(_("First both sides answer."))
    if decided(evaluation):
        raise ValidationError(_("This is decided already."))
    Choice.objects.update_or_create(
        evaluation=evaluation,
        side=side,
        defaults={"decision": decision, "why": why, "made_by": by, "made_at": clock.now()},
    )
    facts.changed(evaluation, by=by, verb=f"{side} chose {decision}", why=why)
    if decided(evaluation):
        _take_effect(evaluation.year, decision, by=by)


def ask_report(evaluation: Evaluation, *, by: User, language: str) -> Document:
    """Ask for the report on paper; raises ValidationError before both sides have answered."""
    if not both_in(evaluation):
        raise ValidationError(_("First both sides answer."))
    return documents.ask("evaluation_report", evaluation, by=by, language=language)


def decided(evaluation: Evaluation) -> Decision | None:
    """What both sides want, if they want the same."""
    return same(evaluation.choices.all())


def same(choices: Iterable[Choice]) -> Decision | None:
    """What these choices of both sides have in common."""
    chosen = {choice.side: choice.decision for choice in choices}
    if set(chosen) == set(Side) and len(set(chosen.values())) == 1:
        return Decision(next(iter(chosen.values())))
    return None


def _take_effect(year: PartnershipYear, decision: Decision, *, by: User) -> None:
    """A further year, a pause, or a good end; what is so already stays."""
    partnership = year.partnership
    if decision in GOES_ON and not partnership.years.filter(number__gt=year.number).exists():
        starts_on, ends_on = partnerships.year_after(year)
        partnerships.add_year(partnership, starts_on=starts_on, ends_on=ends_on, by=by)
    state = {Decision.PAUSE: Partnership.State.PAUSED, Decision.END_WELL: Partnership.State.ENDING}.get(decision)
    if state is not None and partnership.state in partnerships.COMES_FROM[state]:
        partnerships.move(partnership, to=state, by=by)
