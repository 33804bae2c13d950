"""The first quarter hour on a phone: a school on its own, from the first sign-in to a call sheet and the one page.

By touch alone, 390 wide, and without mail: nothing is sent and nothing is looked for in the folder of mail.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pypdf
import pytest
from playwright.sync_api import Locator, expect

from tests.journeys import running_site
from tests.journeys.browsing import HEIGHT, Album, Visitor

pytestmark = pytest.mark.journey
PHONE = {"viewport": {"width": 390, "height": HEIGHT}, "has_touch": True, "is_mobile": True}
SENTENCE = "A bus to transport 18 students, once a week for 15 weeks"
MOST_TAPS = 30  # fields that are filled and buttons that are pressed, together


@dataclass
class Thumb:
    """Somebody with a phone: every tap counts, and no page may be wider than it."""

    visitor: Visitor
    album: Album
    taps: int = 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.tap()

    def follow(self, link: str) -> None:
        self.tap(self.visitor.page.get_by_role("link", name=link).first)

    def press(self, button: str) -> None:
        self.tap(self.visitor.page.get_by_role("button", name=button, exact=True))

    def choose(self, option: str) -> None:
        self.tap(self.visitor.page.locator("label").filter(has=self.visitor.page.get_by_role("radio", name=option)))

    def fill(self, label: str, text: str) -> None:
        field = self.visitor.field(label)
        self.tap(field)
        field.fill(text)

    def sees(self, heading: str) -> None:
        """The page of that heading has come; it is kept, and does not scroll sideways."""
        expect(self.visitor.page.get_by_role("heading", level=1)).to_contain_text(heading)
        root = "document.documentElement"
        assert self.visitor.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), heading
        self.album.keep(self.visitor, re.sub(r"\W+", "-", heading.lower()).strip("-"))
        self.visitor.page.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]


def test_the_first_quarter_hour(visit: Callable[..., Visitor]) -> None:
    with running_site.place("quarter-hour") as (data, env), running_site.running("--empty", data=data, env=env) as site:
        begin = re.search(r"^Begin here: (\S+)$", site.printed, re.MULTILINE)
        assert begin, site.printed
        robin = Thumb(visit(site, **PHONE), Album("first-quarter-hour"))
        robin.visitor.page.goto(begin[1])
        steps = [first_sign_in, one_need, three_businesses, a_call_sheet, the_one_page, on_to_the_call]
        said = []
        for step in steps:
            before = robin.taps
            step(robin)
            said.append(f"{step.__name__} {robin.taps - before}")
        print(f"taps: {robin.taps} ({', '.join(said)})")
        assert robin.taps <= MOST_TAPS
        assert site.mails() == []


def first_sign_in(robin: Thumb) -> None:
    robin.fill("Your name", "Robin Sparrow")
    robin.fill("Your e-mail", "robin@school.example")
    robin.fill("Your school", "Hilltop Public School")
    robin.fill("Its town", "Hilltop")
    robin.press("Begin")
    robin.sees("Robin")
    today = robin.visitor.page.get_by_role("region", name="The first quarter hour")
    expect(today.get_by_role("listitem")).to_have_count(4)
    expect(robin.visitor.page.get_by_role("region").first).to_have_accessible_name("The first quarter hour")


def one_need(robin: Thumb) -> None:
    robin.follow("Write one need")
    robin.choose("Transportation")
    robin.fill("What exactly", "A bus")
    robin.fill("How many students", "18")
    robin.choose("Once a week")
    robin.fill("For how many", "15")
    expect(robin.visitor.page.get_by_text(f"{SENTENCE}.")).to_be_visible()
    robin.sees("Add a need")
    robin.press("Save this need")
    robin.sees(SENTENCE)


def three_businesses(robin: Thumb) -> None:
    robin.follow("Paste businesses")
    robin.sees("Paste businesses")
    robin.fill("Organisations, one a line", "Hilltop Bakery - 905 555 0100\nwww.northgate.example\nRotary Club")
    robin.press("Make them prospects")
    robin.sees("Call sheet for Hilltop Bakery")
    expect(robin.visitor.page.get_by_text("3 prospects added")).to_be_visible()


def a_call_sheet(robin: Thumb) -> None:
    """The draft stands there; what is in brackets is filled in, the page reads it back, and it goes onto paper."""
    page = robin.visitor.page
    expect(page.get_by_role("link", name="905 555 0100")).to_have_attribute("href", "tel:9055550100")
    sheet = page.get_by_role("article", name="Hilltop Bakery")
    expect(sheet).to_contain_text("Good morning, my name is Robin Sparrow.")
    expect(sheet).to_contain_text("We need a bus to transport 18 students, once a week for 15 weeks.")
    robin.fill(
        "Who you are",
        "Good morning, my name is Robin Sparrow. I am a teacher at Hilltop Public School, with 240 students.",
    )
    expect(sheet).to_contain_text("I am a teacher at Hilltop Public School")  # read back before it is saved
    robin.press("Save the call sheet")
    expect(page.get_by_text("Call sheet saved.")).to_be_visible()
    robin.sees("Call sheet for Hilltop Bakery")
    page.evaluate("window.print = () => { window.printed = true; }")
    robin.press("Print this page")
    assert page.evaluate("window.printed")
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter")))
    assert len(paper.pages) == 1
    printed = " ".join(paper.pages[0].extract_text().split())
    assert "I am a teacher at Hilltop Public School" in printed
    assert "What they said, and what comes next" in printed
    assert "Save the call sheet" not in printed


def the_one_page(robin: Thumb) -> None:
    page = robin.visitor.page
    page.goto("/")
    robin.taps += 1
    robin.sees("Robin")
    expect(page.get_by_text("3 of 4 done")).to_be_visible()
    robin.follow("Make your one-page summary")
    robin.fill("Why it matters", "Without a bus, our 18 readers cannot get to the library within the school day.")
    robin.fill("What students learn", "They learn to choose a book, and to read it to its end.")
    expect(page.get_by_text("13 of 40 words")).to_be_visible()
    robin.sees("Why, in three sentences")
    robin.press("Make the one-page summary")
    download = page.get_by_role("link", name=re.compile("PDF"))
    expect(download.first).to_be_visible(timeout=60_000)
    robin.album.keep(robin.visitor, "the-one-page")
    address = download.first.get_attribute("href")
    assert address
    pdf = pypdf.PdfReader(io.BytesIO(page.request.get(address).body()))
    assert len(pdf.pages) == 1
    assert "Without a bus, our 18 readers" in " ".join(pdf.pages[0].extract_text().split())
    page.goto("/")
    expect(page.get_by_role("heading", name="The first quarter hour")).to_have_count(0)


def on_to_the_call(robin: Thumb) -> None:
    """The way on from the sheet is the call that is logged."""
    page = robin.visitor.page
    page.goto("/prospects/")
    robin.follow("Hilltop Bakery")
    robin.sees("Hilltop Bakery")
    robin.follow("Call sheet")
    robin.follow("Log a call")
    robin.sees("Log what happened")
