"""What of a school is public: nothing until its principal or champion says so, part by part."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from schools import publishing
from schools.models import School
from tests.factories import rows
from tests.factories.sent import as_shown, with_token
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]
TEXTS = {
    "grades": ("grades", "9–12"),
    "students": ("enrolment", 842),
    "strength": ("strength", "Robots that win"),
    "challenge": ("challenge", "An aging machine shop"),
    "accomplishments": ("accomplishments", "A provincial medal"),
    "figure": ("demographic_figure", "38 %"),
    "demographics": ("demographics", "Many are new to Canada"),
    "home_languages": ("home_languages", "English, Tagalog"),
    "year_runs": ("year_runs", "Exams in January"),
    "town": ("town", "Maple Valley"),
    "region": ("region", "North end"),
    "address": ("street", "14 River Road"),
    "phone": ("phone", "416 555 0123"),
    "website": ("website", "https://riverbend.example"),
}


@pytest.fixture
def school(world: World) -> School:
    """The world's own school, with a word in every part."""
    found = world.places["own"].school
    School.objects.filter(pk=found.pk).update(**dict(TEXTS.values()))
    rows.improvement_goal(found, title="More of them in mathematics")
    return School.objects.get(pk=found.pk)


def read_by(browser: Client, school: School) -> str:
    answer = browser.get(reverse("school_public", args=[school.pk]))
    return answer.content.decode() if answer.status_code == 200 else ""


def test_every_part_has_a_word_here() -> None:
    assert {part.key for part in publishing.OF_A_SCHOOL} == {*TEXTS, "goals", "picture"}


def test_a_partner_sees_no_school_until_it_says_so(world: World, school: School, signed_in: SignIn) -> None:
    browser = signed_in(world.user("partner"))
    assert browser.get(reverse("school_public", args=[school.pk])).status_code == 404
    assert school.name not in browser.get(reverse("schools_public")).content.decode()
    publishing.publish(school, ["strength"], by=world.user("principal"))
    assert school.name in browser.get(reverse("schools_public")).content.decode()
    assert "Robots that win" in read_by(browser, school)
    publishing.publish(school, [], by=world.user("principal"))
    assert browser.get(reverse("school_public", args=[school.pk])).status_code == 404


@pytest.mark.parametrize("key", sorted({part.key for part in publishing.OF_A_SCHOOL}))
def test_only_what_was_made_public_is_read(key: str, world: World, school: School, signed_in: SignIn) -> None:
    publishing.publish(school, [key], by=world.user("principal"))
    shown = read_by(signed_in(world.user("partner")), school)
    words = {part: str(value) for part, (_field, value) in TEXTS.items()} | {
        "goals": "More of them in mathematics",
        "picture": reverse("school_picture", args=[school.pk]),
    }
    found = {part for part, word in words.items() if word in shown}
    # An address names its town.
    assert found == ({key, "town"} if key == "address" else {key})


def test_another_boards_partner_never_reads_it(world: World, school: School, signed_in: SignIn) -> None:
    publishing.publish(school, ["strength"], by=world.user("principal"))
    browser = signed_in(world.user("partner", "far"))
    assert browser.get(reverse("school_public", args=[school.pk])).status_code == 404
    assert school.name not in browser.get(reverse("schools_public")).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("principal", 302), ("vice_principal", 302), ("champion", 302), ("staff", 403), ("office_school", 403),
        ("assistant_school", 403), ("superintendent", 403), ("board_admin", 403), ("partner", 404),
    ],
)  # fmt: skip
def test_publishing_is_the_principals_and_the_champions(
    role: str, status: int, world: World, school: School, signed_in: SignIn
) -> None:
    page = reverse("school_publish", args=[school.pk])
    sent = {"parts": ["strength", "town"], "version": school.version}
    answer = signed_in(world.user(role)).post(page, with_token(sent))
    assert answer.status_code == status
    assert School.objects.get(pk=school.pk).is_published == (status == 302)


def test_the_page_ticks_what_is_public_and_offers_what_says_something(
    world: World, school: School, signed_in: SignIn
) -> None:
    School.objects.filter(pk=school.pk).update(region="")
    publishing.publish(school, ["strength"], by=world.user("principal"))
    page = signed_in(world.user("champion")).get(reverse("school_publish", args=[school.pk])).content.decode()
    assert 'value="strength"' in page
    assert "checked" in page[page.index('value="strength"') : page.index('value="challenge"')]
    assert "checked" not in page[page.index('value="challenge"') : page.index('value="accomplishments"')]
    assert 'value="region"' not in page


def test_of_two_who_tick_the_later_sees_what_the_other_saved(world: World, school: School, signed_in: SignIn) -> None:
    page = reverse("school_publish", args=[school.pk])
    helen, marcus = signed_in(world.user("principal")), signed_in(world.user("champion"))
    shown = {"version": school.version, "initial-parts": []}
    assert helen.post(page, with_token(shown | {"parts": ["town"]})).status_code == 302
    late = marcus.post(page, with_token(shown | {"parts": ["strength"]}))
    assert late.status_code == 422
    assert "Town" in str(late.context["form"].errors)
    assert School.objects.get(pk=school.pk).public_parts == ["town"]
    again = as_shown(late.context["form"]) | {"initial-parts": ["town"]}
    assert marcus.post(page, with_token(again)).status_code == 302
    assert School.objects.get(pk=school.pk).public_parts == ["strength"]


def test_a_public_part_whose_text_is_gone_stays_public(world: World, school: School, signed_in: SignIn) -> None:
    publishing.publish(school, ["strength", "town"], by=world.user("principal"))
    School.objects.filter(pk=school.pk).update(strength="")
    page = reverse("school_publish", args=[school.pk])
    sent = {"parts": ["town", "grades"], "version": school.version}
    assert signed_in(world.user("champion")).post(page, with_token(sent)).status_code == 302
    assert School.objects.get(pk=school.pk).public_parts == ["grades", "strength", "town"]


def test_a_part_there_is_not_is_refused(world: World, school: School, signed_in: SignIn) -> None:
    page = reverse("school_publish", args=[school.pk])
    answer = signed_in(world.user("champion")).post(page, with_token({"parts": ["ministry_number"]}))
    assert answer.status_code == 422
    with pytest.raises(KeyError):
        publishing.publish(school, ["ministry_number"], by=world.user("champion"))
    assert School.objects.get(pk=school.pk).public_parts == []


def test_it_leaves_an_event_only_when_something_changed(world: World, school: School) -> None:
    before = Event.objects.count()
    for _twice in range(2):
        publishing.publish(school, ["town", "strength"], by=world.user("principal"))
    publishing.publish(school, [], by=world.user("principal"))
    told = Event.objects.order_by("-pk")[: Event.objects.count() - before]
    assert [event.verb for event in told] == ["made private", "made public"]


@pytest.mark.parametrize(
    ("latitude", "longitude", "at"),
    [
        ("43.65107", "", "longitude"), ("", "-79.34702", "latitude"), ("91", "0", "latitude"),
        ("0", "181", "longitude"), ("43.65107", "-79.34702", ""), ("", "", ""), ("0", "0", ""),
    ],
)  # fmt: skip
def test_coordinates_come_in_pairs(
    latitude: str, longitude: str, at: str, world: World, school: School, signed_in: SignIn
) -> None:
    data = {
        "name": school.name, "language": "en", "version": school.version, "latitude": latitude, "longitude": longitude,
    }  # fmt: skip
    answer = signed_in(world.user("champion")).post(reverse("school_edit", args=[school.pk]), with_token(data))
    assert answer.status_code == (422 if at else 302)
    if at:
        assert list(answer.context["form"].errors) == [at]


def test_a_partners_way_there(world: World, signed_in: SignIn) -> None:
    assert reverse("schools_public") in signed_in(world.user("partner")).get(reverse("today")).content.decode()
    own = rows.user()
    rows.member(own, Role.STAFF, world.places["own"].board, school=world.places["own"].school)
    assert reverse("schools_public") not in signed_in(own).get(reverse("today")).content.decode()
