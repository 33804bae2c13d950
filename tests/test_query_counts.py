"""What a page asks of the database: the same number of queries for one row and for thirty (speed.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import chain
from accounts.models import User
from accounts.permissions import Role
from agreements.models import AgreementVersion
from boards.models import Board, Rate
from businesses.models import Business
from evaluation.models import Evaluation
from outreach.models import Prospect
from partnerships.models import Partnership, PartnershipYear, Session, Side
from people.models import AccessRequest, LegalHold
from schools.models import Family, Goal, Initiative, Measure, Need, School
from tests.factories import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


@dataclass
class Site:
    """A board with one school, its people, and one initiative, organisation and prospect to begin with."""

    board: Board
    family: Family
    school: School
    principal: User
    champion: User
    superintendent: User
    administrator: User
    operator: User
    initiative: Initiative
    goal: Goal
    measure: Measure
    business: Business
    prospect: Prospect
    partnership: Partnership
    year: PartnershipYear
    session: Session
    partner: User
    agreement: AgreementVersion
    evaluation: Evaluation


@pytest.fixture
def site(db: None) -> Site:
    board = rows.board(short_name="MB")
    family = rows.family(board)
    school = rows.school(board, family=family)
    principal, champion, superintendent, administrator = (
        rows.user(name) for name in ("Helen", "Marcus", "Amara", "Ruth")
    )
    rows.member(administrator, Role.BOARD_ADMIN, board)
    rows.member(principal, Role.PRINCIPAL, board, school=school)
    rows.member(champion, Role.CHAMPION, board, school=school)
    rows.member(superintendent, Role.SUPERINTENDENT, board, family=family)
    initiative = rows.initiative(school, champion=champion, backup=principal)
    goal = rows.goal(initiative)
    business = rows.business(board)
    prospect = rows.prospect(initiative, business, champion, next_step="")
    rows.need(initiative, champion)
    measure = rows.measure(goal)
    rows.contact(business)
    other = rows.business(board)
    partnership = rows.partnership(rows.prospect(rows.initiative(school), other, champion), backup=principal)
    partner = rows.user("Dana")
    rows.member(partner, Role.PARTNER, board, business=other)
    year = rows.partnership_year(partnership)
    session = rows.session(year, champion)
    rows.participation(session, champion)
    return Site(
        board, family, school, principal, champion, superintendent, administrator, _operator(board, administrator),
        initiative, goal, measure, business, prospect, partnership, year, session, partner,
        rows.agreement(year, champion), _look(year, champion, partner),
    )  # fmt: skip


def _operator(board: Board, administrator: User) -> User:
    """Who runs the site, and looks at the board."""
    operator = rows.user("Sam")
    rows.support(board, operator, administrator)
    return operator


def _look(year: PartnershipYear, champion: User, partner: User) -> Evaluation:
    """A look in which both sides are in."""
    look = rows.evaluation(year)
    for side, person in ((Side.SCHOOL, champion), (Side.PARTNER, partner)):
        rows.answer(rows.response(look, side, person))
    return look


# ── One more of everything a page lists ──


def more_schools(site: Site) -> None:
    rows.school(site.board, family=site.family)


def more_public_schools(site: Site) -> None:
    rows.school(site.board, is_published=True, public_parts=["grades"])


def more_public_initiatives(site: Site) -> None:
    """A public initiative of the school with a public need, and one more public need of the one there is."""
    rows.need(rows.initiative(site.school, is_published=True), site.champion, is_published=True)
    rows.need(site.initiative, site.champion, is_published=True)
    School.objects.filter(pk=site.school.pk).update(is_published=True, public_parts=["grades"])
    Initiative.objects.filter(pk=site.initiative.pk).update(is_published=True, public_parts=["goals", "measures"])


def more_people(site: Site) -> None:
    rows.member(rows.user(), Role.STAFF, site.board, school=site.school)
    rows.invitation(site.board, Role.STAFF, site.principal, school=site.school)


def more_initiatives(site: Site) -> None:
    """One with a need that a partner promised to meet."""
    initiative = rows.initiative(site.school, champion=rows.user())
    _promised(site, rows.need(initiative, site.champion))


def _promised(site: Site, need: Need) -> None:
    partnership = rows.partnership(rows.prospect(need.initiative, rows.business(site.board), site.champion))
    rows.commitment(rows.partnership_year(partnership), need=need)


def more_businesses(site: Site) -> None:
    rows.contact(rows.business(site.board))


def more_prospects(site: Site) -> None:
    rows.prospect(rows.initiative(site.school), rows.business(site.board), rows.user())


def more_of_an_initiative(site: Site) -> None:
    """A need, a goal with its measure that flows into a goal of the school and of the board, a prospect."""
    _promised(site, rows.need(site.initiative, site.champion))
    goal, own, strategic = (
        rows.goal(site.initiative),
        rows.improvement_goal(site.school),
        rows.strategic_goal(site.board),
    )
    own.strategic_goals.add(strategic)
    goal.improvement_goals.add(own)
    goal.strategic_goals.add(strategic, rows.strategic_goal(site.board))
    rows.measurement(rows.measure(goal), site.champion)
    rows.key_person(site.initiative)
    rows.key_person(site.initiative, user=rows.user())
    rows.prospect(site.initiative, rows.business(site.board), rows.user())


def more_measured(site: Site) -> None:
    rows.measurement(site.measure, rows.user())


def more_of_a_school(site: Site) -> None:
    more_initiatives(site)
    rows.improvement_goal(site.school).strategic_goals.add(rows.strategic_goal(site.board))


def more_of_a_business(site: Site) -> None:
    rows.contact(site.business)
    rows.prospect(rows.initiative(site.school), site.business, rows.user())


def more_of_a_prospect(site: Site) -> None:
    """Something said, and a meeting with two of its ticks set by somebody."""
    contact = rows.contact(site.business)
    rows.interaction(site.prospect, rows.user(), contact=contact)
    meeting = rows.meeting(site.prospect, contact=contact)
    for part in ("thank_you", "take_away"):
        rows.follow_up(meeting, rows.user(), part)  # type: ignore[arg-type]


def more_to_do(site: Site) -> None:
    """A next step and a held meeting, each on a prospect of its own and in this week."""
    prospect = rows.prospect(rows.initiative(site.school), rows.business(site.board), site.champion)
    rows.reminder(prospect, site.champion)
    meeting = rows.meeting(prospect, contact=rows.contact(prospect.business))
    rows.reminder_after(meeting, site.champion)


def more_of_a_board(site: Site) -> None:
    rows.strategic_goal(site.board)
    rows.closed_period(site.board)
    rows.year_part(site.board)
    if kinds := set(Rate.BY_THE_HOUR) - set(site.board.rates.values_list("kind", flat=True)):
        rows.rate(site.board, min(kinds))


def more_of_a_calendar(site: Site) -> None:
    more_of_a_board(site)
    School.objects.filter(pk=site.school.pk).update(year_runs="Quiet in October.")


def more_to_tell(site: Site) -> None:
    """A need, an initiative that is under way, and a partnership."""
    rows.need(site.initiative, site.champion)
    rows.initiative(site.school, state="under_way")
    more_partnerships(site)


def more_partnerships(site: Site) -> None:
    """Another partnership with the same business, promised to by both sides."""
    other = rows.partnership(rows.prospect(rows.initiative(site.school), site.partnership.business, site.champion))
    year = rows.partnership_year(other)
    rows.commitment(year)
    rows.commitment(year, side="school")


def more_of_a_partnership(site: Site) -> None:
    """A promise of each side, one of them for a need, a measure, and a session with a word that waits."""
    initiative = site.partnership.initiative
    rows.measure(rows.goal(initiative))
    rows.commitment(site.year, need=rows.need(initiative, site.champion))
    rows.commitment(site.year, side="school")
    session = rows.session(site.year, site.champion)
    rows.participation(session, rows.user())
    rows.participation(session, rows.user(), side="partner", counts=False)


def more_of_an_agreement(site: Site) -> None:
    rows.clause(site.agreement)
    rows.commitment(site.year)
    rows.measure(rows.goal(site.partnership.initiative))


def more_answers(site: Site) -> None:
    rows.answer(rows.response(site.evaluation, Side.SCHOOL, rows.user()), help="More time")


def more_words(site: Site) -> None:
    rows.participation(site.session, rows.user(), counts=False, answered_by=site.champion, answered_at=rows.NOW)


def more_done(site: Site) -> None:
    """An Event about a thing of each of several kinds, one of them sealed, one of somebody else's doing."""
    scope: dict[str, Any] = {"board": site.board, "family": site.family, "school": site.school}
    for thing in (site.prospect, site.initiative, site.business, site.session, site.school):
        rows.event(thing, rows.user(), name=str(thing), **scope)
    chain.extend(site.board.pk, most=3)
    chain.check([site.board.pk])


def more_asked(site: Site) -> None:
    """Somebody asked about, and two holds: one on a person, one on an organisation."""
    by = site.administrator
    at = {"board": site.board, "reason": "A case", "placed_by": by}
    LegalHold.objects.create(person=rows.user(), **at)
    LegalHold.objects.create(business=rows.business(site.board), **at)
    AccessRequest.objects.create(board=site.board, about="Iris Chen", made_by=by)
    AccessRequest.objects.create(board=site.board, business=rows.business(site.board), made_by=by)


def more_support(site: Site) -> None:
    """Somebody else looks at the board, one who looked before, and the operator looked once and at another board."""
    rows.support(site.board, rows.user(), site.administrator)
    over: dict[str, Any] = {"ended_at": rows.NOW, "ended_by": site.administrator}
    rows.support(site.board, rows.user(), site.administrator, **over)
    rows.support(site.board, site.operator, site.administrator, **over)
    rows.support(rows.board(), site.operator)


def more_families(site: Site) -> None:
    rows.school(site.board, family=rows.family(site.board))
    rows.school(site.board)


def more_that_join(site: Site) -> None:
    """A school asked to join, one that did, and an organisation that is there twice."""
    rows.joining(site.board, rows.user())
    left = rows.board(joined_to=site.board, joined_at=rows.NOW)
    done: dict[str, Any] = {
        "school": rows.school(site.board),
        "came_from": left,
        "joined_by": rows.user(),
        "joined_at": rows.NOW,
    }
    rows.joining(site.board, rows.user(), **done)
    Board.objects.filter(pk=site.board.pk).update(has_joined_here=True)
    for town in ("", "Lakeside"):
        rows.business(site.board, f"Twice {left.pk}", town=town)


def more_set_up(site: Site) -> None:
    """One more of whatever a first step counts, and somebody asked in."""
    more_of_a_board(site)
    more_schools(site)
    more_people(site)
    more_partnerships(site)
    rows.invitation(site.board, Role.BOARD_ADMIN, site.administrator)


def another_board(site: Site) -> None:
    """One more that the administrator sets up."""
    rows.member(site.administrator, Role.BOARD_ADMIN, rows.board())


def more_files(site: Site) -> None:
    rows.imported(site.board, rows.user())


@dataclass(frozen=True)
class Cost:
    """A page, what there is more of, who looks, and the queries it takes: no more than `most` (speed.md)."""

    page: str
    of: str
    more: Callable[[Site], None]
    who: str
    queries: int
    most: int

    def __str__(self) -> str:
        return f"{self.page}, {self.who}"


# The shared page is record and dashboard in one (docs/decisions/0009).
LIST, RECORD, DASHBOARD, SHARED_PAGE = 6, 10, 8, 14
COSTS = [
    Cost("schools", "", more_schools, "superintendent", 4, LIST),
    Cost("schools_public", "", more_public_schools, "partner", 4, LIST),
    Cost("initiatives_public", "", more_public_initiatives, "partner", 5, LIST),
    Cost("school_public", "school", more_public_initiatives, "partner", 6, RECORD),
    Cost("initiative_public", "initiative", more_public_initiatives, "partner", 7, RECORD),
    Cost("people", "", more_people, "principal", 5, LIST),
    Cost("people", "", more_people, "superintendent", 4, LIST),
    Cost("initiatives", "", more_initiatives, "champion", 6, LIST),
    Cost("businesses", "", more_businesses, "champion", 4, LIST),
    Cost("prospects", "", more_prospects, "champion", 4, LIST),
    Cost("prospects", "", more_prospects, "superintendent", 4, LIST),
    Cost("today", "", more_to_do, "champion", 8, DASHBOARD),  # with the first quarter hour
    Cost("school", "school", more_of_a_school, "champion", 8, RECORD),
    Cost("staff_meeting", "school", more_to_tell, "champion", 7, RECORD),
    Cost("school_year", "school", more_of_a_calendar, "champion", 6, RECORD),
    Cost("partnership_year_runs", "partnership", more_of_a_calendar, "partner", 6, RECORD),
    Cost("initiative", "initiative", more_of_an_initiative, "champion", 10, RECORD),
    Cost("initiative", "initiative", more_of_an_initiative, "superintendent", 10, RECORD),
    Cost("outline", "initiative", more_of_an_initiative, "champion", 8, RECORD),
    Cost("measure", "measure", more_measured, "champion", 6, RECORD),
    Cost("business", "business", more_of_a_business, "champion", 7, RECORD),
    Cost("prospect", "prospect", more_of_a_prospect, "champion", 9, RECORD),
    Cost("prospect", "prospect", more_of_a_prospect, "superintendent", 6, RECORD),
    Cost("partnerships", "", more_partnerships, "champion", 5, LIST),
    Cost("partnerships", "", more_partnerships, "superintendent", 5, LIST),
    Cost("partnerships", "", more_partnerships, "partner", 4, LIST),
    Cost("today", "", more_partnerships, "superintendent", 5, DASHBOARD),
    Cost("today", "", more_partnerships, "partner", 5, DASHBOARD),
    Cost("partnership", "partnership", more_of_a_partnership, "champion", 14, SHARED_PAGE),
    Cost("partnership", "partnership", more_of_a_partnership, "superintendent", 14, SHARED_PAGE),
    Cost("partnership", "partnership", more_of_a_partnership, "partner", 13, SHARED_PAGE),
    Cost("agreement", "agreement", more_of_an_agreement, "champion", 10, SHARED_PAGE),
    Cost("evaluation", "evaluation", more_answers, "champion", 9, RECORD),
    Cost("sessions", "year", more_of_a_partnership, "champion", 6, RECORD),
    Cost("session", "session", more_words, "champion", 5, RECORD),
    Cost("board", "board", more_of_a_board, "champion", 7, RECORD),
    Cost("board_calendar", "board", more_of_a_board, "champion", 6, RECORD),
    Cost("first_hour", "board", more_set_up, "administrator", 5, RECORD),
    Cost("today", "", more_set_up, "administrator", 6, DASHBOARD),
    Cost("today", "", another_board, "administrator", 6, DASHBOARD),
    Cost("families", "board", more_families, "administrator", 6, RECORD),
    Cost("joinings", "board", more_that_join, "administrator", 6, RECORD),
    Cost("imports", "board", more_files, "administrator", 5, LIST),
    Cost("board_privacy", "board", more_asked, "administrator", 6, RECORD),
    Cost("board_support", "board", more_support, "administrator", 5, RECORD),
    Cost("board", "board", more_support, "administrator", 9, RECORD),
    Cost("people", "", more_support, "administrator", 6, LIST),
    Cost("support", "", more_support, "operator", 6, LIST),
    Cost("schools", "", more_schools, "operator", 6, LIST),
    Cost("school", "school", more_of_a_school, "operator", 10, RECORD),
    Cost("today", "", more_support, "operator", 7, DASHBOARD),
    Cost("trail", "", more_done, "principal", 6, LIST),
    Cost("trail", "", more_done, "superintendent", 6, LIST),
    Cost("trail", "", more_done, "administrator", 6, LIST),
    Cost("me_data", "", more_people, "champion", 3, RECORD),
]


@pytest.mark.parametrize("cost", COSTS, ids=str)
def test_as_many_queries_for_thirty_rows_as_for_one(
    cost: Cost, site: Site, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(getattr(site, cost.who))
    url = reverse(cost.page, args=[getattr(site, cost.of).pk] if cost.of else [])
    browser.get(url)  # what a process reads once (content types, rules, templates) is read
    taken = {}
    there = 0
    for wanted in (1, 3, 30):
        for _ in range(wanted - there):
            cost.more(site)
        there = wanted
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(url)
        assert answer.status_code == 200
        taken[wanted] = len(queries)
    assert taken == dict.fromkeys((1, 3, 30), cost.queries), "\n".join(q["sql"][:150] for q in queries.captured_queries)


def test_no_page_costs_more_than_it_may() -> None:
    assert [str(cost) for cost in COSTS if cost.queries > cost.most] == []
