"""A board sets up its own sign-in and shows whose the domain is; its people come in with their account there."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Album, Visitor
from tests.journeys.running_site import Site, eventually
from tests.journeys.test_people import look_at
from tests.people.board_provider import CLIENT, SECRET, board_provider, name_server

pytestmark = pytest.mark.journey
DOMAIN = "mvdsb.example"
HELEN = f"helen@{DOMAIN}"


def test_board_account(demo: Site, sessions: dict[str, Any], visit: Callable[..., Visitor]) -> None:
    album = Album("board-account")
    ruth, helen = visit(demo, sessions["ruth"]), visit(demo)
    with board_provider() as provider:
        provider.claims["email"] = HELEN
        set_up(ruth, provider.url, album)
        show_the_domain(ruth, demo, album)
        come_in(helen, album)


def set_up(ruth: Visitor, issuer: str, album: Album) -> None:
    ruth.page.goto("/board/")
    look_at(ruth, "board", album)
    ruth.page.get_by_role("main").get_by_role("link", name="Sign-in").click()
    look_at(ruth, "none-yet", album)
    ruth.follow("Set one up")
    ruth.field("Domain of the addresses").fill("nowhere")
    ruth.press("Save the sign-in")
    look_at(ruth, "faults", album)
    assert "nowhere" in ruth.field("Domain of the addresses").input_value()
    forgive(ruth)
    ruth.field("Domain of the addresses").fill(DOMAIN)
    ruth.field("Issuer").fill(issuer)
    ruth.field("Client ID").fill(CLIENT)
    ruth.field("Client secret").fill(SECRET)
    ruth.press("Save the sign-in")
    expect(ruth.page.get_by_role("heading", name=f"Is {DOMAIN} the board’s?")).to_be_visible()
    look_at(ruth, "waits", album)


def forgive(visitor: Visitor) -> None:
    """A refused form is what was asked for; the console says 422 of it, and nothing else went wrong."""
    assert all("422" in problem for problem in visitor.problems), visitor.problems
    visitor.problems.clear()


def show_the_domain(ruth: Visitor, demo: Site, album: Album) -> None:
    """By the record that the page asks for."""
    name, text = (code.inner_text() for code in ruth.page.locator("dl code").all())
    with name_server({name: [text]}, port=int(demo.env["NAME_SERVERS"].rpartition(":")[2])):
        ruth.press("Look now")

        def shown() -> bool:
            ruth.page.reload()
            return ruth.page.get_by_text("Shown", exact=True).is_visible()

        eventually(shown, lambda: demo.printed)
    look_at(ruth, "shown", album)
    ruth.page.get_by_role("navigation", name="You are here").get_by_role("link").click()
    look_at(ruth, "list", album)


def come_in(helen: Visitor, album: Album) -> None:
    helen.page.goto("/")
    look_at(helen, "sign-in", album)
    helen.follow("Continue with my board account")
    helen.field("E-mail").fill("helen@elsewhere.example")
    helen.press("Continue")
    look_at(helen, "another-domain", album)
    helen.field("E-mail").fill(HELEN)
    helen.press("Continue")
    # The page goes on by itself, to the board's sign-in and back.
    expect(helen.page.get_by_role("heading", level=1)).to_contain_text("Helen", timeout=30_000)
