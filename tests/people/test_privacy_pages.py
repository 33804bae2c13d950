"""What is kept in plain words, one's own data, and the privacy desk of a board."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import Event, User
from businesses.models import Contact
from core.kept import Kind, tables
from outreach.models import Meeting
from partnerships.models import Partnership
from people.models import AccessRequest, LegalHold
from tests.factories import rows
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]
OF_A_PERSON = {Kind.CONTACT, Kind.PERSONAL, Kind.SENSITIVE}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_says_every_declaration_about_a_person(language: str, client: Client) -> None:
    client.cookies["django_language"] = language
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("what_is_kept")).content.decode()
    assert len(queries) == 0
    with translation.override(language):
        groups = [(t, g) for t in tables for g in t.groups if g.kept.kind in OF_A_PERSON]
        assert len(groups) > 40
        for table, group in groups:
            for words in (table.title, group.kept.purpose, str(group.words)[1:], str(group.kept.erasure.label)[1:]):
                assert str(words) in page, words
            assert str(group.kept.term.words)[1:] in page


def test_whoever_signs_in_finds_it(client: Client) -> None:
    assert reverse("what_is_kept") in client.get(reverse("account_request_login_code")).content.decode()


def test_ways_to_ones_own_data(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.user("champion"))
    assert reverse("me_data") in browser.get(reverse("me")).content.decode()
    page = browser.get(reverse("me_data")).content.decode()
    assert reverse("me_data_json") in page
    assert reverse("me_data_file") in page


# ── The desk ──


@pytest.fixture
def admin(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.user("board_admin"))


def send(browser: Client, url: str, **typed: Any) -> Any:
    return browser.post(url, typed | {"form_token": str(uuid4())})


def desk(world: World) -> int:
    return world.places["own"].board.pk


def ask(browser: Client, world: World, **typed: Any) -> AccessRequest:
    answer = send(browser, reverse("access_request_add", args=[desk(world)]), **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    return AccessRequest.objects.latest("pk")


def test_asking_is_kept_and_answered_with_two_files(world: World, admin: Client) -> None:
    contact = world.places["own"].rows[Contact]
    asked = ask(admin, world, about=contact.email, since="2020-01-01")
    assert (asked.made_by, asked.about) == (world.user("board_admin"), contact.email)
    assert asked.since == date(2020, 1, 1)
    page = admin.get(reverse("access_request", args=[asked.pk])).content.decode()
    assert contact.name in page
    assert "People in organisations" in page
    told = json.loads(admin.get(reverse("access_request_json", args=[asked.pk])).content)
    assert told["about"] == contact.email
    assert contact.name in admin.get(reverse("access_request_file", args=[asked.pk])).content.decode()
    assert str(asked.about) in admin.get(reverse("board_privacy", args=[desk(world)])).content.decode()


def test_a_person_or_an_organisation_and_not_both(world: World, admin: Client) -> None:
    url = reverse("access_request_add", args=[desk(world)])
    business = world.places["own"].rows[Partnership].business
    for typed in ({}, {"about": "Iris Chen", "business": str(business.pk)}):
        answer = send(admin, url, **typed)
        assert answer.status_code == 422
        assert "Name a person or choose an organisation, not both." in answer.context["form"].errors["about"]
    stranger = world.places["far"].rows[Partnership].business
    assert send(admin, url, business=str(stranger.pk)).status_code == 422
    assert send(admin, url, about="Iris Chen", since="2026-02-02", until="2026-02-01").status_code == 422


def test_several_of_a_name_are_asked_about(world: World, admin: Client) -> None:
    business = world.places["own"].rows[Partnership].business
    first, _second = rows.contact(business, "Iris Chen"), rows.contact(business, "Iris Chen")
    asked = ask(admin, world, about="Iris Chen")
    page = admin.get(reverse("access_request", args=[asked.pk])).content.decode()
    assert "Several people are called “Iris Chen”. Give the e-mail address." in page
    for name in ("access_request_json", "access_request_file"):
        assert admin.get(reverse(name, args=[asked.pk])).status_code == 404
    assert admin.get(reverse("access_request_erase", args=[asked.pk])).status_code == 302
    by_address = ask(admin, world, about=first.email)
    assert admin.get(reverse("access_request_json", args=[by_address.pk])).status_code == 200


def test_erasing_from_the_desk(world: World, admin: Client) -> None:
    contact = Contact.objects.get(pk=world.places["own"].rows[Contact].pk)
    said = rows.interaction(world.places["own"].rows[Meeting].prospect, world.user("champion"), "Old Chenny was kind.")
    asked = ask(admin, world, about=contact.email)
    url = reverse("access_request_erase", args=[asked.pk])
    assert contact.name in admin.get(url).content.decode()
    assert send(admin, url).status_code == 422  # it must be meant
    assert send(admin, url, is_meant="on", also="Chenny, ").status_code == 302
    contact.refresh_from_db()
    said.refresh_from_db()
    asked.refresh_from_db()
    assert (contact.name, contact.email, contact.phone) == ("Erased person", "", "")
    assert said.notes == "Old [erased] was kind."
    assert asked.about == "[erased]"
    assert Event.objects.filter(verb="erased", subject_type=rows.content_type(contact), subject_id=contact.pk).exists()


def test_the_desk_says_what_is_in_the_way(world: World, admin: Client) -> None:
    champion = world.user("champion")
    asked = ask(admin, world, about=champion.email)
    url = reverse("access_request_erase", args=[asked.pk])
    why = "They hold a role. End it first, and hand over what they carry."
    assert why in admin.get(url).content.decode()
    answer = send(admin, url, is_meant="on")
    assert answer.status_code == 422
    assert why in answer.context["form"].non_field_errors()
    champion.refresh_from_db()
    assert champion.is_active


def test_an_organisation_is_not_erased(world: World, admin: Client) -> None:
    asked = ask(admin, world, business=str(world.places["own"].rows[Partnership].business.pk))
    assert admin.get(reverse("access_request", args=[asked.pk])).status_code == 200
    assert admin.get(reverse("access_request_erase", args=[asked.pk])).status_code == 404


def test_placing_and_lifting_a_hold(world: World, admin: Client) -> None:
    url, champion = reverse("legal_hold_add", args=[desk(world)]), world.user("champion")
    contact = world.places["own"].rows[Contact]
    for about, person, address in ((champion.email, champion, ""), (contact.email.upper(), None, contact.email)):
        assert send(admin, url, about=about, reason="Letter of 3 March").status_code == 302
        hold = LegalHold.objects.latest("pk")
        assert (hold.person, hold.address, hold.reason) == (person, address, "Letter of 3 March")
    nobody = send(admin, url, about="nobody@example.org", reason="A case")
    assert nobody.status_code == 422
    assert nobody.context["form"].errors["about"] == ["Nobody here has this address."]
    lift = reverse("legal_hold_lift", args=[hold.pk])
    for _ in range(2):  # a second time changes nothing, and leaves no Event
        assert send(admin, lift).status_code == 302
    hold.refresh_from_db()
    assert (hold.lifted_by, hold.lifted_at) == (world.user("board_admin"), rows.NOW)
    told = Event.objects.filter(subject_type=rows.content_type(hold), subject_id=hold.pk).order_by("pk")
    assert list(told.values_list("verb", flat=True)) == ["placed", "lifted"]


@pytest.mark.parametrize("role", ["principal", "superintendent", "office_board", "assistant_family"])
def test_only_a_board_administrator_has_the_desk(role: str, world: World, signed_in: SignIn) -> None:
    browser, asked = signed_in(world.user(role)), world.places["own"].rows[AccessRequest]
    assert browser.get(reverse("board_privacy", args=[desk(world)])).status_code == 403
    assert browser.get(reverse("access_request", args=[asked.pk])).status_code == 404
    page = browser.get(reverse("board", args=[desk(world)])).content.decode()
    assert reverse("board_privacy", args=[desk(world)]) not in page
