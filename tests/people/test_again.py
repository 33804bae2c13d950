"""What matters asks whoever signed in a while ago to show that it is still them; an address is changed by a code."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import links
from accounts.models import Event, User
from agreements.models import AgreementVersion
from engines.outbox import tasks as outbox
from people import addresses, again, codes
from tests.factories.world import World
from tests.people.test_passkeys import with_a_passkey
from tests.people.test_second_factor import signed_in_by_code
from tests.signing_in import lately
from tests.small_world import SmallWorld, small_world

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BY_CODE, ADDRESS = reverse("account_again_by_code"), reverse("address_of_me")
NEW = "m.lee@tandem.example"


def long_ago(client: Client, user: User) -> Client:
    """The browser, as it is a while after signing in."""
    lately(client, user, ago=again.LASTS + 1)
    return client


def mailed_code() -> str:
    outbox.sweep()
    found = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[0]


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def people() -> SmallWorld:
    return small_world()


@pytest.fixture
def browser(people: SmallWorld, signed_in: SignIn) -> Client:
    """Marcus's, with neither a password nor a second factor, a while after he signed in."""
    people.marcus.set_unusable_password()
    people.marcus.save()
    return long_ago(signed_in(people.marcus), people.marcus)


# ── Is it still you? ──


@pytest.mark.parametrize("name", ["address_of_me", "account_set_password", "mfa_activate_totp", "mfa_add_webauthn"])
def test_what_lets_one_in_is_asked_for_once_more(name: str, browser: Client) -> None:
    asked = browser.get(reverse(name))
    assert asked["Location"].startswith(BY_CODE)
    assert "still you" in words(browser.get(asked["Location"]))
    assert browser.post(asked["Location"], {"send": "first"})["Location"] == asked["Location"]
    assert "marcus@tandem.example" in words(browser.get(asked["Location"]))
    wrong = browser.post(asked["Location"], {"code": "ABCD-EFGH"})
    assert "This code does not fit" in words(wrong)
    assert browser.get(reverse(name)).status_code == 302
    code = mailed_code()
    back = browser.post(asked["Location"], {"code": code.lower(), "next": reverse(name)})
    assert back["Location"] == reverse(name)
    assert browser.post(asked["Location"], {"code": code, "next": reverse(name)})["Location"] == reverse(name)  # twice
    assert browser.get(reverse(name)).status_code == 200


def test_a_yes_is_sent_on_once_it_is_shown(world: World, db: None, signed_in: SignIn, standing: None) -> None:
    version = world.places["own"].rows[AgreementVersion]
    helen = world.user("principal")
    browser = long_ago(signed_in(helen), helen)
    url = reverse("agreement_yes", args=[version.pk])
    asked = browser.get(url)["Location"]
    assert asked.startswith(reverse("account_reauthenticate"))  # she has a password
    assert "Send me a code" in words(browser.get(asked))
    lately(browser, helen)
    assert browser.get(url).status_code == 200


def test_a_passkey_is_asked_for_first(people: SmallWorld) -> None:
    browser, _device = with_a_passkey()
    long_ago(browser, people.marcus)
    assert browser.get(ADDRESS)["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))
    assert browser.get(BY_CODE)["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))  # mail is not enough


def test_on_ones_own_machine_nothing_is_asked(
    people: SmallWorld, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(f"/come-in/{links.make_sign_in_link(people.marcus)}/")
    monkeypatch.setattr(again, "LASTS", -1)
    assert client.get(ADDRESS).status_code == 200


def test_a_code_stands_a_few_tries_and_a_while(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.post(BY_CODE, {"send": "first"})
    code = mailed_code()
    for _try in range(codes.TRIES):
        browser.post(BY_CODE, {"code": "AAAA-AAAA"})
    assert browser.post(BY_CODE, {"code": code}).status_code == 200
    browser.post(BY_CODE, {"send": "first"})
    code = mailed_code()
    monkeypatch.setattr(codes, "LASTS", -1)
    assert browser.post(BY_CODE, {"code": code}).status_code == 200
    assert browser.get(ADDRESS).status_code == 302


def test_a_code_is_good_for_what_it_was_sent_for(people: SmallWorld, signed_in: SignIn) -> None:
    browser = signed_in(people.marcus)
    browser.post(ADDRESS, {"email": NEW})
    code = mailed_code()
    long_ago(browser, people.marcus)
    browser.post(BY_CODE, {"code": code})
    assert browser.get(ADDRESS).status_code == 302


# ── Another address ──


def test_an_address_is_changed_by_the_code_sent_there(people: SmallWorld) -> None:
    there, _answer = signed_in_by_code("marcus@tandem.example")
    here, _answer = signed_in_by_code("marcus@tandem.example")
    assert here.get(ADDRESS).status_code == 200
    assert here.post(ADDRESS, {"email": "M.Lee@Tandem.example"})["Location"] == ADDRESS
    assert NEW in words(here.get(ADDRESS))
    assert here.post(ADDRESS, {"code": "AAAA-AAAA"}).status_code == 422
    code = mailed_code()
    assert mail.outbox[-1].to == [NEW]
    assert here.post(ADDRESS, {"code": code, "form_token": "0" * 32})["Location"] == reverse("me")
    people.marcus.refresh_from_db()
    assert people.marcus.email == NEW
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)
    assert Event.objects.filter(by=people.marcus, verb="address changed").count() == 1
    outbox.sweep()
    assert mail.outbox[-1].to == ["marcus@tandem.example"]
    assert NEW in mail.outbox[-1].body
    again_here, answer = signed_in_by_code(NEW)
    assert answer.status_code == 302
    assert again_here.get("/").status_code == 200


def test_an_address_of_somebody_else_answers_the_same_and_changes_nothing(
    people: SmallWorld, signed_in: SignIn
) -> None:
    browser = signed_in(people.marcus)
    pages = []
    for email in ("helen@tandem.example", NEW):
        before = len(mail.outbox)
        browser.post(ADDRESS, {"email": email})
        outbox.sweep()
        assert (len(mail.outbox) > before) == (email == NEW)
        pages.append(words(browser.get(ADDRESS)).replace(email, ""))
        browser.get(f"{ADDRESS}?other=1")
        session = browser.session
        del session["code_address"]
        session.save()
    assert pages[0] == pages[1]
    people.marcus.refresh_from_db()
    assert people.marcus.email == "marcus@tandem.example"


@pytest.mark.parametrize("email", ["", "marcus", "marcus@tandem.example", "a@b\nc.example", "x" * 250 + "@a.example"])
def test_no_address_is_said_at_the_field(email: str, people: SmallWorld, signed_in: SignIn) -> None:
    browser = signed_in(people.marcus)
    answer: Any = browser.post(ADDRESS, {"email": email})
    assert answer.status_code == 422
    assert "email" in answer.context["form"].errors


def test_who_is_faster_has_it(people: SmallWorld, signed_in: SignIn) -> None:
    browser = signed_in(people.marcus)
    browser.post(ADDRESS, {"email": NEW})
    code = mailed_code()
    User.objects.filter(pk=people.helen.pk).update(email=NEW)
    answer = browser.post(ADDRESS, {"code": code})
    assert answer.status_code == 422
    assert "could not be taken" in words(answer)
    people.marcus.refresh_from_db()
    assert people.marcus.email == "marcus@tandem.example"
    assert addresses.is_taken(NEW, people.marcus)
