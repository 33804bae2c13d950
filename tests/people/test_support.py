"""An operator looks at a board: allowed or in an emergency, for some hours, for a reason, and changes nothing."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.access import Access
from accounts.models import Event, Membership, SupportGrant, User
from accounts.permissions import GRANTS, OPERATOR, SUPPORT, Permission, Role
from boards.models import Board
from core import clock
from core.chain import Chain
from engines.outbox import tasks as outbox
from engines.outbox.models import Message
from people import support
from people.second_factor import needs_one
from people.tasks import note_run_out_support
from schools.models import School
from tests.factories import rows
from tests.signing_in import lately
from tests.test_who_sees_what import links_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
P = Permission
HOUR = timedelta(hours=1)
WHY = "The list of partners stays empty."


@pytest.fixture(autouse=True)
def standing_now() -> Iterator[None]:
    with clock.standing_at(rows.NOW):
        yield


@pytest.fixture
def board() -> Board:
    return rows.board("Maple Valley", short_name="MV", ministry_number="B001")


@pytest.fixture
def ruth(board: Board) -> User:
    ruth = rows.user("Ruth Adeyemi")
    rows.member(ruth, Role.BOARD_ADMIN, board)
    return ruth


@pytest.fixture
def school(board: Board) -> School:
    return rows.school(board, "Riverbend")


@pytest.fixture
def sam() -> User:
    return rows.user("Sam Okafor", email="sam@tandem.example", is_operator=True)


def read(user: User) -> User:
    """The person as the next request reads them."""
    found = User.objects.with_access(user.pk)
    assert found
    return found


def send(browser: Client, url: str, **typed: Any) -> Any:
    return browser.post(url, {"form_token": str(uuid4())} | typed)


def page_of(board: Board) -> str:
    return reverse("board_support", args=[board.pk])


# ── The rule, without a database ──


def test_what_a_grant_shows_is_some_of_what_the_administrator_reads() -> None:
    assert GRANTS[Role.BOARD_ADMIN] > SUPPORT
    assert {
        P.BOARD_VIEW, P.PUBLISHED_VIEW, P.PEOPLE_VIEW, P.SCHOOL_VIEW, P.INITIATIVE_VIEW, P.DIRECTORY_VIEW,
        P.PROSPECT_VIEW, P.PARTNERSHIP_VIEW, P.AGREEMENT_VIEW, P.EVALUATION_VIEW,
    } == SUPPORT  # fmt: skip


def test_it_is_sight_alone() -> None:
    assert {permission for permission in SUPPORT if not permission.endswith("_view")} == set()
    left_out = {P.CONVERSATION_VIEW, P.AUDIT_VIEW, P.OUTBOX_VIEW, P.PRIVACY_MANAGE, P.SUPPORT_MANAGE}
    assert left_out & SUPPORT == set()


def test_nobody_holds_by_a_role_what_an_operator_holds() -> None:
    assert [role for role in Role if role in GRANTS and GRANTS[role] & OPERATOR] == []
    assert [role for role in Role if role in GRANTS and P.SUPPORT_MANAGE in GRANTS[role]] == [Role.BOARD_ADMIN]


class Row:
    """Something of a board."""

    pk = 1

    def __init__(self, board: int) -> None:
        self.board = board

    def chain(self) -> Chain:
        return Chain(board=self.board, school=70, family=80, business=90)


@pytest.mark.parametrize("permission", Permission)
def test_a_grant_reaches_its_board_and_no_other(permission: Permission) -> None:
    looking = Access([], looking=[SupportGrant(board_id=7)], is_operator=True)
    shows = permission in SUPPORT or permission in OPERATOR
    assert looking.may(permission, Row(7)) == shows
    assert looking.holds(permission) == shows
    assert looking.reach(permission).boards == (frozenset({7}) if permission in SUPPORT else frozenset())
    assert looking.may(permission, Row(8)) == (permission in OPERATOR)
    assert looking.to_act.holds(permission) == (permission in OPERATOR)
    assert Access([], is_operator=True).holds(permission) == (permission in OPERATOR)
    assert Access([]).holds(permission) is False


def test_a_role_in_the_same_board_counts_beside_it() -> None:
    admin = Membership(board_id=7, role=Role.BOARD_ADMIN)
    both = Access([admin], looking=[SupportGrant(board_id=7), SupportGrant(board_id=8)], is_operator=True)
    assert both.to_act.may(P.BOARD_CHANGE, Row(7))
    assert not both.only_looks_at(Row(7))
    assert both.only_looks_at(Row(8))
    assert not both.only_looks_at(Row(9))
    assert both.may(P.BOARD_VIEW, Row(8))
    assert not both.to_act.may(P.BOARD_VIEW, Row(8))


# ── What can never be in the database ──


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": rows.NOW - HOUR},
        {"ends_at": rows.NOW - 2 * HOUR},
        {"ends_at": rows.NOW + 71 * HOUR + timedelta(microseconds=1)},
        {"reason": ""},
        {"reason": "  "},
        {"ended_at": rows.NOW},
    ],
    ids=str,
)
def test_the_database_refuses(fields: dict[str, Any], board: Board, sam: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.support(board, sam, **fields)


def test_the_database_refuses_an_end_without_its_moment_and_two_ends(board: Board, ruth: User, sam: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.support(board, sam, ended_by=ruth)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.support(board, sam, ended_by=ruth, ended_at=rows.NOW, ran_out_at=rows.NOW)


def test_72_hours_are_taken_and_one_is_open_at_a_time(board: Board, sam: User) -> None:
    rows.support(board, sam, ends_at=rows.NOW + 71 * HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.support(board, sam)


# ── What an operator sees ──


def test_nothing_without_a_grant_all_with_it_nothing_after(
    board: Board, school: School, ruth: User, sam: User, signed_in: SignIn
) -> None:
    browser, url = signed_in(sam), reverse("school", args=[school.pk])
    elsewhere = rows.school(rows.board("Grand-Érable"), "Ailleurs")

    def seen() -> tuple[int, list[School]]:
        return browser.get(url).status_code, list(School.objects.visible_to(read(sam)))

    assert seen() == (404, [])
    grant = support.give(board, sam, by=ruth, reason=WHY, hours=1)
    assert seen() == (200, [school])
    assert browser.get(reverse("school", args=[elsewhere.pk])).status_code == 404
    support.end(grant, by=ruth)
    assert seen() == (404, [])


def test_it_is_over_at_the_very_moment_whether_or_not_anybody_noted_it(
    board: Board, school: School, ruth: User, sam: User, signed_in: SignIn
) -> None:
    support.give(board, sam, by=ruth, reason=WHY, hours=4)
    browser, url = signed_in(sam), reverse("school", args=[school.pk])
    for later, status in ((timedelta(hours=4, microseconds=-1), 200), (timedelta(hours=4), 404)):
        with clock.standing_at(rows.NOW + later):
            assert browser.get(url).status_code == status


@pytest.mark.parametrize("gone", ["is_active", "is_operator"])
def test_who_runs_the_site_no_more_sees_nothing(
    gone: str, board: Board, school: School, ruth: User, sam: User, signed_in: SignIn
) -> None:
    support.give(board, sam, by=ruth, reason=WHY, hours=4)
    browser = signed_in(sam)
    User.objects.filter(pk=sam.pk).update(**{gone: False})
    assert School.objects.visible_to(read(sam)).count() == 0
    assert browser.get(reverse("school", args=[school.pk])).status_code in (302, 404)


def test_the_flag_gives_no_grant_of_somebody_else(board: Board, school: School, ruth: User, sam: User) -> None:
    support.give(board, sam, by=ruth, reason=WHY, hours=4)
    other = rows.user("Another operator", is_operator=True)
    assert School.objects.visible_to(read(other)).count() == 0
    assert SupportGrant.objects.visible_to(read(other)).count() == 0


def test_what_is_sent_is_refused(board: Board, school: School, ruth: User, sam: User, signed_in: SignIn) -> None:
    """Also where seeing is enough for anybody else: a PDF that is asked for is a row that is made."""
    champion = rows.user("Marcus")
    rows.member(champion, Role.CHAMPION, board, school=school)
    prospect = rows.prospect(rows.initiative(school), rows.business(board), champion)
    version = rows.agreement(rows.partnership_year(rows.partnership(prospect)), champion)
    support.give(board, sam, by=ruth, reason=WHY, hours=1)
    browser, admin = signed_in(sam), signed_in(ruth)
    pdf = reverse("agreement_pdf", args=[version.pk])
    assert browser.get(reverse("agreement", args=[version.pk])).status_code == 200
    assert browser.post(pdf).status_code == 403
    assert admin.post(pdf).status_code == 302
    assert browser.post(reverse("schools")).status_code == 403
    assert browser.post(reverse("school_edit", args=[school.pk]), {"name": "Mine"}).status_code == 403
    assert browser.get(reverse("school_edit", args=[school.pk])).status_code == 403


def test_who_also_works_there_still_does_their_work(
    board: Board, school: School, ruth: User, sam: User, signed_in: SignIn
) -> None:
    rows.member(sam, Role.CHAMPION, board, school=school)
    support.give(board, sam, by=ruth, reason=WHY, hours=1)
    assert signed_in(sam).get(reverse("school_edit", args=[school.pk])).status_code == 200
    assert signed_in(sam).post(reverse("school_edit", args=[school.pk]), {"version": 1}).status_code == 422


def test_what_it_costs(board: Board, school: School, ruth: User, sam: User) -> None:
    """One query more for an operator; none for anybody else."""
    taken = {}
    for who in (ruth, sam, rows.user("Nobody")):
        with CaptureQueriesContext(connection) as queries:
            assert read(who).access.holds(P.CONVERSATION_VIEW) is False
        taken[who.name] = len(queries)
    assert taken == {"Ruth Adeyemi": 1, "Sam Okafor": 3, "Nobody": 2}


# ── The board allows it ──


def test_the_board_allows_it(board: Board, ruth: User, sam: User, signed_in: SignIn) -> None:
    typed = {"email": "SAM@tandem.example", "reason": WHY, "hours": "24"}
    answer = send(signed_in(ruth), page_of(board), **typed)
    assert answer["Location"] == page_of(board)
    grant = SupportGrant.objects.get()
    assert (grant.operator, grant.board, grant.reason, grant.given_by) == (sam, board, WHY, ruth)
    assert (grant.starts_at, grant.ends_at) == (rows.NOW, rows.NOW + 24 * HOUR)
    assert not grant.is_emergency
    event = Event.objects.get(verb="support given")
    assert (event.board, event.by, event.why, event.subject_id) == (board, ruth, WHY, grant.pk)
    assert Message.objects.count() == 0


def test_it_is_shown_where_the_board_looks(board: Board, ruth: User, sam: User, signed_in: SignIn) -> None:
    browser = signed_in(ruth)
    grant = support.give(board, sam, by=ruth, reason=WHY, hours=1)
    pages = [page_of(board), reverse("board", args=[board.pk]), reverse("people")]
    for url in pages:
        page = browser.get(url).content.decode()
        assert "Sam Okafor" in page, url
        assert WHY in page, url
        assert page_of(board) in page, url
    support.end(grant, by=ruth)
    shown = ["Sam Okafor" in browser.get(url).content.decode() for url in pages]
    assert shown == [True, True, False]  # among the people stands only who looks now


def test_nobody_else_of_the_board_is_shown_it(
    board: Board, school: School, ruth: User, sam: User, signed_in: SignIn
) -> None:
    champion = rows.user("Marcus")
    rows.member(champion, Role.CHAMPION, board, school=school)
    support.give(board, sam, by=ruth, reason=WHY, hours=1)
    browser = signed_in(champion)
    assert browser.get(page_of(board)).status_code == 403
    for url in (reverse("board", args=[board.pk]), reverse("people")):
        assert "Sam Okafor" not in browser.get(url).content.decode()


@pytest.mark.parametrize("email", ["nobody@tandem.example", "ruth@tandem.example", "was@tandem.example"])
def test_an_address_of_no_operator_is_said_in_the_same_words(
    email: str, board: Board, ruth: User, sam: User, signed_in: SignIn
) -> None:
    User.objects.filter(pk=ruth.pk).update(email="ruth@tandem.example")
    rows.user("Was", email="was@tandem.example", is_operator=True, is_active=False)
    answer = send(signed_in(ruth), page_of(board), email=email, reason=WHY, hours="1")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"email": ["Nobody who runs this site has this address."]}
    page = answer.content.decode()
    assert email in page
    assert WHY in page
    assert SupportGrant.objects.count() == 0


def test_a_second_one_at_once_is_refused_in_words(board: Board, ruth: User, sam: User, signed_in: SignIn) -> None:
    support.give(board, sam, by=ruth, reason=WHY, hours=1)
    answer = send(signed_in(ruth), page_of(board), email=sam.email, reason=WHY, hours="1")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])
    answer = send(signed_in(sam), reverse("support"), board="MV", reason=WHY, hours="1")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["board"])
    assert SupportGrant.objects.count() == 1


def test_after_one_that_ran_out_the_next_may_begin(board: Board, ruth: User, sam: User, signed_in: SignIn) -> None:
    support.give(board, sam, by=ruth, reason=WHY, hours=1)
    with clock.standing_at(rows.NOW + 2 * HOUR):
        assert send(signed_in(ruth), page_of(board), email=sam.email, reason=WHY, hours="1").status_code == 302
    verbs = list(Event.objects.filter(board=board).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["support given", "support ran out", "support given"]


def test_the_form_sent_twice_makes_one(board: Board, ruth: User, sam: User, signed_in: SignIn) -> None:
    typed = {"email": sam.email, "reason": WHY, "hours": "1", "form_token": str(uuid4())}
    browser = signed_in(ruth)
    first, second = (send(browser, page_of(board), **typed) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert SupportGrant.objects.count() == 1


# ── The operator takes it ──


@pytest.mark.parametrize("called", ["Maple Valley", "maple valley", "MV", "b001", "  MV  "])
def test_in_an_emergency_the_operator_takes_it(
    called: str, board: Board, ruth: User, sam: User, signed_in: SignIn
) -> None:
    answer = send(signed_in(sam), reverse("support"), board=called, reason=WHY, hours="1")
    assert answer["Location"] == reverse("board", args=[board.pk])
    grant = SupportGrant.objects.get()
    assert (grant.operator, grant.given_by, grant.is_emergency) == (sam, sam, True)
    event = Event.objects.get(verb="support taken")
    assert (event.board, event.by, event.why) == (board, sam, WHY)


@pytest.mark.parametrize("called", ["Maple", "%", "Maple Valley 2", "B00_"])
def test_a_board_is_not_found_by_a_part_of_its_name(called: str, board: Board, sam: User, signed_in: SignIn) -> None:
    answer = send(signed_in(sam), reverse("support"), board=called, reason=WHY, hours="1")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["board"])
    assert f'value="{called}"' in answer.content.decode()


def test_two_boards_of_one_name_are_told_apart(board: Board, sam: User, signed_in: SignIn) -> None:
    rows.board("maple valley", ministry_number="B002")
    answer = send(signed_in(sam), reverse("support"), board="Maple Valley", reason=WHY, hours="1")
    assert answer.context["form"].errors == {"board": ["Several boards are called this. Write the ministry number."]}
    assert send(signed_in(sam), reverse("support"), board="B002", reason=WHY, hours="1").status_code == 302


def test_every_administrator_is_mailed_at_once_in_their_language(board: Board, ruth: User, sam: User) -> None:
    lise, gone, left = rows.user("Lise Roy", language="fr"), rows.user("Gone", is_active=False), rows.user("Left")
    rows.member(lise, Role.BOARD_ADMIN, board)
    rows.member(gone, Role.BOARD_ADMIN, board)
    rows.member(left, Role.BOARD_ADMIN, board, ended_at=rows.NOW, is_lead=False)
    far = rows.user("Far")
    rows.member(far, Role.BOARD_ADMIN, rows.board("Grand-Érable"))
    Board.objects.update(mail_is_on=False)  # a board that is silent is told this all the same
    support.give(board, sam, by=sam, reason=WHY, hours=4)
    outbox.sweep()
    sent = {message.to[0]: message for message in mail.outbox}
    assert set(sent) == {ruth.email, lise.email}
    to_ruth, to_lise = sent[ruth.email], sent[lise.email]
    assert to_ruth.subject == "Tandem’s support is looking at Maple Valley"
    for said in ("Hello Ruth Adeyemi,", "Sam Okafor (sam@tandem.example)", WHY, page_of(board), "11:00", "15:00"):
        assert said in to_ruth.body
    assert to_lise.subject.startswith("Le soutien de Tandem")
    for said in ("Bonjour Lise Roy", WHY, "11\xa0h\xa000", "15\xa0h\xa000"):
        assert said in to_lise.body
    assert {message.board for message in Message.objects.all()} == {board}


def test_nothing_is_mailed_to_who_left_meanwhile(board: Board, ruth: User, sam: User) -> None:
    support.give(board, sam, by=sam, reason=WHY, hours=4)
    User.objects.filter(pk=ruth.pk).update(is_active=False)
    outbox.sweep()
    assert mail.outbox == []
    assert Message.objects.get().state == Message.State.SUPPRESSED


def test_it_asks_once_more_who_signed_in_long_ago(board: Board, sam: User, signed_in: SignIn) -> None:
    browser = signed_in(sam)
    lately(browser, sam, ago=3600)
    assert browser.get(reverse("support")).status_code == 200
    answer = send(browser, reverse("support"), board="MV", reason=WHY, hours="1")
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert SupportGrant.objects.count() == 0


# ── The note on every page ──


def test_today_leads_an_operator_to_no_schools_they_cannot_see(sam: User, signed_in: SignIn) -> None:
    browser = signed_in(sam)
    page = browser.get("/").content.decode()
    assert reverse("schools") not in page
    assert {browser.get(link).status_code for link in links_of(page, "/")} <= {200, 302, 405}


def test_a_note_stands_on_every_page(board: Board, school: School, ruth: User, sam: User, signed_in: SignIn) -> None:
    browser = signed_in(sam)
    assert reverse("support") in browser.get("/").content.decode()
    grant = support.give(board, sam, by=ruth, reason="<b>Because</b>", hours=4)
    for url in ("/", reverse("schools"), reverse("school", args=[school.pk]), reverse("me"), reverse("support")):
        page = browser.get(url).content.decode()
        assert "You are looking at Maple Valley as support until 15:00, because: &lt;b&gt;Because" in page, url
        assert reverse("support_end", args=[grant.pk]) in page, url
    for link in links_of(page, "/"):
        assert browser.get(link).status_code in (200, 302, 405), link
    assert "as support until" not in signed_in(ruth).get("/").content.decode()


def test_the_moment_is_said_in_the_zone_of_the_board(ruth: User, sam: User) -> None:
    west = rows.board("West", zone_name="America/Vancouver")
    assert support.moment_in_words(support.give(west, sam, by=ruth, reason=WHY, hours=4)) == "12:00"
    longer = SupportGrant(board=west, ends_at=rows.NOW + 24 * HOUR)
    assert support.moment_in_words(longer) == "12 March 2026, 08:00"
    with translation.override("fr"):
        assert support.moment_in_words(longer) == "12 mars 2026, 08\xa0h\xa000"


# ── It ends ──


def test_the_operator_ends_it(board: Board, ruth: User, sam: User, signed_in: SignIn) -> None:
    grant = support.give(board, sam, by=ruth, reason=WHY, hours=4)
    answer = signed_in(sam).post(reverse("support_end", args=[grant.pk]))
    assert answer["Location"] == reverse("support")
    grant.refresh_from_db()
    assert (grant.ended_by, grant.ended_at) == (sam, rows.NOW)
    assert Event.objects.get(verb="support ended").by == sam


def test_the_board_ends_it(board: Board, ruth: User, sam: User, signed_in: SignIn) -> None:
    grant = support.give(board, sam, by=sam, reason=WHY, hours=4)
    answer = signed_in(ruth).post(reverse("support_end", args=[grant.pk]))
    assert answer["Location"] == page_of(board)
    event = Event.objects.get(verb="support ended")
    assert (event.by, event.board) == (ruth, board)


def test_nobody_else_ends_it(board: Board, school: School, ruth: User, sam: User, signed_in: SignIn) -> None:
    grant = support.give(board, sam, by=ruth, reason=WHY, hours=4)
    url = reverse("support_end", args=[grant.pk])
    principal, far = rows.user("Helen"), rows.user("Far")
    rows.member(principal, Role.PRINCIPAL, board, school=school)
    rows.member(far, Role.BOARD_ADMIN, rows.board("Grand-Érable"))
    for user in (principal, far, rows.user("Another", is_operator=True)):
        assert signed_in(user).post(url).status_code == 404
    assert signed_in(ruth).get(url).status_code == 405
    assert SupportGrant.objects.running().count() == 1


def test_ended_twice_it_keeps_its_first_end(board: Board, ruth: User, sam: User) -> None:
    grant = support.give(board, sam, by=ruth, reason=WHY, hours=4)
    support.end(grant, by=sam)
    with clock.standing_at(rows.NOW + HOUR):
        support.end(grant, by=ruth)
    grant.refresh_from_db()
    assert (grant.ended_by, grant.ended_at) == (sam, rows.NOW)
    assert Event.objects.filter(verb="support ended").count() == 1


def test_that_it_ran_out_stands_in_the_trail_once(board: Board, ruth: User, sam: User) -> None:
    grant = support.give(board, sam, by=ruth, reason=WHY, hours=1)
    assert note_run_out_support() == 0
    with clock.standing_at(rows.NOW + HOUR):
        assert [note_run_out_support() for _ in range(2)] == [1, 0]
        support.end(grant, by=ruth)
    grant.refresh_from_db()
    assert (grant.ran_out_at, grant.ended_at) == (rows.NOW + HOUR, None)
    event = Event.objects.get(verb="support ran out")
    assert (event.by, event.board, event.subject_id) == (None, board, grant.pk)


# ── Who runs the site ──


def test_an_operator_needs_a_second_factor(sam: User, signed_in: SignIn) -> None:
    assert needs_one(read(sam))
    assert not needs_one(read(rows.user("Nobody")))
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        assert signed_in(sam).get(reverse("support"))["Location"] == reverse("mfa_activate_totp")


def told(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("operator", *words, stdout=out, **options)
    return out.getvalue().strip()


def test_the_terminal_says_who_runs_the_site(board: Board, ruth: User) -> None:
    with pytest.raises(CommandError):
        told("new@tandem.example")
    assert told("New@tandem.example", name="New Hand") == "new@tandem.example runs the site."
    assert told("new@tandem.example") == "Nothing was changed."
    new = User.objects.get(email="new@tandem.example")
    support.give(board, new, by=ruth, reason=WHY, hours=72)
    assert told("new@tandem.example", end=True) == "new@tandem.example runs the site no more."
    assert School.objects.visible_to(read(new)).count() == 0
    assert SupportGrant.objects.running().count() == 0
    verbs = list(Event.objects.filter(board=None).order_by("pk").values_list("verb", "by"))
    assert verbs == [("runs the site", None), ("runs the site no more", None)]
