"""Journeys: real browsers on the site that run.py runs. They use nothing of pytest-django's database."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import run
from tests.journeys import running_site
from tests.journeys.browsing import Visitor
from tests.journeys.running_site import Site

WIDE = {"width": 1440, "height": 900}

expect.set_options(timeout=30_000)  # the machine may be busy with other things


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of the machine; one that Playwright has downloaded if there is no other."""
    arguments = ["--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none", "--force-color-profile=srgb"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    launch = {**browser_type_launch_args, "headless": True, "args": arguments}
    if path := run.chromium():
        launch["executable_path"] = path
    return launch


@pytest.fixture(scope="session")
def demo() -> Iterator[Site]:
    """The demonstration world, served for all tests of the run."""
    with running_site.place("demo") as (data, env), running_site.running(data=data, env=env) as site:
        yield site


@pytest.fixture(scope="session")
def sessions(demo: Site, browser: Browser) -> dict[str, Any]:
    """Everybody for whom a link was printed, signed in by it: what their browser keeps, by first name.

    At once and not when first needed: a link is good for a day, and a journey moves the clock.
    """
    kept = {}
    for who, link in demo.links().items():
        context = browser.new_context()
        page = context.new_page()
        page.goto(link)
        page.get_by_role("button", name="Come in").click()
        page.wait_for_url(f"{demo.url}/")
        kept[who.split(", ")[1].split()[0].lower()] = context.storage_state()
        context.close()
    return kept


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser at a site, signed in with a kept session or not. What goes wrong in any of them fails the
    test at its end."""
    opened: list[Visitor] = []

    def open_browser(site: Site, session: Any = None, **context: Any) -> Visitor:
        visitor = Visitor.at(site.url, browser, storage_state=session, **{"viewport": WIDE, **context})
        opened.append(visitor)
        return visitor

    yield open_browser
    for visitor in opened:
        visitor.context.close()
    assert [problem for visitor in opened for problem in visitor.problems] == []
