"""A school on its own joins a board: asked, read, agreed to once; and what is refused, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts import events, links
from accounts.models import AccessLink, Event, Membership, User
from accounts.permissions import Role
from boards.models import Board
from businesses.look_alikes import likeness, look_alikes
from core import clock
from demo import joining
from demo.tasks import bring_the_rest
from engines.reminders.models import Reminder
from outreach import actions as outreach
from outreach.models import Meeting
from people import memberships
from people.models import Invitation
from people.second_factor import needs_one
from schools.models import Joining, School, SchoolFigure
from tests.factories import rows
from tests.factories.sent import with_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]


@dataclass
class Two:
    """Hilltop, a school on its own with its founder, and Maple Valley, which asks it to join."""

    hilltop: School
    robin: User
    maple: Board
    ruth: User
    asked: Joining

    @property
    def url(self) -> str:
        return reverse("join", args=[links.joining_token(self.asked)])

    @property
    def link(self) -> AccessLink:
        return AccessLink.objects.get(subject_id=self.asked.pk, purpose=AccessLink.Purpose.JOIN)


@pytest.fixture
def two(db: None) -> Two:
    own = rows.board("Hilltop Public School")
    hilltop = rows.school(own, "Hilltop Public School", ministry_number="123456")
    robin, ruth = rows.user("Robin Sparrow"), rows.user("Ruth Adeyemi")
    rows.member(robin, Role.CHAMPION, own, school=hilltop)
    rows.member(robin, Role.BOARD_ADMIN, own)
    maple = rows.board("Maple Valley")
    rows.member(ruth, Role.BOARD_ADMIN, maple)
    rows.school(maple, "Riverbend")
    asked = joining.ask(Joining(board=maple, meant_for="Hilltop"), by=ruth)
    return Two(hilltop, robin, maple, ruth, asked)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def of(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


YES = {"yes": "on"}


# ── Asking ──


def test_a_link_is_made_shown_and_withdrawn(two: Two, signed_in: SignIn) -> None:
    browser, page = signed_in(two.ruth), reverse("joinings", args=[two.maple.pk])
    answer = browser.post(reverse("joining_ask", args=[two.maple.pk]), with_token({"meant_for": "Lakeside"}))
    assert answer["Location"] == page
    row = Joining.objects.get(meant_for="Lakeside")
    assert (row.asked_by, row.expires_at) == (two.ruth, clock.now() + timedelta(days=7))
    token = links.joining_token(row)
    assert token in browser.get(page).content.decode()
    assert not AccessLink.objects.filter(token_hash=token).exists()  # only its hash is kept
    assert AccessLink.objects.filter(token_hash=links.hashed(token), uses_allowed=1).exists()
    for _click in range(2):
        assert browser.post(reverse("joining_withdraw", args=[row.pk]), with_token({}))["Location"] == page
    assert of(row).withdrawn_at is not None
    assert joining.find(token) is None
    assert Event.objects.filter(subject_id=row.pk, verb="withdrawn", by=two.ruth).count() == 1
    assert token not in browser.get(page).content.decode()


def test_the_board_leads_there(two: Two, signed_in: SignIn) -> None:
    page = reverse("joinings", args=[two.maple.pk])
    assert page in signed_in(two.ruth).get(reverse("board", args=[two.maple.pk])).content.decode()


# ── Reading and agreeing ──


def test_it_is_read_in_plain_words_and_reading_changes_nothing(two: Two, signed_in: SignIn) -> None:
    rows.improvement_goal(two.hilltop).strategic_goals.add(rows.strategic_goal(two.hilltop.board, "Numeracy for all"))
    rows.initiative(two.hilltop, "Reading Buddies")
    before = Event.objects.count()
    page = signed_in(two.robin).get(two.url).content.decode()
    for words in (
        "Ruth Adeyemi asks Hilltop Public School to join Maple Valley",
        "Numeracy for all",
        "1 initiative",
        "What was said in a call or a meeting is read by your school alone",
        "No longer, but with their roles at the school as before: Robin Sparrow.",
    ):
        assert words in page
    assert "Riverbend" not in page  # nothing of the board is told before
    assert (Event.objects.count(), of(two.hilltop).board_id) == (before, two.hilltop.board_id)


def test_the_school_joins_and_its_founder_goes_on(two: Two, signed_in: SignIn) -> None:
    left, browser = two.hilltop.board, signed_in(two.robin)
    assert reverse("boards") in browser.get("/").content.decode()
    answer: Any = browser.post(two.url, with_token(YES))
    assert answer["Location"] == reverse("school", args=[two.hilltop.pk])
    shown = browser.get(answer["Location"]).content.decode()
    assert "Hilltop Public School belongs to Maple Valley now." in shown
    hilltop, left, maple = of(two.hilltop), of(left), of(two.maple)
    assert (hilltop.board, hilltop.family) == (maple, None)
    assert (left.joined_to, left.joined_at, maple.has_joined_here) == (maple, rows.NOW, True)
    row = of(two.asked)
    assert (row.school, row.came_from, row.joined_by, row.joined_at) == (hilltop, left, two.robin, rows.NOW)
    assert [(m.role, m.board, m.school) for m in again(two.robin).access.memberships] == [
        (Role.CHAMPION, maple, hilltop)
    ]
    assert Event.objects.filter(verb="ended", by=two.robin, board=left).count() == 1
    assert browser.get(reverse("board_edit", args=[maple.pk])).status_code == 403  # from the next request on
    assert browser.get(reverse("need_add", args=[hilltop.pk])).status_code == 200
    assert signed_in(two.ruth).get(reverse("school_edit", args=[hilltop.pk])).status_code == 200


def test_the_second_of_two_clicks_leads_where_the_first_did(two: Two, signed_in: SignIn) -> None:
    browser, sent = signed_in(two.robin), with_token(YES)
    first, second = (browser.post(two.url, sent)["Location"] for _click in range(2))
    assert first == second == reverse("school", args=[two.hilltop.pk])
    assert Event.objects.filter(verb="joined the board", board=two.maple).count() == 2  # of the row, and of the school
    assert two.link.uses == 1


def test_so_it_does_for_somebody_who_administers_another_board_too(two: Two, signed_in: SignIn) -> None:
    other = rows.board("Elsewhere")
    rows.member(two.robin, Role.BOARD_ADMIN, other)
    rows.school(other)
    rows.school(other)
    browser, sent = signed_in(two.robin), with_token(YES)
    assert browser.post(two.url, sent)["Location"] == browser.post(two.url, sent)["Location"]
    assert browser.get(two.url).status_code == 404


@pytest.mark.parametrize("yes", ["", "\x00", "no" * 5000, "\u202e"], ids=ascii)
def test_without_a_tick_nothing_happens(yes: str, two: Two, signed_in: SignIn) -> None:
    answer = signed_in(two.robin).post(two.url, with_token({"yes": yes} if yes == "" else {"other": yes}))
    assert answer.status_code == 422
    assert "What comes along" in answer.content.decode()
    assert of(two.hilltop).board_id == two.hilltop.board_id


def test_whoever_held_no_role_at_the_school_is_told_and_led_to_today(two: Two, signed_in: SignIn) -> None:
    guest = rows.user("Guest Administrator")
    rows.member(guest, Role.BOARD_ADMIN, two.hilltop.board)
    browser = signed_in(guest)
    assert "Without any role from then on: Guest Administrator." in browser.get(two.url).content.decode()
    assert browser.post(two.url, with_token(YES))["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert list(again(guest).access.memberships) == []


def test_of_two_schools_one_chooses(two: Two, signed_in: SignIn) -> None:
    other = rows.school(rows.board("Lakeside"), "Lakeside")
    rows.member(two.robin, Role.BOARD_ADMIN, other.board)
    browser = signed_in(two.robin)
    page = browser.get(two.url).content.decode()
    assert f"?school={other.pk}" in page
    assert 'name="yes"' not in page
    for nonsense in ("x", "0", "9" * 40, str(two.maple.schools.get().pk), "\x00"):
        assert 'name="yes"' not in browser.get(two.url, {"school": nonsense}).content.decode()
    assert browser.post(f"{two.url}?school=x", with_token(YES)).status_code == 200
    browser.post(f"{two.url}?school={other.pk}", with_token(YES))
    assert (of(other).board, of(two.hilltop).board) == (two.maple, two.hilltop.board)


def test_it_speaks_french(two: Two, signed_in: SignIn) -> None:
    browser = signed_in(two.robin)
    browser.cookies["django_language"] = "fr"
    page = browser.get(two.url).content.decode()
    assert "What comes along" not in page
    assert "Ce qui vient avec" in page
    hers = signed_in(two.ruth)
    hers.cookies["django_language"] = "fr"
    assert "Schools that join" not in hers.get(reverse("joinings", args=[two.maple.pk])).content.decode()


# ── Refused ──


def refused(two: Two, browser: Client) -> str:
    """What the page says instead of asking; sending it all the same changes nothing."""
    page = browser.get(two.url)
    assert page.status_code == 200
    assert 'name="yes"' not in page.content.decode()
    assert browser.post(two.url, with_token(YES)).status_code == 200
    assert of(two.asked).joined_at is None
    return page.content.decode()


def test_a_school_that_is_not_alone(two: Two, signed_in: SignIn) -> None:
    rows.school(two.hilltop.board, "Second School")
    assert "You administer no school on its own" in refused(two, signed_in(two.robin))
    reasons = joining.in_the_way(two.hilltop, two.maple)
    assert reasons == [
        "Hilltop Public School has more than one school. Only a school on its own can join another board."
    ]


def test_the_same_board(two: Two, signed_in: SignIn) -> None:
    School.objects.filter(board=two.maple).update(name="Riverbend")
    assert "You administer no school on its own" in refused(two, signed_in(two.ruth))
    assert joining.in_the_way(two.maple.schools.get(), two.maple) == ["Riverbend is in this board already."]


@pytest.mark.parametrize("how", ["withdrawn", "run out", "used", "revoked", "never made"])
def test_a_link_that_is_over(how: str, two: Two, signed_in: SignIn) -> None:
    browser, url = signed_in(two.robin), two.url
    if how == "withdrawn":
        joining.withdraw(two.asked, by=two.ruth)
    if how == "used":
        assert links.use(two.link, by=two.ruth)
    if how == "revoked":
        links.revoke(two.asked, AccessLink.Purpose.JOIN, by=two.ruth)
    if how == "never made":
        url = reverse("join", args=["no-such-code"])
    with clock.standing_at(rows.NOW + timedelta(days=8 if how == "run out" else 0)):
        for answer in (browser.get(url), browser.post(url, with_token(YES))):
            assert answer.status_code == 404
            assert "This link is over" in answer.content.decode()
    assert of(two.hilltop).board == two.hilltop.board


def test_only_whoever_administers_finds_anything(two: Two, signed_in: SignIn, client: Client) -> None:
    staff = rows.user("Staff")
    rows.member(staff, Role.STAFF, two.hilltop.board, school=two.hilltop)
    assert signed_in(staff).get(two.url).status_code == 404
    assert signed_in(staff).post(two.url, with_token(YES)).status_code == 404
    assert client.get(two.url)["Location"].startswith("/account/sign-in/")


def test_of_two_who_use_the_link_at_once_one_does(two: Two) -> None:
    other = rows.school(rows.board("Lakeside"), "Lakeside")
    found = joining.find(links.joining_token(two.asked))
    assert found is not None
    joining.accept(*found, two.hilltop, by=two.robin)
    with pytest.raises(joining.NotPossible):
        joining.accept(*found, other, by=two.robin)
    again_asked = joining.ask(Joining(board=rows.board("Third"), meant_for="Hilltop"), by=two.ruth)
    with pytest.raises(joining.NotPossible):  # a row in hand that is older than the move
        joining.join(again_asked, two.hilltop, by=two.robin)
    assert (of(two.hilltop).board, of(other).board) == (two.maple, other.board)


def test_a_board_that_took_a_school_in_joins_no_other_and_one_that_joined_asks_nobody(two: Two) -> None:
    third = rows.board("Third")
    left = two.hilltop.board
    School.objects.filter(board=two.maple).update(board=third)
    joining.accept(two.link, two.asked, two.hilltop, by=two.robin)
    assert joining.in_the_way(of(two.hilltop), third) == [
        "Maple Valley has more than one school. Only a school on its own can join another board."
    ]
    with pytest.raises(joining.NotPossible):
        joining.ask(Joining(board=of(left), meant_for="X"), by=two.robin)


def test_an_invitation_to_the_board_that_is_left_is_over_and_one_to_the_school_is_not(two: Two) -> None:
    at_board = rows.invitation(two.hilltop.board, Role.BOARD_ADMIN, two.robin)
    at_school = rows.invitation(two.hilltop.board, Role.STAFF, two.robin, school=two.hilltop)
    token = links.make(at_school, AccessLink.Purpose.INVITE, expires_at=at_school.expires_at, by=two.robin)
    dead = links.make(at_board, AccessLink.Purpose.INVITE, expires_at=at_board.expires_at, by=two.robin)
    joining.accept(two.link, two.asked, two.hilltop, by=two.robin)
    assert set(Invitation.objects.waiting()) == {at_school}
    assert Client().get(reverse("accept_invitation", args=[dead])).status_code == 404
    assert Client().get(reverse("accept_invitation", args=[token])).status_code == 200


# ── The rules of the new board ──


def test_the_second_factor_is_asked_for_by_the_new_board_only(two: Two) -> None:
    rows.member(rows.user("Staff"), Role.STAFF, two.hilltop.board, school=two.hilltop)
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        assert needs_one(again(two.robin))
        joining.accept(two.link, two.asked, two.hilltop, by=two.robin)
        assert not needs_one(again(two.robin))
        assert needs_one(again(two.ruth))


def test_what_is_owed_is_counted_by_the_new_calendar(two: Two) -> None:
    business = rows.business(two.hilltop.board)
    prospect = rows.prospect(rows.initiative(two.hilltop), business, two.robin, stage="in_discussion", next_step="")
    meeting = outreach.set_meeting(
        Meeting(prospect=prospect, place="Here"), starts_at=rows.NOW + timedelta(days=1), minutes=45, by=two.robin
    )
    due = Reminder.objects.get(rule="meeting_after", subject_id=meeting.pk).due_on
    two.maple.closed_periods.create(kind="pa_day", starts_on=due, ends_on=due)
    Board.objects.filter(pk=two.maple.pk).update(meeting_after_days=3)
    joining.accept(two.link, two.asked, two.hilltop, by=two.robin)
    moved = Reminder.objects.get(rule="meeting_after", subject_id=meeting.pk)
    assert moved.board == two.maple
    assert moved.due_on > due + timedelta(days=1)


# ── The imported row of the same number ──


def imported(two: Two) -> School:
    """The row an import made of Hilltop, with its figures and its Event."""
    row = rows.school(two.maple, "HILLTOP PS", ministry_number="123456", family=rows.family(two.maple))
    SchoolFigure.objects.create(school=row, kind="special_education", value=12)
    events.write_many([row], verb="added", why="schools.csv")
    return row


def test_an_imported_row_with_nothing_on_it_gives_way(two: Two, signed_in: SignIn) -> None:
    row, left = imported(two), two.hilltop.board
    browser = signed_in(two.robin)
    assert "has an imported entry for the ministry number 123456" in browser.get(two.url).content.decode()
    assert browser.post(two.url, with_token(YES)).status_code == 302
    assert School.objects.get(board=two.maple, ministry_number="123456") == two.hilltop
    row = of(row)
    assert (row.board, row.family, row.ministry_number) == (left, None, "")
    assert not School.objects.visible_to(again(two.ruth)).filter(pk=row.pk).exists()
    assert Event.objects.get(verb="gave way").board == two.maple


@pytest.mark.parametrize("what", ["Initiatives", "Roles", "what somebody wrote of it"])
def test_one_with_something_on_it_does_not(what: str, two: Two, signed_in: SignIn) -> None:
    row = imported(two)
    if what == "Initiatives":
        rows.initiative(row)
    elif what == "Roles":
        rows.member(rows.user(), Role.PRINCIPAL, two.maple, school=row)
    else:
        rows.event(row, two.ruth, name=row.name, board=two.maple, school=row)
    page = refused(two, signed_in(two.robin))
    assert f"something hangs on it: {what}." in page


# ── What was written meanwhile ──


def test_what_somebody_wrote_into_the_board_as_the_school_left_comes_after_it(two: Two) -> None:
    left = two.hilltop.board
    joining.accept(two.link, two.asked, two.hilltop, by=two.robin)
    assert bring_the_rest() == 0
    late = rows.business(left, "Late Bakery")
    rows.member(rows.user("Late"), Role.BOARD_ADMIN, left)
    assert bring_the_rest() == 1
    assert of(late).board == two.maple
    assert not Membership.objects.current().filter(board=left).exists()
    told = Event.objects.get(verb="came along", subject_type=rows.content_type(late), subject_id=late.pk)
    assert (told.by, told.board) == (two.robin, two.maple)


# ── The directory ──


def test_who_is_in_the_directory_twice_is_named_and_not_merged(two: Two, signed_in: SignIn) -> None:
    for name, town in (("Harbour Credit Union", "Lakeside"), ("Corvid Games", "")):
        rows.business(two.maple, name, town=town)
    mine = rows.business(two.hilltop.board, "HARBOUR Crédit-Union Inc.")
    page = reverse("joinings", args=[two.maple.pk])
    assert "In the directory twice?" not in signed_in(two.ruth).get(page).content.decode()
    joining.accept(two.link, two.asked, two.hilltop, by=two.robin)
    shown = signed_in(two.ruth).get(page).content.decode()
    assert "In the directory twice?" in shown
    assert reverse("business", args=[mine.pk]) in shown
    assert "Corvid" not in shown
    assert [[b.name for b in group] for group in look_alikes(of(two.maple))] == [
        ["HARBOUR Crédit-Union Inc.", "Harbour Credit Union"]
    ]
    assert two.maple.businesses.count() == 3


def test_what_looks_alike() -> None:
    assert likeness("Atelier Lumière ltée") == likeness("ATELIER LUMIERE")
    assert likeness("Inc.") == "inc"
    assert likeness("Harbour") != likeness("Harbour Café")


# ── From the terminal ──


def test_an_operator_lets_it_join(two: Two, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("join_board", "hilltop public school", "Maple Valley", by=two.ruth.email)
    assert "belongs to Maple Valley now" in capsys.readouterr().out
    assert of(two.hilltop).board == two.maple
    assert Joining.objects.done().get().joined_by == two.ruth


@pytest.mark.parametrize(
    ("school", "board", "by"),
    [
        ("Nowhere", "Maple Valley", "ruth"),
        ("Hilltop Public School", "Nowhere", "ruth"),
        ("Hilltop Public School", "Maple Valley", "nobody@example.org"),
        ("Riverbend", "Hilltop Public School", "ruth"),
    ],
)
def test_what_it_refuses_it_says_and_leaves(school: str, board: str, by: str, two: Two) -> None:
    rows.school(two.maple, "Another")
    before = Joining.objects.count()
    with pytest.raises(CommandError):
        call_command("join_board", school, board, by=two.ruth.email if by == "ruth" else by)
    assert (Joining.objects.count(), of(two.hilltop).board) == (before, two.hilltop.board)


# ── What it costs ──


def test_a_trail_asks_no_more_where_no_school_joined(two: Two, signed_in: SignIn) -> None:
    browser = signed_in(two.ruth)
    browser.get(reverse("trail"))
    with CaptureQueriesContext(connection) as before:
        browser.get(reverse("trail"))
    joining.accept(two.link, two.asked, two.hilltop, by=two.robin)
    browser = signed_in(again(two.ruth))
    browser.get(reverse("trail"))
    with CaptureQueriesContext(connection) as after:
        browser.get(reverse("trail"))
    assert len(after) <= len(before) + 1


def test_a_role_that_goes_with_its_board_may_be_the_last_administrator(two: Two) -> None:
    held = Membership.objects.get(user=two.robin, role=Role.BOARD_ADMIN)
    with pytest.raises(Exception, match="at least one administrator"), translation.override("en"):
        memberships.end(held, by=two.ruth)
    memberships.end(held, by=two.ruth, board_ends=True)
    assert of(held).ended_at == rows.NOW
