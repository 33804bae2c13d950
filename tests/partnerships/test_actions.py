"""The steps of a partnership: one function moves the state, and the partner sees nothing before it is shared."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Event, Membership, User
from accounts.permissions import Role
from businesses.models import Business, Contact
from core import clock
from core.gates import GateClosed
from engines.outbox.actions import send
from engines.outbox.models import Message
from outreach import actions as outreach
from outreach.models import Prospect, Stage
from partnerships import actions
from partnerships.actions import COMES_FROM
from partnerships.models import Partnership, PartnershipYear
from schools.models import Initiative
from tests.factories import rows
from tests.talks import NOW, YEAR, Talks

State = Partnership.State


def test_begun_it_is_private_and_takes_shape(talks: Talks) -> None:
    partnership = talks.begin()
    year = partnership.years.get()
    assert (partnership.state, partnership.shared_at) == (State.FORMING, None)
    assert (year.number, year.starts_on, year.ends_on) == (1, YEAR["starts_on"], YEAR["ends_on"])
    assert partnership.partner_lead == talks.world.contact
    with pytest.raises(ValidationError, match="begun already"):
        talks.begin()
    assert PartnershipYear.objects.count() == 1


def test_it_begins_in_discussion_only(talks: Talks) -> None:
    outreach.move(talks.world.prospect, to=Stage.CONTACTED, by=talks.marcus)
    with pytest.raises(ValidationError):
        talks.begin()
    assert not Partnership.objects.exists()


def test_a_prospect_is_agreed_once_its_partnership_has_begun(talks: Talks) -> None:
    with pytest.raises(GateClosed, match="Begin the partnership first"):
        outreach.move(talks.world.prospect, to=Stage.AGREED, by=talks.marcus)
    partnership = actions.agree(talks.begin(), by=talks.marcus)
    assert partnership.state == State.AGREEMENT
    assert Prospect.objects.get().stage == Stage.AGREED
    assert actions.agree(partnership, by=talks.marcus).state == State.AGREEMENT


@pytest.mark.parametrize("to", State)
@pytest.mark.parametrize("start", State)
def test_only_the_moves_of_the_table(talks: Talks, start: State, to: State) -> None:
    partnership = talks.begin()
    Partnership.objects.update(state=start, is_from_before=True)  # the gate before "active" has its own tests
    if start == to or start in COMES_FROM[to]:
        assert actions.move(partnership, to=to, by=talks.marcus, why="So be it").state == to
    else:
        with pytest.raises(ValidationError, match="does not go from"):
            actions.move(partnership, to=to, by=talks.marcus)
        assert Partnership.objects.get().state == start


def test_active_its_card_leaves_the_board_and_the_initiative_is_under_way(talks: Talks) -> None:
    partnership = talks.begin()
    Partnership.objects.update(is_from_before=True)
    actions.move(partnership, to=State.ACTIVE, by=talks.marcus)
    prospect = Prospect.objects.get()
    assert (prospect.off_board_at, prospect.next_step) == (NOW, "")
    assert list(Prospect.objects.on_board()) == []
    assert Initiative.objects.get().state == Initiative.State.UNDER_WAY
    assert {e.verb for e in Event.objects.filter(subject_id=partnership.pk)} >= {"begun", "moved to active"}


def test_one_that_ended_begins_again_with_a_further_year(talks: Talks) -> None:
    partnership = talks.begin()
    actions.move(partnership, to=State.ENDED, by=talks.marcus, why="They moved away")
    with clock.standing_at(NOW + timedelta(days=200)):
        again = actions.begin(
            talks.world.prospect, kind="", counts_as="", shared_vision="", by=talks.marcus,
            starts_on=date(2026, 9, 8), ends_on=date(2027, 6, 30),
        )  # fmt: skip
    assert (again.pk, again.state) == (partnership.pk, State.FORMING)
    assert [year.number for year in again.years.all()] == [1, 2]


def test_years_follow_each_other(talks: Talks) -> None:
    partnership = talks.begin()
    with pytest.raises(ValidationError):
        actions.add_year(partnership, starts_on=date(2026, 6, 30), ends_on=date(2027, 6, 30), by=talks.marcus)
    actions.add_year(partnership, starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30), by=talks.marcus)
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnershipYear.objects.create(
            partnership=partnership, number=3, starts_on=date(2027, 7, 1), ends_on=date(2027, 7, 1)
        )


# ── Shared ──


def test_sharing_lets_the_lead_in_without_a_password(talks: Talks) -> None:
    partnership = talks.begin()
    talks.give_iris_an_address()
    iris = talks.world.contact
    actions.share(partnership, lead=iris, by=talks.marcus)
    iris.refresh_from_db()
    user = User.objects.get(email="iris@harbour.example")
    assert iris.user == user
    assert not user.has_usable_password()
    membership = Membership.objects.get(user=user)
    assert (membership.role, membership.business, membership.is_lead) == (Role.PARTNER, iris.business, True)
    assert (partnership.shared_at, partnership.shared_by) == (NOW, talks.marcus)
    assert list(Partnership.objects.visible_to(user)) == [partnership]


def test_the_invitation_is_written_and_says_how_to_come_in(talks: Talks, mailoutbox: list[object]) -> None:
    partnership = talks.begin()
    talks.give_iris_an_address()
    actions.share(partnership, lead=talks.world.contact, by=talks.marcus)
    message = Message.objects.get(kind="partner_invitation")
    assert send(message.pk)
    mail = mailoutbox[0]
    assert mail.subject == "Riverbend Secondary School shares “Mentors for 60” with you"  # type: ignore[attr-defined]
    for said in ("Iris Chen", "Marcus Lee", f"/partnerships/{partnership.pk}/", "iris@harbour.example", "no password"):
        assert said in mail.body  # type: ignore[attr-defined]


def test_before_it_is_shared_nobody_is_invited(talks: Talks) -> None:
    partnership = talks.begin()
    talks.give_iris_an_address()
    with pytest.raises(ValidationError, match="Share the partnership first"):
        actions.invite(partnership, talks.world.contact, by=talks.marcus)
    assert not Membership.objects.filter(role=Role.PARTNER).exists()


def test_only_people_of_the_partner_who_can_be_written_to(talks: Talks) -> None:
    partnership = talks.begin()
    stranger = Contact.objects.create(
        business=Business.objects.create(board=talks.world.board, name="Corvid"), name="Al", email="al@corvid.example"
    )
    for contact, why in ((stranger, "of this organisation"), (talks.world.contact, "no e-mail address")):
        with pytest.raises(ValidationError, match=why):
            actions.share(partnership, lead=contact, by=talks.marcus)
    partnership.refresh_from_db()
    assert partnership.shared_at is None


def test_somebody_who_has_an_account_keeps_it(talks: Talks) -> None:
    """A teacher who also works for the partner is one person with two memberships; the second partner does not lead."""
    partnership = talks.begin()
    talks.give_iris_an_address()
    actions.share(partnership, lead=talks.world.contact, by=talks.marcus)
    helen = Contact.objects.create(business=talks.world.business, name="Helen Park", email="HELEN@tandem.example")
    for _ in range(2):
        assert actions.invite(partnership, helen, by=talks.marcus) == talks.world.helen
    roles = [(m.role, m.is_lead) for m in talks.world.helen.memberships.order_by("pk")]
    assert roles == [(Role.PRINCIPAL, True), (Role.PARTNER, False)]


def test_a_partner_of_another_business_sees_nothing(talks: Talks) -> None:
    partnership = talks.begin()
    talks.give_iris_an_address()
    actions.share(partnership, lead=talks.world.contact, by=talks.marcus)
    other = Business.objects.create(board=talks.world.board, name="Corvid")
    stranger = User.objects.create_user("al@corvid.example", "Al")
    Membership.objects.create(user=stranger, role=Role.PARTNER, board=talks.world.board, business=other)
    assert list(Partnership.objects.visible_to(stranger)) == []


# ── Already with us ──


def test_already_with_us_is_active_and_off_the_board(talks: Talks) -> None:
    year = talks.running()
    partnership = year.partnership
    assert (partnership.state, partnership.is_from_before) == (State.ACTIVE, True)
    assert partnership.business == talks.world.business  # found by its name, not doubled
    assert partnership.initiative.title == "Reading Buddies"
    assert list(Prospect.objects.on_board()) == [talks.world.prospect]


def test_already_with_us_makes_what_is_not_there(talks: Talks) -> None:
    running = actions.Running(
        "Atelier Lumière", "Première scène", **YEAR, contact_name="Lou", contact_email="LOU@a.example"
    )
    partnership = actions.already_with_us(talks.world.school, running, by=talks.marcus)
    assert partnership.business.name == "Atelier Lumière"
    assert partnership.partner_lead is not None
    assert partnership.partner_lead.email == "lou@a.example"
    again = actions.Running("ATELIER LUMIERE", "premiere scene", **YEAR)
    with pytest.raises(ValidationError, match="in touch with them"):
        actions.already_with_us(talks.world.school, again, by=talks.marcus)
    assert Business.objects.filter(name__iexact="atelier lumière").count() == 1


def test_promises_are_withdrawn_and_kept(talks: Talks) -> None:
    year = talks.begin().years.get()
    promise = rows.commitment(year)
    for _ in range(2):
        actions.withdraw(promise, by=talks.marcus, why="A mistake")
    promise.refresh_from_db()
    assert promise.withdrawn_at == NOW
    assert Event.objects.filter(verb="withdrawn").count() == 1
