"""The yearly look: questions, what each person answered, and what each side wants next."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from boards.models import in_language
from core import clock
from core.chain import Chain
from core.text import labelled
from partnerships.models import PartnershipYear, Side, seen_by

if TYPE_CHECKING:
    from boards.models import Board


class QuestionSet(models.Model):
    """A version of the questions; a year's look keeps the one it began with."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """One statement to agree with, from 1 to 5; each side may read it in words of its own."""

    question_set = models.ForeignKey(QuestionSet, models.PROTECT, related_name="questions")
    key = models.CharField(max_length=4)
    dimension = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    text_en = models.CharField(max_length=160)
    text_fr = models.CharField(max_length=160)
    partner_en = models.CharField(max_length=160, blank=True)
    partner_fr = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question_set", "key"], name="one_question_per_key"),
            models.CheckConstraint(condition=Q(dimension__gte=1, dimension__lte=12), name="question_in_a_dimension"),
        ]

    def __str__(self) -> str:
        return in_language(self.text_en, self.text_fr)

    def text_for(self, side: str) -> str:
        """How `side` reads it, in the page's language."""
        if side == Side.PARTNER and self.partner_en:
            return in_language(self.partner_en, self.partner_fr)
        return str(self)


DIMENSIONS = {
    1: _("A shared purpose"),
    2: _("A good fit for the students"),
    3: _("Trust"),
    4: _("Communication"),
    5: _("Clear roles"),
    6: _("Decided together"),
    7: _("Promises kept in full, on time"),
    8: _("Worth it for each side"),
    9: _("What students gained"),
    10: _("Safety and checks"),
    11: _("Thanks and recognition"),
    12: _("Learning and growth"),
}


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, user: User) -> Self:
        """The yearly looks `user` may know of; what was answered is another matter."""
        return self.filter(seen_by(user, "year__partnership__", Permission.EVALUATION_VIEW))


class Evaluation(models.Model):
    """The look at one partnership year. Where it stands is worked out from its rows."""

    year = models.OneToOneField(PartnershipYear, models.PROTECT, related_name="evaluation")
    question_set = models.ForeignKey(QuestionSet, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return labelled(_("Looking back"), self.year)

    def chain(self) -> Chain:
        return self.year.chain()

    @property
    def board(self) -> "Board":
        return self.year.board


class AnsweredQuerySet(models.QuerySet[models.Model]):
    """Rows that hold what somebody answered. `response` is the path to their Response, empty for Response itself."""

    response = ""

    def visible_to(self, user: User) -> Self:
        """One's own; everybody's once both sides have answered. Nobody sees an answer before."""
        path = self.response
        sides = Response.objects.filter(evaluation=OuterRef(f"{path}evaluation")).order_by()
        both = Exists(sides.filter(side=Side.SCHOOL)) & Exists(sides.filter(side=Side.PARTNER))
        known = seen_by(user, f"{path}evaluation__year__partnership__", Permission.EVALUATION_VIEW)
        return self.filter(known, Q(**{f"{path}person": user}) | Q(both))


class Response(models.Model):
    """What one person sent, once, for their side."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="responses")
    side = models.CharField(max_length=7, choices=Side.choices)
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=clock.now)

    objects = AnsweredQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "person"], name="one_response_per_person")]

    def __str__(self) -> str:
        return labelled(self.get_side_display(), self.person)

    def chain(self) -> Chain:
        return self.evaluation.chain()


class Answer(models.Model):
    """One rating from 1 to 5, or none for "cannot judge"; to a low one, what would help."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    rating = models.PositiveSmallIntegerField(null=True)
    help = models.CharField(max_length=300, blank=True)

    class AnswerQuerySet(AnsweredQuerySet):
        response = "response__"

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="one_answer_per_question"),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5), name="rating_1_to_5"),
        ]

    def __str__(self) -> str:
        return labelled(self.question, self.rating if self.rating else _("cannot judge"))

    def chain(self) -> Chain:
        return self.response.chain()


class Choice(models.Model):
    """What one side wants next. Decided when both want the same."""

    class Decision(models.TextChoices):
        RENEW = "renew", _("Renew")
        GROW = "grow", _("Grow")
        ADJUST = "adjust", _("Adjust")
        PAUSE = "pause", _("Pause")
        END_WELL = "end_well", _("End well")

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="choices")
    side = models.CharField(max_length=7, choices=Side.choices)
    decision = models.CharField(_("what next"), max_length=8, choices=Decision.choices)
    why = models.CharField(_("why, in a sentence"), max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class ChoiceQuerySet(models.QuerySet["Choice"]):
        def visible_to(self, user: User) -> Self:
            """The choices of the yearly looks `user` may know of; they are made after both have answered."""
            return self.filter(seen_by(user, "evaluation__year__partnership__", Permission.EVALUATION_VIEW))

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["side", "pk"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "side"], name="one_choice_per_side")]

    def __str__(self) -> str:
        return labelled(self.get_side_display(), self.get_decision_display())

    def chain(self) -> Chain:
        return self.evaluation.chain()
