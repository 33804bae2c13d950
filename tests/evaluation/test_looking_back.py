"""Blind until both sides have answered, then open to both; what both want takes effect."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from accounts.models import Event, User
from accounts.permissions import Role
from core import clock, stored_files
from engines.documents import actions as documents
from engines.documents.models import Document
from engines.reminders.models import Reminder
from evaluation import actions
from evaluation.actions import Said
from evaluation.models import Answer, Choice, Evaluation, Question, Response
from evaluation.report import Pair
from partnerships import sessions
from partnerships.models import Partnership, PartnershipYear, Session, Side
from partnerships.still_needed import standings
from schools.models import Family
from tests.small_world import join, local
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
    row = Partnership.objects.get(pk=year.partnership_id)
    return dict(standings([row])[row.pk])["Looked back"].text


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


def looking_on(talks: Talks) -> dict[str, User]:
    """Those who read the report and answer nothing."""
    world = talks.world
    family = Family.objects.create(board=world.board, name="North")
    world.school.family = family
    world.school.save()
    people = {role: User.objects.create_user(f"{role}@tandem.example", role.title()) for role in Role}
    join(people[Role.SUPERINTENDENT], Role.SUPERINTENDENT, world.board, family=family)
    join(people[Role.BOARD_ADMIN], Role.BOARD_ADMIN, world.board)
    join(people[Role.STAFF], Role.STAFF, world.board, school=world.school)
    return {role: people[role] for role in (Role.SUPERINTENDENT, Role.BOARD_ADMIN, Role.STAFF)}


@pytest.mark.parametrize("first", list(Side))
def test_whoever_looks_on_sees_who_is_in_and_no_answer(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client], first: Side
) -> None:
    by = {Side.SCHOOL: talks.marcus, Side.PARTNER: iris()}
    readers = looking_on(talks)
    look = actions.answer(year, first, answers(1, "blind-zq"), by=by[first])
    for user in readers.values():
        assert not Answer.objects.visible_to(user).exists()
        page = signed_in(user).get(f"/evaluations/{look.pk}/").content.decode()
        assert "has answered" in page
        assert "not yet" in page
        assert "blind-zq" not in page
        assert "of 5" not in page
    actions.answer(year, first.other, answers(5), by=by[first.other])
    for user in readers.values():
        page = signed_in(user).get(f"/evaluations/{look.pk}/").content.decode()
        assert "blind-zq" in page
        assert "Send our choice" not in page


def test_nothing_that_is_kept_tells_an_answer(talks: Talks, year: PartnershipYear) -> None:
    """The trail, what is owed and what is printed, before the other side is in."""
    look = actions.answer(year, Side.PARTNER, answers(1, "blind-zq"), by=iris())
    told = [f"{event.subject_name} {event.verb} {event.why}" for event in Event.objects.all()]
    assert any("answered" in line for line in told)
    assert not [line for line in told if "blind-zq" in line or " 1" in line.replace("Year 1", "")]
    with pytest.raises(ValidationError, match="First both sides answer"):
        actions.ask_report(look, by=talks.marcus, language="en")
    assert not Document.objects.exists()


def test_the_button_to_print_is_refused_too(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    look = actions.answer(year, Side.PARTNER, answers(1), by=iris())
    answer = signed_in(talks.marcus).post(f"/evaluations/{look.pk}/pdf/")
    assert answer["Location"] == f"/evaluations/{look.pk}/"
    assert not Document.objects.exists()


def test_one_answers_for_the_side_one_may_speak_for(talks: Talks, year: PartnershipYear) -> None:
    """A teacher who sits at the partner too has no right to answer for the school."""
    teacher, both = User.objects.create_user("t@tandem.example", "T"), User.objects.create_user("b@tandem.example", "B")
    world, partnership = talks.world, year.partnership
    join(teacher, Role.STAFF, world.board, school=world.school)
    assert actions.side_of(teacher, partnership) is None
    for person in (teacher, both):
        join(person, Role.PARTNER, world.board, business=world.business, is_lead=False)
    join(both, Role.CHAMPION, world.board, school=world.school, is_lead=False)
    sides = {person.name: actions.side_of(User.objects.get(pk=person.pk), partnership) for person in (teacher, both)}
    assert sides == {"T": Side.PARTNER, "B": Side.SCHOOL}
    assert [actions.side_of(user, partnership) for user in (talks.marcus, iris())] == [Side.SCHOOL, Side.PARTNER]


def test_the_right_to_read_it_is_held_where_it_is(talks: Talks, year: PartnershipYear) -> None:
    """An office that sits at the partner too sees the partnership; its look only once it is shared with the partner."""
    look = actions.answer(year, Side.SCHOOL, answers(4), by=talks.marcus)
    office = User.objects.create_user("office@tandem.example", "Office")
    join(office, Role.OFFICE, talks.world.board, school=talks.world.school)
    join(office, Role.PARTNER, talks.world.board, business=talks.world.business, is_lead=False)
    assert look in Evaluation.objects.visible_to(office)
    Partnership.objects.filter(pk=year.partnership_id).update(shared_at=None, shared_by=None)
    assert year.partnership in Partnership.objects.visible_to(office)
    assert look not in Evaluation.objects.visible_to(office)


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


def test_sent_again_it_takes_the_place_of_what_was_sent_until_both_are_in(talks: Talks, year: PartnershipYear) -> None:
    look = actions.answer(year, Side.SCHOOL, answers(4, "Call back."), by=talks.marcus)
    actions.answer(year, Side.SCHOOL, answers(5), by=talks.marcus)
    kept = Answer.objects.filter(response__evaluation=look).values_list("rating", "help")
    assert list(kept) == [(5, "")] * len(KEYS)
    actions.answer(year, Side.PARTNER, answers(None), by=iris())
    for late in (talks.marcus, talks.world.helen):
        with pytest.raises(ValidationError, match="stays"):
            actions.answer(year, Side.SCHOOL, answers(1), by=late)
    assert Response.objects.count() == 2


def sent(rating: str = "4", **more: str) -> dict[str, str]:
    """The nine answers as a browser sends them."""
    return {f"q{key}": rating for key in KEYS} | more


def test_before_the_last_eight_weeks_it_is_asked_whether_that_is_meant(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    browser, url = signed_in(talks.marcus), f"/partnership-years/{year.pk}/look-back/"
    assert "Look back early" in browser.get(f"/partnerships/{year.partnership_id}/").content.decode()
    page = browser.post(url, sent()).content.decode()
    assert "Tick this if you both want to look back early." in page
    assert not Evaluation.objects.exists()
    assert browser.post(url, sent(is_meant_now="on")).status_code == 302
    assert Response.objects.get().person == talks.marcus


def test_in_its_last_eight_weeks_it_is_not_asked(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    browser, url = signed_in(talks.marcus), f"/partnership-years/{year.pk}/look-back/"
    with clock.standing_at(local(actions.opens_on(year.starts_on, year.ends_on))):
        assert "is_meant_now" not in browser.get(url).content.decode()
        assert browser.post(url, sent()).status_code == 302


def test_the_form_begins_from_what_one_sent_oneself(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    actions.answer(year, Side.SCHOOL, answers(2, "Call back."), by=talks.marcus)
    actions.answer(year, Side.SCHOOL, answers(5, "Nothing"), by=talks.world.helen)
    page = signed_in(talks.marcus).get(f"/partnership-years/{year.pk}/look-back/").content.decode()
    assert page.count(" checked") == page.count("Call back.") == len(KEYS)
    assert "Nothing" not in page


def test_half_an_answer_is_none(talks: Talks, year: PartnershipYear) -> None:
    with pytest.raises(ValidationError, match="each question"):
        actions.answer(year, Side.SCHOOL, {"1a": Said(4)}, by=talks.marcus)
    assert not Evaluation.objects.exists()


def test_a_year_that_has_not_begun_is_not_looked_back_on(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    partnership = year.partnership
    following = partnership.years.create(number=2, starts_on=date(2026, 9, 8), ends_on=date(2027, 6, 30))
    with pytest.raises(ValidationError, match="Year 2 has not begun yet"):
        actions.answer(following, Side.SCHOOL, answers(4), by=talks.marcus)
    page = signed_in(talks.marcus).get(f"/partnerships/{partnership.pk}/").content.decode()
    assert f"/partnership-years/{year.pk}/look-back/" in page
    assert f"/partnership-years/{following.pk}/look-back/" not in page


def test_what_would_help_stands_by_side_and_question_and_not_by_person(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    words = {"1a": "Write the goal down.", "12b": "A smaller group."}
    look = actions.answer(year, Side.SCHOOL, answers(2) | {"12b": Said(2, words["12b"])}, by=talks.marcus)
    actions.answer(year, Side.SCHOOL, answers(2) | {"1a": Said(1, words["1a"])}, by=talks.world.helen)
    actions.answer(year, Side.PARTNER, answers(2) | {"3a": Said(1, "Call back.")}, by=iris())
    page = signed_in(iris()).get(f"/evaluations/{look.pk}/").content.decode()
    found = [page.index(text) for text in ("Write the goal down.", "A smaller group.", "Call back.")]
    assert found == sorted(found)


@pytest.mark.parametrize(("students", "shown"), [(0, "0"), (4, "1 to 4"), (5, "5")])
def test_few_students_are_not_counted_out_loud(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client], students: int, shown: str
) -> None:
    session = Session(year=year, title="A workshop", held_on=year.starts_on)
    sessions.log(session, sessions.Count(2, Decimal(3), students), by=talks.marcus)
    look = both_answer(talks, year)
    page = signed_in(talks.marcus).get(f"/evaluations/{look.pk}/").content.decode()
    assert f"<b>{shown}</b><span>students at the largest session</span>" in page


@pytest.mark.parametrize("dimension", [0, 13])
def test_a_question_stands_in_one_of_the_twelve_dimensions(db: None, dimension: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(key="1a").update(dimension=dimension)


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


def test_one_is_told_what_follows_from_the_choice(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    look = both_answer(talks, year)
    url = f"/evaluations/{look.pk}/choose/"
    school, partner = signed_in(talks.marcus), signed_in(iris())
    page = school.post(url, {"decision": "grow"}, follow=True).content.decode()
    assert "Now Harbour Credit Union chooses." in page
    page = partner.post(url, {"decision": "renew"}, follow=True).content.decode()
    assert "Riverbend Secondary School chose differently" in page
    page = school.post(url, {"decision": "renew"}, follow=True).content.decode()
    assert "You both chose “Renew”. Year 2 runs from 1 July 2026 to 30 June 2027." in page


def test_who_differs_chooses_again(talks: Talks, year: PartnershipYear) -> None:
    look = both_answer(talks, year)
    actions.choose(look, Side.SCHOOL, Decision.GROW, "", by=talks.marcus)
    actions.choose(look, Side.PARTNER, Decision.RENEW, "", by=iris())
    assert actions.decided(look) is None
    actions.choose(look, Side.PARTNER, Decision.GROW, "You are right", by=iris())
    assert actions.decided(look) == Decision.GROW
    assert Choice.objects.count() == 2


def test_the_choice_is_made_on_the_report(
    talks: Talks, year: PartnershipYear, signed_in: Callable[[User], Client]
) -> None:
    look = both_answer(talks, year)
    browser, url = signed_in(talks.marcus), f"/evaluations/{look.pk}/"
    assert "Send our choice to Harbour Credit Union" in browser.get(url).content.decode()
    browser.post(f"{url}choose/", {"decision": "grow", "why": "Four more students."})
    page = browser.get(url).content.decode()
    assert "Grow: Four more students." in page
    assert 'value="Four more students."' in page  # and may be changed until the partner wants the same
    actions.choose(look, Side.PARTNER, Decision.GROW, "", by=iris())
    assert "Send our choice" not in browser.get(url).content.decode()


@pytest.mark.parametrize(
    ("school", "partner", "drawn"),
    [
        ("4", "3", ("-13.5", "0", "0")),
        ("4", "4", ("-28", "-14.5", "14")),
        ("5", "5", ("-42", "-28.5", "0")),  # inside the line, too
        ("1", "1", ("-14", "-0.5", "28")),
        ("5", None, ("-13.5", "0", "0")),
    ],
)
def test_marks_stand_side_by_side_and_speak_no_language(
    school: str, partner: str | None, drawn: tuple[str, str, str]
) -> None:
    pair = Pair("Trust", Decimal(school), Decimal(partner) if partner else None, False)
    with translation.override("fr"):
        assert tuple(pair.marks.values()) == drawn


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
