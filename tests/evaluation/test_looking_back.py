"""Blind until both sides have answered, then open to both; what both want takes effect."""

import io
from collections.abc import Callable
from datetime import date

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from core import stored_files
from engines.documents import actions as documents
from engines.documents.models import Document
from engines.reminders.models import Reminder
from evaluation import actions
from evaluation.actions import Said
from evaluation.models import Answer, Choice, Evaluation, Question, Response
from partnerships.models import Partnership, PartnershipYear, Side
from partnerships.still_needed import standing_of, with_facts
from tests.talks import Talks

KEYS = ["1a", "2b", "3a", "4a", "7a", "8a", "9a", "10b", "12b"]
Decision = Choice.Decision


@pytest.fixture
def year(talks: Talks) -> PartnershipYear:
    return talks.running()


def iris() -> User:
    return User.objects.get(email="iris@harbour.example")


def answers(rating: int | None, help: str = "") -> dict[str, Said]:
    return {key: Said(rating, help) for key in KEYS}


def column(year: PartnershipYear) -> str:
    row = with_facts(Partnership.objects.filter(pk=year.partnership_id)).get()
    return dict(standing_of(row))["Looked back"].text


def test_nine_questions_in_both_languages(year: PartnershipYear) -> None:
    questions = actions.questions_of(year)
    assert [question.key for question in questions] == KEYS
    assert all(question.text_en and question.text_fr for question in questions)


def test_nobody_sees_an_answer_before_both_are_in(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    look = actions.answer(year, Side.SCHOOL, answers(2, "blind-zq"), by=talks.marcus)
    readers = {"mine": talks.marcus, "colleague": talks.world.helen, "partner": iris()}
    seen = {who: Answer.objects.visible_to(user).count() for who, user in readers.items()}
    assert seen == {"mine": 9, "colleague": 0, "partner": 0}
    for user in (talks.world.helen, iris()):
        browser = signed_in(user)
        for url in (f"/evaluations/{look.pk}/", f"/partnerships/{year.partnership_id}/", "/", "/partnerships/"):
            page = browser.get(url).content.decode()
            assert "blind-zq" not in page
            assert "of 5" not in page
    actions.answer(year, Side.PARTNER, answers(5), by=iris())
    for user in readers.values():
        assert Answer.objects.visible_to(user).count() == 18
        page = signed_in(user).get(f"/evaluations/{look.pk}/").content.decode()
        assert "blind-zq" in page
        assert "2.0" in page


def test_who_within_a_side_said_what_is_not_shown(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    look = actions.answer(year, Side.SCHOOL, answers(5), by=talks.marcus)
    actions.answer(year, Side.SCHOOL, answers(4), by=talks.world.helen)
    actions.answer(year, Side.PARTNER, answers(4), by=iris())
    page = signed_in(iris()).get(f"/evaluations/{look.pk}/").content.decode()
    assert "4.5" in page
    assert "Helen Park" not in page
    assert "Marcus Lee" not in page


def test_sent_once(talks: Talks, year: PartnershipYear) -> None:
    actions.answer(year, Side.SCHOOL, answers(4), by=talks.marcus)
    with pytest.raises(ValidationError, match="answered already"):
        actions.answer(year, Side.SCHOOL, answers(5), by=talks.marcus)
    actions.answer(year, Side.PARTNER, answers(None), by=iris())
    with pytest.raises(ValidationError, match="stays"):
        actions.answer(year, Side.SCHOOL, answers(1), by=talks.world.helen)
    assert Response.objects.count() == 2


def test_half_an_answer_is_none(talks: Talks, year: PartnershipYear) -> None:
    with pytest.raises(ValidationError, match="each question"):
        actions.answer(year, Side.SCHOOL, {"1a": Said(4)}, by=talks.marcus)
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("rating", [0, 6])
def test_a_rating_is_1_to_5_whatever_is_written(talks: Talks, year: PartnershipYear, rating: int) -> None:
    look = actions.answer(year, Side.SCHOOL, answers(4), by=talks.marcus)
    answer = Answer.objects.filter(response__evaluation=look)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(rating=rating)
    assert Question.objects.count() == 9


def test_the_list_says_whose_answers_are_missing(talks: Talks, year: PartnershipYear) -> None:
    assert column(year) == "In May"
    actions.answer(year, Side.SCHOOL, answers(4), by=talks.marcus)
    assert column(year) == "The partner’s answers are missing"
    actions.answer(year, Side.PARTNER, answers(4), by=iris())
    assert column(year) == "Year 1 done"


def test_each_lead_owes_it_until_their_side_has_answered(talks: Talks, year: PartnershipYear) -> None:
    assert set(Reminder.objects.open().values_list("part", flat=True)) >= {"school side", "partner side"}
    actions.answer(year, Side.SCHOOL, answers(4), by=talks.world.helen)
    owed = {r.part: r for r in Reminder.objects.open().filter(rule="evaluation")}
    assert set(owed) == {"partner side"}
    assert (owed["partner side"].owed_by, owed["partner side"].due_on) == (iris(), date(2026, 5, 5))
    actions.answer(year, Side.PARTNER, answers(4), by=iris())
    assert Reminder.objects.get(rule="evaluation", part="partner side").settled_at is not None


def both_answer(talks: Talks, year: PartnershipYear) -> Evaluation:
    actions.answer(year, Side.SCHOOL, answers(4), by=talks.marcus)
    return actions.answer(year, Side.PARTNER, answers(4), by=iris())


@pytest.mark.parametrize(
    ("decision", "state", "years"),
    [
        ("renew", "active", 2),
        ("grow", "active", 2),
        ("adjust", "active", 2),
        ("pause", "paused", 1),
        ("end_well", "ending", 1),
    ],
)
def test_what_both_want_takes_effect(
    talks: Talks, year: PartnershipYear, decision: str, state: str, years: int
) -> None:
    look = both_answer(talks, year)
    actions.choose(look, Side.SCHOOL, Decision(decision), "", by=talks.marcus)
    assert actions.decided(look) is None
    actions.choose(look, Side.PARTNER, Decision(decision), "", by=iris())
    assert actions.decided(look) == decision
    partnership = Partnership.objects.get(pk=year.partnership_id)
    assert (partnership.state, partnership.years.count()) == (state, years)
    with pytest.raises(ValidationError, match="decided already"):
        actions.choose(look, Side.SCHOOL, Decision.PAUSE, "", by=talks.marcus)


def test_who_differs_chooses_again(talks: Talks, year: PartnershipYear) -> None:
    look = both_answer(talks, year)
    actions.choose(look, Side.SCHOOL, Decision.GROW, "", by=talks.marcus)
    actions.choose(look, Side.PARTNER, Decision.RENEW, "", by=iris())
    assert actions.decided(look) is None
    actions.choose(look, Side.PARTNER, Decision.GROW, "You are right", by=iris())
    assert actions.decided(look) == Decision.GROW
    assert Choice.objects.count() == 2


def test_nobody_chooses_before_both_have_answered(talks: Talks, year: PartnershipYear) -> None:
    look = actions.answer(year, Side.SCHOOL, answers(4), by=talks.marcus)
    with pytest.raises(ValidationError, match="First both sides answer"):
        actions.choose(look, Side.SCHOOL, Decision.GROW, "", by=talks.marcus)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_on_paper_says_both_sides(talks: Talks, year: PartnershipYear, language: str) -> None:
    look = actions.answer(year, Side.SCHOOL, answers(2, "Book the coaches before winter."), by=talks.marcus)
    with pytest.raises(ValidationError, match="First both sides answer"):
        actions.ask_report(look, by=talks.marcus, language=language)
    actions.answer(year, Side.PARTNER, answers(5), by=iris())
    actions.choose(look, Side.SCHOOL, Decision.GROW, "Four more students.", by=talks.marcus)
    document = actions.ask_report(look, by=talks.marcus, language=language)
    assert documents.make(document.pk), Document.objects.get(pk=document.pk).because
    kept = Document.objects.get(pk=document.pk).pdf
    assert kept is not None
    pdf = pypdf.PdfReader(io.BytesIO(stored_files.read(kept)))
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    numbers = {"en": ("2.0", "5.0"), "fr": ("2,0", "5,0")}[language]
    for said in (*numbers, "Harbour Credit Union", "Book the coaches before winter.", "Four more students."):
        assert said in words
    assert "Marcus Lee" not in words
    assert len(pdf.pages) <= 3
