"""An initiative is copied to another year or school: what comes along, and what never does."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from outreach.models import Prospect
from schools import publishing
from schools.actions import copy_initiative, years_on
from schools.models import Goal, Initiative, Measure, Measurement, Need, School
from tests.factories import rows
from tests.factories.sent import as_shown, with_token
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]
COPIED = ("title", "summary", "description", "why", "learning", "benefits", "ask", "kind")
STARTS, ENDS = date(2026, 9, 8), date(2027, 6, 30)


@pytest.fixture
def source(world: World) -> Initiative:
    """A whole initiative of the own school, that is public, has a prospect, and whose goal leads somewhere."""
    own, champion = world.places["own"], world.user("champion")
    texts = {name: f"The {name}" for name in COPIED if name != "kind"}
    found = Initiative.objects.create(
        school=own.school, champion=champion, backup=world.user("principal"), state=Initiative.State.UNDER_WAY,
        starts_on=STARTS, ends_on=ENDS, kind="operational", **texts,
    )  # fmt: skip
    goal = rows.goal(found, "Read")
    goal.improvement_goals.add(rows.improvement_goal(own.school, "Our plan"))
    goal.strategic_goals.add(rows.strategic_goal(own.board, "Their plan"))
    Measure.objects.create(
        goal=goal, label="readers", unit="students", baseline=Decimal(3), target=Decimal(9), source="A list",
        due_on=ENDS, confidence="estimated",
    )  # fmt: skip
    rows.need(found, champion, "some books", starts_on=date(2026, 10, 1), details="Both languages", hours=Decimal(2))
    rows.need(found, champion, "a tent", state=Need.State.WITHDRAWN)
    rows.need(found, champion, "a canoe", state=Need.State.PROPOSED)
    rows.prospect(found, rows.business(own.board), champion)
    publishing.publish(found, ["why", *(p.key for p in publishing.told(found) if p.icon)], by=champion)
    return Initiative.objects.get(pk=found.pk)


def copied(source: Initiative, to: School, by: User, starts_on: date | None = None) -> Initiative:
    made = copy_initiative(source, to=to, starts_on=starts_on, ends_on=None, by=by)
    return Initiative.objects.get(pk=made.pk)


def test_texts_and_quantities_come_along_and_nothing_of_a_partner(source: Initiative, world: World) -> None:
    helen = world.user("principal")
    copy = copied(source, source.school, helen, date(2027, 9, 7))
    assert {name: getattr(copy, name) for name in COPIED} == {name: getattr(source, name) for name in COPIED}
    assert (copy.state, copy.is_published, copy.public_parts) == (Initiative.State.DRAFT, False, [])
    assert (copy.starts_on, copy.ends_on) == (date(2027, 9, 7), None)
    need = copy.needs.get()
    assert (need.what, need.quantity, need.hours, need.details) == ("some books", 4, 2, "Both languages")
    assert (need.state, need.is_published, need.created_by, need.starts_on) == (
        "open", False, helen, date(2027, 10, 1),
    )  # fmt: skip
    measure = Measure.objects.get(goal__initiative=copy)
    kept = ("label", "unit", "direction", "baseline", "target", "source", "confidence")
    old = Measure.objects.get(goal__initiative=source)
    assert {name: getattr(measure, name) for name in kept} == {name: getattr(old, name) for name in kept}
    assert measure.due_on is None
    assert not Prospect.objects.filter(initiative=copy).exists()
    assert source.needs.count() == 3


# Where it goes, and what of alignment and people holds there.
PLACES: list[tuple[str, list[str], list[str], bool]] = [
    ("own", ["Our plan"], ["Their plan"], True),
    ("near", [], ["Their plan"], False),
    ("far", [], [], False),
]


@pytest.mark.parametrize(("place", "own", "strategic", "keeps_people"), PLACES)
def test_what_holds_at_the_other_school(
    place: str, own: list[str], strategic: list[str], keeps_people: bool, source: Initiative, world: World
) -> None:
    copy = copied(source, world.places[place].school, world.user("champion"))
    goal = Goal.objects.get(initiative=copy)
    assert [one.title for one in goal.improvement_goals.all()] == own
    assert [one.title_en for one in goal.strategic_goals.all()] == strategic
    people = (source.champion, source.backup) if keeps_people else (None, None)
    assert (copy.champion, copy.backup) == people


@pytest.mark.parametrize(
    ("starts_on", "need"),
    [
        (date(2027, 9, 7), date(2027, 10, 1)),
        (date(2028, 9, 5), date(2028, 10, 1)),
        (date(2026, 9, 14), date(2026, 10, 1)),
        (date(2027, 2, 1), date(2026, 10, 1)),
        (None, None),
    ],
)
def test_the_days_of_needs_move_by_whole_years(
    starts_on: date | None, need: date | None, source: Initiative, world: World
) -> None:
    assert copied(source, source.school, world.user("champion"), starts_on).needs.get().starts_on == need


@pytest.mark.parametrize(
    ("day", "years", "there"),
    [
        (date(2028, 2, 29), 1, date(2029, 2, 28)), (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2026, 9, 8), 0, date(2026, 9, 8)), (None, 1, None), (date(2026, 9, 8), None, None),
    ],
)  # fmt: skip
def test_a_day_years_on(day: date | None, years: int | None, there: date | None) -> None:
    assert years_on(day, years) == there


def test_its_event_says_where_it_comes_from(source: Initiative, world: World) -> None:
    copy = copied(source, world.places["near"].school, world.user("champion"))
    told = Event.objects.get(verb="copied")
    assert (told.subject_id, told.why) == (copy.pk, f"The title, {source.school.name}")


def test_the_page_offers_a_year_later_and_leads_into_the_outline(
    source: Initiative, world: World, signed_in: SignIn
) -> None:
    browser, page = signed_in(world.user("champion")), reverse("initiative_copy", args=[source.pk])
    form = browser.get(page).context["form"]
    assert (form["starts_on"].value(), form["ends_on"].value()) == (date(2027, 9, 8), date(2028, 6, 30))
    answer = browser.post(page, with_token(as_shown(form)))
    copy = Initiative.objects.order_by("-pk")[0]
    assert answer["Location"] == reverse("outline", args=[copy.pk])
    assert (copy.title, copy.starts_on, copy.school_id) == ("The title", date(2027, 9, 8), source.school_id)


@pytest.mark.parametrize(("also_at", "status"), [("near", 302), ("", 422)])
def test_it_goes_only_where_one_writes_initiatives(
    also_at: str, status: int, source: Initiative, world: World, signed_in: SignIn
) -> None:
    near = world.places["near"].school
    champion = world.user("champion")
    rows.member(champion, Role.CHAMPION if also_at else Role.STAFF, near.board, school=near)
    sent = {"school": str(near.pk), "starts_on": "", "ends_on": ""}
    page = reverse("initiative_copy", args=[source.pk])
    assert signed_in(world.user("champion")).post(page, with_token(sent)).status_code == status
    assert Initiative.objects.filter(school=near, title="The title").exists() == (status == 302)


def test_a_copy_does_not_end_before_it_starts(source: Initiative, world: World, signed_in: SignIn) -> None:
    sent = {"school": str(source.school_id), "starts_on": "2027-09-08", "ends_on": "2027-09-07"}
    page = reverse("initiative_copy", args=[source.pk])
    answer = signed_in(world.user("champion")).post(page, with_token(sent))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["ends_on"])


@pytest.mark.parametrize(("role", "status"), [("staff", 403), ("board_admin", 403), ("superintendent", 403)])
def test_who_does_not_write_it_does_not_copy_it(
    role: str, status: int, source: Initiative, world: World, signed_in: SignIn
) -> None:
    page, before = reverse("initiative_copy", args=[source.pk]), Initiative.objects.count()
    browser = signed_in(world.user(role))
    sent = {"school": str(source.school_id)}
    assert (browser.get(page).status_code, browser.post(page, with_token(sent)).status_code) == (status, status)
    assert Initiative.objects.count() == before


# The number logged last, and where the copy begins: with it, unless the target is reached.
@pytest.mark.parametrize(("share", "moves"), [("0.5", True), ("1", False)])
def test_a_copied_measure_begins_where_the_last_one_stands(
    share: str, moves: bool, source: Initiative, world: World
) -> None:
    old = Measure.objects.get(goal__initiative=source)
    now = old.baseline + (old.target - old.baseline) * Decimal(share)
    helen = world.user("champion")
    Measurement.objects.create(measure=old, day=date(2026, 11, 2), value=now, logged_by=helen)
    copy = copied(source, source.school, helen)
    assert Measure.objects.get(goal__initiative=copy).baseline == (now if moves else old.baseline)
