"""Who may see and do what: every page, every role, rows of one's own and of others, against two tables.

`who_may.csv` and `who_sees.csv` are written by hand from the table "Who may see and do what" of domain.md; no program
writes them. `who_may.csv` says what a page answers (a page that only acts: what sending it answers) to somebody whose
own row, whose neighbour's or a stranger's it is asked for. `who_sees.csv` says of which rows somebody may know.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from accounts.models import Membership, User
from accounts.permissions import Role
from agreements.models import AgreementVersion, Clause
from boards.models import Board
from businesses.models import Business
from engines.documents.models import Document
from evaluation.models import Answer as Rated
from evaluation.models import Evaluation
from outreach.models import Meeting, Prospect
from partnerships.models import Commitment, Participation, Partnership, PartnershipYear, Session
from schools.models import Initiative, School
from tests.factories import rows
from tests.factories.models import owned
from tests.factories.pages import Page, has_form, named, open_forms, pages
from tests.factories.sent import OPENS_ONCE_READY, Sent, filled, make_ready, with_token, writes
from tests.factories.world import HELD_AT, LOOKING, PLACES, WITHOUT, World, mark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
HERE = Path(__file__).parent
ROLES = (*HELD_AT, *LOOKING, *WITHOUT)
SignIn = Callable[[User], Client]
Answer = Any  # what a test's browser gets

# Pages that answer 404 to everybody here, with the reason; each is reached in a test of its own.
OF_A_FACTOR = "only for whoever has a second factor: tests/people/test_second_factor.py"
REACHED_ELSEWHERE = {
    "begin": "only where nobody is yet: tests/demo/test_beginning.py",
    "openid_connect_callback": "only with a code of a board's sign-in: tests/people/test_sign_on.py",
    "mfa_deactivate_totp": OF_A_FACTOR,
    "mfa_view_recovery_codes": OF_A_FACTOR,
    "mfa_download_recovery_codes": OF_A_FACTOR,
}
# Pages that show nothing of the row they are about.
SAYS_NOTHING = {
    "need_sentence": "reads back what is being typed",
    "board_logo": "a picture",
    "school_picture": "a picture",
}
# A person's own file: it asks every model for the rows that name them, and says where a role of theirs was, also one
# that has ended (tests/people/test_access_file.py).
ONES_OWN_FILE = {"me_data_json", "me_data_file"}
# What stands for a row on pages that do not show its own mark.
SHOWN_AS: dict[type[models.Model], tuple[type[models.Model], ...]] = {
    Document: (Document, Initiative),
    Meeting: (Meeting, Business),
    Prospect: (Prospect, Business),
    Partnership: (Partnership, Initiative),
    PartnershipYear: (Initiative,),
    Commitment: (Commitment, Initiative),
    Session: (Session, Initiative),
    Participation: (Participation, Session),
    AgreementVersion: (Initiative,),
    Clause: (Clause,),
    Evaluation: (Rated, Initiative),
    Membership: (User,),
}
SHOWN_AS_NAME: dict[type[models.Model], str] = {Board: "BoardName"}


# ── The tables ──


@cache
def who_may() -> dict[tuple[str, str], dict[str, int]]:
    """Page and relation ("" for a page about no row) to role to status."""
    with (HERE / "who_may.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    keys = [(line.pop("page"), line.pop("row")) for line in lines]
    assert len(keys) == len(set(keys)), "a page stands twice in who_may.csv"
    return {key: {role: int(code) for role, code in line.items()} for key, line in zip(keys, lines, strict=True)}


@cache
def who_sees() -> dict[str, dict[str, str]]:
    """Name of a model to role to "own", "board" (one's own and the neighbours'), "told" or "-".

    "told": the row is not there for them, and what is public of it is told on the shared pages of their partnership.
    """
    with (HERE / "who_sees.csv").open(newline="") as file:
        return {line.pop("row"): line for line in csv.DictReader(file)}


def relation(at: str, place: str, subject: type[models.Model] | None) -> str:
    """How a row at `place` stands to somebody at `at`."""
    if subject is None:
        return ""
    if at == place or (subject is Board and "far" not in (at, place)):
        return "own"
    return "far" if "far" in (at, place) else "near"


def expected(page: Page, role: str, at: str, place: str) -> int:
    """What `page` answers about the row at `place` to somebody in `role` at `at`."""
    if place == "missing":
        return 302 if role in ("anonymous", "deactivated") else 404
    return who_may()[page.name, relation(at, place, page.subject)][role]


# What a partner reads of its school that is the whole board's.
OF_THE_BOARD = frozenset({"ClosedPeriod", "YearPart"})


def is_told(row: str, role: str, at: str, place: str) -> bool:
    """Whether somebody in `role` at `at` is told what is public of the marked row of `row` at `place`."""
    is_near = at == place or (row in OF_THE_BOARD and "far" not in (at, place))
    return who_sees()[row][role] == "told" and is_near


def may_know(row: str, role: str, at: str, place: str) -> bool:
    """Whether somebody in `role` at `at` may know of the marked row of `row` at `place`."""
    scope = who_sees()[row][role]
    if row in ("Board", "BoardName"):  # the neighbour has the same board
        at, place = at.replace("near", "own"), place.replace("near", "own")
    return scope in ("own", "board") and (at == place or (scope == "board" and "far" not in (at, place)))


def test_the_tables_name_everything_once() -> None:
    relations: dict[Any, list[str]] = {None: [""], Board: ["own", "far"]}
    wanted = {(page.name, how) for page in pages() for how in relations.get(page.subject, ["own", "near", "far"])}
    assert set(who_may()) == wanted
    assert {role for line in who_may().values() for role in line} == {"anonymous", *ROLES}
    assert set(who_sees()) == {model.__name__ for model in owned()} | {"User", "BoardName"}
    assert {role for line in who_sees().values() for role in line} == set(ROLES)
    assert {scope for line in who_sees().values() for scope in line.values()} == {"own", "board", "told", "-"}


@pytest.mark.parametrize("address", pages(), ids=str)
def test_somebody_reaches_every_page(address: Page) -> None:
    reached = [
        role
        for (name, how), line in who_may().items()
        if name == address.name and how in ("", "own")
        for role, status in line.items()
        if status in (200, 302) and not (status == 302 and role in ("anonymous", "deactivated"))
    ]
    assert bool(reached) != (address.name in REACHED_ELSEWHERE)


def test_a_strangers_row_is_never_there() -> None:
    for (_name, how), line in who_may().items():
        if how == "far":
            assert set(line.values()) == {404, 302}


# ── Asking ──


@dataclass
class Visit:
    """Somebody going through the pages; `wrong` are the sentences of what is not as it should be."""

    world: World
    role: str
    at: str
    browser: Client
    plausible: dict[str, Sent] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seen: dict[str, Answer] = field(default_factory=dict)

    def say(self, page: Page, place: str, what: str) -> None:
        self.wrong.append(f"{self.role} of {self.at}, {page.name} {place}: {what}")

    def ask(self, page: Page, place: str = "") -> None:
        """Look at a page, or send it if it only acts."""
        self._look(page, place)

    def ask_of_rows(self, page: Page, places: tuple[str, ...] = PLACES) -> None:
        """Look at the page of each row, and send it; a row one may not know of is answered as one that is not there."""
        missing = self._look(page, "missing"), self._send(page, "missing")
        for place in places:
            answers = self._look(page, place), self._send(page, place)
            if self.wanted(page, place) == 404 and [stamp(a) for a in answers if a] != [stamp(a) for a in missing if a]:
                self.say(page, place, "tells more than one that is not there")

    def wanted(self, page: Page, place: str) -> int:
        return expected(page, self.role, self.at, place)

    def _look(self, page: Page, place: str) -> Answer:
        """The page, or what a page that only acts answers when it is sent; then it is taken back."""
        wanted, url = self.wanted(page, place), page.url(self.world, place)
        with transaction.atomic():
            if page.name in OPENS_ONCE_READY and place != "missing":
                make_ready(page.name, self.world, place)
            with writes() as written:
                answer = (self.browser.post if page.is_post_only else self.browser.get)(url)
            transaction.set_rollback(True)
        self.check(page, place, answer, wanted)
        if written.statements and (wanted in (403, 404) or not page.is_post_only):
            self.say(page, place, f"wrote {written.statements[0]}")
        if not page.is_post_only:
            self.seen[url] = answer
        return answer

    def _send(self, page: Page, place: str) -> Answer | None:
        """Send the page's form: saved where one may, refused and nothing written where one may not."""
        wanted, url = self.wanted(page, place), page.url(self.world, place)
        may = wanted in (200, 302) and self.role not in ("anonymous", "deactivated")
        sent = with_token(self.plausible.get(page.name, {}))
        if may:
            shown = self.seen.get(url)
            if shown is None or not has_form(shown) or place != self.at:
                return None
            sent = with_token(filled(shown.context["form"]))
        with writes() as written, transaction.atomic():
            if may:
                make_ready(page.name, self.world, place)
            answer = self.browser.post(url, sent)
            transaction.set_rollback(True)
        if may and answer.status_code != 302:
            self.say(page, place, f"sent {sent}, answered {answer.status_code} {_errors(answer)}")
        if not may:
            self.check(page, place, answer, wanted)
            if written.statements:
                self.say(page, place, f"was refused and wrote {written.statements[0]}")
        return answer

    def check(self, page: Page, place: str, answer: Answer, wanted: int) -> None:
        """Status, that nothing shows of what is not one's to know, and that what was asked for shows."""
        if answer.status_code != wanted:
            self.say(page, place, f"answered {answer.status_code}, not {wanted}")
        said = text_of(answer)
        for what, where in hidden(self.role, self.at):
            if page.name in ONES_OWN_FILE and self.role == "ended" and where == "own" and what in (School, "BoardName"):
                continue
            if mark(where, what) in said:
                self.say(page, place, f"shows {mark(where, what)}")
        if wanted == answer.status_code == 200 and page.subject and page.name not in SAYS_NOTHING:
            shown_as: list[type[models.Model] | str] = [*SHOWN_AS.get(page.subject, (page.subject,))]
            shown_as += [SHOWN_AS_NAME[page.subject]] if page.subject in SHOWN_AS_NAME else []
            if not any(mark(place, what) in said for what in shown_as):
                self.say(page, place, "does not show what it is about")

    def follow_links(self) -> None:
        """No page leads to where this person gets nothing."""
        followed: dict[str, int] = {url: answer.status_code for url, answer in self.seen.items()}
        for url, answer in list(self.seen.items()):
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            for link in links_of(answer.content.decode(), url):
                if link not in followed:
                    followed[link] = self.browser.get(link).status_code
                if followed[link] in (403, 404, 500):
                    self.wrong.append(f"{self.role} of {self.at}: {url} leads to {link}, {followed[link]}")


LINK = re.compile(r'(?:href|hx-get)="([^"#]*)')


def links_of(html: str, url: str) -> Iterator[str]:
    """The addresses of this site to which a page leads."""
    for found in LINK.findall(html):
        parts = urlsplit(found.replace("&amp;", "&"))
        if parts.netloc or parts.scheme or parts.path.startswith("/static/"):
            continue
        path = parts.path or url.split("?")[0]
        try:
            resolve(path)
        except Resolver404:
            yield path
            continue
        yield f"{path}?{parts.query}" if parts.query else path


def text_of(answer: Answer) -> str:
    """Everything an answer says, its headers too, in lower case."""
    headers = " ".join(value for _name, value in answer.items())
    return f"{headers} {answer.getvalue().decode(errors='replace')}".lower()  # what is streamed has no content


def stamp(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """Everything by which two answers could be told apart."""
    return answer.status_code, dict(answer.items()), answer.content


@cache
def hidden(role: str, at: str) -> tuple[tuple[type[models.Model] | str, str], ...]:
    """The marks somebody in `role` at `at` may not see."""
    everything: list[type[models.Model] | str] = [*owned(), "User", "BoardName"]
    if role == "anonymous":
        return tuple((what, where) for what in everything for where in PLACES)
    names = {what: what if isinstance(what, str) else what.__name__ for what in everything}
    return tuple(
        (what, where)
        for what in everything
        for where in PLACES
        if not may_know(names[what], role, at, where) and not is_told(names[what], role, at, where)
    )


def _errors(answer: Any) -> Any:
    form = answer.context["form"] if answer.context and "form" in answer.context else None
    return dict(form.errors) if form is not None else ""


@pytest.fixture(scope="module")
def plausible() -> dict[str, Sent]:
    """What is sent to a page by those who may, by the page's name; filled when first asked for."""
    return {}


@pytest.fixture
def visit(world: World, signed_in: SignIn, client: Client, plausible: dict[str, Sent]) -> Callable[..., Visit]:
    """Somebody in a role at a place, ready to go through the pages."""
    if not plausible:
        plausible |= {opened.page.name: filled(opened.form) for opened in open_forms(world, signed_in)}

    def made(role: str, at: str = "own") -> Visit:
        browser = client if role == "anonymous" else signed_in(world.user(role, at))
        return Visit(world, role, at, browser, plausible)

    return made


# ── Every page, every role, every row ──

# Whom the quick suite sends through the pages; the proof sends everybody.
SAMPLE = {"champion", "superintendent", "partner"}


def rows_of(page: Page) -> tuple[str, ...]:
    """The places whose rows a page is asked for; the neighbour's board is one's own."""
    return ("own", "far") if page.subject is Board else PLACES


@pytest.mark.parametrize(
    "role", [role if role in SAMPLE else pytest.param(role, marks=pytest.mark.proof) for role in ("anonymous", *ROLES)]
)
def test_every_page(role: str, visit: Callable[..., Visit]) -> None:
    going = visit(role)
    for page in pages():
        if page.subject:
            going.ask_of_rows(page, rows_of(page))
        else:
            going.ask(page)
    going.follow_links()
    assert not going.wrong, "\n".join(going.wrong)


@pytest.mark.proof
@pytest.mark.parametrize("at", ["near", "far"])
@pytest.mark.parametrize("role", [*HELD_AT, *LOOKING])
def test_people_of_other_places(role: str, at: str, visit: Callable[..., Visit]) -> None:
    """The same roles elsewhere: one page for each model, and every list."""
    going = visit(role, at)
    first = {page.subject: page for page in reversed(pages()) if page.subject}
    for page in first.values():
        for place in rows_of(page):
            going.ask(page, place)
    for page in pages():
        if page.subject is None and not page.is_post_only:
            going.ask(page)
    assert not going.wrong, "\n".join(going.wrong)


@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("role", ROLES)
def test_of_which_rows_somebody_may_know(role: str, at: str, world: World) -> None:
    if role in WITHOUT and at != "own":
        return
    wrong = [line for model in owned() for line in known_wrongly(model, world, role, at)]
    assert not wrong, "\n".join(wrong)


def known_wrongly(model: type[models.Model], world: World, role: str, at: str) -> list[str]:
    """Marked rows of `model` of which somebody knows, or does not, against the table; and rows of another board."""
    user = world.user(role, at)
    seen = list(model._default_manager.visible_to(user))  # type: ignore[attr-defined]
    own_board = world.places[at].board.pk
    wrong = [
        f"{role} of {at} knows of {model.__name__} {row.pk}, of another board"
        for row in seen
        if row.chain().board not in (own_board, None) or (role in WITHOUT and row.chain().board is not None)
        if getattr(row, "user_id", None) != user.pk  # one's own memberships, ended ones too
    ]
    for place in PLACES:
        row = world.places[place].rows[model]
        if (row in seen) != may_know(model.__name__, role, at, place):
            wrong.append(f"{role} of {at} {'knows' if row in seen else 'does not know'} of {model.__name__} {place}")
    return wrong


# ── What the table says beyond a page ──


def test_what_was_said_is_not_read_above_the_school(world: World, signed_in: SignIn) -> None:
    """Notes of calls and meetings, and the summary made for a meeting."""
    told = world.places["own"].meeting_document
    for role in HELD_AT:
        browser = signed_in(world.user(role))
        reads = role in ("principal", "vice_principal", "champion", "assistant_school")
        for name in ("document", "document_pdf", "document_twin"):
            assert browser.get(reverse(name, args=[told.pk])).status_code == (200 if reads else 404)


def test_staff_change_the_needs_they_logged_until_these_are_open(world: World, signed_in: SignIn) -> None:
    own = world.places["own"]
    initiative = own.rows[Initiative]
    theirs = rows.need(initiative, world.user("staff"), "a glue gun", state="proposed")
    opened = rows.need(initiative, world.user("staff"), "two glue guns", state="open")
    others = rows.need(initiative, world.user("champion"), "a saw", state="proposed")
    browser = signed_in(world.user("staff"))
    answers = {need: browser.get(f"/needs/{need.pk}/edit/").status_code for need in (theirs, opened, others)}
    assert answers == {theirs: 200, opened: 403, others: 403}
    assert signed_in(world.user("staff", "near")).get(f"/needs/{theirs.pk}/edit/").status_code == 404


def test_not_there_is_one_page_a_language(world: World, signed_in: SignIn) -> None:
    english, french = signed_in(world.user("champion")), signed_in(world.user("champion"))
    french.cookies["django_language"] = "fr"
    urls = ["/no/such/address/", named("school").url(world, "far"), named("prospect").url(world, "missing")]
    assert len({english.get(url).content for url in urls}) == 1
    assert len({french.get(url).content for url in urls}) == 1
    assert english.get(urls[1]).content != french.get(urls[1]).content


def test_a_role_of_two_schools_is_their_union(world: World, signed_in: SignIn) -> None:
    user = world.user("staff")
    near = world.places["near"]
    assert signed_in(user).get(f"/schools/{near.school.pk}/").status_code == 404
    rows.member(user, Role.CHAMPION, near.board, school=near.school)
    browser = signed_in(world.user("staff"))
    assert browser.get(f"/schools/{near.school.pk}/edit/").status_code == 200
    assert browser.get(f"/schools/{world.places['own'].school.pk}/edit/").status_code == 403
