"""Helen Park outlines the guide’s own example, FIRST Robotics: part by part, out of order, left and gone on with."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Album, Visitor
from tests.journeys.running_site import Site

pytestmark = pytest.mark.journey

TITLE = "FIRST Robotics, from the guide"
SUMMARY = "Students build and drive a robot. We look for a partner who helps them compete."
GOALS = {  # each with the board's and the school's goals it flows into
    "Start a FIRST Robotics program": ["SP1"],
    "More STEM and 21st-century learning": ["SP1", "SP2"],
    "Two tournaments and the provincial championship": [],
    "More students in mathematics courses": ["SP2", "Raise enrolment in senior mathematics"],
}
MEASURES = [
    ("students on the team", "Start a FIRST Robotics program", "0", "30"),
    ("tournaments entered", "Two tournaments and the provincial championship", "0", "3"),
    ("students in senior mathematics", "More students in mathematics courses", "212", "245"),
]
NEEDS = {  # the sentence that is read back, and what is typed or, without a text, chosen for it
    "4 mentors, 2 hours weekly for 20 weeks": {
        "Mentors": "", "How many": "4", "Hours each time": "2", "Once a week": "", "For how many": "20",
    },
    "$6,500 of registration and parts": {"Funding": "", "What exactly": "registration and parts", "How many": "6500"},
    "A workshop space with CNC access, 1 evening weekly for 10 weeks": {
        "Space": "", "What exactly": "A workshop space with CNC access", "How many": "1", "Unit": "evening",
        "Once a week": "", "For how many": "10",
    },
    "A coach to take 30 students to 3 tournaments": {
        "Transportation": "", "What exactly": "A coach to take 30 students to 3 tournaments",
    },
}  # fmt: skip


def test_an_outline_is_left_and_gone_on_with(
    demo: Site, sessions: dict[str, Any], visit: Callable[..., Visitor]
) -> None:
    album = Album("outline")
    helen = visit(demo, sessions["helen"])
    begin_with_why_and_leave(helen, album)
    helen.context.close()

    helen = visit(demo, sessions["helen"])  # another day, another browser
    helen.page.goto("/initiatives/")
    helen.follow(TITLE)
    helen.follow("Go on with the outline: What happens")
    helen.page.get_by_role("link", name="The outline").first.click()
    expect(part_of(helen, "Why it matters")).to_contain_text("Done")
    expect(part_of(helen, "What happens")).to_contain_text("Open")
    album.keep(helen, "gone-on-with")
    helen.follow("Go on: What happens")
    helen.field("In one or two sentences").fill(SUMMARY)
    helen.field("What happens").fill("A team designs, builds and programs a robot in ten weeks, and competes with it.")
    helen.press("Save and go on: Why it matters")
    expect(helen.field("Why it matters")).to_have_value(re.compile("aging machine shop"))  # nothing of it was lost
    helen.press("Save and go on: What we need")
    the_unit_follows_how_often(helen)
    add_the_needs(helen, album)
    add_the_goals(helen, album)
    add_the_measures(helen, album)
    say_the_rest(helen, album)
    read_the_page(helen, album)


def begin_with_why_and_leave(helen: Visitor, album: Album) -> None:
    """One part in the middle is written and saved; the words of another are typed and left."""
    helen.page.goto("/initiatives/")
    helen.follow("Write an initiative")
    helen.field("Title").fill(TITLE)
    helen.press("Go on with the outline")
    helen.page.get_by_role("link", name="Why it matters").first.click()
    helen.field("Why it matters").fill(
        "38 % of our students are new to Canada, and the aging machine shop is all we have."
    )
    helen.page.get_by_role("button", name="Save", exact=True).click()
    expect(helen.page.get_by_text("Part saved.")).to_be_visible()
    album.keep(helen, "left")


def part_of(helen: Visitor, label: str) -> Any:
    return helen.page.get_by_role("main").get_by_role("listitem").filter(has_text=label)


def the_unit_follows_how_often(helen: Visitor) -> None:
    """What is chosen as a rhythm says in what it is counted, and in weeks again."""
    helen.follow("Add a need")
    for often, unit in (("Each semester", "semesters"), ("Once a month", "months"), ("Once a week", "weeks")):
        helen.page.get_by_role("radio", name=often, exact=True).check()
        expect(helen.page.get_by_role("radio", name=unit, exact=True)).to_be_checked()
    helen.page.go_back()


def add_the_needs(helen: Visitor, album: Album) -> None:
    for sentence, typed in NEEDS.items():
        helen.follow("Add a need")
        if "Unit" in typed:
            helen.page.get_by_text("Add a unit, a day, a value or a detail").click()
        for label, text in typed.items():
            if text:
                helen.field(label).fill(text)
            else:
                helen.page.get_by_role("radio", name=label, exact=True).check()
        expect(helen.page.get_by_text(f"{sentence}.")).to_be_visible()
        helen.press("Save this need")
        expect(part_of(helen, sentence)).to_be_visible()
    album.keep(helen, "needs")
    helen.follow("Go on: Where our goals lead")


def add_the_goals(helen: Visitor, album: Album) -> None:
    for title, leads in GOALS.items():
        helen.follow("Add a goal")
        helen.field("Goal").fill(title)
        for name in leads:
            helen.page.get_by_role("checkbox", name=name).check()
        helen.press("Save this goal")
        expect(part_of(helen, title)).to_be_visible()
    album.keep(helen, "goals")
    helen.follow("Go on: How we measure success")


def add_the_measures(helen: Visitor, album: Album) -> None:
    for label, goal, baseline, target in MEASURES:
        helen.follow("Add a measure")
        helen.field("What is counted").fill(label)
        helen.field("Goal").select_option(label=goal)
        helen.field("Today").fill(baseline)
        helen.field("Target").fill(target)
        helen.press("Save this measure")
        expect(helen.page.get_by_text(f"{baseline} → {target}", exact=True)).to_be_visible()
    album.keep(helen, "measures")
    helen.follow("Go on: What students learn")


def say_the_rest(helen: Visitor, album: Album) -> None:
    helen.field("How it enhances student learning").fill("They learn to plan, to build and to lose with grace.")
    helen.press("Save and go on: What a partner gains")
    expect(helen.field("What is in it for the partner")).to_have_value(re.compile("Involvement in the community"))
    helen.field("What you ask of the partner now").fill("One evening of your time.")
    helen.press("Save and go on: Key people")
    helen.field("Champion").select_option(label="Marcus Lee")
    helen.press("Save")
    album.keep(helen, "outline")


def read_the_page(helen: Visitor, album: Album) -> None:
    helen.follow(TITLE)
    leads = helen.page.get_by_role("region", name="Where our goals lead")
    expect(leads).to_contain_text("Raise enrolment in senior mathematics")
    album.keep(helen, "initiative")
