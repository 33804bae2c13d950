"""The trail as principals and administrators read it: whose it is, in which words, narrowed down, and as a file."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import chain, events
from accounts.models import Event, EventWords, User
from accounts.permissions import Role
from core import csv_lines, facts
from outreach import actions as outreach
from outreach.models import Interaction, Meeting, Prospect, Stage
from people import trail
from schools.models import Goal, Initiative, School
from tests.factories import rows
from tests.factories.triggers import lifted
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]


def did(subject: Any, by: User | None, verb: str = "edited", why: str = "") -> Event:
    with transaction.atomic():
        facts.changed(subject, by=by, verb=verb, why=why)
    return Event.objects.latest("pk")


def shown(browser: Client, **asked: Any) -> list[trail.Line]:
    answer: Any = browser.get(reverse("trail"), asked)
    assert answer.status_code == 200
    return answer.context["lines"]


def told(lines: list[trail.Line]) -> list[tuple[str, str, str, str]]:
    return [(line.who, line.did, line.what, line.why) for line in lines]


@pytest.fixture
def principal(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.user("principal"))


@pytest.fixture
def admin(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.user("board_admin"))


# ── What stands there ──


def test_it_says_who_did_what_to_what_and_why(world: World, principal: Client) -> None:
    own, champion = world.places["own"].rows, world.user("champion")
    prospect = own[Prospect]
    outreach.move(prospect, to=Stage.NOT_NOW, by=champion, reason="In <spring>.", ask_again_on=date(2026, 4, 9))
    first = shown(principal)[0]
    assert (first.who, first.did, first.what) == (champion.name, "moved to not now", str(prospect))
    assert (first.why, first.url) == ("In <spring>.", reverse("prospect", args=[prospect.pk]))
    html = principal.get(reverse("trail")).content.decode()
    assert "In &lt;spring&gt;." in html
    assert f'<a href="{first.url}">{prospect}</a>' in html


def test_what_tandem_did_by_itself_says_so(world: World, admin: Client) -> None:
    did(world.places["own"].board, None, "retention", "forms: 3")
    assert told(shown(admin)[:1])[0][:2] == ("Tandem", "ended what was past its term in")


def test_whose_trail_it_is(world: World, signed_in: SignIn) -> None:
    for place in ("own", "near", "far"):
        did(world.places[place].school, None, why=f"at {place}")
    did(world.places["own"].board, None, why="of the board")
    did(world.user("principal"), None, why="of nobody")

    def reads(role: str) -> set[str]:
        return {line.why for line in shown(signed_in(world.user(role))) if line.why}

    assert reads("principal") == reads("superintendent") == reads("assistant_school") == {"at own"}
    assert reads("board_admin") == {"at own", "at near", "of the board"}


def test_newest_first_and_25_a_page(world: World, principal: Client) -> None:
    for n in range(60):
        did(world.places["own"].school, None, why=f"{n}")
    seen: list[str] = []
    asked: dict[str, str] = {}
    for _page in range(3):
        answer: Any = principal.get(reverse("trail"), asked)
        assert len(answer.context["lines"]) <= 25
        seen += [line.why for line in answer.context["lines"]]
        asked = {"after": answer.context["page"].after}
    assert seen[:60] == [str(n) for n in reversed(range(60))]


def test_what_was_said_is_not_read_above_the_school(world: World, signed_in: SignIn) -> None:
    """That there was a call is; what it was about, and why, only by those who may read the call itself."""
    own = world.places["own"].rows
    did(own[Interaction], world.user("champion"), "logged", "She <laughed>")
    did(own[Meeting], world.user("champion"), "cancelled", "She was ill")
    for role, may in [
        ("principal", True),
        ("assistant_school", True),
        ("superintendent", False),
        ("board_admin", False),
    ]:
        browser = signed_in(world.user(role))
        lines = shown(browser)[:2]
        assert [bool(line.what) for line in lines] == [may, may], role
        assert [line.why for line in lines] == (["She was ill", "She <laughed>"] if may else ["", ""])
        assert [line.kind for line in lines] == ["Meetings", "Calls, messages and visits"]
        for text in (browser.get(reverse("trail")).content.decode(), written(browser)):
            assert ("She was ill" in text) == may


def test_what_was_taken_away_is_read_and_leads_nowhere(world: World, principal: Client) -> None:
    goal = rows.goal(world.places["own"].rows[Initiative], "Be kind")
    did(goal, world.user("champion"), "removed")
    Goal.objects.filter(pk=goal.pk).delete()
    (line, *_others) = shown(principal)
    assert (line.what, line.did, line.url) == (str(goal), "removed", "")


def test_it_leads_only_where_one_may_go(world: World, signed_in: SignIn) -> None:
    """A school that moved away: what was done there stays in the trail of its board, and its page is another's."""
    own, far = world.places["own"], world.places["far"]
    did(own.school, None, why="before it moved")
    School.objects.filter(pk=own.school.pk).update(board=far.board, family=None)
    browser = signed_in(world.user("board_admin"))
    line = next(line for line in shown(browser) if line.event.words.why == "before it moved")
    assert (line.url, line.what, line.why) == ("", "", "")


def test_erased_words_leave_who_and_when(world: World, principal: Client) -> None:
    event = did(world.places["own"].school, world.user("champion"), why="Gone soon")
    events.forget_words(EventWords.objects.filter(event=event))
    line = shown(principal)[0]
    assert (line.who, line.did, line.what, line.why) == (world.user("champion").name, "changed", "", "")
    assert line.url  # the school is still there
    assert line.kind in principal.get(reverse("trail")).content.decode()


def test_a_verb_nobody_knows_reads_as_it_is(world: World, principal: Client) -> None:
    did(world.places["own"].school, None, "danced")
    assert shown(principal)[0].did == "danced"


# ── Narrowed down ──


@pytest.fixture
def several(world: World) -> dict[str, Event]:
    """One Event of each sort, a day apart."""
    own, near = world.places["own"], world.places["near"]
    champion, principal = world.user("champion"), world.user("principal")
    User.objects.filter(pk=champion.pk).update(name="Zoé Kaur")
    made = {
        "call": rows.event(own.rows[Interaction], champion, "logged", name="A call"),
        "move": rows.event(own.rows[Prospect], principal, "moved to declined", name="A move"),
        "goal": rows.event(own.rows[Goal], champion, "removed", name="A goal"),
        "near": rows.event(near.school, None, "edited", name="Near"),
    }
    with lifted(Event):
        for n, (name, event) in enumerate(made.items()):
            place = near if name == "near" else own
            at = datetime(2026, 3, 1 + n, 4, 30, tzinfo=UTC)  # half past eleven in the evening before, in Toronto
            Event.objects.filter(pk=event.pk).update(board=place.board, school=place.school, family=place.family, at=at)
    return made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"person": "zoé k"}, {"call", "goal"}),
        ({"person": "nobody of that name"}, set()),
        ({"done": "moved"}, {"move"}),
        ({"done": "taken_back"}, {"goal"}),
        ({"kind": "outreach.interaction"}, {"call"}),
        ({"kind": "schools.school"}, {"near"}),
        ({"since": "2026-03-03"}, {"near"}),
        ({"until": "2026-02-28"}, {"call"}),
        ({"since": "2026-03-01", "until": "2026-03-01"}, {"move"}),
        ({"person": "zoé", "done": "taken_back", "since": "2026-02-01", "until": "2026-03-31"}, {"goal"}),
    ],
    ids=lambda value: " ".join(sorted(value)) or "nothing",
)
def test_filters(asked: dict[str, str], found: set[str], several: dict[str, Event], admin: Client) -> None:
    days = {"since": "2026-02-01", "until": "2026-03-10"} | asked  # without what the world itself left
    lines = shown(admin, **days)
    names = {event.pk: name for name, event in several.items()}
    assert {names[line.event.pk] for line in lines} == found


def test_the_address_of_somebody_is_a_name_too(several: dict[str, Event], world: World, admin: Client) -> None:
    lines = shown(admin, person=world.user("champion").email.upper(), until="2026-03-10")
    assert {line.event.pk for line in lines} == {several["call"].pk, several["goal"].pk}


def test_a_school_is_chosen_by_those_who_read_of_several(
    several: dict[str, Event], world: World, admin: Client, principal: Client
) -> None:
    own, near = (world.places[place].school for place in ("own", "near"))
    answer: Any = admin.get(reverse("trail"), {"school": near.pk})
    assert {line.event.school for line in answer.context["lines"]} == {near}
    choices = answer.context["filters"].fields["school"].widget.choices
    assert {pk for pk, _name in choices} == {"", own.pk, near.pk}
    assert f'<option value="{near.pk}" selected>' in answer.content.decode()
    alone: Any = principal.get(reverse("trail"))
    assert "school" not in alone.context["filters"].fields
    assert shown(principal, school=near.pk) == []
    assert len(shown(principal, school=own.pk)) == len(shown(principal))


def test_what_cannot_be_read_narrows_nothing_and_is_said(world: World, admin: Client) -> None:
    everything = told(shown(admin))
    for junk in (
        {"since": "soon"},
        {"kind": "no.such"},
        {"kind": "x"},
        {"done": "\x00"},
        {"school": "-1"},
        {"school": "9" * 5000},
    ):
        answer: Any = admin.get(reverse("trail"), junk)
        assert told(answer.context["lines"]) == everything
        assert list(answer.context["filters"].errors) == list(junk)


def test_the_next_page_and_the_file_keep_the_filters(world: World, admin: Client) -> None:
    for _n in range(30):
        did(world.places["own"].school, None)
    html = admin.get(reverse("trail"), {"done": "written"}).content.decode()
    assert 'href="?done=written&amp;after=' in html
    assert f'href="{reverse("trail_csv")}?done=written"' in html


def test_a_name_costs_one_query_more_and_the_other_filters_none(world: World, admin: Client) -> None:
    def cost(**asked: Any) -> int:
        admin.get(reverse("trail"), asked)
        with CaptureQueriesContext(connection) as queries:
            admin.get(reverse("trail"), asked)
        return len(queries)

    did(world.places["own"].school, world.user("champion"))
    assert cost() == 6
    assert cost(done="written", kind="schools.school", since="2026-01-01", school=world.places["own"].school.pk) == 6
    assert cost(person=world.user("champion").name) == 7


# ── Whether it holds ──


def test_it_says_how_far_it_is_sealed_and_whether_it_holds(world: World, admin: Client) -> None:
    board = world.places["own"].board

    def page() -> str:
        return admin.get(reverse("trail")).content.decode()

    assert "Nothing is sealed yet." in page()
    event = did(world.places["own"].school, None)
    chain.extend(board.pk)
    assert "Sealed up to" in page()
    assert "Not looked through yet" in page()
    chain.check([board.pk])
    assert "Holds: looked through on" in page()
    with lifted(Event):
        Event.objects.filter(pk=event.pk).update(verb="removed")
    chain.check([board.pk])
    assert f"(position {event.seal.position}): somebody changed it" in page()


def test_a_chain_of_another_board_is_not_told(world: World, admin: Client) -> None:
    did(world.places["far"].school, None)
    chain.extend_all()
    answer: Any = admin.get(reverse("trail"))
    assert [board.pk for board in answer.context["chains"]] == [world.places["own"].board.pk]


# ── As a file ──


def written(browser: Client, **asked: Any) -> str:
    return b"".join(browser.get(reverse("trail_csv"), asked)).decode()


def lines_of(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_what_the_page_shows(world: World, admin: Client) -> None:
    event = did(world.places["own"].school, world.user("champion"), why='He said "yes", twice;\nthen left')
    chain.extend_all()
    answer = admin.get(reverse("trail_csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="tandem-2026-03-11.csv"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.streaming
    heading, first, *others = lines_of(written(admin))
    assert heading == ["When", "Who", "Did", "What", "Kind", "Why", "School", "Position", "Seal"]
    school = world.places["own"].school.name
    event = Event.objects.select_related("seal").get(pk=event.pk)
    assert first == [
        "2026-03-11T11:00:00-04:00", world.user("champion").name, "changed", school, "Schools",
        'He said "yes", twice;\nthen left', school, str(event.seal.position), event.seal.hash,
    ]  # fmt: skip
    assert len(others) + 1 == Event.objects.visible_to(world.user("board_admin")).count()
    assert len(lines_of(written(admin, done="moved"))) == 1 + len(shown(admin, done="moved"))


def test_it_speaks_the_readers_language(world: World, admin: Client) -> None:
    did(world.places["own"].school, None)
    admin.cookies["django_language"] = "fr"
    heading, first, *_others = lines_of(written(admin))
    assert (heading[0], first[2]) == ("Quand", "a modifié")


def test_no_cell_is_a_formula(world: World, admin: Client) -> None:
    bad = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1"]
    assert [csv_lines.harmless(cell)[0] for cell in bad] == ["'"] * len(bad)
    assert [csv_lines.harmless(cell) for cell in ("a=1", 12, None, "")] == ["a=1", "12", "", ""]
    did(world.places["own"].school, None, why='=HYPERLINK("http://evil.example")')
    assert lines_of(written(admin))[1][5] == '\'=HYPERLINK("http://evil.example")'


def test_the_file_is_bounded_and_says_so(world: World, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(8):
        did(world.places["own"].school, None, why=f"{n}")
    monkeypatch.setattr(trail, "MOST_LINES", 5)
    monkeypatch.setattr(trail, "READ", 2)
    _heading, *lines, last = lines_of(written(admin))
    assert [line[5] for line in lines] == ["7", "6", "5", "4", "3"]
    assert last == ["There are more. Choose fewer days for the rest."]


def test_a_long_file_costs_a_query_for_every_500_lines(world: World, admin: Client) -> None:
    school = world.places["own"].school
    with transaction.atomic():
        events.write_many([school] * 1200, verb="edited")
    with CaptureQueriesContext(connection) as queries:
        assert len(lines_of(written(admin))) > 1200
    assert len(queries) <= 8


# ── The ways there ──


@pytest.mark.parametrize(("role", "may"), [("principal", True), ("board_admin", True), ("champion", False)])
def test_school_and_board_lead_there(role: str, may: bool, world: World, signed_in: SignIn) -> None:
    browser, own = signed_in(world.user(role)), world.places["own"]
    school = browser.get(reverse("school", args=[own.school.pk])).content.decode()
    board = browser.get(reverse("board", args=[own.board.pk])).content.decode()
    assert (f"/trail/?school={own.school.pk}" in school) == may
    assert ('href="/trail/"' in board) == (role == "board_admin")


def test_who_reads_in_two_boards_is_told_of_both_chains(world: World, signed_in: SignIn) -> None:
    user, far = world.user("board_admin"), world.places["far"]
    rows.member(user, Role.BOARD_ADMIN, far.board, is_lead=False)
    did(far.school, None, why="far away")
    browser = signed_in(world.user("board_admin"))
    assert shown(browser)[0].why == "far away"
    html = browser.get(reverse("trail")).content.decode()
    assert all(f"<b>{world.places[place].board.name}</b>" in html for place in ("own", "far"))


def test_days_are_those_of_the_board(world: World, admin: Client) -> None:
    """Half past four in the night in UTC is the evening before in Toronto."""
    school = world.places["own"].school
    at = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
    rows.event(school, None, name="Late", board=school.board, school=school, at=at)
    assert [line.what for line in shown(admin, since="2026-03-04", until="2026-03-04")] == ["Late"]
    assert shown(admin, since="2026-03-05", until=(date(2026, 3, 5) + timedelta(days=1)).isoformat()) == []
