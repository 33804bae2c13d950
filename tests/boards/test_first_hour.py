"""The first hour of a board: what each room asks, and that it is done once the rows say so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, User
from accounts.permissions import Role
from boards.models import Board, ClosedPeriod
from core import first_steps
from core.first_steps import Shown, Standing
from demo import school_alone
from people.models import SignOn
from schools.models import Family, School
from tests.factories import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]
NEEDED = [
    "Protect your account",
    "Go through the settings",
    "Enter the days without school",
    "Write the strategic goals",
    "Bring in the schools",
    "Invite the principals",
]
OPTIONAL = [
    "Add the PA days",
    "Put the schools into families",
    "Invite a colleague",
    "Switch on the board’s own sign-in",
    "Enter a partnership that runs already",
]


@dataclass
class Begun:
    """A board, and who sets it up."""

    board: Board
    admin: User

    def standing(self) -> Standing:
        # What a person holds is read once for each request.
        user = User.objects.get(pk=self.admin.pk)
        [found] = first_steps.of(Board.objects.filter(pk=self.board.pk), user)
        return found

    def step(self, label: str) -> Shown:
        """The step of that name; raises KeyError."""
        return {str(step.label): step for step in self.standing().steps}[label]

    @property
    def page(self) -> str:
        return reverse("first_hour", args=[self.board.pk])


@pytest.fixture
def begun(settings: LazySettings) -> Begun:
    """A board with nothing but its administrator, on a site that asks for a second factor."""
    settings.SECOND_FACTOR_REQUIRED = True
    board, admin = rows.board(), rows.user("Ruth Adeyemi")
    rows.member(admin, Role.BOARD_ADMIN, board)
    return Begun(board, admin)


@pytest.fixture
def alone(settings: LazySettings) -> Begun:
    """A school that began on its own."""
    settings.SECOND_FACTOR_REQUIRED = True
    admin = school_alone.begin(
        name="Marcus Lee", email="marcus@hilltop.example", school_name="Hilltop", town="", language="en"
    )
    return Begun(Board.objects.get(), admin)


# ── What makes a step done ──


def protect(begun: Begun) -> None:
    Authenticator.objects.create(user=begun.admin, type=Authenticator.Type.TOTP, data={})


def save_settings(begun: Begun) -> None:
    Board.objects.filter(pk=begun.board.pk).update(version=2)


def close_a_day(begun: Begun) -> None:
    rows.closed_period(begun.board)


def write_a_goal(begun: Begun) -> None:
    rows.strategic_goal(begun.board)


def add_a_school(begun: Begun) -> None:
    rows.school(begun.board)


def add_a_family(begun: Begun) -> None:
    rows.family(begun.board)


def ask_a_colleague(begun: Begun) -> None:
    rows.invitation(begun.board, Role.BOARD_ADMIN, begun.admin)


def ask_a_principal(begun: Begun) -> None:
    rows.invitation(begun.board, Role.PRINCIPAL, begun.admin, school=rows.school(begun.board))


def have_a_principal(begun: Begun) -> None:
    rows.member(rows.user(), Role.PRINCIPAL, begun.board, school=rows.school(begun.board))


def sign_in_by_the_board(begun: Begun) -> None:
    SignOn.objects.create(
        board=begun.board, domain="board.example", issuer="https://in.board.example", client_id="t",
        verified_at=rows.NOW,
    )  # fmt: skip


def run_a_partnership(begun: Begun) -> None:
    school, champion = rows.school(begun.board), rows.user()
    rows.partnership(rows.prospect(rows.initiative(school), rows.business(begun.board), champion))


DONE_BY = [
    ("Protect your account", protect, ""),
    ("Go through the settings", save_settings, "Mail is on"),
    ("Enter the days without school", close_a_day, "1 time closed"),
    ("Add the PA days", close_a_day, "1 PA day"),
    ("Write the strategic goals", write_a_goal, "1 goal"),
    ("Bring in the schools", add_a_school, "1 school"),
    ("Put the schools into families", add_a_family, "1 family"),
    ("Invite a colleague", ask_a_colleague, "1 person invited"),
    ("Invite the principals", ask_a_principal, "1 person invited"),
    ("Invite the principals", have_a_principal, "1 person invited"),
    ("Switch on the board’s own sign-in", sign_in_by_the_board, ""),
    ("Enter a partnership that runs already", run_a_partnership, "1 partnership"),
]


@pytest.mark.parametrize(("label", "do", "said"), DONE_BY, ids=[f"{label}, {do.__name__}" for label, do, _s in DONE_BY])
def test_a_step_is_open_until_its_rows_are_there(
    label: str, do: Callable[[Begun], None], said: str, begun: Begun
) -> None:
    assert not begun.step(label).is_done
    do(begun)
    assert (begun.step(label).is_done, begun.step(label).said) == (True, said)


@pytest.mark.parametrize(("label", "do", "said"), DONE_BY, ids=[f"{label}, {do.__name__}" for label, do, _s in DONE_BY])
def test_what_another_board_has_is_no_answer(label: str, do: Callable[[Begun], None], said: str, begun: Begun) -> None:
    other = Begun(rows.board("Another"), rows.user())
    do(other)
    assert not begun.step(label).is_done


def test_every_needed_step_is_in_the_table(begun: Begun) -> None:
    steps = begun.standing().steps
    assert [str(step.label) for step in steps if not step.is_optional] == NEEDED
    assert {str(step.label) for step in steps if step.is_optional} == set(OPTIONAL)
    assert {label for label, _do, _said in DONE_BY} == set(NEEDED + OPTIONAL)


def test_days_that_are_over_close_nothing(begun: Begun) -> None:
    rows.closed_period(begun.board)
    ClosedPeriod.objects.update(starts_on="2020-01-01", ends_on="2020-01-01")
    assert not begun.step("Enter the days without school").is_done


def test_mail_that_is_off_is_a_deliberate_no(begun: Begun) -> None:
    Board.objects.filter(pk=begun.board.pk).update(version=2, mail_is_on=False)
    assert begun.step("Go through the settings").said == "Mail is off"


def test_recovery_codes_alone_protect_nothing(begun: Begun) -> None:
    Authenticator.objects.create(user=begun.admin, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not begun.step("Protect your account").is_done


def test_a_second_factor_may_be_left_where_nobody_asks_for_it(begun: Begun, settings: LazySettings) -> None:
    assert not begun.step("Protect your account").is_optional
    sign_in_by_the_board(begun)
    assert begun.step("Protect your account").is_optional
    SignOn.objects.all().delete()
    settings.SECOND_FACTOR_REQUIRED = False
    assert begun.step("Protect your account").is_optional


def test_principals_wait_for_the_schools(begun: Begun) -> None:
    assert (begun.step("Invite the principals").url, begun.step("Invite the principals").waits) == (
        "",
        "After the schools",
    )
    add_a_school(begun)
    assert begun.step("Invite the principals").url == reverse("schools")


def test_superintendents_are_asked_in_where_there_is_a_family(begun: Begun) -> None:
    family = rows.family(begun.board)
    assert not begun.step("Invite the superintendents").is_done
    rows.member(rows.user(), Role.SUPERINTENDENT, begun.board, family=family)
    assert begun.step("Invite the superintendents").is_done


def test_what_only_a_champion_enters_is_no_link_for_others(begun: Begun) -> None:
    add_a_school(begun)
    assert begun.step("Enter a partnership that runs already").url == ""


# ── A school on its own ──


def test_a_school_on_its_own_has_fewer_steps(alone: Begun) -> None:
    steps = alone.standing().steps
    assert [str(step.label) for step in steps if not step.is_optional] == [
        "Go through the settings", "Enter the days without school", "Write the school’s profile",
    ]  # fmt: skip
    assert {str(step.label) for step in steps if step.is_optional} == {
        "Protect your account", "Add the PA days", "Write the strategic goals", "Invite your principal",
        "Enter a partnership that runs already",
    }  # fmt: skip


def test_a_school_on_its_own_takes_each_step(alone: Begun, signed_in: SignIn) -> None:
    browser, school = signed_in(alone.admin), School.objects.get()
    assert {step.url for step in alone.standing().steps} >= {
        reverse("already_with_us", args=[school.pk]), reverse("school_edit", args=[school.pk]),
        f"{reverse('invite')}?school={school.pk}",
    }  # fmt: skip
    for step in alone.standing().steps:
        assert browser.get(step.url, follow=True).status_code == 200
    School.objects.update(strength="Robotics")
    save_settings(alone)
    assert alone.standing().left == 0


def test_a_school_on_its_own_has_the_same_steps_whichever_role_one_is_met_as(alone: Begun) -> None:
    user = User.objects.get(pk=alone.admin.pk)
    board = Board.objects.filter(pk=alone.board.pk)
    [expected] = first_steps.of(board, user)
    for membership in user.access.memberships:
        met = User.objects.get(pk=user.pk)
        met.access = met.access.met_as(membership.pk)
        assert first_steps.of(board, met)[0].steps == expected.steps


def test_whoever_works_at_one_of_several_schools_sets_up_a_board(alone: Begun) -> None:
    have_a_principal(alone)
    assert "Bring in the schools" in [str(step.label) for step in alone.standing().steps]


# ── The page, and Today ──


def test_each_way_is_open_to_the_administrator(begun: Begun, signed_in: SignIn) -> None:
    protect(begun)
    add_a_school(begun)
    browser = signed_in(begun.admin)
    urls = [step.url for step in begun.standing().steps if step.url]
    assert len(urls) == len(NEEDED + OPTIONAL) - 1
    for url in urls:
        assert browser.get(url, follow=True).status_code == 200


def test_the_page_says_how_many_are_left_and_has_one_solid_button(begun: Begun, signed_in: SignIn) -> None:
    shown = signed_in(begun.admin).get(begun.page).content.decode()
    assert "6 steps are left." in shown
    assert "0 of 6 done" in shown
    assert shown.count("btn-primary") == 1
    assert shown.count("Optional.") == 5
    assert "After the schools" in shown


def test_in_french(begun: Begun, signed_in: SignIn) -> None:
    browser = signed_in(begun.admin)
    browser.cookies["django_language"] = "fr"
    shown = browser.get(begun.page).content.decode()
    assert "La première heure" in shown
    assert "Il reste 6 étapes." in shown
    assert "Première heure\u00a0: 0 sur 6" in browser.get(reverse("today")).content.decode()


def set_up(begun: Begun) -> None:
    for _label, do, _said in DONE_BY:
        do(begun)
    family = Family.objects.get(board=begun.board)  # where there is one, its superintendent is asked for
    rows.member(rows.user(), Role.SUPERINTENDENT, begun.board, family=family)


def test_when_all_is_done_the_page_says_so_and_today_says_nothing(begun: Begun, signed_in: SignIn) -> None:
    browser = signed_in(begun.admin)
    before = browser.get(reverse("today")).content.decode()
    assert "First hour: 0 of 6 done" in before
    assert begun.page in before
    set_up(begun)
    assert "First hour" not in browser.get(reverse("today")).content.decode()
    shown = browser.get(begun.page).content.decode()
    assert "All set up: Maple Board can begin." in shown
    assert "btn-primary" not in shown


def test_what_only_waits_is_said_on_today(begun: Begun, signed_in: SignIn) -> None:
    for do in (protect, save_settings, close_a_day, write_a_goal, ask_a_colleague):
        do(begun)
    Board.objects.filter(pk=begun.board.pk).update(version=2)
    shown = signed_in(begun.admin).get(reverse("today")).content.decode()
    assert "Bring in the schools" in shown


def test_today_shows_it_first_unless_something_is_owed(begun: Begun, signed_in: SignIn) -> None:
    browser = signed_in(begun.admin)
    shown = browser.get(reverse("today")).content.decode()
    assert shown.count('id="firsthour"') == 1
    assert shown.index('id="firsthour"') < shown.index('id="mine"')
    champion = rows.user()
    prospect = rows.prospect(rows.initiative(rows.school(begun.board)), rows.business(begun.board), champion)
    rows.reminder(prospect, begun.admin)
    shown = browser.get(reverse("today")).content.decode()
    assert shown.count('id="firsthour"') == 1
    assert shown.index('id="mine"') < shown.index('id="firsthour"')


def test_of_several_boards_today_names_the_first_that_is_not_set_up(begun: Begun, signed_in: SignIn) -> None:
    second = rows.board("Second Board")
    rows.member(begun.admin, Role.BOARD_ADMIN, second)
    browser = signed_in(begun.admin)
    assert "· Maple Board" in browser.get(reverse("today")).content.decode()
    set_up(begun)
    assert "· Second Board" in browser.get(reverse("today")).content.decode()


def test_nobody_else_is_shown_it_and_it_costs_them_nothing(begun: Begun, signed_in: SignIn) -> None:
    principal, stranger = rows.user(), rows.user()
    rows.member(principal, Role.PRINCIPAL, begun.board, school=rows.school(begun.board))
    rows.member(stranger, Role.BOARD_ADMIN, rows.board("Another"))
    assert signed_in(principal).get(begun.page).status_code == 403
    assert signed_in(stranger).get(begun.page).status_code == 404
    browser = signed_in(principal)
    browser.get(reverse("today"))
    with CaptureQueriesContext(connection) as asked:
        shown = browser.get(reverse("today")).content.decode()
    assert "First hour" not in shown
    assert not [query for query in asked.captured_queries if "goals_written" in query["sql"]]


def test_the_board_leads_there(begun: Begun, signed_in: SignIn) -> None:
    assert begun.page in signed_in(begun.admin).get(reverse("board", args=[begun.board.pk])).content.decode()


def test_the_new_administrator_of_a_new_board_finds_it_on_today(signed_in: SignIn, capsys: Any) -> None:
    call_command("create_board", "Maple Valley", admin="ruth@board.example", admin_name="Ruth Adeyemi")
    ruth, board = User.objects.get(), Board.objects.get()
    assert Membership.objects.get().board == board
    page = reverse("first_hour", args=[board.pk])
    assert capsys.readouterr().out.rstrip().endswith(page)
    shown = signed_in(ruth).get(reverse("today")).content.decode()
    assert "First hour: 1 of 5 done" in shown
    assert page in shown


def test_whoever_leads_a_school_too_finds_it_behind_the_schools_own_first_steps(signed_in: SignIn) -> None:
    board = rows.board("Hilltop")
    robin = rows.member(rows.user("Robin"), Role.CHAMPION, board, school=rows.school(board, "Hilltop")).user
    rows.member(robin, Role.BOARD_ADMIN, board)
    page = signed_in(robin).get(reverse("today")).content.decode()
    assert page.index("The first quarter hour") < page.index("On your side") < page.index("First hour:")
