"""The second half of the journey, as five people walk it: agreed, written, shared, done, looked back on, overseen."""

import io
import re
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.browsing import Album, Visitor
from tests.journeys.running_site import Site, eventually

pytestmark = pytest.mark.journey

BUSINESS = "Lakeshore Regional Hospital"
INITIATIVE = "Mentors for 60"
MAYA = "maya@hospital.example"
PROMISED = "5 mentors, each with 3 students, 1 hour every two weeks for 30 weeks"
OURS = "A quiet room and a teacher every second Thursday"
SESSION = "First evening with the mentors"


def test_second_half(demo: Site, sessions: dict[str, Any], visit: Callable[..., Visitor]) -> None:
    album = Album("second-half")
    marcus, helen, amara = (visit(demo, sessions[who]) for who in ("marcus", "helen", "amara"))
    begin_and_agree(marcus, album)
    oversee(amara, album, "Not written yet")
    write_it_down(marcus, album)
    both_say_yes(helen, album)
    maya = share_and_come_in(marcus, visit(demo), album, demo)
    see_nothing_else(maya)
    log_and_correct(marcus, maya, album)
    look_back(marcus, maya, helen, album)
    oversee(amara, album, "Year 1 done")
    see_nothing_of_another_family(visit(demo), demo)
    already_with_us(marcus, album)


def begin_and_agree(marcus: Visitor, album: Album) -> None:
    marcus.page.goto("/prospects/")
    marcus.follow(BUSINESS)
    album.keep(marcus, "prospect-in-discussion")
    marcus.follow("Begin the partnership")
    marcus.page.get_by_role("radio", name="Operational").check()
    marcus.page.get_by_role("radio", name="Partnership: both give and both gain").check()
    marcus.field("Shared vision").fill("Every student has an adult who shows up.")
    album.keep(marcus, "begin-form")
    marcus.press_twice("Begin the partnership")
    expect(marcus.page.get_by_role("heading", level=1, name=f"{INITIATIVE}, together")).to_be_visible()
    album.keep(marcus, "partnership-that-takes-shape")

    marcus.follow(f"Write down a promise of {BUSINESS}")
    marcus.follow("20 mentors")
    marcus.field("How many").fill("5")
    marcus.field("How many students").fill("3")
    album.keep(marcus, "promise-form")
    marcus.press_twice("Save this promise")
    promises = marcus.page.get_by_role("region", name="What each side promises")
    expect(promises.get_by_role("listitem").filter(has_text="5 mentors")).to_have_count(1)
    marcus.follow("Write down a promise of Riverbend Secondary School")
    marcus.page.get_by_role("radio", name="Something else").check()
    marcus.field("What exactly").fill(OURS)
    marcus.press("Save this promise")
    expect(promises.get_by_role("listitem").filter(has_text=OURS)).to_have_count(1)

    marcus.follow("We agreed")
    album.keep(marcus, "agree")
    marcus.press("We agreed")
    expect(marcus.page.get_by_text("Agreed, to be confirmed").first).to_be_visible()


def write_it_down(marcus: Visitor, album: Album) -> None:
    marcus.press("Draft the agreement")
    expect(marcus.page.get_by_role("heading", level=1, name="What we agreed")).to_be_visible()
    expect(marcus.page.get_by_text(f"{OURS}.")).to_be_visible()
    album.keep(marcus, "agreement-as-a-draft")
    here = marcus.page.url
    marcus.press("Print it")
    link = marcus.page.get_by_role("link", name="Open the PDF")
    expect(link).to_be_visible(timeout=60_000)
    answer = marcus.context.request.get(str(link.get_attribute("href")))
    words = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.body())).pages).split())
    for said in (BUSINESS, INITIATIVE, OURS, "Draft wording, not for signature", "Maya Lindqvist"):
        assert said in words
    marcus.page.goto(here)


def both_say_yes(helen: Visitor, album: Album) -> None:
    helen.page.goto("/partnerships/")
    helen.follow(BUSINESS)
    helen.follow("Read the draft of version 1")
    for side in ("Riverbend Secondary School", BUSINESS):
        helen.follow("Record a yes")
        helen.page.get_by_role("radio", name=side).check()
        helen.field("Who said yes").fill("Helen Park" if side != BUSINESS else "Maya Lindqvist")
        helen.page.get_by_role("radio", name="On the phone").check()
        album.keep(helen, "yes-form")
        helen.press_twice("Record the yes")
        expect(helen.page.get_by_role("heading", level=1, name="What we agreed")).to_be_visible()
    expect(helen.page.get_by_text("In force")).to_be_visible()
    album.keep(helen, "agreement-in-force")


def codes_for(address: str, demo: Site) -> list[str]:
    """The one-time codes that were mailed to `address`."""
    texts = [mail.get_content() for mail in demo.mails() if mail["To"] == address]
    return [code for text in texts for code in re.findall(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", text, re.MULTILINE)]


def share_and_come_in(marcus: Visitor, maya: Visitor, album: Album, demo: Site) -> Visitor:
    """The contact is invited, and comes in by a code, without a password."""
    marcus.page.goto("/partnerships/")
    marcus.follow(BUSINESS)
    expect(marcus.page.get_by_text("Active").first).to_be_visible()
    marcus.follow("Share with the partner")
    marcus.page.get_by_role("radio", name="Maya Lindqvist").check()
    album.keep(marcus, "share")
    marcus.press_twice("Share and invite")
    expect(marcus.page.get_by_text("Both sides see this same page.")).to_be_visible()

    invitation = eventually(lambda: [m for m in demo.mails() if m["To"] == MAYA], lambda: demo.printed)
    assert len(invitation) == 1
    address = re.search(r"http\S+/partnerships/\d+/", invitation[0].get_content())
    assert address
    maya.page.goto(address[0])
    album.keep(maya, "sign-in-of-the-partner")
    maya.page.get_by_label("E-mail").fill(MAYA)
    maya.press("Send me a code")
    codes = eventually(lambda: codes_for(MAYA, demo), lambda: demo.printed)
    maya.page.get_by_label("Code").fill(codes[0])
    maya.press("Sign in")
    expect(maya.page.get_by_role("heading", level=1, name=f"{INITIATIVE}, together")).to_be_visible()
    album.keep(maya, "partnership-as-the-partner-sees-it")
    return maya


def see_nothing_else(maya: Visitor) -> None:
    """Neither another page nor a word of another business."""
    here = maya.page.url
    for name in ("Northgate", "FreshFields", "Harbour", "Prospects"):
        expect(maya.page.locator("body")).not_to_contain_text(name)
    paths = ["/prospects/", "/initiatives/", "/organisations/", "/schools/"]
    paths += [f"/partnerships/{pk}/" for pk in range(1, 12) if not here.endswith(f"/partnerships/{pk}/")]
    assert {path: maya.context.request.get(path).status for path in paths} == dict.fromkeys(paths, 404)
    maya.page.goto("/")
    expect(maya.page.get_by_role("link", name=INITIATIVE)).to_have_count(1)
    maya.page.goto(here)


def row(visitor: Visitor, text: str) -> Locator:
    return visitor.page.get_by_role("listitem").filter(has_text=text)


def log_and_correct(marcus: Visitor, maya: Visitor, album: Album) -> None:
    marcus.follow("Log a session")
    marcus.field("What you did").fill(SESSION)
    marcus.field("People of the partner").fill("4")
    marcus.field("Their hours in all").fill("8")
    marcus.field("Students").fill("15")
    album.keep(marcus, "session-form")
    marcus.press_twice("Save this session")
    expect(row(marcus, SESSION)).to_have_count(1)
    album.keep(marcus, "partnership-with-its-session")

    maya.page.reload()
    maya.follow(SESSION)
    maya.follow("Correct the numbers")
    maya.field("Their hours in all").fill("9")
    maya.field("Why it differs").fill("One of us stayed longer")
    album.keep(maya, "correction-form")
    maya.press_twice("Save the correction")
    expect(row(maya, "Waits for the school’s yes")).to_have_count(1)
    album.keep(maya, "session-with-a-correction")

    marcus.page.goto("/")
    expect(marcus.page.get_by_text(f"Say yes to the numbers of {BUSINESS}").first).to_be_visible()
    album.keep(marcus, "today-with-a-correction")
    row(marcus, f"Say yes to the numbers of {BUSINESS}").get_by_role("link", name="Answer").first.click()
    marcus.page.get_by_role("radio", name="The partner’s").check()
    album.keep(marcus, "answer-to-a-correction")
    marcus.press("Save the answer")
    expect(row(marcus, "9 h").filter(has_text="Counts")).to_have_count(1)


def look_back(marcus: Visitor, maya: Visitor, helen: Visitor, album: Album) -> None:
    """Nine questions each, blind until both are in; then the report, and the same choice."""

    def answer(visitor: Visitor, rating: str) -> None:
        visitor.page.goto("/partnerships/")
        visitor.follow(INITIATIVE if visitor is maya else BUSINESS)
        visitor.follow("Answer nine questions" if visitor is maya else "Look back early")
        questions = visitor.page.get_by_role("radio", name=rating, exact=True)
        expect(questions).to_have_count(9)
        for question in questions.all():
            question.check()
        visitor.page.get_by_role("checkbox", name="We look back early").check()
        album.keep(visitor, "nine-questions")
        visitor.press_twice("Send my answers")

    answer(marcus, "4")
    expect(marcus.page.get_by_text("Who has answered")).to_be_visible()
    album.keep(marcus, "one-side-is-in")
    helen.page.goto(marcus.page.url)
    expect(helen.page.get_by_text("of 5")).to_have_count(0)
    answer(maya, "5")
    for said in ("4.0", "5.0", "4.5"):
        expect(maya.page.get_by_text(said, exact=True).first).to_be_visible()
    album.keep(maya, "report-as-the-partner-sees-it")
    report = maya.page.url
    for visitor in (maya, marcus):
        visitor.page.goto(report)
        visitor.page.get_by_role("radio", name="Grow").check()
        album.keep(visitor, "choice-form")
        visitor.press(f"Send our choice to {'Riverbend Secondary School' if visitor is maya else BUSINESS}")
        follows = "Now Riverbend Secondary School chooses." if visitor is maya else "Year 2 runs from"
        expect(visitor.page.get_by_text(follows)).to_be_visible()
    expect(marcus.page.get_by_role("region", name="What next?").get_by_text("Grow", exact=True)).to_have_count(3)
    album.keep(marcus, "report-with-its-decision")


def oversee(amara: Visitor, album: Album, said: str) -> None:
    """The superintendent sees every partnership of the family, and what each still needs."""
    amara.page.goto("/partnerships/")
    of_hospital = amara.page.get_by_role("row").filter(has_text=BUSINESS)
    expect(of_hospital).to_contain_text(said)
    for name in ("Northgate", "Coach Lines", "Bright & Daughters"):
        expect(amara.page.get_by_role("row").filter(has_text=name)).to_have_count(1)
    album.keep(amara, "partnerships-of-the-family")
    amara.page.goto("/")
    album.keep(amara, "today-of-the-superintendent")


def see_nothing_of_another_family(daniel: Visitor, demo: Site) -> None:
    daniel.page.goto(f"/come-in/{demo.ask('sign_in_token', email='daniel@mvdsb.example')}/")
    daniel.press("Come in")
    expect(daniel.page).to_have_url(f"{daniel.url}/")
    daniel.page.goto("/partnerships/")
    expect(daniel.page.get_by_text("No partnership yet")).to_be_visible()
    assert daniel.context.request.get("/partnerships/1/").status == 404


def already_with_us(marcus: Visitor, album: Album) -> None:
    marcus.page.goto("/partnerships/")
    marcus.follow("Already with us")
    marcus.field("With whom").fill("The Corner Bakery")
    marcus.field("What you do together").fill("Breakfast club")
    album.keep(marcus, "already-with-us")
    marcus.press_twice("Enter the partnership")
    expect(marcus.page.get_by_role("heading", level=1, name="Breakfast club, together")).to_be_visible()
    expect(marcus.page.get_by_text("From before Tandem")).to_be_visible()
    album.keep(marcus, "partnership-from-before")
