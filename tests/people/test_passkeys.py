"""A passkey is made, lets in alone or as a second factor, and is removed; whatever else is sent is refused in words."""

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.permissions import Role
from engines.outbox import tasks as outbox
from tests.people.authenticator import Passkey
from tests.people.test_second_factor import person, signed_in_by_code
from tests.signing_in import lately
from tests.small_world import SmallWorld, small_world

pytestmark = pytest.mark.django_db
NEW, SIGN_IN, CHECK = (
    reverse("mfa_add_webauthn"),
    reverse("mfa_login_webauthn"),
    reverse("mfa_authenticate"),
)
MARCUS = "marcus@tandem.example"


@pytest.fixture
def world() -> SmallWorld:
    return small_world()


def options(page: str) -> dict[str, Any]:
    """What a page asks of the device."""
    found = re.search(r'<script id="passkey-data" type="application/json">(.+?)</script>', page)
    assert found, page
    asked: dict[str, Any] = json.loads(found[1])
    return asked.get("creation_options") or asked["request_options"]


def with_a_passkey(email: str = MARCUS) -> tuple[Client, Passkey]:
    """A browser whose person has just made a passkey, and the device that keeps it."""
    browser, _answer = signed_in_by_code(email)
    device = Passkey("testserver")
    made = device.made(options(browser.get(NEW).content.decode()))
    answer = browser.post(NEW, {"name": "My phone", "credential": made, "passwordless": "on"})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert browser.get(answer["Location"]).status_code == 200  # not asked again
    return browser, device


def asked_by_the_page(browser: Client) -> dict[str, Any]:
    """What the password page asks of whatever device there is."""
    found: dict[str, Any] = browser.get(SIGN_IN, headers={"accept": "application/json"}).json()
    return found["request_options"]


def test_it_lets_in_alone_and_says_when_it_was_used(world: SmallWorld) -> None:
    browser, device = with_a_passkey()
    assert "My phone" in browser.get(reverse("mfa_index")).content.decode()
    again = Client()
    answer = again.post(SIGN_IN, {"credential": device.used(asked_by_the_page(again)), "next": "/me/"})
    assert answer["Location"] == "/me/"
    assert again.get("/").status_code == 200
    assert "last used on" in again.get(reverse("mfa_index")).content.decode()


def test_it_is_a_second_factor(world: SmallWorld) -> None:
    _browser, device = with_a_passkey()
    again, answer = signed_in_by_code(MARCUS)
    assert answer["Location"] == CHECK
    assert again.get("/").status_code == 302  # a code alone is not enough
    page = again.get(CHECK).content.decode()
    assert "Use your passkey" in page
    assert again.post(CHECK, {"credential": device.used(options(page))}).status_code == 302
    assert again.get("/").status_code == 200


def test_it_counts_where_a_second_factor_is_needed(world: SmallWorld) -> None:
    admin = person(world, Role.BOARD_ADMIN)
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        browser, _device = with_a_passkey(admin.email)
        assert browser.get("/").status_code == 200
        browser.post(reverse("mfa_remove_webauthn", args=[Authenticator.objects.get(type="webauthn").pk]))
        assert browser.get("/")["Location"] == reverse("mfa_activate_totp")


def test_it_says_that_it_is_still_you(world: SmallWorld) -> None:
    _browser, device = with_a_passkey()
    again = Client()
    again.post(SIGN_IN, {"credential": device.used(asked_by_the_page(again))})
    again_url = again.get(NEW)["Location"]
    assert again_url.startswith(reverse("mfa_reauthenticate_webauthn"))
    page = again.get(again_url).content.decode()
    assert again.post(again_url, {"credential": '{"a": 1}'})["Location"] == again_url
    page = again.get(again_url).content.decode()
    assert "This passkey does not fit." in page
    sent = {"credential": device.used(options(page)), "next": NEW}
    assert again.post(again_url, sent)["Location"] == NEW
    assert again.get(NEW).status_code == 200


def test_it_is_removed_with_its_codes_and_one_is_told(
    world: SmallWorld, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        browser, device = with_a_passkey()
    remove = reverse("mfa_remove_webauthn", args=[Authenticator.objects.get(type="webauthn").pk])
    assert "My phone" in browser.get(remove).content.decode()
    assert browser.post(remove)["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.exists()
    outbox.sweep()
    assert {"A passkey was made", "A passkey was removed"} <= {message.subject for message in mail.outbox}
    again = Client()
    answer = again.post(SIGN_IN, {"credential": device.used(asked_by_the_page(again))}, follow=True)
    assert "This passkey does not fit." in answer.content.decode()
    assert again.get("/").status_code == 302


def test_nobody_removes_anothers(world: SmallWorld) -> None:
    with_a_passkey()
    theirs = Authenticator.objects.get(type="webauthn").pk
    helen, _device = with_a_passkey("helen@tandem.example")
    assert helen.post(reverse("mfa_remove_webauthn", args=[theirs])).status_code == 404
    assert Authenticator.objects.filter(pk=theirs).exists()


@pytest.mark.parametrize("change", ["another key", "another site", "another question", "used twice"])
def test_what_does_not_fit_lets_nobody_in(change: str, world: SmallWorld) -> None:
    _browser, device = with_a_passkey()
    again = Client()
    asked = asked_by_the_page(again)
    if change == "another key":
        device.key = Passkey("testserver").key
    if change == "another site":
        device.site = "tandem.example"
    sent = device.used(asked)
    if change == "another question":
        asked_by_the_page(again)
    if change == "used twice":
        again.post(SIGN_IN, {"credential": sent})
        again.post(reverse("account_logout"))
    answer = again.post(SIGN_IN, {"credential": sent}, follow=True)
    assert "This passkey does not fit." in answer.content.decode()
    assert again.get("/").status_code == 302


# ── Whatever is sent in the place of a device ──

THERE = '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30",%s}}'
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "rawId", "type", "response", "clientDataJSON", "attestationObject", "signature", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
).map(json.dumps)


@pytest.mark.parametrize("path", [NEW, SIGN_IN])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=JSONS | st.text(max_size=60))
@example(sent="")
@example(sent="[" * 3000)
@example(sent='{"a":' * 3000)
@example(sent="9" * 5000)
@example(sent='{"id":"' + "A" * 30_000 + '"}')
@example(sent=THERE % '"attestationObject":"oA"')
@example(sent=THERE % '"attestationObject":"v2Nmb29jYmFy"')
@example(sent=THERE % '"authenticatorData":"AA","signature":"AA","userHandle":"AA"')
@example(sent=THERE % '"authenticatorData":"AA","signature":"AA","userHandle":null')
@example(sent=THERE % '"authenticatorData":"AA","signature":"AA","userHandle":7')
@example(sent='{"id":"é","rawId":"é","response":"é"}')
def test_whatever_is_sent_is_refused_in_words(path: str, sent: str, world: SmallWorld) -> None:
    cache.clear()
    browser = Client()
    if path == NEW:
        world.marcus.set_unusable_password()
        world.marcus.save()
        browser.force_login(world.marcus)
        lately(browser, world.marcus)
    browser.get(path, headers={"accept": "application/json"})
    answer = browser.post(path, {"credential": sent}, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "This passkey does not fit." in page or "The device answered nothing." in page
    assert not Authenticator.objects.exists()
