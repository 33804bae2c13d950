"""Deny by default: no page without a policy, nobody inside who has not signed in."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import path

from accounts.models import User
from accounts.policies import public
from config import urls as site
from tests.factories.pages import Page, pages
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
BEHIND_SIGN_IN = [page for page in pages() if page.policy and not page.policy.is_public]
POST_ONLY = [page for page in pages() if page.is_post_only]


@pytest.mark.parametrize("address", pages(), ids=str)
def test_every_page_has_a_policy_and_a_name(address: Page) -> None:
    assert address.name, f"{address.route} has no name"
    assert address.policy is not None, f"{address.route} declares no policy"


def test_names_are_unique() -> None:
    names = [page.name for page in pages()]
    assert sorted(names) == sorted(set(names))


def test_the_list_for_packages_names_only_pages_that_need_it() -> None:
    without_own = {page.name for page in pages() if getattr(page.view, "policy", None) is None}
    assert set(site.PACKAGE_POLICIES) == without_own


def test_every_key_says_of_which_model() -> None:
    """An address with a key has a subject, so that `visible_to` has been asked before the view runs."""
    assert [page.name for page in pages() if "pk" in page.arguments and page.subject is None] == []


# ── A site with one page that forgot its policy ──


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody said who may read this")


@public
def declared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("anybody may read this")


urlpatterns = [path("forgotten/", forgotten, name="forgotten"), path("declared/", declared), *site.urlpatterns]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("role", ["anonymous", "board_admin", "operator"])
def test_a_page_without_a_policy_is_refused(
    role: str, world: World, client: Client, signed_in: Callable[[User], Client]
) -> None:
    browser = client if role == "anonymous" else signed_in(world.user(role))
    assert browser.get("/declared/").status_code == 200
    answer = browser.get("/forgotten/")
    assert answer.status_code == 403
    assert b"nobody said" not in answer.content


# ── Who has not signed in ──


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", BEHIND_SIGN_IN, ids=str)
def test_a_stranger_is_led_to_sign_in(address: Page, method: str, world: World, client: Client) -> None:
    for place in ("own", "missing"):
        url = address.url(world, place)
        answer = getattr(client, method)(url)
        assert answer.status_code == 302
        to = urlsplit(answer["Location"])
        assert to.path == resolve_url(settings.LOGIN_URL)
        assert to.query == f"next={url}"


@pytest.mark.parametrize("address", POST_ONLY, ids=str)
def test_what_acts_refuses_to_be_looked_at(address: Page, world: World, signed_in: Callable[[User], Client]) -> None:
    answer = signed_in(world.user("champion")).get(address.url(world))
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


def test_something_acts_only_when_sent() -> None:
    assert {"language", "theme", "initiative_summary", "meeting_summary"} <= {page.name for page in POST_ONLY}


def test_signing_out_is_a_post(world: World, signed_in: Callable[[User], Client]) -> None:
    browser = signed_in(world.user("champion"))
    assert browser.get("/account/sign-out/").status_code == 200
    assert browser.get("/").status_code == 200
    browser.post("/account/sign-out/")
    assert browser.get("/").status_code == 302
