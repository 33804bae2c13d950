"""Somebody is asked in, comes in by the mail, and protects the account with a second factor."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Album, Visitor
from tests.journeys.running_site import Site, eventually
from tests.people.authenticator import digits

pytestmark = pytest.mark.journey
NEW, NAME = "sam@school.example", "Sam Ortiz"
DESK, PHONE = 1440, 390


def test_people(demo: Site, sessions: dict[str, Any], visit: Callable[..., Visitor]) -> None:
    album = Album("people")
    helen, sam = visit(demo, sessions["helen"]), visit(demo)
    ask_in(helen, album)
    come_in(sam, demo, album)
    secret = set_up(sam, album)
    sign_in_again(sam, demo, secret, album)
    switch_off(sam, secret, album)
    use_a_passkey(sam, album)
    let_go(helen, album)


def look_at(visitor: Visitor, name: str, album: Album) -> None:
    """Keep the picture; the page has no finding of axe, wide or on a phone, and does not scroll sideways."""
    album.keep(visitor, name)
    assert visitor.axe_findings(DESK) + visitor.axe_findings(PHONE) == [], name
    assert not visitor.scrolls_sideways(320), name


def ask_in(helen: Visitor, album: Album) -> None:
    helen.page.goto("/")
    helen.follow("People")
    look_at(helen, "people", album)
    helen.follow("Invite somebody")
    helen.page.get_by_role("radio", name="Staff").check()
    helen.field("Name").fill(NAME)
    helen.field("E-mail").fill(NEW)
    look_at(helen, "invite", album)
    helen.press_twice("Send the invitation")
    expect(helen.page.get_by_role("region", name="Asked, and not here yet").get_by_text(NAME).first).to_be_visible()


def mailed(to: str, pattern: str, demo: Site) -> list[str]:
    """What `pattern` finds in the mails to that address, the oldest first."""
    texts = [mail.get_content() for mail in demo.mails() if mail["To"] == to]
    return [found for text in texts for found in re.findall(pattern, text, re.MULTILINE)]


def come_in(sam: Visitor, demo: Site, album: Album) -> None:
    links = eventually(lambda: mailed(NEW, r"http\S+/accept/", demo), lambda: demo.printed)
    sam.page.goto(links[0])
    look_at(sam, "invitation", album)
    sam.press_twice("Accept the invitation")
    expect(sam.page.get_by_role("heading", level=1)).to_contain_text("Sam")
    look_at(sam, "first-today", album)


def set_up(sam: Visitor, album: Album) -> str:
    """The secret the app on Sam's phone holds from now on."""
    sam.page.goto("/me/")
    expect(sam.page.get_by_role("region", name="Your roles")).to_be_visible()
    look_at(sam, "account", album)
    sam.follow("Second factor")
    sam.follow("Set it up")
    look_at(sam, "set-up", album)
    secret = sam.page.locator("code.t-key").inner_text()
    sam.field("Six digits").fill(digits(secret))
    sam.press("Turn it on")
    expect(sam.page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()
    expect(sam.page.locator(".t-codes li")).to_have_count(10)
    look_at(sam, "recovery-codes", album)
    return secret


def sign_in_again(sam: Visitor, demo: Site, secret: str, album: Album) -> None:
    sam.page.goto("/account/sign-out/")
    sam.page.get_by_role("main").get_by_role("button", name="Sign out").click()
    sam.page.get_by_label("E-mail").fill(NEW)
    sam.press("Send me a code")
    code = r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$"
    sam.page.get_by_label("Code").fill(eventually(lambda: mailed(NEW, code, demo), lambda: demo.printed)[-1])
    sam.press("Sign in")
    expect(sam.page.get_by_role("heading", level=1, name="Your second factor")).to_be_visible()
    look_at(sam, "second-factor", album)
    sam.page.get_by_label("Code").fill(digits(secret, time.time() + 30))  # the code of this half minute is used
    sam.press("Sign in")
    expect(sam.page.get_by_role("heading", level=1)).to_contain_text("Sam")
    sam.page.goto("/me/sessions/")
    expect(sam.page.get_by_text("This browser")).to_be_visible()


def switch_off(sam: Visitor, secret: str, album: Album) -> None:
    sam.page.goto("/account/factors/")
    look_at(sam, "factors", album)
    codes = sam.page.context.request.get("/account/factors/codes/file/")
    assert "/account/factors/again/" in codes.url  # first it is proven once more who asks
    sam.follow("Switch it off")
    expect(sam.page.get_by_role("heading", level=1, name="Is it still you?")).to_be_visible()
    look_at(sam, "still-you", album)
    sam.page.get_by_label("Code").fill(digits(secret, time.time() - 30))
    sam.press("Go on")
    look_at(sam, "switch-off", album)
    sam.press("Switch it off")
    expect(sam.page.get_by_text("Not set up yet.")).to_be_visible()


def use_a_passkey(sam: Visitor, album: Album) -> None:
    """Sam's computer keeps a passkey, which lets in alone."""
    device = sam.page.context.new_cdp_session(sam.page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, "isUserVerified": True}})
    sam.follow("Make a passkey")
    look_at(sam, "passkey", album)
    sam.field("What you call it").fill("My computer")
    sam.press("Make the passkey")
    expect(sam.page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()
    sam.page.goto("/account/factors/")
    expect(sam.page.get_by_text("My computer").first).to_be_visible()
    look_at(sam, "factors-with-passkey", album)
    sam.page.goto("/account/sign-out/")
    sam.page.get_by_role("main").get_by_role("button", name="Sign out").click()
    sam.follow("Use a password or passkey")
    look_at(sam, "sign-in-passkey", album)
    sam.press("Use my passkey")
    expect(sam.page.get_by_role("heading", level=1)).to_contain_text("Sam")


def let_go(helen: Visitor, album: Album) -> None:
    """Sam leaves again; nothing is carried, so nobody has to take over."""
    helen.page.goto("/members/")
    row = helen.page.get_by_role("row").filter(has_text=NAME)
    row.get_by_role("link", name="Change").click()
    look_at(helen, "role", album)
    end = helen.page.get_by_role("link", name="End this role").get_attribute("href")
    assert end
    helen.page.goto(end.replace("/end/", "/away/"))
    look_at(helen, "days-away", album)
    helen.page.go_back()
    helen.follow("End this role")
    look_at(helen, "end", album)
    helen.press_twice("End this role")
    expect(helen.page.get_by_role("row").filter(has_text=NAME)).to_have_count(0)
