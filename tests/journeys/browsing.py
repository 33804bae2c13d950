"""A browser at the site, and what is expected of every page it shows."""

import re
import shutil
from dataclasses import dataclass, field
from typing import Any, Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

import run

SCREENSHOTS = run.ROOT / "var" / "screenshots"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HEIGHT = 900


@dataclass
class Visitor:
    """Somebody's browser. `problems` is what went wrong in it so far: console errors, which a violation of the
    content security policy is too, errors of scripts, requests that failed."""

    url: str
    context: BrowserContext
    page: Page
    problems: list[str] = field(default_factory=list)
    refused: str = ""  # the address that is expected to be answered with an error page

    @classmethod
    def at(cls, url: str, browser: Browser, **context: Any) -> Self:
        """A new browser context, as English-speaking Ontario has it, on an empty page."""
        opened = browser.new_context(
            base_url=url, locale="en-CA", timezone_id="America/Toronto", reduced_motion="reduce", **context
        )
        opened.set_default_timeout(30_000)
        visitor = cls(url, opened, opened.new_page())
        visitor.page.on("console", visitor._note_console)
        visitor.page.on("pageerror", lambda error: visitor.problems.append(f"{visitor.page.url}: {error}"))
        visitor.page.on("requestfailed", visitor._note_failure)
        return visitor

    def field(self, label: str) -> Locator:
        """The control of that label, whether or not it is marked as optional."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}( optional)?$"))

    def follow(self, link: str) -> None:
        """Click the first link of that name that can be seen."""
        self.page.get_by_role("link", name=link).first.click()

    def press(self, button: str) -> None:
        """Click the button of that name."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def press_twice(self, button: str) -> None:
        """Click the button of that name twice, fast."""
        self.page.get_by_role("button", name=button, exact=True).dblclick()

    def scrolls_sideways(self, width: int) -> bool:
        """Whether the page, `width` wide, is wider than its window."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        root = "document.documentElement"
        return bool(self.page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))

    def axe_findings(self, width: int) -> list[str]:
        """What axe finds on the page, `width` wide."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        found = Axe().run(self.page, options={"runOnly": AXE_RULES, "resultTypes": ["violations"]})
        return [
            f"{violation['id']} at {width}: {node['target']} {node['failureSummary']}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]

    def _note_console(self, message: ConsoleMessage) -> None:
        is_the_refusal = message.text.startswith("Failed to load resource") and (
            message.location["url"] == self.refused
        )
        if message.type == "error" and not is_the_refusal:
            self.problems.append(f"{self.page.url}: {message.text}")

    def _note_failure(self, request: Request) -> None:
        if request.is_navigation_request() and request.failure == "net::ERR_ABORTED":
            return  # a file was downloaded, and the page stayed
        self.problems.append(f"{self.page.url}: {request.url} failed: {request.failure}")


class Album:
    """The screenshots of one journey, numbered in its order, each on a desk's screen and on a phone's."""

    def __init__(self, journey: str) -> None:
        self.folder = SCREENSHOTS / journey
        self.taken = 0
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self, visitor: Visitor, name: str) -> None:
        """Take both pictures of what `visitor` sees, the whole page in one window: what clings to an edge of the
        window then stands at an edge of the picture."""
        self.taken += 1
        for width in (390, 1440):
            visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
            visitor.page.wait_for_load_state()  # the page that is just coming has no height yet
            height = int(visitor.page.evaluate("document.documentElement.scrollHeight"))
            visitor.page.set_viewport_size({"width": width, "height": max(height, HEIGHT)})
            visitor.page.screenshot(path=self.folder / f"{self.taken:02}-{name}-{width}.png")
        visitor.page.set_viewport_size({"width": 1440, "height": HEIGHT})
