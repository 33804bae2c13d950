"""Asked in, let in, changed, ended, handed over, and stood in for."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Absence, AccessLink, Event, Membership, User
from accounts.permissions import INVITES, Role
from boards.models import Board
from core import clock
from engines.outbox import tasks as outbox
from engines.outbox.models import Message
from engines.reminders import tasks as reminders
from engines.reminders.models import Reminder
from outreach.models import Prospect
from people import invitations, memberships
from people.models import Invitation
from schools.models import Family, Initiative
from tests.signing_in import lately
from tests.small_world import SmallWorld, join, local, small_world

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NOON = local(date(2026, 3, 9))
NEW = "new@school.example"


@pytest.fixture
def world() -> SmallWorld:
    return small_world()


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.standing_at(NOON):
        yield


@pytest.fixture
def ruth(world: SmallWorld) -> User:
    admin = User.objects.create_user("ruth@board.example", "Ruth Adeyemi")
    join(admin, Role.BOARD_ADMIN, world.board)
    return admin


def asked(world: SmallWorld, by: User, role: Role = Role.STAFF, email: str = NEW, **scope: Any) -> Invitation:
    at = scope or {"school": world.school}
    new = Invitation(board=world.board, role=role, email=email, name="Devon Clarke", language="en", **at)
    return invitations.invite(new, by=by)


def address(message: Message | None = None) -> str:
    """The link in the newest mail."""
    outbox.sweep()
    found = re.search(r"/invitations/[\w-]+/accept/", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[0]


def devon() -> User:
    return User.objects.get(email=NEW)


# ── Coming in ──


def test_whoever_reads_the_mail_comes_in_once(world: SmallWorld, client: Client) -> None:
    asked(world, world.helen)
    link = address()
    assert mail.outbox[-1].to == [NEW]
    assert "Helen Park asks you to come into Tandem, at Riverbend Secondary School" in str(mail.outbox[-1].body)
    page = client.get(link).content.decode()
    assert "Helen Park asks you in. Your role: Staff." in page
    assert not User.objects.filter(email=NEW).exists()  # looking changes nothing
    assert client.post(link, {"name": "Devon C."}).status_code == 302
    membership = Membership.objects.get(user=devon())
    assert (membership.role, membership.school, devon().name) == (Role.STAFF, world.school, "Devon C.")
    assert not devon().has_usable_password()
    assert client.get("/").status_code == 200
    assert client.get(link).status_code == 404
    assert {event.verb for event in Event.objects.filter(by=devon())} >= {"accepted", "joined"}


def test_of_the_token_only_the_hash_is_kept_and_the_mail_is_erased(world: SmallWorld) -> None:
    invitation = asked(world, world.helen)
    token = address().split("/")[2]
    assert not AccessLink.objects.filter(token_hash=token).exists()
    assert AccessLink.objects.get(purpose="invite").subject_id == invitation.pk
    message = Message.objects.get(kind="invitation")
    assert (message.state, message.body) == ("sent", "")


def test_a_new_link_kills_the_old(world: SmallWorld, client: Client) -> None:
    invitation = asked(world, world.helen)
    first = address()
    invitations.send_again(invitation, by=world.helen)
    second = address()
    assert first != second
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    again = asked(world, world.helen)
    third = address()
    assert (client.get(second).status_code, client.get(third).status_code) == (404, 200)
    assert list(Invitation.objects.waiting()) == [again]


def test_a_link_runs_out_after_seven_days_and_when_it_is_withdrawn(world: SmallWorld, client: Client) -> None:
    invitation = asked(world, world.helen)
    link = address()
    for days, status in ((6, 200), (7, 404)):
        with clock.standing_at(NOON + timedelta(days=days)):
            assert client.get(link).status_code == status
            assert invitation.has_run_out == (status == 404)
    invitations.withdraw(invitation, by=world.helen)
    assert client.get(link).status_code == 404
    assert "ask whoever invited you" in client.get(link).content.decode().lower()


def test_one_with_an_account_takes_the_role_and_signs_in_as_always(world: SmallWorld, client: Client) -> None:
    join(User.objects.create_user(NEW, "Devon Clarke"), Role.CHAMPION, world.board, school=world.school, is_lead=False)
    asked(world, world.helen)
    answer = client.post(address(), {"name": "Somebody"})
    assert answer.status_code == 302
    assert "/account/" in client.get("/")["Location"]
    assert {m.role for m in devon().memberships.all()} == {Role.CHAMPION, Role.STAFF}
    assert devon().name == "Devon Clarke"


def test_who_has_the_role_is_not_asked_again(world: SmallWorld) -> None:
    with pytest.raises(ValidationError, match="has this role here already"):
        asked(world, world.helen, Role.CHAMPION, email="Marcus@Tandem.example")


@pytest.mark.parametrize("role", list(Role))
def test_whom_one_lets_in(role: Role, world: SmallWorld, ruth: User) -> None:
    family = Family.objects.create(board=world.board, name="North")
    scopes: dict[str, dict[str, Any]] = {
        "superintendent": {"family": family}, "board_admin": {"school": None}, "partner": {"business": world.business},
    }  # fmt: skip
    scope = scopes.get(role, {"school": world.school})
    partner = User.objects.create_user("iris@harbour.example", "Iris Chen")
    join(partner, Role.PARTNER, world.board, business=world.business)
    by_role = {Role.BOARD_ADMIN: ruth, Role.PRINCIPAL: world.helen, Role.CHAMPION: world.marcus, Role.PARTNER: partner}
    for own, user in by_role.items():
        if role in INVITES.get(own, ()):
            assert asked(world, user, role, **scope).role == role
        else:
            with pytest.raises(ValidationError, match="cannot invite"):
                asked(world, user, role, **scope)


def test_a_role_elsewhere_does_not_widen_what_one_allows_here(world: SmallWorld, ruth: User) -> None:
    """A principal who administers another board lets in at her school whom a principal does."""
    other = Board.objects.create(name="Another board", language="en")
    join(world.helen, Role.BOARD_ADMIN, other)
    helen = User.objects.get(pk=world.helen.pk)
    assert invitations.may_let_in(helen, Role.PRINCIPAL, other)
    assert not invitations.may_let_in(helen, Role.PRINCIPAL, world.school)
    assert invitations.may_let_in(helen, Role.STAFF, world.school)
    with pytest.raises(ValidationError, match="cannot invite"):
        asked(world, helen, Role.PRINCIPAL)


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(
    world: SmallWorld, ruth: User, signed_in: SignIn
) -> None:
    browser = signed_in(ruth)
    sent = {"role": "superintendent", "name": "Amara Okafor", "email": "amara@board.example", "language": "en"}
    refused = browser.post("/members/invite/", sent)
    assert refused.status_code == 422
    assert "Choose the family of schools." in refused.content.decode()
    assert "amara@board.example" in refused.content.decode()
    family = Family.objects.create(board=world.board, name="North")
    assert browser.post("/members/invite/", sent | {"family": str(family.pk)}).status_code == 302
    assert Invitation.objects.get().family == family
    at_school = browser.post(f"/members/invite/?school={world.school.pk}", sent | {"role": "principal"})
    assert at_school.status_code == 302
    assert Invitation.objects.get(role="principal").school == world.school


@pytest.mark.parametrize("school", ["0", "-1", "x", "9" * 30])
def test_a_school_that_is_none_is_not_there(school: str, ruth: User, signed_in: SignIn) -> None:
    assert signed_in(ruth).get(f"/members/invite/?school={school}").status_code == 404


# ── Changing, ending, handing over ──


def test_who_leads_leads_alone_and_owes_what_the_lead_owes(world: SmallWorld, ruth: User) -> None:
    second = User.objects.create_user("vice@tandem.example", "Vera")
    join(second, Role.PRINCIPAL, world.board, school=world.school, is_lead=False)
    membership = second.memberships.get()
    memberships.change(membership, role=Role.PRINCIPAL, is_lead=True, by=ruth)
    assert {m.user.name: m.is_lead for m in Membership.objects.filter(role="principal")} == {
        "Vera": True, "Helen Park": False,
    }  # fmt: skip


def test_another_role_is_a_new_membership_and_the_old_one_stays_in_the_history(
    world: SmallWorld, signed_in: SignIn
) -> None:
    staff = User.objects.create_user(NEW, "Devon Clarke")
    join(staff, Role.STAFF, world.board, school=world.school)
    browser, own = signed_in(world.helen), signed_in(staff)
    assert own.get("/members/").status_code == 404
    changed = browser.post(f"/members/roles/{staff.memberships.get().pk}/", {"role": "champion"})
    assert changed.status_code == 302
    assert [(m.role, m.ended_at is None) for m in staff.memberships.all()] == [("staff", False), ("champion", True)]
    assert own.get("/members/").status_code == 200  # from the next click on


def test_what_is_carried_must_be_taken_over_and_moves_with_what_is_owed(world: SmallWorld, signed_in: SignIn) -> None:
    backup = User.objects.create_user(NEW, "Devon Clarke")
    join(backup, Role.CHAMPION, world.board, school=world.school, is_lead=False)
    Initiative.objects.filter(pk=world.initiative.pk).update(champion=world.marcus, backup=backup)
    membership = world.marcus.memberships.get()
    browser, url = signed_in(world.helen), f"/members/roles/{membership.pk}/end/"
    assert "1 initiative, 1 prospect" in browser.get(url).content.decode()
    refused = browser.post(url, {"why": "Another school"})
    assert (refused.status_code, "Another school" in refused.content.decode()) == (422, True)
    assert browser.post(url, {"why": "Another school", "to": str(backup.pk)}).status_code == 302
    membership.refresh_from_db()
    assert membership.ended_at is not None
    initiative = Initiative.objects.get(pk=world.initiative.pk)
    assert (initiative.champion, initiative.backup) == (backup, None)
    assert Prospect.objects.get().champion == backup
    assert {r.owed_by for r in Reminder.objects.open()} <= {backup, world.helen}
    assert signed_in(world.marcus).get("/prospects/").status_code == 404
    assert Event.objects.filter(verb="handed over", by=world.helen).count() == 2


def test_while_another_role_is_left_nothing_is_handed_over(world: SmallWorld) -> None:
    join(world.marcus, Role.STAFF, world.board, school=world.school, is_lead=False)
    memberships.end(world.marcus.memberships.get(role="staff"), by=world.helen)
    assert Prospect.objects.get().champion == world.marcus


def test_a_board_keeps_an_administrator(world: SmallWorld, ruth: User) -> None:
    second = User.objects.create_user("two@board.example", "Second")
    join(second, Role.BOARD_ADMIN, world.board, is_lead=False)
    memberships.end(ruth.memberships.get(), by=second)
    with pytest.raises(ValidationError, match="at least one administrator"):
        memberships.end(second.memberships.get(), by=ruth)


def test_nobody_ends_or_changes_their_own_role(world: SmallWorld, ruth: User, signed_in: SignIn) -> None:
    for path in ("", "end/"):
        assert signed_in(ruth).get(f"/members/roles/{ruth.memberships.get().pk}/{path}").status_code == 403


# ── Standing in ──


def away(world: SmallWorld, first: date, last: date, stand_in: User) -> Absence:
    absence = Absence(membership=world.marcus.memberships.get(), stand_in=stand_in, starts_on=first, ends_on=last)
    return memberships.go_away(absence, by=world.marcus)


def owe(world: SmallWorld, on: date) -> Reminder:
    """A next step of Marcus Lee that is due `on`."""
    prospect = Prospect.objects.get()
    return Reminder.objects.create(
        rule="next_step", subject_type_id=content_type(prospect), subject_id=prospect.pk, part="champion",
        owed_by=world.marcus, due_on=on, mail_at=local(on), board=world.board, school=world.school,
        occasion=on.isoformat(),
    )  # fmt: skip


def content_type(row: Any) -> int:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_model(row).pk


def test_the_stand_in_sees_and_is_mailed_what_is_owed(world: SmallWorld, signed_in: SignIn) -> None:
    Reminder.objects.all().delete()
    owe(world, date(2026, 3, 9))
    away(world, date(2026, 3, 9), date(2026, 3, 10), world.helen)
    assert "for Marcus Lee" in signed_in(world.helen).get("/").content.decode()
    reminders.sweep()
    outbox.sweep()
    assert [m.to for m in mail.outbox] == [["helen@tandem.example"]]


def test_after_the_days_away_it_is_ones_own_again(world: SmallWorld, signed_in: SignIn) -> None:
    Reminder.objects.all().delete()
    owe(world, date(2026, 3, 9))
    absence = away(world, date(2026, 3, 9), date(2026, 3, 10), world.helen)
    with clock.standing_at(local(date(2026, 3, 11))):
        assert "for Marcus Lee" not in signed_in(world.helen).get("/").content.decode()
        reminders.sweep()
        outbox.sweep()
        assert [m.to for m in mail.outbox] == [["marcus@tandem.example"]]
    memberships.call_off(absence, by=world.marcus)
    assert not Reminder.objects.visible_to(world.helen).filter(owed_by=world.marcus).exists()


def test_no_days_away_from_a_role_that_ended(world: SmallWorld, signed_in: SignIn) -> None:
    join(world.marcus, Role.STAFF, world.board, school=world.school, is_lead=False)
    ended = world.marcus.memberships.get(role="staff")
    memberships.end(ended, by=world.helen)
    assert signed_in(world.marcus).get(f"/members/roles/{ended.pk}/away/").status_code == 404


def test_days_away_do_not_overlap_and_the_stand_in_works_there(world: SmallWorld, ruth: User) -> None:
    away(world, date(2026, 3, 9), date(2026, 3, 13), world.helen)
    with pytest.raises(ValidationError, match="overlap"):
        away(world, date(2026, 3, 13), date(2026, 3, 20), world.helen)
    with pytest.raises(ValidationError, match="works in the same place"):
        away(world, date(2026, 4, 13), date(2026, 4, 20), ruth)


def test_one_enters_ones_own_days(world: SmallWorld, signed_in: SignIn) -> None:
    membership = world.marcus.memberships.get()
    browser, url = signed_in(world.marcus), f"/members/roles/{membership.pk}/away/"
    sent = {"starts_on": "2026-03-12", "ends_on": "2026-03-13", "stand_in": str(world.helen.pk)}
    assert browser.post(url, sent).status_code == 302
    assert "Helen Park stands in" in browser.get(url).content.decode()
    backwards = browser.post(url, sent | {"starts_on": "2026-03-20", "ends_on": "2026-03-19"})
    assert "This ends before it starts." in backwards.content.decode()


def test_when_to_be_mailed_is_ones_own_choice(world: SmallWorld, client: Client) -> None:
    client.force_login(world.marcus)
    page = client.get(reverse("me")).content.decode()
    assert all(f'value="{wish}"' in page for wish in User.MailWish.values)
    data = {"name": "Marcus Lee", "title": "", "language": "en", "mail_wish": "never"}
    assert client.post(reverse("me"), {**data, "form_token": "0" * 32}).status_code == 302
    assert User.objects.get(pk=world.marcus.pk).mail_wish == User.MailWish.NEVER
    answer = client.post(reverse("me"), {**data, "mail_wish": "hourly", "form_token": "1" * 32})
    assert answer.status_code == 422


def test_who_is_mailed_on_mondays_by_their_role_is_not_offered_the_morning(world: SmallWorld, client: Client) -> None:
    client.force_login(world.helen)
    page = client.get(reverse("me")).content.decode()
    assert str(User.MailWish.WHEN_DUE.label) not in page
    assert 'value="mondays"' not in page
    assert str(User.MailWish.MONDAYS.label) in page


def test_who_is_invited_twice_by_the_page_has_one_link_that_works(world: SmallWorld, client: Client) -> None:
    client.force_login(world.helen)
    data = {"role": "staff", "name": "Priya", "email": NEW, "language": "en"}
    for token in ("0" * 32, "1" * 32):
        answer = client.post(reverse("invite"), {**data, "form_token": token})
        assert answer.status_code == 302
    assert Invitation.objects.waiting().count() == 1
    assert Invitation.objects.count() == 2


def test_a_password_that_is_set_says_so_on_the_account(world: SmallWorld, client: Client) -> None:
    client.force_login(world.helen)
    lately(client, world.helen)
    password = "seven bicycles on a bridge"
    answer = client.post(reverse("account_set_password"), {"password1": password, "password2": password}, follow=True)
    assert answer.redirect_chain == [(reverse("me"), 302)]
    assert "Password saved." in answer.content.decode()


def test_whoever_holds_no_role_any_more_is_told(world: SmallWorld, client: Client) -> None:
    Membership.objects.filter(user=world.helen).update(ended_at=clock.now())
    client.force_login(world.helen)
    assert "You hold no role at the moment." in client.get(reverse("today")).content.decode()


def test_whoever_leads_hands_over_to_somebody_who_may_lead(world: SmallWorld, ruth: User) -> None:
    """A teacher could do nothing with an initiative or a prospect; of a teacher anybody of the school takes over."""
    teacher = User.objects.create_user("tess@tandem.example", "Tess Teacher")
    join(teacher, Role.STAFF, world.board, school=world.school)
    of_marcus = Membership.objects.get(user=world.marcus)
    assert set(memberships.successors(of_marcus)) == {world.helen}
    assert set(memberships.successors(Membership.objects.get(user=teacher))) == {world.helen, world.marcus}
    with pytest.raises(ValidationError, match="works in the same place"):
        memberships.end(of_marcus, by=ruth, to=teacher)
    assert Membership.objects.get(pk=of_marcus.pk).ended_at is None
    assert Initiative.objects.get(pk=world.initiative.pk).champion == world.marcus
