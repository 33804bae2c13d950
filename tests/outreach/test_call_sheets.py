"""Call sheets: drafted, saved, read back, and one for each prospect nobody has called."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from businesses.models import Business
from core import clock
from outreach.models import CallPlan, Stage
from schools.models import School
from tests.factories import rows
from tests.factories.sent import as_shown
from tests.small_world import SmallWorld, join, local, small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[SmallWorld]:
    with clock.standing_at(local(date(2026, 3, 9))):
        yield small_world()


@pytest.fixture
def marcus(world: SmallWorld, client: Client) -> Client:
    client.force_login(world.marcus)
    return client


def sheet(world: SmallWorld) -> str:
    return reverse("call_sheet", args=[world.prospect.pk])


def save(client: Client, url: str, **changes: str) -> Any:
    return client.post(url, as_shown(client.get(url).context["form"], **changes))


def test_it_opens_with_a_draft_and_writes_nothing(world: SmallWorld, marcus: Client) -> None:
    rows.need(world.initiative, world.marcus)
    Business.objects.update(phone="905 555 0100")
    world.contact.phone = "905 555 0177 ext. 3"
    world.contact.save()
    page = marcus.get(sheet(world)).content.decode()
    assert "Good morning, my name is Marcus Lee. I am [your position, for example a teacher] at Riverbend" in page
    assert '<span class="t-gap">your position, for example a teacher</span>' in page
    assert "We have 842 students." in page
    assert "We need 4 some dual-language books." in page
    assert '<a class="t-strong" href="tel:9055550100">905 555 0100</a>' in page
    assert '<a class="t-strong" href="tel:9055550177;ext=3">905 555 0177 ext. 3</a>' in page
    assert "Iris Chen" in page
    assert "5 gaps are left." in page
    assert not CallPlan.objects.exists()


def test_it_is_saved_with_its_gaps_and_again(world: SmallWorld, marcus: Client) -> None:
    assert save(marcus, sheet(world), who="I am Marcus.")["Location"] == sheet(world)
    plan = CallPlan.objects.get()
    assert (plan.prospect, plan.who, plan.version) == (world.prospect, "I am Marcus.", 1)
    assert "[a day]" in plan.ask
    assert save(marcus, sheet(world), ask="")["Location"] == sheet(world)
    plan.refresh_from_db()
    assert (plan.who, plan.ask, plan.version) == ("I am Marcus.", "", 2)
    told = Event.objects.filter(by=world.marcus, subject_type__model="callplan", subject_id=plan.pk).order_by("pk")
    assert [(event.verb, event.subject_name) for event in told] == [
        (verb, "Call sheet: Harbour Credit Union") for verb in ("added", "edited")
    ]
    page = marcus.get(sheet(world)).content.decode()
    assert reverse("interaction_add", args=[world.prospect.pk]) in page


def test_what_somebody_else_saved_meanwhile_is_not_lost(world: SmallWorld, marcus: Client) -> None:
    save(marcus, sheet(world), who="I am Marcus.")
    opened = marcus.get(sheet(world)).context["form"]
    shown = {opened.add_initial_prefix(name): opened.initial[name] for name in opened.Meta.fields}
    save(marcus, sheet(world), why="We look for a partner.")
    late = marcus.post(sheet(world), as_shown(opened, why="Because.") | shown)
    assert late.status_code == 422
    assert CallPlan.objects.get().why == "We look for a partner."
    assert "“We look for a partner.”" in late.content.decode()


def test_two_who_begin_at_once_make_one(world: SmallWorld, marcus: Client) -> None:
    opened = as_shown(marcus.get(sheet(world)).context["form"])
    rows.call_plan(world.prospect, "First.")
    answer = marcus.post(sheet(world), opened | {"who": "Second."})
    assert answer.status_code == 422
    assert CallPlan.objects.get().who == "First."


def test_it_is_read_back_while_it_is_typed(world: SmallWorld, marcus: Client) -> None:
    typed = {"who": "I am <b>[who]</b>", "why": "x" * 900}
    part = marcus.get(sheet(world), typed, headers={"HX-Request": "true"}).content.decode()
    assert 'I am &lt;b&gt;<span class="t-gap">who</span>&lt;/b&gt;' in part
    assert "x" * 800 in part
    assert "x" * 801 not in part
    assert "<form" not in part
    assert not CallPlan.objects.exists()


def test_the_words_are_of_the_schools_language(world: SmallWorld, marcus: Client) -> None:
    School.objects.update(language="fr")
    assert "Bonjour, je m’appelle Marcus Lee." in marcus.get(sheet(world)).content.decode()


@pytest.mark.parametrize(("role", "own", "status"), [("staff", True, 403), ("superintendent", True, 404)])
def test_nobody_else_reads_it(role: str, own: bool, status: int, world: SmallWorld, client: Client) -> None:
    rows.call_plan(world.prospect, "I am Marcus.")
    user = User.objects.create_user("t@tandem.example", "Tess")
    scope = {"school": world.school} if role == "staff" else {"family": rows.family(world.board)}
    join(user, Role(role), world.board, **scope)
    client.force_login(user)
    assert client.get(sheet(world)).status_code == status
    assert client.post(sheet(world), {"who": "Mine"}).status_code == status
    assert CallPlan.objects.visible_to(user).count() == 0
    assert CallPlan.objects.get().who == "I am Marcus."
    assert CallPlan.objects.visible_to(world.helen).count() == 1


# ── All that were never called ──


def sheets(world: SmallWorld) -> str:
    return reverse("call_sheets", args=[world.initiative.pk])


def test_a_sheet_for_each_open_prospect_nobody_called(world: SmallWorld, marcus: Client) -> None:
    by_day = {}
    for day, (name, stage) in enumerate(
        [("Called", "contacted"), ("Written to", "identified"), ("New", "identified"), ("Gone", "declined")], start=10
    ):
        business = rows.business(world.board, name)
        by_day[name] = rows.prospect(
            world.initiative, business, world.marcus, stage=Stage(stage), next_step_on=date(2026, 3, day)
        )
    rows.prospect(rows.initiative(world.school), rows.business(world.board, "Of another"), world.marcus)
    rows.interaction(by_day["Called"], world.marcus)
    rows.interaction(by_day["Written to"], world.marcus, kind="email")
    rows.call_plan(by_day["New"], "I am new.")
    answer = marcus.get(sheets(world))
    found = [found.prospect.business.name for found in answer.context["sheets"]]
    assert found == ["Written to", "New", "Harbour Credit Union"]
    page = answer.content.decode()
    assert page.count('<article class="t-card t-sheet"') == 3
    assert "I am new." in page
    assert "3 organisations nobody has called yet." in page


def test_the_way_to_them(world: SmallWorld, marcus: Client, client: Client) -> None:
    page = reverse("initiative", args=[world.initiative.pk])
    assert f'href="{sheets(world)}"' in marcus.get(page).content.decode()
    teacher = User.objects.create_user("t@tandem.example", "Tess")
    join(teacher, Role.STAFF, world.board, school=world.school)
    client.force_login(teacher)
    assert sheets(world) not in client.get(page).content.decode()


def test_where_everybody_was_called_it_says_so(world: SmallWorld, marcus: Client) -> None:
    rows.interaction(world.prospect, world.marcus)
    page = marcus.get(sheets(world)).content.decode()
    assert "Everybody has been called" in page
    assert "data-print" not in page


@pytest.mark.parametrize("n", [1, 3])
def test_as_many_queries_for_three_sheets_as_for_one(
    n: int, world: SmallWorld, marcus: Client, django_assert_num_queries: Any
) -> None:
    marcus.get(sheets(world))
    rows.need(world.initiative, world.marcus)
    for _ in range(n - 1):
        business = rows.business(world.board)
        rows.contact(business)
        rows.call_plan(rows.prospect(world.initiative, business, rows.user()))
    with django_assert_num_queries(7):
        marcus.get(sheets(world))
