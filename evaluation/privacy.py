"""What is kept of looking back."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.kept import COUNTS, TECHNICAL, WHO_DID_IT, YEARS_7, Erasure, Kept, Kind, ends, keep
from evaluation.models import Answer, Choice, Evaluation, Question, QuestionSet, Response

OPINION = Kept(Kind.PERSONAL, _("So that the next year is better than the last."), YEARS_7, Erasure.BLANK)

keep(QuestionSet, _("Questions"), TECHNICAL.on("id", "name"))
keep(
    Question,
    _("Questions"),
    TECHNICAL.on("id", "question_set", "key", "dimension", "order", "text_en", "text_fr", "partner_en", "partner_fr"),
)
keep(
    Evaluation,
    _("Looks back"),
    COUNTS.on("year", "opened_at", words=_("of which year, and since when")),
    TECHNICAL.on("id", "question_set"),
    when="opened_at",
)
keep(
    Response,
    _("Who answered"),
    WHO_DID_IT.on("side", "person", "submitted_at", words=_("who answered for which side, and when")),
    TECHNICAL.on("id", "evaluation"),
    of=("person",),
    when="submitted_at",
)
keep(
    Answer,
    _("Answers"),
    COUNTS.on("rating", words=_("a number from 1 to 5")),
    OPINION.on("help", words=_("what would help")),
    TECHNICAL.on("id", "response", "question"),
    of=("response",),
)
keep(
    Choice,
    _("How it goes on"),
    WHO_DID_IT.on("side", "decision", "made_by", "made_at", words=_("what was chosen, by whom and when")),
    OPINION.on("why", words=_("why")),
    TECHNICAL.on("id", "evaluation"),
    of=("made_by",),
    when="made_at",
)


@ends("words_of_answers", Answer, YEARS_7, _("Words of answers"), blank=("help",))
def words_of_answers(before: datetime) -> Any:
    return Answer.objects.filter(response__submitted_at__lt=before).exclude(help="")


@ends("words_of_choices", Choice, YEARS_7, _("Why it goes on so"), blank=("why",))
def words_of_choices(before: datetime) -> Any:
    return Choice.objects.filter(made_at__lt=before).exclude(why="")
