"""The yearly look as a page: both sides' ratings, what took place, what to talk about."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evaluation import actions, scoring
from evaluation.forms import ChoiceForm
from evaluation.models import DIMENSIONS, Answer, Choice, Evaluation
from partnerships.models import Commitment, Participation, Side
from partnerships.sessions import students_told

# How a mean reads: the kind and icon of its state, and the words.
BANDS = {
    "strong": ("ok", "check-circle-fill", _("A strong partnership")),
    "work": ("info", "lightbulb", _("Worth working on")),
    "talk": ("warn", "hourglass-split", _("Talk about whether to go on")),
}


START, END = Decimal("1.4"), Decimal("4.6")  # ratings whose marks would hang over an end of the line


@dataclass(frozen=True)
class Pair:
    """One dimension as it is drawn: a square and a dot on a line from 1 to 5."""

    label: str
    school: Decimal | None
    partner: Decimal | None
    is_to_talk_about: bool

    @property
    def at_school(self) -> str:
        return at(self.school)

    @property
    def at_partner(self) -> str:
        return at(self.partner)

    @property
    def marks(self) -> dict[str, str]:
        """How far from where they belong the marks are drawn, in px: two that would cover each other stand side by
        side, and inside the line."""
        if not self.are_together:
            return {"square": "-13.5", "school": "0", "partner": "0"}
        ends = [value for value in (self.school, self.partner) if value is not None]
        shift = -14 if min(ends) > END else 14 if max(ends) < START else 0
        return {"square": f"{shift - 28}", "school": f"{shift - 14.5}", "partner": f"{shift + 14}"}

    @property
    def are_together(self) -> bool:
        """Whether the marks would stand on each other."""
        return self.school is not None and self.partner is not None and abs(self.school - self.partner) < Decimal("0.3")


def at(value: Decimal | None) -> str:
    """Where a rating from 1 to 5 stands on the line, in percent; "" for none."""
    return "" if value is None else f"{(value - 1) / 4 * 100:.1f}"


def of(evaluation: Evaluation, user: User) -> dict[str, Any]:
    """Everything the report shows to `user`: before both sides are in, only who is."""
    year = evaluation.year
    partnership = year.partnership
    sent = list(evaluation.responses.order_by().values_list("side", "person"))
    sides = {side for side, _person in sent}
    mine = actions.side_of(user, partnership)
    shown: dict[str, Any] = {
        "evaluation": evaluation,
        "year": year,
        "partnership": partnership,
        "sides": [(side, partnership.name_of(side), side in sides) for side in Side],
        "is_open": sides != set(Side),
        "may_answer": mine is not None,
        "has_answered": user.pk in {person for _side, person in sent},
    }
    if sides == set(Side):
        shown |= both(evaluation)
        if mine is not None and not shown["decided"]:
            chosen = {side: choice for side, _name, choice in shown["choices"]}[mine]
            shown |= {"choice_form": ChoiceForm(initial=begun_from(chosen)), "other": partnership.name_of(mine.other)}
    return shown


def what_follows(evaluation: Evaluation, side: Side) -> str:
    """What to say to `side` after it chose: who is next, or what takes effect now."""
    year, partnership = evaluation.year, evaluation.year.partnership
    chosen = {choice.side: choice for choice in evaluation.choices.all()}
    decided = actions.same(chosen.values())
    if decided is None:
        name = {"other": partnership.name_of(side.other)}
        if side.other in chosen:
            return gettext("Your choice is sent. %(other)s chose differently: talk, then choose again.") % name
        return gettext("Your choice is sent. Now %(other)s chooses.") % name
    both = gettext("You both chose “%(choice)s”.") % {"choice": decided.label}
    following = partnership.years.filter(number=year.number + 1).first() if decided in actions.GOES_ON else None
    if following is None:
        return both
    days = {"n": following.number, "from": date_format(following.starts_on), "to": date_format(following.ends_on)}
    return both + " " + gettext("Year %(n)d runs from %(from)s to %(to)s.") % days


def begun_from(choice: Choice | None) -> dict[str, str]:
    """What the form to choose begins with: what one's side chose before."""
    return {"decision": choice.decision, "why": choice.why} if choice else {}


def both(evaluation: Evaluation) -> dict[str, Any]:
    """What is there to see once both sides have answered."""
    answers: list[Any] = list(
        Answer.objects.filter(response__evaluation=evaluation).select_related("question", "response")
    )
    result = score(answers)
    means = {name: scoring.rounded(getattr(result, name)) for name in ("school", "partner", "joint")}
    choices: dict[str, Choice] = {choice.side: choice for choice in evaluation.choices.select_related("made_by")}
    decided = actions.same(choices.values())
    labels = [(str(DIMENSIONS[d.number]), d) for d in result.dimensions]
    partnership = evaluation.year.partnership
    return {
        "means": means,
        "band": BANDS[scoring.band(result.joint)] if result.joint is not None else None,
        "pairs": [
            Pair(label, scoring.rounded(d.school), scoring.rounded(d.partner), d.is_to_talk_about)
            for label, d in labels
        ],
        "talk_about": _talk_about(result.to_talk_about),
        "strengths": [label for label, d in labels if _is_strong(d)],
        "helps": [(side, partnership.name_of(side), text) for side, text in helps(answers)],
        "figures": figures(evaluation),
        "choices": [(side, partnership.name_of(side), choices.get(side)) for side in Side],
        "decided": decided.label if decided else "",
        "differ": decided is None and len(choices) == len(Side),
    }


def score(answers: list[Answer]) -> scoring.Result:
    """The result of these answers."""
    ratings: dict[str, dict[str, list[int | None]]] = {side: {} for side in Side}
    for answer in answers:
        ratings[answer.response.side].setdefault(answer.question.key, []).append(answer.rating)
    dimension_of = {answer.question.key: answer.question.dimension for answer in answers}
    return scoring.result(dimension_of, ratings[Side.SCHOOL], ratings[Side.PARTNER])


def helps(answers: list[Answer]) -> list[tuple[str, str]]:
    """What would help, by side and then by question: an order that does not tell which words come from one person."""
    written = [(a.response.side == Side.PARTNER, a.question.order, a.help, a.response.side) for a in answers if a.help]
    return [(side, text) for _is_partner, _order, text, side in sorted(written)]


def _talk_about(dimensions: list[scoring.Dimension]) -> list[str]:
    """What to talk about first, a sentence for each reason."""
    apart = [str(DIMENSIONS[d.number]) for d in dimensions if d.are_apart]
    low = [str(DIMENSIONS[d.number]) for d in dimensions if not d.are_apart]
    said = []
    if apart:
        said.append(gettext("Talk first about what you see differently: %(what)s.") % {"what": " · ".join(apart)})
    if low:
        said.append(gettext("Talk about what is rated low: %(what)s.") % {"what": " · ".join(low)})
    return said


def _is_strong(d: scoring.Dimension) -> bool:
    both = [value for value in (d.school, d.partner) if value is not None]
    is_high = len(both) == len(Side) and all(scoring.band(value) == "strong" for value in both)
    return is_high and not d.is_to_talk_about


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """What was counted in the year, not asked: sessions, hours, students, promises of each side.

    Who came twice cannot be told, so the students are those of the largest session; 1 to 4 are told to nobody here.
    """
    counted = Participation.objects.counted().filter(session__year=evaluation.year_id)
    total = counted.order_by().aggregate(n=Count("pk"), hours=Sum("hours"), students=Max("students"))
    promises = Commitment.objects.filter(year=evaluation.year_id, withdrawn_at=None).order_by()
    by_side = dict(promises.values_list("side").annotate(Count("pk")))
    return {
        "sessions": total["n"],
        "hours": total["hours"] or Decimal(0),
        "students": students_told(total["students"] or 0, to_those_who_count=False),
        "school_promises": by_side.get(Side.SCHOOL, 0),
        "partner_promises": by_side.get(Side.PARTNER, 0),
    }
