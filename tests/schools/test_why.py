"""Why, in three sentences, and the one page they make with school and need."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from engines.documents.models import Document
from schools.models import Initiative, Need, School
from tests.factories import rows
from tests.factories.sent import as_shown
from tests.small_world import SmallWorld, join, small_world

pytestmark = pytest.mark.django_db
GUIDES = (
    "Involvement in the community\nYour organisation known to more people\nEmployees who are proud of where they work"
)


@pytest.fixture
def world(client: Client) -> SmallWorld:
    world = small_world()
    client.force_login(world.marcus)
    return world


def page(world: SmallWorld) -> str:
    return reverse("initiative_why", args=[world.initiative.pk])


def save(client: Client, url: str, **changes: str) -> Any:
    return client.post(url, as_shown(client.get(url).context["form"], **changes))


def test_three_sentences_are_kept_and_the_page_is_asked_for(world: SmallWorld, client: Client) -> None:
    rows.need(world.initiative, world.marcus)
    answer = save(client, page(world), why="Without mentors they drop out.", learning="They learn to ask.")
    document = Document.objects.get()
    assert answer["Location"] == reverse("document", args=[document.pk])
    assert (document.kind, document.subject, document.language) == ("executive_summary", world.initiative, "en")
    kept = Initiative.objects.get()
    assert (kept.why, kept.learning, kept.benefits) == ("Without mentors they drop out.", "They learn to ask.", GUIDES)
    assert (kept.title, kept.version) == ("Mentors for 60", 2)
    assert Event.objects.filter(by=world.marcus, verb="edited").count() == 1
    assert list(get_messages(answer.wsgi_request)) == []


def test_it_says_when_nothing_is_asked_for(world: SmallWorld, client: Client) -> None:
    answer = save(client, page(world), why="Because.", learning="Much.")
    assert [str(m) for m in get_messages(answer.wsgi_request)] == ["No need is open yet, so the page shows none."]


def test_a_benefit_of_ones_own_stays(world: SmallWorld, client: Client) -> None:
    Initiative.objects.update(benefits="A room full of future staff")
    assert client.get(page(world)).context["form"]["benefits"].value() == "A room full of future staff"


def test_words_are_counted_against_what_fits(world: SmallWorld, client: Client) -> None:
    shown = client.get(page(world)).content.decode()
    assert 'data-words="58"' in shown
    assert 'data-words="40"' in shown


def test_nothing_is_made_of_nothing(world: SmallWorld, client: Client) -> None:
    refused = save(client, page(world), why="", learning="They learn.")
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"why": ["Write something here."]}
    assert refused.context["form"]["learning"].value() == "They learn."
    assert not Document.objects.exists()


def test_a_stale_page_is_refused(world: SmallWorld, client: Client) -> None:
    opened = client.get(page(world)).context["form"]
    Initiative.objects.update(why="Somebody else’s.", version=2)
    late = client.post(page(world), as_shown(opened, why="Mine.", learning="Much.") | {"initial-why": ""})
    assert late.status_code == 422
    assert "“Somebody else’s.”" in late.content.decode()
    assert Initiative.objects.get().why == "Somebody else’s."
    assert not Document.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(Role.STAFF, 403), (Role.PRINCIPAL, 404)])
def test_who_may_not(role: str, status: int, world: SmallWorld, client: Client) -> None:
    user = User.objects.create_user("t@tandem.example", "Tess")
    school = world.school if role == Role.STAFF else rows.school(world.board)
    join(user, Role(role), world.board, school=school)
    client.force_login(user)
    assert client.get(page(world)).status_code == status
    assert client.post(page(world), {"why": "Mine"}).status_code == status
    assert Initiative.objects.get(pk=world.initiative.pk).why == ""


@pytest.mark.parametrize(("who", "champion"), [("marcus", "Marcus Lee"), ("helen", None)])
def test_a_need_of_the_champion_has_them_as_its_contact(
    who: str, champion: str | None, world: SmallWorld, client: Client
) -> None:
    """A small initiative is the champion's whose need it is: the one-page summary names whom to write to."""
    client.force_login(getattr(world, who))
    sent = {"kind": "transportation", "what": "A bus", "people": "18", "times_unit": "weeks"}
    assert client.post(reverse("need_add", args=[School.objects.get().pk]), sent).status_code == 302
    found = Need.objects.get().initiative.champion
    assert (found and found.name) == champion
