"""The first quarter hour on Today: worked out from what is there, gone when it is over or put away."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from boards.models import Board
from core import clock
from engines.documents.models import Document
from outreach.models import Stage
from outreach.quarter_hour import Standing, standing_of
from schools.models import Initiative, Need, School
from tests.factories import rows
from tests.small_world import SmallWorld, join, small_world

pytestmark = pytest.mark.django_db
HEADING = "The first quarter hour"


@pytest.fixture
def standing_clock() -> Iterator[None]:
    with clock.standing_at(rows.NOW):
        yield


class Alone:
    """A school with its champion and nothing else."""

    def __init__(self) -> None:
        self.board = Board.objects.create(name="Hilltop", language="en")
        self.school = School.objects.create(board=self.board, name="Hilltop Public School", language="en")
        self.robin = User.objects.create_user("robin@tandem.example", "Robin Sparrow")
        join(self.robin, Role.CHAMPION, self.board, school=self.school)

    def standing(self) -> Standing | None:
        return standing_of([self.school.pk])

    def done(self) -> list[bool]:
        found = self.standing()
        return [step.is_done for step in found.steps] if found else []

    def urls(self) -> list[str]:
        found = self.standing()
        return [step.url for step in found.steps] if found else []


@pytest.fixture
def alone(standing_clock: None) -> Alone:
    return Alone()


@pytest.fixture
def robin(alone: Alone, client: Client) -> Client:
    client.force_login(alone.robin)
    return client


def test_each_step_is_worked_out_and_leads_to_the_next(alone: Alone) -> None:
    assert alone.done() == [False] * 4
    assert alone.urls() == [reverse("need_add", args=[alone.school.pk]), "", "", ""]
    initiative = rows.initiative(alone.school)
    need = rows.need(initiative, alone.robin, state=Need.State.WITHDRAWN)
    assert alone.done() == [False] * 4
    Need.objects.filter(pk=need.pk).update(state=Need.State.OPEN)
    paste, why = reverse("prospects_paste", args=[alone.school.pk]), reverse("initiative_why", args=[initiative.pk])
    assert (alone.done(), alone.urls()[1:]) == ([True, False, False, False], [paste, "", why])
    made = [rows.prospect(initiative, rows.business(alone.board), alone.robin) for _ in range(2)]
    found = alone.standing()
    assert found
    assert found.steps[1].why == "2 of 3 are there."
    assert (alone.done()[1], alone.urls()[2]) == (False, reverse("call_sheet", args=[made[0].pk]))
    rows.prospect(initiative, rows.business(alone.board), alone.robin, stage=Stage.DECLINED)
    assert alone.done() == [True, True, False, False]
    rows.call_plan(made[1])
    assert alone.done() == [True, True, True, False]
    document = rows.document("executive_summary", initiative, alone.robin, "The page")
    Document.objects.filter(pk=document.pk).update(state=Document.State.REFUSED, pdf=None)
    assert alone.done() == [True, True, True, False]
    Document.objects.filter(pk=document.pk).update(state=Document.State.ASKED)
    assert alone.standing() is None


def test_the_summary_is_of_the_newest_initiative_that_asks_for_something(alone: Alone) -> None:
    asking, quiet = rows.initiative(alone.school), rows.initiative(alone.school)
    assert alone.urls()[3] == reverse("initiative_why", args=[quiet.pk])
    rows.need(asking, alone.robin)
    assert alone.urls()[3] == reverse("initiative_why", args=[asking.pk])


def test_nothing_of_another_school_counts(alone: Alone) -> None:
    other = rows.initiative(rows.school(alone.board))
    rows.need(other, alone.robin)
    prospect = rows.prospect(other, rows.business(alone.board), alone.robin)
    rows.call_plan(prospect)
    rows.interaction(prospect, alone.robin)
    rows.document("executive_summary", other, alone.robin, "The page")
    assert alone.done() == [False] * 4


def test_it_is_read_in_one_query(alone: Alone, django_assert_num_queries: Any) -> None:
    rows.need(rows.initiative(alone.school), alone.robin)
    schools = [alone.school.pk, *(rows.school(alone.board).pk for _ in range(3))]
    with django_assert_num_queries(1):
        assert standing_of(schools)


def test_it_stands_on_today_with_its_ways(alone: Alone, robin: Client) -> None:
    page = robin.get("/").content.decode()
    assert HEADING in page
    assert "0 of 4 done" in page
    assert page.index(HEADING) < page.index("On your side")
    for url in filter(None, alone.urls()):
        assert f'href="{url}"' in page
        assert robin.get(url).status_code == 200


def test_what_is_due_stands_before_it(alone: Alone, robin: Client) -> None:
    prospect = rows.prospect(rows.initiative(alone.school), rows.business(alone.board), alone.robin)
    rows.reminder(prospect, alone.robin)
    page = robin.get("/").content.decode()
    assert page.index("On your side") < page.index(HEADING)
    assert page.count(HEADING) == 1


def test_a_logged_call_ends_it(alone: Alone, robin: Client) -> None:
    prospect = rows.prospect(rows.initiative(alone.school), rows.business(alone.board), alone.robin)
    rows.interaction(prospect, alone.robin, kind="email")
    assert HEADING in robin.get("/").content.decode()
    rows.interaction(prospect, alone.robin)
    assert HEADING not in robin.get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "shown"),
    [("principal", True), ("champion", True), ("staff", False), ("office", False), ("superintendent", False)],
)
def test_who_finds_it(role: str, shown: bool, alone: Alone, client: Client) -> None:
    user = User.objects.create_user("t@tandem.example", "Tess")
    scope = {"family": rows.family(alone.board)} if role == "superintendent" else {"school": alone.school}
    join(user, Role(role), alone.board, **scope, is_lead=False)
    client.force_login(user)
    assert (HEADING in client.get("/").content.decode()) == shown
    assert client.post(reverse("quarter_hour_put_away")).status_code == (302 if shown else 404)


def test_it_is_put_away_and_comes_back(alone: Alone, robin: Client) -> None:
    put_away = reverse("quarter_hour_put_away")
    assert f'action="{put_away}"' in robin.get("/").content.decode()
    answer = robin.post(put_away)
    assert answer["Location"] == "/"
    back = f'<a href="{reverse("me")}#id_knows_the_way">It comes back under your account</a>'
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [f"Put away. {back}."]
    assert HEADING not in robin.get("/").content.decode()
    assert Event.objects.filter(verb="edited", by=alone.robin).count() == 1
    assert robin.get(put_away).status_code == 405
    shown = robin.get(reverse("me")).content.decode()
    assert "I know the way: no first quarter hour on Today" in shown
    kept = {"name": "Robin Sparrow", "title": "", "language": "en", "mail_wish": "when_due"}
    assert robin.post(reverse("me"), kept).status_code == 302
    assert HEADING in robin.get("/").content.decode()


def test_nobody_without_calls_is_asked_about_it(alone: Alone, client: Client) -> None:
    user = User.objects.create_user("t@tandem.example", "Tess")
    join(user, Role.STAFF, alone.board, school=alone.school)
    client.force_login(user)
    assert "knows_the_way" not in client.get(reverse("me")).content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_today_keeps_its_budget(n: int, standing_clock: None, client: Client, django_assert_num_queries: Any) -> None:
    """One query more while the steps stand there, and none once a call is logged."""
    world: SmallWorld = small_world()
    client.force_login(world.marcus)
    client.get("/")
    for _ in range(n - 1):
        rows.prospect(world.initiative, rows.business(world.board), world.marcus)
    with django_assert_num_queries(5):
        client.get("/")
    rows.interaction(world.prospect, world.marcus)
    with django_assert_num_queries(4):
        client.get("/")
    assert Initiative.objects.count() == 1
