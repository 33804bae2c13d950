"""A cell of the proof: somebody, an address, a row of theirs or not, a method, and what must be so of the answer."""

import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from boards.models import Board
from businesses.models import Business
from schools.models import School
from tests.factories import rows
from tests.factories.pages import MISSING, Page, pages, whole
from tests.factories.sent import OPENS_ONCE_READY, make_ready, writes
from tests.factories.world import PASSWORD, World, mark
from tests.signing_in import lately
from tests.test_who_sees_what import ONES_OWN_FILE, expected, hidden, stamp, text_of

LOOKS = ("GET", "HEAD")
NOBODY_SENDS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")  # refused whoever asks for whatever
METHODS = (*LOOKS, "POST", *NOBODY_SENDS)
Answer = Any  # what a test's browser gets


# ── Somebody ──


@dataclass(frozen=True)
class Persona:
    """Somebody who tries: which column of who_may.csv says what they may, where they belong, how they come."""

    name: str
    column: str
    at: str = "own"

    def __str__(self) -> str:
        return self.name

    def browser(self, world: World) -> Client:
        """A browser with this person in front of it. What a view raises is answered as on the site, with a 500."""
        client = Client(raise_request_exception=False)
        if self.name == "link holder":
            client.get(f"/read/{world.reading_token}/")
        elif self.column != "anonymous":
            user = HOW.get(self.name, _in_the_world)(world, self)
            client.force_login(user)
            lately(client, user)
        return client


def _in_the_world(world: World, persona: Persona) -> User:
    return world.user("board_admin" if persona.column == NO_FACTOR else persona.column, persona.at)


def _ended_partner(world: World, persona: Persona) -> User:
    user, own = rows.user("Partner Before", password=PASSWORD), world.places["own"]
    rows.member(user, Role.PARTNER, own.board, is_lead=False, ended_at=rows.NOW, business=own.rows[Business])
    return user


def _ended_support(world: World, persona: Persona) -> User:
    """An operator of whose two grants one was ended and one ran out a moment ago."""
    user, own = rows.user("Operator Before", password=PASSWORD), world.places["own"]
    rows.support(own.board, user, ended_at=rows.NOW, ended_by=own.people["board_admin"])
    rows.support(own.board, user, ends_at=rows.NOW)
    return user


def _invited_partner(world: World, persona: Persona) -> User:
    user, own = rows.user("Partner To Be", password=PASSWORD), world.places["own"]
    at = {"email": user.email, "business": own.rows[Business]}
    rows.invitation(own.board, Role.PARTNER, own.people["champion"], **at)
    return user


HOW: dict[str, Callable[[World, Persona], User]] = {
    "partner who ended": _ended_partner,
    "partner who is invited": _invited_partner,
    "operator whose grants ended": _ended_support,
}
LOOKS_ONLY = "support"  # whatever they send about a board is refused in words
OF_SUPPORT = ("support", "support_end")  # save what is their own
NO_FACTOR = "no factor"  # no column: everything leads to setting one up, save STILL_OPEN
# What somebody who needs a second factor and has none still reaches, as anybody in their role does.
STILL_OPEN = frozenset({
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate", "mfa_reauthenticate", "account_reauthenticate",
    "account_again_by_code", "account_logout", "language", "theme", "favicon",
})  # fmt: skip

PERSONAS = (
    Persona("anonymous", "anonymous"),
    Persona("link holder", "anonymous"),
    Persona("partner", "partner"),
    Persona("partner of another business", "partner", "near"),
    Persona("partner of another board", "partner", "far"),
    Persona("partner who ended", "ended"),
    Persona("partner who is invited", "no_membership"),
    Persona("champion", "champion"),
    Persona("champion of another school", "champion", "near"),
    Persona("principal", "principal"),
    Persona("principal of another school", "principal", "near"),
    Persona("vice-principal", "vice_principal"),
    Persona("staff", "staff"),
    Persona("office of a school", "office_school"),
    Persona("office of the board", "office_board"),
    Persona("superintendent", "superintendent"),
    Persona("superintendent of another family", "superintendent", "near"),
    Persona("assistant at a school", "assistant_school"),
    Persona("assistant of a family", "assistant_family"),
    Persona("board administrator", "board_admin"),
    Persona("board administrator of another board", "board_admin", "far"),
    Persona("operator", "operator"),
    Persona("operator with a grant", "support"),
    Persona("operator with a grant at another board", "support", "far"),
    Persona("operator whose grants ended", "operator"),
    Persona("without a role", "no_membership"),
    Persona("whose role ended", "ended"),
    Persona("deactivated", "deactivated"),
    Persona("second factor missing", NO_FACTOR),
)
OUTSIDE = ("anonymous", "deactivated")  # columns of people who are not signed in


def persona(name: str) -> Persona:
    return next(who for who in PERSONAS if who.name == name)


# ── What is asked for ──

SUBJECTS = ("own", "near", "far", "missing")
# Addresses that cannot be built for a subject, each with the reason. Any other that cannot be built is a fault.
NO_SUCH_ROW = {(Board, "near"): "the neighbour's board is one's own: asked for as that"}
BAD_WORD = "no-such-word"
# What a page behind a secret word answers to a wrong one.
TO_A_WRONG_WORD = {
    "document_by_link": 404,
    "sign_in_link": 404,
    "accept_invitation": 404,
    "join": 404,
    "account_reset_password_from_key": 200,
    "openid_connect_callback": 404,
    "mfa_remove_webauthn": 302,  # first it asks once more who one is
}


@dataclass(frozen=True)
class Cell:
    page: Page
    subject: str  # "" for a page about no row
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.page.name} {self.subject}".strip()

    def url(self, world: World) -> str:
        if self.subject == "missing" and self.page.subject is None:
            return re.sub("<[^>]+>", BAD_WORD, re.sub("<int:[^>]+>", str(MISSING), f"/{self.page.route}"))
        return self.page.url(world, self.subject or "own")


def subjects(page: Page) -> tuple[str, ...]:
    """The subjects a page can be asked for, a missing one first."""
    if page.subject is None:
        return ("missing", "") if page.arguments else ("",)
    return ("missing", *(s for s in SUBJECTS[:-1] if (page.subject, s) not in NO_SUCH_ROW))


def cells(methods: tuple[str, ...] = METHODS) -> list[Cell]:
    return [Cell(page, subject, method) for page in pages() for subject in subjects(page) for method in methods]


def looked_up(page: Page, column: str, at: str, subject: str) -> int:
    """What the tables say of a page looked at, or sent if it only acts."""
    if page.subject is None and subject == "missing":
        return TO_A_WRONG_WORD[page.name]
    return expected(page, column, at, subject)


def wanted(who: Persona, cell: Cell) -> frozenset[int]:
    """The statuses that are right."""
    page = cell.page
    if cell.method in NOBODY_SENDS:
        return frozenset({405})
    column = who.column
    if column == NO_FACTOR:
        if page.name not in STILL_OPEN:
            return frozenset({302})
        column = "board_admin"
    said = looked_up(page, column, who.at, cell.subject)
    if column in OUTSIDE and page.policy and not page.policy.is_public:
        return frozenset({302})
    if cell.method in LOOKS:
        return frozenset({405}) if page.is_post_only else frozenset({said})
    if column == LOOKS_ONLY and said in (200, 302) and asks(page) and page.name not in OF_SUPPORT:
        return frozenset({403})
    if page.name in LED_ON_WHEN_SENT:
        return frozenset({302})
    if said == 404 and not page.subject:
        return frozenset({404, 405})  # some know no POST at all, whoever asks
    if page.is_post_only or said in (403, 404):
        return frozenset({said})
    return frozenset({200, 302, 405, 422})


def asks(page: Page) -> bool:
    """Whether a page is about rows of a board."""
    return page.subject is not None or bool(page.policy and page.policy.permissions)


# Only where nobody is yet; its form, sent when somebody was faster, leads to where one signs in.
LED_ON_WHEN_SENT = frozenset({"begin"})
# A page behind a word in a mail says in words that an invitation is over; the same ones to every word that is none.
HAS_A_404_OF_ITS_OWN = frozenset({"accept_invitation", "join"})


# ── Trying ──


@dataclass
class Trial:
    """One person trying cells; `wrong` are the sentences of what is not as it should be."""

    world: World
    who: Persona
    browser: Client
    wrong: list[str] = field(default_factory=list)
    tried: int = 0
    missing: dict[tuple[str, str], Any] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    nothing: bytes = b""  # the one page that says so

    def say(self, cell: Cell, what: str) -> None:
        self.wrong.append(f"{self.who}, {cell}: {what}")

    def try_all(self, cells: list[Cell]) -> "Trial":
        for cell in cells:
            self.attempt(cell)
        return self

    def attempt(self, cell: Cell) -> None:
        """Ask, take back what it wrote, and look at the answer."""
        self.tried += 1
        answer, written = self._ask(cell)
        right = wanted(self.who, cell)
        if answer.status_code not in right:
            self.say(cell, f"answered {answer.status_code}, not {sorted(right)}")
        denied = not right & {200, 302} or self._led_away(answer)
        if cell.method in LOOKS and self._is_kept_out(cell) and not self._led_away(answer):
            self.say(cell, f"is not led to where one comes in: {answer.headers.get('Location')}")
        if written and (denied or cell.method != "POST"):
            self.say(cell, f"wrote {written[0]}")
        self._tells_no_more_than_missing(cell, answer)
        if cell.method in (*LOOKS, "POST") and not (self.nothing and answer.content == self.nothing):
            said = text_of(answer)
            for word in hidden_words(self.who, cell.page):
                if word in said:
                    self.say(cell, f"shows {word}")
        if answer.status_code in (200, 302) and not denied:
            self.reached.add(cell.page.name)

    def _ask(self, cell: Cell) -> tuple[Answer, list[str]]:
        cookies = copy(self.browser.cookies)
        with transaction.atomic():
            if cell.page.name in OPENS_ONCE_READY and cell.subject in ("own", "near", "far"):
                make_ready(cell.page.name, self.world, cell.subject)
            with writes() as written:
                answer = whole(self.browser.generic(cell.method, cell.url(self.world)))
            transaction.set_rollback(True)
        self.browser.cookies = cookies  # signing out was taken back too
        return answer, written.statements

    def _is_kept_out(self, cell: Cell) -> bool:
        """Whether this person gets nothing of the page before they are in, or whole."""
        policy, name = cell.page.policy, cell.page.name
        if self.who.column == NO_FACTOR:
            return name not in STILL_OPEN
        return self.who.column in OUTSIDE and bool(policy) and not policy.is_public  # type: ignore[union-attr]

    def _led_away(self, answer: Answer) -> bool:
        """Whether somebody who is not in, or not whole, was led to where that can be mended."""
        if answer.status_code != 302:
            return False
        to = answer["Location"].split("?")[0]
        return (self.who.column in OUTSIDE and to == "/account/sign-in/") or (
            self.who.column == NO_FACTOR and to == "/account/factors/app/"
        )

    def _tells_no_more_than_missing(self, cell: Cell, answer: Answer) -> None:
        """What is not there for somebody is, byte for byte, what is not there for anybody; and 404 is one page."""
        key, told = (cell.page.name, cell.method), (*stamp(answer), sorted(answer.cookies))
        if cell.subject == "missing":
            self.missing[key] = told
        if answer.status_code == 404 and cell.method != "HEAD" and cell.page.name not in HAS_A_404_OF_ITS_OWN:
            self.nothing = self.nothing or self.browser.get("/no/such/address/").content
            if answer.content != self.nothing:
                self.say(cell, "has a 404 of its own")
        if answer.status_code == 404 and key in self.missing and told != self.missing[key]:
            self.say(cell, "tells more than one that is not there")


def hidden_words(who: Persona, page: Page) -> Iterator[str]:
    """The marks this person may not be shown on this page."""
    column = "anonymous" if who.column in OUTSIDE else "board_admin" if who.column == NO_FACTOR else who.column
    for what, where in hidden(column, who.at):
        if page.name in TELLS_OF_ONES_PAST and where == "own" and what in IN_ONES_OWN_FILE.get(who.name, ()):
            continue
        yield mark(where, what)


# A person's own file says where a role of theirs was or waits for them, and who asked them in; an operator's own list
# says at which boards they looked.
TELLS_OF_ONES_PAST = ONES_OWN_FILE | {"support"}
IN_ONES_OWN_FILE: dict[str, tuple[type[models.Model] | str, ...]] = {
    "whose role ended": (School, "BoardName"),
    "partner who ended": (Business, "BoardName"),
    "partner who is invited": (Business, "BoardName", "User"),
    "operator whose grants ended": ("BoardName", "User"),
}
