"""A need is added with the keyboard alone, and in a browser that runs no script."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Album, Visitor
from tests.journeys.running_site import Site

pytestmark = pytest.mark.journey

MOST_TABS = 60
FOCUSED = """() => {
  const it = document.activeElement, label = it.labels && it.labels[0];
  const shows = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  };
  const name = it.getAttribute("aria-label") || (label ? label.textContent : it.textContent);
  return {name: name.replace(/\\s+/g, " ").trim(), shows: shows(it) || Boolean(label && shows(label))};
}"""


def test_a_need_with_the_keyboard_alone(demo: Site, sessions: dict[str, Any], visit: Callable[..., Visitor]) -> None:
    marcus = visit(demo, sessions["marcus"])
    keys = marcus.page.keyboard
    marcus.page.goto("/")
    tab_to(marcus, "Skip to the main content")
    keys.press("Enter")
    tab_to(marcus, "Add a need")
    keys.press("Enter")
    expect(marcus.page.get_by_role("heading", level=1, name="Add a need")).to_be_visible()

    tab_to(marcus, "Volunteers")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(marcus.page.get_by_role("radio", name="Transportation")).to_be_checked()
    tab_to(marcus, "What exactly")
    keys.type("A boat")
    tab_to(marcus, "How many students optional")
    keys.type("12")
    tab_to(marcus, "No fixed rhythm")
    for _once_daily_weekly in range(3):
        keys.press("ArrowRight")
    expect(marcus.page.get_by_role("radio", name="Once a week")).to_be_checked()
    tab_to(marcus, "For how many")
    keys.type("6")
    expect(marcus.page.get_by_text("A boat to transport 12 students, once a week for 6 weeks.")).to_be_visible()
    tab_to(marcus, "Save this need")
    keys.press("Enter")
    sentence = "A boat to transport 12 students, once a week for 6 weeks"
    expect(marcus.page.get_by_role("heading", level=1, name=sentence)).to_be_visible()


def tab_to(visitor: Visitor, name: str) -> None:
    """Press Tab until what is named so has the focus; whatever has it on the way must be seen to have it."""
    passed = []
    for _press in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        focused = visitor.page.evaluate(FOCUSED)
        assert focused["shows"], f"nobody sees that {focused['name']!r} has the focus"
        if focused["name"] == name:
            return
        passed.append(focused["name"])
    raise AssertionError(f"Tab does not lead to {name!r}, but to {passed}")


def test_a_need_and_its_page_without_script(
    demo: Site, sessions: dict[str, Any], visit: Callable[..., Visitor]
) -> None:
    album = Album("without-script")
    marcus = visit(demo, sessions["marcus"], java_script_enabled=False)
    marcus.page.goto("/")
    marcus.follow("Add a need")
    marcus.page.get_by_role("radio", name="Space").check()
    marcus.field("What exactly").fill("A hall for one play")
    album.keep(marcus, "need-form")
    marcus.press_twice("Save this need")  # no script stops the second one: the server must
    sentence = "A hall for one play"
    expect(marcus.page.get_by_role("heading", level=1, name=sentence)).to_be_visible()
    needs = marcus.page.get_by_role("region", name="What we need")
    expect(needs.get_by_role("listitem").filter(has_text=sentence)).to_have_count(1)
    album.keep(marcus, "initiative")

    marcus.follow("Make the one-page summary")
    marcus.press("Make the one-page summary")
    # While it is being made the page comes again by itself.
    expect(marcus.page.get_by_role("link", name="Open the PDF")).to_be_visible(timeout=60_000)
    album.keep(marcus, "summary")
