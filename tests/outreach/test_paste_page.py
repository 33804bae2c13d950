"""Several businesses pasted: what becomes of each line, all of it or nothing."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from businesses.models import Business
from core import clock
from outreach.models import Prospect, Stage
from schools.models import Initiative
from tests.factories import rows
from tests.small_world import SmallWorld, join, local, small_world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)  # a Thursday; the Monday after is a PA day


@pytest.fixture
def world() -> Iterator[SmallWorld]:
    with clock.standing_at(local(TODAY)):
        yield small_world()


@pytest.fixture
def marcus(world: SmallWorld, client: Client) -> Client:
    client.force_login(world.marcus)
    return client


def page(world: SmallWorld) -> str:
    return reverse("prospects_paste", args=[world.school.pk])


def paste(client: Client, world: SmallWorld, lines: str, **changes: Any) -> Any:
    return client.post(page(world), {"lines": lines, "initiative": world.initiative.pk} | changes)


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_each_line_is_an_organisation_and_a_prospect_with_a_next_step(world: SmallWorld, marcus: Client) -> None:
    answer = paste(marcus, world, "Hilltop Bakery, Hilltop\nwww.northgate-robotics.ca\nKiwanis - 905 555 0100\nRotary")
    made = list(Prospect.objects.exclude(pk=world.prospect.pk).order_by("pk"))
    assert [
        (p.business.name, p.business.town, p.business.phone, p.business.website, p.stage, p.champion, p.next_step)
        for p in made
    ] == [
        ("Hilltop Bakery", "Hilltop", "", "", "identified", world.marcus, "Call them"),
        ("Northgate Robotics", "", "", "https://www.northgate-robotics.ca", "identified", world.marcus, "Call them"),
        ("Kiwanis", "", "905 555 0100", "", "identified", world.marcus, "Call them"),
        ("Rotary", "", "", "", "identified", world.marcus, "Call them"),
    ]
    # Three a school day: Friday, and after the PA day Tuesday.
    assert [p.next_step_on.day for p in made if p.next_step_on] == [13, 13, 13, 17]
    assert {p.business.board for p in made} == {world.board}
    assert said(answer) == ["4 prospects added: Hilltop Bakery, Northgate Robotics, Kiwanis, Rotary."]
    assert Event.objects.filter(verb="added", by=world.marcus).count() == 8 + 1


def test_what_is_there_is_used_and_a_prospect_is_left(world: SmallWorld, marcus: Client) -> None:
    there = Business.objects.create(board=world.board, name="Lakeside Lions", website="https://lions.example")
    answer = paste(marcus, world, "HARBOUR Credit Union\nlakeside lions\n\nLakeside Lions\nlions.example/club")
    assert Business.objects.count() == 2
    assert [p.business for p in Prospect.objects.exclude(pk=world.prospect.pk)] == [there]
    assert said(answer) == [
        "1 prospect added: Lakeside Lions.",
        "Prospects of this initiative already: Harbour Credit Union.",
        "Stood there twice, and counts once: Lakeside Lions, lions.example/club.",
        "1 blank line left out.",
    ]
    world.prospect.refresh_from_db()
    assert (world.prospect.next_step_on, world.prospect.version) == (date(2026, 6, 1), 1)


def test_only_what_was_there_leads_back_to_the_initiative(world: SmallWorld, marcus: Client) -> None:
    answer = paste(marcus, world, "Harbour Credit Union")
    assert answer["Location"] == reverse("initiative", args=[world.initiative.pk])
    assert Prospect.objects.count() == 1


@pytest.mark.parametrize(("answered", "businesses", "prospects"), [("same", 1, 1), ("others", 2, 2)])
def test_what_only_looks_alike_is_asked_about_once(
    answered: str, businesses: int, prospects: int, world: SmallWorld, marcus: Client
) -> None:
    asked = paste(marcus, world, "Harbour Credit Union Inc.")
    assert asked.status_code == 422
    form = asked.context["form"]
    link = f'<a href="{reverse("business", args=[world.business.pk])}">Harbour Credit Union</a>'
    assert form.errors == {"alike": [f"“Harbour Credit Union Inc.” looks like {link}, which is already there."]}
    assert "The same: take what is there" in asked.content.decode()
    assert "Harbour Credit Union Inc.</textarea>" in asked.content.decode()
    assert (Business.objects.count(), Prospect.objects.count()) == (1, 1)
    assert paste(marcus, world, "Harbour Credit Union Inc.", alike=answered).status_code == 302
    assert (Business.objects.count(), Prospect.objects.count()) == (businesses, prospects)


@pytest.mark.parametrize(
    ("lines", "errors"),
    [
        ("", ["Write something here."]),
        ("\n \n", ["Write something here."]),
        (
            "Hilltop Bakery\ninfo@x.ca\n***",
            [
                "Line 2: this is an e-mail address. Write the organisation’s name or web address.",
                "Line 3: there is no name here. Write the organisation’s name or web address.",
            ],
        ),
        (
            "\n".join(f"Bakery {n}" for n in range(21)),
            ["20 at a time; these are 21. Paste the others afterwards."],
        ),
    ],
)
def test_nothing_is_half_done(lines: str, errors: list[str], world: SmallWorld, marcus: Client) -> None:
    refused = paste(marcus, world, lines)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"lines": errors}
    assert refused.context["form"]["lines"].value() == lines
    assert (Business.objects.count(), Prospect.objects.count()) == (1, 1)


def test_an_initiative_of_another_school_is_refused(world: SmallWorld, marcus: Client) -> None:
    other = rows.initiative(rows.school(world.board))
    refused = paste(marcus, world, "Hilltop Bakery", initiative=other.pk)
    assert refused.context["form"].errors == {"initiative": ["Choose an initiative of your own school."]}


def test_the_initiative_is_the_one_asked_for_or_the_newest_that_asks_for_something(
    world: SmallWorld, marcus: Client
) -> None:
    def chosen(address: str = "") -> Any:
        return marcus.get(page(world) + address).context["form"]["initiative"].value()

    assert chosen() is None
    asking = Initiative.objects.create(school=world.school, title="Robots")
    rows.need(asking, world.marcus)
    quiet = Initiative.objects.create(school=world.school, title="Quiet")
    assert chosen() == asking.pk
    assert chosen(f"?initiative={quiet.pk}") == quiet.pk
    assert chosen(f"?initiative={rows.initiative(rows.school(world.board)).pk}") is None
    assert chosen("?initiative=x" + "9" * 40) == asking.pk


def test_without_an_initiative_one_writes_a_need_first(client: Client) -> None:
    board = rows.board()
    school, user = rows.school(board), User.objects.create_user("robin@tandem.example", "Robin")
    join(user, Role.CHAMPION, board, school=school)
    client.force_login(user)
    shown = client.get(reverse("prospects_paste", args=[school.pk])).content.decode()
    assert reverse("need_add", args=[school.pk]) in shown


def test_a_collision_is_said(world: SmallWorld, marcus: Client) -> None:
    lakeside = rows.school(world.board, "Lakeside")
    priya = User.objects.create_user("priya@tandem.example", "Priya Shah")
    lions = rows.business(world.board, "Lions")
    rows.prospect(rows.initiative(lakeside), lions, priya, stage=Stage.CONTACTED, stage_since=local(date(2026, 3, 3)))
    closed = rows.business(world.board, "Closed")
    rows.prospect(rows.initiative(lakeside), closed, priya, stage=Stage.DECLINED)
    answer = paste(marcus, world, "Lions\nClosed")
    assert said(answer) == [
        "2 prospects added: Lions, Closed.",
        "Lakeside talks with Lions, too: Priya Shah, contacted since 3 March.",
    ]


def test_sent_twice_it_is_pasted_once(world: SmallWorld, marcus: Client) -> None:
    token = marcus.get(page(world)).context["form_token"]
    first, second = (paste(marcus, world, "Hilltop Bakery", form_token=token) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Business.objects.count() == 2


@pytest.mark.parametrize("n", [1, 3])
def test_it_takes_as_many_queries_to_look_for_three_as_for_one(
    n: int, world: SmallWorld, marcus: Client, django_assert_num_queries: Any
) -> None:
    marcus.get(page(world))
    lines = "\n".join(f"Harbour Credit Union Inc{'.' * k}" for k in range(1, n + 1))
    with django_assert_num_queries(10):
        assert paste(marcus, world, lines).status_code == 422


def test_the_ways_to_it(world: SmallWorld, client: Client) -> None:
    client.force_login(world.helen)
    assert f'href="{page(world)}"' in client.get(reverse("prospects")).content.decode()
    panel = client.get(reverse("initiative", args=[world.initiative.pk])).content.decode()
    assert f'href="{page(world)}?initiative={world.initiative.pk}"' in panel


@pytest.mark.parametrize(("role", "status"), [(Role.STAFF, 403), (Role.PRINCIPAL, 404)])
def test_who_may_not(role: str, status: int, world: SmallWorld, client: Client) -> None:
    """A teacher of the school, and the principal of another."""
    school = world.school if role == Role.STAFF else rows.school(world.board)
    user = User.objects.create_user("t@tandem.example", "Tess")
    join(user, Role(role), world.board, school=school, is_lead=False)
    client.force_login(user)
    assert client.get(page(world)).status_code == status
    assert paste(client, world, "Hilltop Bakery").status_code == status
    assert Business.objects.count() == 1
