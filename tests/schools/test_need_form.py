"""The form of a need: numbers as people write them, and the sentence that reads them back."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from schools.models import Need, School
from tests.factories.sent import sent_back
from tests.small_world import SmallWorld, small_world

Sent = dict[str, Any]
MENTORS: Sent = {
    "kind": "mentors", "quantity": "4", "hours": "2", "frequency": "weekly", "times": "20", "times_unit": "weeks",
}  # fmt: skip


@pytest.fixture
def world(db: None) -> SmallWorld:
    return small_world()


@pytest.fixture
def marcus(client: Client, world: SmallWorld) -> Client:
    client.force_login(world.marcus)
    return client


@pytest.fixture
def need(world: SmallWorld) -> Need:
    figures: Any = {"quantity": "4.00", "hours": "2.50", "frequency": "weekly", "times": 20}
    made = Need.objects.create(initiative=world.initiative, created_by=world.marcus, kind="mentors", **figures)
    return Need.objects.get(pk=made.pk)


def unmarked(answer: Any) -> str:
    """What is answered, without the marks on the words that were typed or chosen."""
    return re.sub("</?mark>", "", answer.content.decode())


def speaking(language: str, client: Client, user: User) -> Client:
    """The browser of `user`, in `language`."""
    User.objects.filter(pk=user.pk).update(language=language)
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.mark.parametrize(
    ("language", "typed", "reads"),
    [
        ("en", {"hours": "2,5"}, "4 mentors, 2.5 hours weekly for 20 weeks"),
        ("fr", {"hours": "2,5"}, "4 mentors, 2,5 heures par semaine pendant 20 semaines"),
        ("en", {"quantity": "1,200"}, "1,200 mentors, 2 hours weekly for 20 weeks"),
        ("en", {"people": "1 200"}, "4 mentors for 1,200 students, 2 hours weekly for 20 weeks"),
        ("en", {"kind": "funding", "what": "parts", "quantity": "$6,500"}, "$6,500 of parts"),
        ("fr", {"kind": "funding", "what": "pièces", "quantity": "6 500 $"}, "6\u00a0500\u00a0$ pour pièces"),
    ],
)
def test_the_sentence_reads_what_the_form_reads(
    language: str, typed: Sent, reads: str, world: SmallWorld, client: Client
) -> None:
    School.objects.update(language=language)
    browser, sent = speaking(language, client, world.marcus), MENTORS | typed
    assert reads in unmarked(browser.get(reverse("need_sentence", args=[world.school.pk]), sent))
    page = reverse("initiative_need_add", args=[world.initiative.pk])
    assert browser.post(page, sent).status_code == 302
    with translation.override(language):
        assert Need.objects.get().sentence.startswith(reads)


def test_a_number_written_otherwise_is_no_change_of_somebody_else(
    world: SmallWorld, need: Need, marcus: Client
) -> None:
    page = reverse("need_edit", args=[need.pk])
    opened = sent_back(marcus.get(page))
    assert marcus.post(page, opened | {"details": "On Tuesdays"}).status_code == 302
    refused = marcus.post(page, opened | {"initial-quantity": "4.00", "quantity": "5", "hours": "2,50"})
    assert list(refused.context["form"].errors) == ["__all__"]  # only the details differ, and these were left alone
    assert marcus.post(page, sent_back(refused)).status_code == 302
    saved = Need.objects.get()
    assert (saved.quantity, saved.hours, saved.details) == (5, need.hours, "On Tuesdays")


@pytest.mark.parametrize(("language", "shown"), [("en", ["4", "2.5", "20"]), ("fr", ["4", "2,5", "20"])])
def test_a_form_shows_numbers_without_empty_decimals(
    language: str, shown: list[str], world: SmallWorld, need: Need, client: Client
) -> None:
    browser, page = speaking(language, client, world.marcus), reverse("need_edit", args=[need.pk])
    form = browser.get(page).context["form"]
    assert [form[name].value() for name in ("quantity", "hours", "times")] == shown
    sent = sent_back(browser.get(page))
    assert sent["initial-hours"] == [shown[1]]
    assert browser.post(page, sent).status_code == 302
    after = Need.objects.get()
    assert (after.quantity, after.hours, after.times) == (need.quantity, need.hours, need.times)


@pytest.mark.parametrize(
    ("language", "reads"),
    [
        ("en", "4 mentors, 2.5 hours weekly for 20 weeks"),
        ("fr", "4 mentors, 2,5 heures par semaine pendant 20 semaines"),
    ],
)
def test_a_need_that_is_opened_reads_as_it_stands(
    language: str, reads: str, world: SmallWorld, need: Need, client: Client
) -> None:
    browser = speaking(language, client, world.marcus)
    page = unmarked(browser.get(reverse("need_edit", args=[need.pk])))
    assert f'<p class="t-sentence">{reads}.</p>' in page
    assert "is-example" not in page


def test_a_new_need_shows_how_one_reads(world: SmallWorld, marcus: Client) -> None:
    page = marcus.get(reverse("need_add", args=[world.school.pk])).content.decode()
    assert "is-example" in page


def test_how_often_can_be_left_unsaid_again(world: SmallWorld, need: Need, marcus: Client) -> None:
    new = marcus.get(reverse("need_add", args=[world.school.pk])).content.decode()
    assert pills(new) == ["once", "daily", "weekly", "every_two_weeks", "monthly", "each_semester", " checked"]
    page = reverse("need_edit", args=[need.pk])
    opened = marcus.get(page)
    assert "weekly checked" in pills(opened.content.decode())
    sent = sent_back(opened) | {"frequency": "", "times": ""}
    said = unmarked(marcus.get(reverse("need_sentence", args=[world.school.pk]), sent))
    assert "4 mentors, 2.5 hours each." in said
    assert marcus.post(page, sent).status_code == 302
    assert Need.objects.get().sentence == "4 mentors, 2.5 hours each"


def pills(page: str) -> list[str]:
    """The values of "How often" in their order, each with "checked" behind it if it is chosen."""
    inputs = re.findall(r'<input[^>]*name="frequency"[^>]*>', page)
    return [re.findall(r'value="(\w*)"', one)[0] + (" checked" if "checked" in one else "") for one in inputs]


@pytest.mark.parametrize(
    ("frequency", "unit", "told"),
    [
        ("monthly", "weeks", "Say for how many months or semesters."),
        ("monthly", "months", ""),
        ("monthly", "semesters", ""),
        ("each_semester", "weeks", "Say for how many semesters."),
        ("each_semester", "months", "Say for how many semesters."),
        ("each_semester", "semesters", ""),
        ("weekly", "weeks", ""),
        ("weekly", "months", ""),
        ("daily", "semesters", ""),
        ("every_two_weeks", "weeks", ""),
        ("once", "weeks", ""),
        ("", "weeks", ""),
    ],
)
def test_the_unit_is_no_shorter_than_the_rhythm(
    frequency: str, unit: str, told: str, world: SmallWorld, marcus: Client
) -> None:
    sent = MENTORS | {"frequency": frequency, "times": "2", "times_unit": unit}
    answer = marcus.post(reverse("initiative_need_add", args=[world.initiative.pk]), sent)
    assert answer.status_code == (422 if told else 302)
    if told:
        assert dict(answer.context["form"].errors) == {"times_unit": [told]}
        assert told in answer.content.decode()


def test_it_is_shown_as_a_business_sees_it(world: SmallWorld, marcus: Client) -> None:
    School.objects.update(enrolment=842, challenge="Aging machine shop")
    page = marcus.get(reverse("initiative_need_add", args=[world.initiative.pk])).content.decode()
    assert "Your need, in one sentence" in page
    assert "Mentors for 60 · Riverbend Secondary School, 842 students. Aging machine shop</p>" in page
    read_back = reverse("need_sentence", args=[world.school.pk])
    seen = marcus.get(read_back, MENTORS | {"seen": "1"}).content.decode()
    assert 'id="it-is-seen" class="t-row" hx-swap-oob="true"' in seen
    assert '<p class="t-strong">4 mentors, 2 hours weekly for 20 weeks</p>' in seen
    assert "it-is-seen" not in marcus.get(read_back, MENTORS).content.decode()  # a promise has no such card
