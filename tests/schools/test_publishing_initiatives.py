"""What of an initiative is public: nothing until its principal or champion says so, part by part and need by need."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Event, User
from schools import actions, publishing
from schools.forms.school import InitiativePublishForm
from schools.models import Initiative, Need, School
from tests.core.test_forms_and_pages import sent_back
from tests.factories import rows
from tests.factories.sent import with_token
from tests.factories.world import World, mark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]
TEXTS = {
    "summary": ("summary", "Thirty students build"),
    "description": ("description", "A robot in six weeks"),
    "why": ("why", "Few know a machinist"),
    "learning": ("learning", "Mathematics by hand"),
    "benefits": ("benefits", "Proud employees"),
    "ask": ("ask", "One hour of yours"),
    "kind": ("kind", "operational"),
    "period": ("starts_on", date(2027, 9, 8)),
}
WORDS = {key: str(value) for key, (_field, value) in TEXTS.items()} | {
    "kind": "Operational: shared tasks",
    "period": "2027",
    "goals": "A team of thirty",
    "measures": "students who read",
    "need": "some spanners",
}


@pytest.fixture
def initiative(world: World) -> Initiative:
    """One with a word in every part and an open need, at the world's own school."""
    champion = world.user("champion")
    found = rows.initiative(
        world.places["own"].school, "FIRST Robotics", champion=champion, backup=world.user("principal")
    )
    Initiative.objects.filter(pk=found.pk).update(**dict(TEXTS.values()))
    rows.measure(rows.goal(found, "A team of thirty"))
    rows.need(found, champion, "some spanners")
    return Initiative.objects.get(pk=found.pk)


def keys(of: Initiative) -> dict[str, str]:
    """The keys by the name of their part."""
    return {part.key: part.key for part in publishing.OF_AN_INITIATIVE} | {"need": f"need-{of.needs.get().pk}"}


def read_by(browser: Client, of: Initiative) -> str:
    answer = browser.get(reverse("initiative_public", args=[of.pk]))
    return answer.content.decode() if answer.status_code == 200 else ""


def test_every_part_has_a_word_here() -> None:
    assert {part.key for part in publishing.OF_AN_INITIATIVE} | {"need"} == set(WORDS)


@pytest.mark.parametrize("key", sorted(WORDS))
def test_only_what_was_made_public_is_read(key: str, initiative: Initiative, world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.user("partner"))
    assert read_by(browser, initiative) == ""
    publishing.publish(initiative, [keys(initiative)[key]], by=world.user("principal"))
    shown = read_by(browser, initiative)
    assert {part for part, word in WORDS.items() if word in shown} == {key}
    assert "FIRST Robotics" in browser.get(reverse("initiatives_public")).content.decode()
    publishing.publish(initiative, [], by=world.user("principal"))
    assert read_by(browser, initiative) == ""
    assert "FIRST Robotics" not in browser.get(reverse("initiatives_public")).content.decode()


def test_a_label_has_the_colon_of_the_language(initiative: Initiative) -> None:
    with translation.override("fr"):
        form = InitiativePublishForm(instance=initiative, told=publishing.told(initiative))
        labels = {key: str(label) for key, label in form.fields["parts"].choices}  # type: ignore[attr-defined]
    assert labels["period"].startswith("Quand\N{NO-BREAK SPACE}: 8 septembre 2027")
    assert all("\N{NO-BREAK SPACE}: " in label for label in labels.values())


def test_it_names_no_employee_and_no_partner(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    publishing.publish(initiative, keys(initiative).values(), by=world.user("principal"))
    rows.prospect(initiative, rows.business(initiative.board, "Northgate Automation"), world.user("champion"))
    shown = read_by(signed_in(world.user("partner", "near")), initiative)
    assert "some spanners" in shown
    assert [word for word in ("Northgate", "Champion own", "Principal own") if word in shown] == []


def test_a_school_that_published_nothing_shows_its_name_and_town(
    initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    school = world.places["own"].school
    School.objects.filter(pk=school.pk).update(town="Maple Valley", strength="Robots that win")
    publishing.publish(initiative, ["why"], by=world.user("principal"))
    browser = signed_in(world.user("partner"))
    shown = read_by(browser, initiative)
    assert f"{school.name}, Maple Valley" in shown
    assert "Robots that win" not in shown
    assert reverse("school_public", args=[school.pk]) not in shown
    publishing.publish(School.objects.get(pk=school.pk), ["strength"], by=world.user("principal"))
    assert reverse("school_public", args=[school.pk]) in read_by(browser, initiative)
    of_school = browser.get(reverse("school_public", args=[school.pk])).content.decode()
    assert "FIRST Robotics" in of_school
    assert mark("own", Initiative) not in of_school


def test_another_boards_partner_never_reads_it(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    publishing.publish(initiative, keys(initiative).values(), by=world.user("principal"))
    browser = signed_in(world.user("partner", "far"))
    assert read_by(browser, initiative) == ""
    assert "FIRST Robotics" not in browser.get(reverse("initiatives_public")).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("principal", 302), ("vice_principal", 302), ("champion", 302), ("staff", 403), ("office_school", 403),
        ("assistant_school", 403), ("superintendent", 403), ("board_admin", 403), ("partner", 404),
    ],
)  # fmt: skip
def test_publishing_is_the_principals_and_the_champions(
    role: str, status: int, initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    need = keys(initiative)["need"]
    sent = {"parts": ["why", need], "version": initiative.version}
    page = reverse("initiative_publish", args=[initiative.pk])
    assert signed_in(world.user(role)).post(page, with_token(sent)).status_code == status
    saved = Initiative.objects.get(pk=initiative.pk)
    assert saved.is_published == (status == 302)
    assert publishing.public_keys(saved) == (["why", need] if status == 302 else [])


def test_of_two_who_tick_the_later_sees_what_the_other_saved(
    initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    page, need = reverse("initiative_publish", args=[initiative.pk]), keys(initiative)["need"]
    champion, principal = signed_in(world.user("champion")), signed_in(world.user("principal"))
    shown = sent_back(champion.get(page))
    assert principal.post(page, with_token(shown | {"parts": ["why"]})).status_code == 302
    late = champion.post(page, with_token(shown | {"parts": [need]}))
    assert late.status_code == 422
    assert publishing.public_keys(Initiative.objects.get(pk=initiative.pk)) == ["why"]
    assert champion.post(page, with_token(sent_back(late))).status_code == 302
    assert publishing.public_keys(Initiative.objects.get(pk=initiative.pk)) == [need]


@pytest.mark.parametrize("state", [Need.State.PROPOSED, Need.State.WITHDRAWN])
def test_only_an_open_need_is_offered(state: str, initiative: Initiative, world: World, signed_in: SignIn) -> None:
    need = keys(initiative)["need"]
    initiative.needs.update(state=state)
    assert need not in [part.key for part in publishing.told(initiative)]
    page = reverse("initiative_publish", args=[initiative.pk])
    answer = signed_in(world.user("champion")).post(page, with_token({"parts": [need], "version": 1}))
    assert answer.status_code == 422
    with pytest.raises(KeyError):
        publishing.publish(initiative, [need], by=world.user("champion"))
    with pytest.raises(IntegrityError), transaction.atomic():
        initiative.needs.update(is_published=True)


def test_another_initiatives_need_is_none_of_it(initiative: Initiative, world: World) -> None:
    other = rows.need(rows.initiative(initiative.school), world.user("champion"))
    with pytest.raises(KeyError):
        publishing.publish(initiative, [f"need-{other.pk}"], by=world.user("champion"))
    assert not Need.objects.filter(is_published=True).exists()


@pytest.mark.parametrize(("parts", "stays"), [([], False), (["why"], True)])
def test_a_withdrawn_need_is_public_no_more_and_asked_for_again_not_by_itself(
    parts: list[str], stays: bool, initiative: Initiative, world: World, signed_in: SignIn
) -> None:
    champion, need = world.user("champion"), initiative.needs.get()
    publishing.publish(initiative, [*parts, keys(initiative)["need"]], by=champion)
    need.refresh_from_db()
    actions.move_need(need, to=Need.State.WITHDRAWN, by=champion)
    assert (need.is_published, Initiative.objects.get(pk=initiative.pk).is_published) == (False, stays)
    actions.move_need(need, to=Need.State.OPEN, by=champion)
    assert Need.objects.get(pk=need.pk).is_published is False
    assert "some spanners" not in read_by(signed_in(world.user("partner")), initiative)


def test_it_leaves_an_event_only_when_something_changed(initiative: Initiative, world: World) -> None:
    before = Event.objects.count()
    for _twice in range(2):
        publishing.publish(initiative, ["why", keys(initiative)["need"]], by=world.user("principal"))
    publishing.publish(initiative, [], by=world.user("principal"))
    told = Event.objects.order_by("-pk")[: Event.objects.count() - before]
    assert [event.verb for event in told] == ["made private", "made public"]


def test_the_initiative_says_who_can_see_it(initiative: Initiative, world: World, signed_in: SignIn) -> None:
    browser, page = signed_in(world.user("champion")), reverse("initiative", args=[initiative.pk])
    before = browser.get(page).content.decode()
    assert "Only your school and its board see it." in before
    assert reverse("initiative_publish", args=[initiative.pk]) in before
    publishing.publish(initiative, [keys(initiative)["need"]], by=world.user("principal"))
    after = browser.get(page).content.decode()
    assert "Partners of the board find one of its needs." in after
    assert reverse("initiative_public", args=[initiative.pk]) in after
    staff = signed_in(world.user("staff")).get(page).content.decode()
    assert reverse("initiative_publish", args=[initiative.pk]) not in staff
