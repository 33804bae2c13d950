"""A session gets another key at the first click after its person's roles changed, and only then."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from accounts.permissions import Role
from people import memberships
from tests.factories import rows
from tests.signing_in import signed_in_user

pytestmark = pytest.mark.django_db
RIGHT = "a horse and a bicycle"


@pytest.fixture
def role() -> Membership:
    board = rows.board()
    user = User.objects.create_user("priya@maple.example", "Priya Nair", password=RIGHT)
    rows.member(rows.user(), Role.PRINCIPAL, board, school=rows.school(board))
    return rows.member(user, Role.STAFF, board, school=rows.school(board))


@pytest.fixture
def browser(role: Membership) -> Client:
    """Priya's, signed in by the page."""
    priya = Client()
    priya.post("/account/sign-in/password/", {"login": role.user.email, "password": RIGHT})
    assert signed_in_user(priya) == role.user
    return priya


def key(browser: Client) -> str:
    return browser.cookies["sessionid"].value


def test_it_stays_while_nothing_changes(browser: Client) -> None:
    before = key(browser)
    for _click in range(2):
        assert browser.get(reverse("today")).status_code == 200
    assert key(browser) == before


def test_another_role_is_another_key(browser: Client, role: Membership) -> None:
    before, stolen = key(browser), Client()
    stolen.cookies["sessionid"] = before
    rows.member(role.user, Role.CHAMPION, role.board, school=role.school)
    assert browser.get(reverse("today")).status_code == 200
    after = key(browser)
    assert after != before
    assert browser.get(reverse("today")).status_code == 200
    assert key(browser) == after
    assert stolen.get(reverse("today")).status_code == 302
    assert [session.session_key for session in UserSession.objects.filter(user=role.user)] == [after]
    assert "This browser" in browser.get(reverse("sessions_of_me")).content.decode()


def test_a_role_that_ends_is_one_too(browser: Client, role: Membership) -> None:
    before = key(browser)
    principal = Membership.objects.get(role=Role.PRINCIPAL).user
    memberships.end(role, by=principal)
    browser.get(reverse("today"))
    assert key(browser) != before
    assert signed_in_user(browser) == role.user
