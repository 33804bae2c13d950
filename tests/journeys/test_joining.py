"""A school that began alone joins the demonstration world's board, in the browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys import running_site
from tests.journeys.browsing import Album, Visitor
from tests.journeys.running_site import Site
from tests.journeys.test_every_page import cookie
from tests.journeys.test_people import look_at

pytestmark = pytest.mark.journey
SCHOOL = "Hilltop Public School"


def test_a_school_joins(visit: Callable[..., Visitor]) -> None:
    album = Album("joining")
    with running_site.place("joining") as (data, env), running_site.running(data=data, env=env) as site:
        ruth, robin = visit(site), visit(site, java_script_enabled=False)
        come_in(ruth, next(link for who, link in site.links().items() if "Ruth" in who))
        begin_alone(robin, site)
        address = ask(ruth, album)
        read_and_agree(robin, address, album)
        see_who_joined(ruth, album)


def come_in(somebody: Visitor, link: str) -> None:
    somebody.page.goto(link)
    somebody.press("Come in")
    expect(somebody.page).to_have_url(f"{somebody.url}/")


def begin_alone(robin: Visitor, site: Site) -> None:
    token = site.ask("school_on_its_own", email="robin@hilltop.example", name="Robin Sparrow", school=SCHOOL)
    come_in(robin, f"{site.url}/come-in/{token}/")


def ask(ruth: Visitor, album: Album) -> str:
    """Make the link; its address."""
    ruth.page.goto("/board/")
    ruth.follow("Schools that join")
    ruth.follow("Let a school join")
    ruth.field("Which school").fill("Hilltop")
    look_at(ruth, "ask", album)
    ruth.press_twice("Make the link")
    asked = ruth.page.get_by_role("region", name="Asked")
    expect(asked.get_by_role("listitem")).to_have_count(1)
    look_at(ruth, "asked", album)
    return asked.locator(".t-key").inner_text().strip()


def read_and_agree(robin: Visitor, address: str, album: Album) -> None:
    robin.page.goto(address)
    expect(robin.page.get_by_role("region", name="What stays behind")).to_contain_text("A1 · Reading for all")
    expect(robin.page.get_by_role("region", name="Who administers")).to_contain_text("Robin Sparrow")
    album.keep(robin, "what-changes")
    for name, value in (("theme", "dark"), ("django_language", "fr")):
        with cookie(robin, name, value):
            robin.page.goto(address)
            album.keep(robin, f"what-changes-{value}")
            assert not robin.scrolls_sideways(320)
    robin.page.goto(address)
    robin.page.get_by_label("I have read what changes").check()
    robin.press_twice("Join this board")
    expect(robin.page.get_by_role("heading", level=1)).to_contain_text(SCHOOL)
    expect(robin.page.get_by_text("A1 · Reading for all")).to_be_visible()
    robin.page.goto("/organisations/")
    expect(robin.page.get_by_role("link", name="Northgate Automation Inc.")).to_be_visible()


def see_who_joined(ruth: Visitor, album: Album) -> None:
    ruth.page.reload()
    expect(ruth.page.get_by_role("region", name="Joined")).to_contain_text(SCHOOL)
    twice = ruth.page.get_by_role("region", name="In the directory twice?")
    expect(twice.get_by_role("link", name="Harbour Credit Union", exact=True)).to_have_count(1)
    expect(twice.get_by_role("link", name="HARBOUR Credit Union Inc.")).to_have_count(1)
    look_at(ruth, "joined", album)
    ruth.page.goto("/trail/")
    expect(ruth.page.get_by_text("took a school to another board").first).to_be_visible()
