"""Every page of the site, found from its addresses, as everybody for whom run.py prints a link, and as a stranger."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from demo.logo import drawn
from tests.journeys.browsing import Visitor
from tests.journeys.running_site import Site

pytestmark = pytest.mark.journey

DESK, PHONE, NARROW = 1440, 390, 320
STRANGER = "stranger"
# Pages that nobody sees on the demonstration site, and where they are seen.
ELSEWHERE = {
    "begin": "test_alone",
    "boards": "leads straight to the one board",
    "favicon": "the address of a file",
    "support": "only for who runs the site, for whom no link is printed: tests/people/test_support.py",
    "account_confirm_login_code": "only after asking for a code",
    "openid_connect_callback": "only with a code of a board's sign-in: tests/people/test_sign_on.py",
    "mfa_login_webauthn": "asked by the page with the passkey button: test_people",
    "account_change_password": "only for an account with a password: tests/people",
    "account_reauthenticate": "only for an account with a password: tests/people",
    **dict.fromkeys(
        (
            "mfa_authenticate",
            "mfa_reauthenticate",
            "mfa_deactivate_totp",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
        ),
        "only with a second factor: test_people",
    ),
}
# Pages that speak the language of what they show, not the reader's.
OWN_LANGUAGE = {"document_twin", "document_by_link"}


@dataclass
class Address:
    """One address of the site as one person asks for it, and what came of it."""

    name: str
    who: str
    path: str
    status: int = 0
    kind: str = ""  # page, part of a page, error page, file, another page's address, only for forms
    faults: list[str] = field(default_factory=list)


def test_every_page(
    demo: Site, sessions: dict[str, Any], visit: Callable[..., Visitor], capsys: pytest.CaptureFixture[str]
) -> None:
    make_a_document(visit(demo, sessions["marcus"]))
    give_the_school_a_logo(visit(demo, sessions["helen"]))
    visitors = {STRANGER: visit(demo), **{who: visit(demo, session) for who, session in sessions.items()}}
    looked_at: set[str] = set()
    addresses = list(every_address(demo, sessions))
    for address in addresses:
        visitor = visitors[address.who]
        body = ask(visitor.context, address)
        if address.kind == "page" or (address.kind == "error page" and body not in looked_at):
            look(visitor, address, is_first=address.kind == "error page" or address.name not in looked_at)
            looked_at |= {address.name, body}
    with capsys.disabled():
        print("\n" + table(addresses))
    faults = [f"{a.name} as {a.who}, {a.path}: {fault}" for a in addresses for fault in a.faults]
    assert not faults, "\n".join(faults)
    seen = ("page", "part of a page", "file", "only for forms")
    unseen = {a.name for a in addresses} - {a.name for a in addresses if a.kind in seen}
    assert unseen == set(ELSEWHERE), "nobody reaches these"


def make_a_document(marcus: Visitor) -> None:
    marcus.page.goto("/initiatives/")
    marcus.follow("FIRST Robotics at Riverbend")
    marcus.follow("Make the one-page summary")
    marcus.press("Make the one-page summary")
    expect(marcus.page.get_by_role("link", name="Open the PDF")).to_be_visible(timeout=60_000)


def give_the_school_a_logo(helen: Visitor) -> None:
    helen.page.goto("/schools/")
    helen.follow("Riverbend Secondary School")
    helen.follow("Add a logo")
    helen.page.get_by_label("Picture").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": drawn("#0F6866").content}
    )
    helen.press("Save the picture")
    expect(helen.page.get_by_role("img", name="Riverbend Secondary School")).to_be_visible()


def every_address(demo: Site, sessions: dict[str, Any]) -> Iterator[Address]:
    who = {f"{name}@{'northgate' if name == 'dana' else 'mvdsb'}.example": name for name in sessions} | {"": STRANGER}
    for found in demo.ask("addresses", people=[email for email in who if email]):
        yield Address(found["name"], who[found["who"]], found["path"])


def ask(context: BrowserContext, address: Address) -> str:
    """Ask for the address without a browser window, and sort what comes; gives the body of an error page."""
    answer = context.request.get(address.path, max_redirects=0)
    address.status = answer.status
    is_kept = "attachment" in answer.headers.get("content-disposition", "")  # a page that is read elsewhere is a file
    is_page = answer.headers.get("content-type", "").startswith("text/html") and not is_kept
    if answer.status == 405:
        address.kind = "only for forms"
    elif answer.status in (301, 302):
        address.kind = "another page's address"
    elif answer.status in (403, 404) and is_page:
        address.kind = "error page"
        return answer.text()
    elif answer.status == 200:
        is_whole = is_page and answer.text().lstrip().lower().startswith("<!doctype html")
        address.kind = "page" if is_whole else "part of a page" if is_page else "file"
    else:
        address.faults.append(f"answered with {answer.status}")
    return ""


def look(visitor: Visitor, address: Address, is_first: bool) -> None:
    """Look at the page in all widths; the first time with axe, in the dark and in French too."""
    visitor.problems.clear()
    visitor.refused = visitor.url + address.path if address.kind == "error page" else ""
    show(visitor, address)
    if is_first:
        address.faults += visitor.axe_findings(DESK) + visitor.axe_findings(PHONE)
        with cookie(visitor, "theme", "dark"):
            show(visitor, address)
            address.faults += [f"in the dark, {finding}" for finding in visitor.axe_findings(DESK)]
        with cookie(visitor, "django_language", "fr"):
            show(visitor, address)
            speaks = visitor.page.locator("html").get_attribute("lang")
            if speaks != "fr" and address.name not in OWN_LANGUAGE:
                address.faults.append("does not speak French")
    address.faults += visitor.problems
    visitor.problems.clear()


def show(visitor: Visitor, address: Address) -> None:
    """Go to the page; note another status than expected, and sideways scrolling."""
    answer = visitor.page.goto(address.path)
    if answer is None or answer.status != address.status:
        address.faults.append(f"answers with {answer and answer.status} in a browser, not with {address.status}")
    language = visitor.page.locator("html").get_attribute("lang")
    for width in (DESK, PHONE, NARROW):
        if visitor.scrolls_sideways(width):
            address.faults.append(f"scrolls sideways at {width}, in {language}")


class cookie:  # noqa: N801 - used like a function
    """With this cookie in the visitor's browser, for a while."""

    def __init__(self, visitor: Visitor, name: str, value: str) -> None:
        self.visitor, self.name, self.value = visitor, name, value

    def __enter__(self) -> None:
        self.visitor.context.add_cookies([{"name": self.name, "value": self.value, "url": self.visitor.url}])

    def __exit__(self, *problem: object) -> None:
        self.visitor.context.clear_cookies(name=self.name)


def table(addresses: list[Address]) -> str:
    """What was visited: a line for each name, a column for each person."""
    people = list(dict.fromkeys(a.who for a in addresses))
    answers: dict[str, dict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for a in addresses:
        answers[a.name][a.who][a.status] += 1
    width = max(map(len, answers)) + 2
    lines = ["".join([" " * width, *(f"{who:>10}" for who in people)])]
    for name, of in answers.items():
        cells = ["/".join(str(status) for status in of[who]) for who in people]
        lines.append(name.ljust(width) + "".join(f"{cell:>10}" for cell in cells))
    kinds = Counter(a.kind for a in addresses)
    lines.append(", ".join(f"{n} × {kind or 'fault'}" for kind, n in kinds.most_common()))
    return "\n".join(lines)
