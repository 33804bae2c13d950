"""A second factor is set up, asked for at sign-in, needed by some and taken off; one's own account and sessions."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from accounts import links
from accounts.models import Event, Membership, User
from accounts.permissions import Role
from engines.outbox import tasks as outbox
from schools.models import Family
from tests.people.authenticator import digits
from tests.small_world import SmallWorld, join, small_world

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SET_UP = "/account/factors/app/"


@pytest.fixture
def world() -> SmallWorld:
    return small_world()


def signed_in_by_code(email: str) -> tuple[Client, Any]:
    """A browser that gave its address and typed the code it was mailed, and what it got for it."""
    browser = Client()
    browser.post(reverse("account_request_login_code"), {"email": email})
    outbox.sweep()
    code = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code
    return browser, browser.post(reverse("account_confirm_login_code"), {"code": code[0]})


def with_a_factor(email: str) -> tuple[Client, str]:
    """A browser whose person has just set up the app, and the secret the app holds."""
    browser, _answer = signed_in_by_code(email)
    page = browser.get(SET_UP).content.decode()
    found = re.search(r'<code class="t-key">([A-Z2-7]+)</code>', page)
    assert found, page
    wrong = browser.post(SET_UP, {"code": "000000"})
    assert "This code does not fit." in wrong.content.decode()
    assert browser.post(SET_UP, {"code": digits(found[1])}).status_code == 302
    return browser, found[1]


def test_it_is_asked_for_at_sign_in_from_then_on(world: SmallWorld) -> None:
    _browser, secret = with_a_factor("marcus@tandem.example")
    again, answer = signed_in_by_code("marcus@tandem.example")
    assert answer["Location"] == reverse("mfa_authenticate")
    assert again.get("/").status_code == 302  # a code alone is not enough
    assert "six digits" in again.get(reverse("mfa_authenticate")).content.decode()
    assert again.post(reverse("mfa_authenticate"), {"code": "123456"}).status_code == 200
    later = digits(secret, time.time() + 30)  # the code that set it up is used
    assert again.post(reverse("mfa_authenticate"), {"code": later}).status_code == 302
    assert again.get("/").status_code == 200


def test_the_secret_is_kept_encrypted(world: SmallWorld) -> None:
    _browser, secret = with_a_factor("marcus@tandem.example")
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_a_recovery_code_lets_in_once(world: SmallWorld) -> None:
    browser, _secret = with_a_factor("marcus@tandem.example")
    assert browser.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    page = browser.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<li><code>(\w+)</code></li>", page)
    assert len(codes) == 10
    assert codes[0] in browser.get(reverse("mfa_download_recovery_codes")).content.decode()
    for status in (302, 200):
        again, _answer = signed_in_by_code("marcus@tandem.example")
        assert again.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == status


def test_it_is_switched_off_with_its_codes_and_one_is_told(
    world: SmallWorld, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        browser, _secret = with_a_factor("marcus@tandem.example")
    browser.post(reverse("mfa_generate_recovery_codes"))
    assert browser.get(reverse("mfa_deactivate_totp")).status_code == 200
    browser.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(type="totp").exists()
    outbox.sweep()
    subjects = [message.subject for message in mail.outbox]
    assert "A second factor was set up" in subjects
    assert "Your second factor was switched off" in subjects


# ── Who needs one ──


def person(world: SmallWorld, role: Role) -> User:
    user = User.objects.create_user(f"{role}@needs.example", str(role))
    scopes: dict[str, dict[str, Any]] = {
        "board_admin": {}, "partner": {"business": world.business},
        "superintendent": {"family": Family.objects.create(board=world.board, name=f"Family of {role}")},
    }  # fmt: skip
    join(user, role, world.board, **scopes.get(role, {"school": world.school}), is_lead=False)
    return user


@pytest.mark.parametrize("role", list(Role))
def test_some_roles_need_one_and_all_may_have_one(role: Role, world: SmallWorld, signed_in: SignIn) -> None:
    needs = role in (Role.BOARD_ADMIN, Role.SUPERINTENDENT, Role.OFFICE)
    browser = signed_in(person(world, role))
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        for path in ("/", "/me/", "/members/"):
            answer = browser.get(path)
            assert (answer.headers.get("Location") == SET_UP) == needs, path
        assert browser.get("/account/factors/app/").status_code in (200, 302)
        assert browser.get("/account/sign-out/").status_code == 200
        assert browser.post("/language/", {"language": "fr", "next": "/"})["Location"] == "/"
    assert browser.get("/me/").status_code == 200


def test_once_it_is_set_up_every_page_opens_and_without_it_none_does(world: SmallWorld) -> None:
    admin = person(world, Role.BOARD_ADMIN)
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        browser, _secret = with_a_factor(admin.email)
        assert browser.get("/").status_code == 200
        browser.post(reverse("mfa_deactivate_totp"))
        assert browser.get("/")["Location"] == SET_UP


def test_the_only_person_of_a_board_needs_none(world: SmallWorld, signed_in: SignIn) -> None:
    admin = person(world, Role.BOARD_ADMIN)
    Membership.objects.exclude(user=admin).delete()
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        assert signed_in(admin).get("/").status_code == 200


def test_a_link_on_ones_own_machine_counts_as_both(world: SmallWorld, client: Client) -> None:
    admin = person(world, Role.BOARD_ADMIN)
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        client.post(f"/come-in/{links.make_sign_in_link(admin)}/")
        assert client.get("/").status_code == 200


# ── One's own account ──


def test_one_is_called_what_one_says(world: SmallWorld, signed_in: SignIn) -> None:
    browser = signed_in(world.marcus)
    assert "marcus@tandem.example" in browser.get("/me/").content.decode()
    assert browser.post("/me/", {"name": "", "title": "Teacher", "language": "en"}).status_code == 422
    assert (
        browser.post(
            "/me/", {"name": "M. Lee", "title": "Teacher", "language": "fr", "mail_wish": "when_due"}
        ).status_code
        == 302
    )
    world.marcus.refresh_from_db()
    assert (world.marcus.name, world.marcus.title, world.marcus.language) == ("M. Lee", "Teacher", "fr")
    assert Event.objects.filter(by=world.marcus, verb="edited", words__subject_name="M. Lee").exists()


def test_one_sees_where_one_is_signed_in_and_ends_it(world: SmallWorld) -> None:
    here, _answer = signed_in_by_code("marcus@tandem.example")
    there, _answer = signed_in_by_code("marcus@tandem.example")
    helen, _answer = signed_in_by_code("helen@tandem.example")
    page = here.get("/me/sessions/").content.decode()
    assert page.count('name="session"') == 2  # the other one, and all others
    other = re.findall(r'name="session" value="(\d+)"', page)
    assert here.post("/me/sessions/end/", {"session": other[0]}).status_code == 302
    assert (here.get("/").status_code, there.get("/").status_code, helen.get("/").status_code) == (200, 302, 200)
    for nonsense in ("", "x", "9" * 30):
        here.post("/me/sessions/end/", {"session": nonsense})
    here.post("/me/sessions/end/", {"session": "others"})
    assert (here.get("/").status_code, helen.get("/").status_code) == (200, 200)
