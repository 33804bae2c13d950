"""What the pages of a school refuse and take away."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event
from engines.documents.models import Document
from schools.document_kinds import summary_of
from schools.models import Goal, Measure, School
from tests.factories import rows
from tests.factories.sent import as_shown, with_token
from tests.small_world import SmallWorld, small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> SmallWorld:
    world = small_world()
    client.force_login(world.marcus)
    return world


def sent(client: Client, url: str, **changes: str) -> Any:
    return client.post(url, as_shown(client.get(url).context["form"], **changes))


# ── Taking away ──


def test_a_measure_and_then_its_goal_are_removed(world: SmallWorld, client: Client) -> None:
    goal = rows.goal(world.initiative, "Read every day")
    measure = rows.measure(goal)
    page = client.get(reverse("goal_edit", args=[goal.pk])).content.decode()
    assert reverse("goal_remove", args=[goal.pk]) in page
    for name, pk in (("measure_remove", measure.pk), ("goal_remove", goal.pk)):
        answer = client.post(reverse(name, args=[pk]))
        assert answer["Location"] == reverse("initiative", args=[world.initiative.pk])
    assert not Goal.objects.exists()
    told = Event.objects.filter(verb="removed", by=world.marcus).order_by("pk")
    assert [(event.subject_id, event.subject_name) for event in told] == [
        (measure.pk, "students who read"),
        (goal.pk, "Read every day"),
    ]


def test_a_goal_with_a_measure_stays(world: SmallWorld, client: Client) -> None:
    goal = rows.goal(world.initiative)
    rows.measure(goal)
    refused = client.post(reverse("goal_remove", args=[goal.pk]))
    assert refused.status_code == 422
    assert "Its measures count towards it." in refused.content.decode()
    assert (Goal.objects.count(), Measure.objects.count()) == (1, 1)
    assert not Event.objects.filter(verb="removed").exists()


def test_a_second_click_on_remove_is_led_where_the_first_led(world: SmallWorld, client: Client) -> None:
    goal = rows.goal(world.initiative)
    page, words = reverse("goal_remove", args=[goal.pk]), with_token({})
    assert client.post(page, words)["Location"] == client.post(page, words)["Location"]
    assert client.post(page, with_token({})).status_code == 404
    assert client.get(page).status_code == 404


# ── A school's address ──


@pytest.mark.parametrize(
    ("province", "typed", "kept"),
    [
        ("Ontario", "m5v 2t6", "M5V 2T6"),
        ("Ontario", "M5V2T6", "M5V 2T6"),
        ("Ontario", "xxxx", None),
        ("Ontario", "", ""),
        ("", "D-10115", "D-10115"),
    ],
)
def test_a_postal_code(province: str, typed: str, kept: str | None, world: SmallWorld, client: Client) -> None:
    School.objects.update(province=province)
    answer = sent(client, reverse("school_edit", args=[world.school.pk]), postal_code=typed)
    if kept is None:
        assert answer.context["form"].errors == {"postal_code": ["Enter a postal code, for example K1A 0B1."]}
    else:
        assert (answer.status_code, School.objects.get().postal_code) == (302, kept)


# ── The summary ──


def test_a_document_leads_back_to_what_it_is_about(world: SmallWorld, client: Client) -> None:
    rows.document("executive_summary", world.initiative, world.marcus, "words")
    page = client.get(reverse("document", args=[Document.objects.get().pk])).content.decode()
    assert f'<a href="{reverse("initiative", args=[world.initiative.pk])}">Mentors for 60</a>' in page


def test_without_a_champion_the_principal_is_written_to(world: SmallWorld) -> None:
    says = summary_of(world.initiative, address="https://tandem.example/r/x").context
    assert (says["champion_email"], says["principal_email"]) == ("marcus@tandem.example", "")
    world.initiative.champion = None
    says = summary_of(world.initiative, address="https://tandem.example/r/x").context
    assert (says["champion_email"], says["principal_email"]) == ("", "helen@tandem.example")
