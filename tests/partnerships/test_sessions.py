"""Whose word counts on who came, and what becomes of the other one."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from engines.reminders.models import Reminder
from partnerships import dashboard, sessions
from partnerships.models import Participation, PartnershipYear, Session, Side
from partnerships.sessions import Count, students_told
from tests.talks import NOW, Talks

EIGHT, NINE = Count(4, Decimal(8), 20), Count(4, Decimal(9), 20)


@pytest.fixture
def year(talks: Talks) -> PartnershipYear:
    return talks.running()


def iris() -> User:
    return User.objects.get(email="iris@harbour.example")


def logged(year: PartnershipYear, by: User, count: Count = EIGHT) -> Session:
    return sessions.log(Session(year=year, title="Reading", held_on=date(2026, 3, 9)), count, by=by)


def hours(year: PartnershipYear) -> Decimal:
    return sum((p.hours for p in Participation.objects.counted().filter(session__year=year)), Decimal(0))


def test_the_schools_word_counts_at_once(talks: Talks, year: PartnershipYear) -> None:
    logged(year, talks.marcus)
    assert hours(year) == 8
    assert not Reminder.objects.filter(rule="answer_partner").exists()


def test_the_partners_word_waits_and_is_owed_an_answer(talks: Talks, year: PartnershipYear) -> None:
    session = logged(year, talks.marcus)
    sessions.correct(session, NINE, by=iris(), note="One stayed longer")
    assert hours(year) == 8
    owed = Reminder.objects.get(rule="answer_partner")
    assert (owed.owed_by, owed.due_on, owed.settled_at) == (talks.marcus, date(2026, 3, 11), None)
    word = Participation.objects.waiting().get()
    sessions.answer(word, counts=True, by=talks.marcus)
    assert hours(year) == 9
    owed.refresh_from_db()
    assert owed.settled_at == NOW
    sessions.answer(word, counts=False, by=talks.marcus)
    assert hours(year) == 9


def test_the_school_may_keep_its_own(talks: Talks, year: PartnershipYear) -> None:
    sessions.correct(logged(year, talks.marcus), NINE, by=iris())
    sessions.answer(Participation.objects.waiting().get(), counts=False, by=talks.world.helen)
    assert hours(year) == 8
    assert [(p.side, p.counts) for p in Participation.objects.all()] == [("school", True), ("partner", False)]


def test_what_the_partner_logs_counts_once_the_school_says_so(talks: Talks, year: PartnershipYear) -> None:
    session = logged(year, iris())
    assert hours(year) == 0
    sessions.correct(session, NINE, by=talks.marcus)  # the school counted too, and its word answers
    assert hours(year) == 9
    assert not Participation.objects.waiting().exists()
    assert Reminder.objects.get(rule="answer_partner").settled_at == NOW


def test_a_second_correction_takes_the_place_of_the_first(talks: Talks, year: PartnershipYear) -> None:
    session = logged(year, talks.marcus)
    for count in (NINE, Count(4, Decimal(10), 20)):
        sessions.correct(session, count, by=iris())
    assert Participation.objects.waiting().get().hours == 10
    assert Participation.objects.count() == 3


def test_the_same_numbers_change_nothing(talks: Talks, year: PartnershipYear) -> None:
    session = logged(year, talks.marcus)
    sessions.correct(session, EIGHT, by=iris())
    assert Participation.objects.count() == 1


def test_cancelled_it_counts_no_more_and_stays(talks: Talks, year: PartnershipYear) -> None:
    session = logged(year, talks.marcus)
    sessions.correct(session, NINE, by=iris())
    sessions.cancel(session, by=talks.marcus, why="The bus broke down")
    assert hours(year) == 0
    assert Participation.objects.count() == 2
    assert Reminder.objects.get(rule="answer_partner").settled_at == NOW


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 3, 10), date(2027, 1, 1)])
def test_a_session_lies_in_its_year_and_has_come(talks: Talks, year: PartnershipYear, day: date) -> None:
    with pytest.raises(ValidationError):
        sessions.log(Session(year=year, title="Reading", held_on=day), EIGHT, by=talks.marcus)
    assert not Session.objects.exists()


def test_one_word_counts_and_one_waits_whatever_is_written(talks: Talks, year: PartnershipYear) -> None:
    session = logged(year, talks.marcus)
    word = {"session": session, "side": Side.PARTNER, "volunteers": 1, "hours": 1, "students": 1}
    by = {"reported_by": talks.marcus, "answered_by": talks.marcus, "answered_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(**word, **by, counts=True)
    Participation.objects.create(**word, reported_by=talks.marcus)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(**word, reported_by=talks.marcus)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(**word, reported_by=talks.marcus, counts=True)


@pytest.mark.parametrize(
    ("students", "counts", "told"),
    [(0, False, 0), (1, False, None), (4, False, None), (5, False, 5), (1, True, 1), (4, True, 4), (None, True, None)],
)
def test_one_to_four_students_are_told_to_those_who_count(students: int | None, counts: bool, told: int | None) -> None:
    assert students_told(students, to_those_who_count=counts) == told


def test_few_students_are_not_told_above_the_school(talks: Talks, year: PartnershipYear) -> None:
    logged(year, talks.marcus, Count(1, Decimal(2), 3))
    for sees_small, told in ((True, "3 students"), (False, "fewer than 5 students")):
        [held] = dashboard.latest(year, sees_small=sees_small)
        assert held.came == f"1 person, 2\xa0h, {told}"


def test_the_year_of_a_day(talks: Talks, year: PartnershipYear) -> None:
    later = PartnershipYear.objects.create(
        partnership=year.partnership, number=2, starts_on=date(2026, 9, 1), ends_on=date(2027, 6, 30)
    )
    for day, found in (
        (date(2026, 3, 9), year), (date(2026, 7, 15), later), (date(2026, 10, 1), later), (date(2028, 1, 1), later),
    ):  # fmt: skip
        assert dashboard.current([year, later], day) == found
    assert dashboard.current([], date(2026, 3, 9)) is None
