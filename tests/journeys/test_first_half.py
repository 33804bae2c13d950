"""The first half of the journey: from a school's need to a thank-you, as principal and champion walk it."""

import io
import time
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Album, Visitor
from tests.journeys.running_site import Site, eventually

pytestmark = pytest.mark.journey

SCHOOL = "Riverbend Secondary School"
INITIATIVE = "Every Child Swims"
BUSINESS = "Kestrel Pool Supplies"
SENTENCE = "A bus to transport 18 students, once a week for 15 weeks"
ITEM = f"After the meeting with {BUSINESS}"
SWEEP = 2.0  # seconds


def test_first_half(demo: Site, sessions: dict[str, Any], visit: Callable[..., Visitor]) -> None:
    album = Album("first-half")
    helen, marcus = visit(demo, sessions["helen"]), visit(demo, sessions["marcus"])
    fill_the_profile(helen, album)
    write_an_initiative(helen, album)
    say_what_is_needed(helen, album)
    need_alone(helen, album)
    find_a_prospect(marcus, album, demo)
    call_and_set_a_meeting(marcus, album, demo)
    read_it_as_principal(helen, album)
    make_the_summary(marcus, album)
    mail_of_the_day_goes_out_once(demo)
    follow_up(marcus, album)


def fill_the_profile(helen: Visitor, album: Album) -> None:
    helen.page.goto("/")
    album.keep(helen, "today-of-the-principal")
    helen.follow("Schools")
    helen.follow(SCHOOL)
    album.keep(helen, "school")
    helen.follow("Edit the profile")
    helen.field("Most pressing challenge").fill("The pool is 9 km away")
    helen.field("Signature strength").fill("A school that swims")
    album.keep(helen, "school-profile-form")
    helen.press("Save the profile")
    expect(helen.page.get_by_text("A school that swims")).to_be_visible()

    helen.follow("Add a goal")
    helen.field("Goal").fill("Every child is safe in the water")
    helen.page.get_by_role("checkbox", name="SP3").check()
    album.keep(helen, "improvement-goal-form")
    helen.press_twice("Save this goal")
    expect(helen.page.get_by_role("link", name="Every child is safe in the water")).to_have_count(1)
    expect(helen.page.get_by_text("flows into SP3 · Well-being and belonging")).to_be_visible()
    album.keep(helen, "school-with-its-goal")


def write_an_initiative(helen: Visitor, album: Album) -> None:
    helen.follow("Write an initiative")
    helen.field("Title").fill(INITIATIVE)
    album.keep(helen, "initiative-form")
    helen.press_twice("Go on with the outline")
    summary = "Eighteen children learn to swim. We look for a partner to get there."
    helen.field("In one or two sentences").fill(summary)
    expect(helen.page.get_by_text("13 of 28 words")).to_be_visible()
    album.keep(helen, "outline-what")
    helen.press_twice("Save and go on: Why it matters")
    helen.field("Why it matters").fill("Our river is deep and the pool is far.")
    helen.press("Save and go on: What we need")
    helen.page.get_by_role("link", name="What students learn").first.click()
    helen.field("How it enhances student learning").fill("Children learn to trust their body, and each other.")
    helen.press("Save and go on: What a partner gains")
    helen.field("What you ask of the partner now").fill("One hour of your time.")
    helen.press("Save and go on: Key people")
    helen.field("Champion").select_option(label="Marcus Lee")
    helen.press("Save")
    album.keep(helen, "outline")
    helen.follow(INITIATIVE)
    expect(helen.page.get_by_role("heading", name=INITIATIVE)).to_be_visible()

    helen.follow("Add a goal")
    helen.field("Goal").fill("Eighteen children swim 50 metres")
    helen.page.get_by_role("checkbox", name="Every child is safe in the water").check()
    helen.page.get_by_role("checkbox", name="SP1").check()
    album.keep(helen, "goal-form")
    helen.press("Save this goal")
    where_it_leads = helen.page.get_by_role("region", name="Where our goals lead")
    expect(where_it_leads).to_contain_text("Every child is safe in the water")
    expect(where_it_leads).to_contain_text("SP1 · 21st-century skills for every student")

    helen.follow("Add a measure")
    helen.field("What is counted").fill("children who swim 50 metres")
    helen.field("Today").fill("3")
    helen.field("Target").fill("18")
    album.keep(helen, "measure-form")
    helen.press("Save this measure")
    expect(helen.page.get_by_text("3 → 18")).to_be_visible()


def say_what_is_needed(helen: Visitor, album: Album) -> None:
    helen.follow("Add a need")
    helen.page.get_by_role("radio", name="Transportation").check()
    helen.field("What exactly").fill("A bus")
    helen.field("How many students").fill("18")
    helen.page.get_by_role("radio", name="Once a week").check()
    helen.field("For how many").fill("15")
    # Read back while it is typed, before anything is saved.
    expect(helen.page.get_by_text(f"{SENTENCE}.")).to_be_visible()
    album.keep(helen, "need-form")
    helen.press_twice("Save this need")
    needs = helen.page.get_by_role("region", name="What we need")
    expect(needs.get_by_role("listitem").filter(has_text=SENTENCE)).to_have_count(1)
    album.keep(helen, "initiative-with-its-need")


def need_alone(helen: Visitor, album: Album) -> None:
    helen.page.goto("/")
    helen.follow("Schools")
    helen.follow(SCHOOL)
    helen.follow("Add a need")
    helen.page.get_by_role("radio", name="Guest speaker").check()
    helen.field("How many").fill("2")
    helen.press("Save this need")
    expect(helen.page.get_by_role("heading", level=1, name="2 guest speakers")).to_be_visible()
    album.keep(helen, "need-alone")
    helen.follow("Initiatives")
    expect(helen.page.get_by_role("link", name=INITIATIVE)).to_have_count(1)
    expect(helen.page.get_by_role("link", name="2 guest speakers")).to_have_count(1)
    album.keep(helen, "initiatives")


def find_a_prospect(marcus: Visitor, album: Album, demo: Site) -> None:
    marcus.page.goto("/")
    album.keep(marcus, "today-of-the-champion")
    marcus.follow("Organisations")
    album.keep(marcus, "organisations")
    marcus.follow("Add an organisation")
    marcus.field("Name").fill(BUSINESS)
    marcus.field("What they do").select_option(label="Sport and recreation")
    marcus.field("Giving back").fill("Children who can swim")
    album.keep(marcus, "organisation-form")
    marcus.press_twice("Save the organisation")
    expect(marcus.page.get_by_role("heading", level=1, name=BUSINESS)).to_be_visible()

    marcus.follow("Add a person")
    marcus.field("Name").fill("Wren Okoro")
    marcus.field("Title").fill("owner")
    marcus.field("Part played").select_option(label="Owner")
    album.keep(marcus, "person-form")
    marcus.press_twice("Save this person")
    expect(marcus.page.get_by_text("Wren Okoro")).to_have_count(1)

    marcus.follow("Organisations")
    marcus.page.get_by_role("searchbox").fill("kestrel")
    marcus.press("Search")
    expect(marcus.page.get_by_role("link", name=BUSINESS)).to_have_count(1)
    marcus.follow(BUSINESS)
    album.keep(marcus, "organisation")
    marcus.follow("Make it a prospect")
    marcus.field("For which initiative").select_option(label=INITIATIVE)
    marcus.field("By").fill(demo.ask("day", school=SCHOOL, later=1))
    album.keep(marcus, "prospect-form")
    marcus.press_twice("Save the prospect")
    expect(marcus.page.get_by_role("link", name="Log a call").first).to_be_visible()
    album.keep(marcus, "prospect")


def call_and_set_a_meeting(marcus: Visitor, album: Album, demo: Site) -> None:
    marcus.follow("Log a call")
    marcus.field("With").select_option(label="Wren Okoro")
    marcus.field("How it ended").select_option(label="Agreed to meet")
    marcus.field("What was said").fill("Taught her own children to swim.")
    marcus.field("Next step").fill("Send directions to the pool")
    marcus.field("By").fill(demo.ask("day", school=SCHOOL, later=1))
    album.keep(marcus, "call-form")
    marcus.press_twice("Save what happened")
    expect(marcus.page.get_by_text("Saved. Now set the meeting.")).to_be_visible()
    marcus.field("With").select_option(label="Wren Okoro")
    marcus.field("Day").fill(demo.ask("day", school=SCHOOL, later=1))
    marcus.field("From").fill("14:00")
    marcus.field("Where").fill("The pool")
    album.keep(marcus, "meeting-form")
    marcus.press_twice("Save the meeting")
    expect(marcus.page.get_by_text("With Wren Okoro, The pool.")).to_have_count(1)
    expect(marcus.page.get_by_text("Taught her own children to swim.")).to_have_count(1)
    expect(marcus.page.get_by_text("Send directions to the pool")).to_be_visible()
    album.keep(marcus, "prospect-with-its-meeting")


def read_it_as_principal(helen: Visitor, album: Album) -> None:
    helen.follow("Prospects")
    helen.follow(BUSINESS)
    expect(helen.page.get_by_text("With Wren Okoro, The pool.")).to_be_visible()
    expect(helen.page.get_by_text("Taught her own children to swim.")).to_be_visible()
    album.keep(helen, "prospect-as-the-principal-reads-it")


def make_the_summary(marcus: Visitor, album: Album) -> None:
    marcus.press("One-page summary for them")
    link = marcus.page.get_by_role("link", name="Open the PDF")
    expect(link).to_be_visible(timeout=60_000)
    album.keep(marcus, "summary")
    answer = marcus.context.request.get(str(link.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    pdf = pypdf.PdfReader(io.BytesIO(answer.body()))
    assert len(pdf.pages) == 1
    words = " ".join(pdf.pages[0].extract_text().split())
    for said in (SENTENCE, BUSINESS, "Wren Okoro", INITIATIVE):
        assert said in words
    marcus.follow("Read it as a page")
    expect(marcus.page.get_by_text(BUSINESS).first).to_be_visible()
    album.keep(marcus, "summary-as-a-page")


def mail_of_the_day_goes_out_once(demo: Site) -> None:
    """Two school days after the meeting, through a worker that is killed between plan and send."""
    reader = "marcus@mvdsb.example"
    moment = demo.ask("after_the_meeting", business=BUSINESS, school_days=2, at="10:00")
    worker = demo.child("worker").pid

    def naming_the_meeting() -> list[str]:
        return [str(mail["Message-ID"]) for mail in demo.mails() if ITEM in mail.get_content()]

    planned = demo.ask("kill_worker_when_mail_is_planned", worker=worker, reader=reader, moment=moment)
    assert planned["state"] in ("planned", "sending")
    assert naming_the_meeting() == []

    eventually(naming_the_meeting, lambda: demo.printed)
    assert "The worker ended (killed by signal 9); it is started again." in demo.printed
    assert demo.child("worker").pid != worker
    time.sleep(3 * SWEEP)  # a second one would come with one of the next looks
    assert len(naming_the_meeting()) == 1
    assert demo.ask("digest", reader=reader, moment=moment) == {
        "pk": planned["pk"],
        "state": "sent",
        "title": next(mail["Subject"] for mail in demo.mails() if ITEM in mail.get_content()),
    }
    assert all(mail["To"] == reader for mail in demo.mails() if ITEM in mail.get_content())


def follow_up(marcus: Visitor, album: Album) -> None:
    on_today = marcus.page.get_by_text(ITEM)

    def tick(button: str) -> None:
        marcus.page.goto("/")
        marcus.page.get_by_role("listitem").or_(marcus.page.get_by_role("article")).filter(has=on_today).get_by_role(
            "link", name="Follow up"
        ).click()
        marcus.press(button)
        expect(marcus.page.get_by_role("button", name=button, exact=True)).to_have_count(0)

    marcus.page.goto("/")
    expect(on_today.first).to_be_visible()
    album.keep(marcus, "today-after-the-meeting")
    tick("I have sent it")
    album.keep(marcus, "thank-you-ticked")
    marcus.page.goto("/")
    expect(on_today.first).to_be_visible()
    album.keep(marcus, "today-after-the-thank-you")

    tick("They have it")
    marcus.page.get_by_role("textbox", name="What happened").fill("Wren offers her old bus.")
    marcus.press("Save what happened")
    expect(marcus.page.get_by_text("Wren offers her old bus.")).to_be_visible()
    tick("Not needed Day of the decision call")
    album.keep(marcus, "all-four-ticked")
    marcus.page.goto("/")
    expect(marcus.page.get_by_role("heading", level=1)).to_be_visible()
    expect(on_today).to_have_count(0)
    album.keep(marcus, "today-in-the-end")
