"""A school on its own: from `run.py --empty` to its first need, and back the next day."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys import running_site
from tests.journeys.browsing import Album, Visitor

pytestmark = pytest.mark.journey


def test_a_school_on_its_own(visit: Callable[..., Visitor]) -> None:
    album = Album("alone")
    with running_site.place("alone") as (data, env):
        with running_site.running("--empty", data=data, env=env) as site:
            begin = re.search(r"^Begin here: (\S+)$", site.printed, re.MULTILINE)
            assert begin, site.printed
            assert site.links() == {}
            somebody = visit(site)
            somebody.page.goto(begin[1])
            begin_with_two_questions(somebody, album)
            first_need(somebody, album)
        with running_site.running("--empty", data=data, env=env) as site:
            assert list(site.links()) == ["Robin Sparrow"]
            come_back_by_the_link(visit(site), visit(site), site.links()["Robin Sparrow"], album)


def begin_with_two_questions(somebody: Visitor, album: Album) -> None:
    somebody.field("Your name").fill("Robin Sparrow")
    somebody.field("Your e-mail").fill("robin@school.example")
    somebody.field("Your school").fill("Hilltop Public School")
    somebody.field("Its town").fill("Hilltop")
    album.keep(somebody, "two-questions")
    somebody.press_twice("Begin")
    expect(somebody.page).to_have_url(f"{somebody.url}/")
    expect(somebody.page.get_by_role("heading", level=1)).to_contain_text("Robin")
    album.keep(somebody, "today")


def first_need(somebody: Visitor, album: Album) -> None:
    somebody.follow("Add a need")
    somebody.page.get_by_role("radio", name="Transportation").check()
    somebody.field("What exactly").fill("A bus")
    somebody.field("How many students").fill("18")
    somebody.page.get_by_role("radio", name="Once a week").check()
    somebody.field("For how many").fill("15")
    sentence = "A bus to transport 18 students, once a week for 15 weeks"
    expect(somebody.page.get_by_text(f"{sentence}.")).to_be_visible()
    album.keep(somebody, "need-form")
    somebody.press("Save this need")
    expect(somebody.page.get_by_role("heading", level=1, name=sentence)).to_be_visible()
    needs = somebody.page.get_by_role("region", name="What we need")
    expect(needs.get_by_role("listitem").filter(has_text=sentence)).to_have_count(1)
    album.keep(somebody, "first-need")


def come_back_by_the_link(back_again: Visitor, somebody_else: Visitor, link: str, album: Album) -> None:
    back_again.page.goto(link)
    album.keep(back_again, "sign-in-link")
    back_again.press("Come in")
    expect(back_again.page).to_have_url(f"{back_again.url}/")
    back_again.follow("Initiatives")
    expect(back_again.page.get_by_role("link", name="A bus to transport 18 students")).to_have_count(1)
    album.keep(back_again, "initiatives-the-next-day")

    somebody_else.refused = link
    used_up = somebody_else.page.goto(link)
    assert used_up
    assert used_up.status == 404
    album.keep(somebody_else, "sign-in-link-a-second-time")
