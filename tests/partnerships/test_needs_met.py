"""What of a need is promised and met, from the promises of partnerships; and the school's word on what arrived."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Event, User
from accounts.permissions import Role
from businesses.models import Business
from core import clock
from partnerships import actions
from partnerships.models import Commitment, Partnership, PartnershipYear
from schools import needs_met
from schools.amounts import Tally
from schools.models import Need
from tests.factories import rows
from tests.small_world import join
from tests.talks import NOW, Talks

State = Partnership.State
SignIn = Callable[[User], Client]
D = Decimal


@pytest.fixture
def year(talks: Talks) -> PartnershipYear:
    return talks.running()


@pytest.fixture
def need(talks: Talks, year: PartnershipYear) -> Need:
    facts: dict[str, Any] = {"kind": "mentors", "quantity": D(4), "hours": D(2), "frequency": "weekly", "times": 20}
    return Need.objects.create(initiative=year.partnership.initiative, created_by=talks.marcus, **facts)


def promise(year: PartnershipYear, need: Need, quantity: int = 3) -> Commitment:
    return rows.commitment(year, "", kind="mentors", quantity=D(quantity), need=need)


def met(need: Need, reader: User) -> needs_met.Met:
    helpers = needs_met.helpers_of([need.initiative_id], reader)
    return needs_met.met_of([need], helpers)[need.pk]


@pytest.mark.parametrize(
    ("state", "found", "lines"),
    [
        (State.FORMING, Tally(D(4)),
         ("Harbour Credit Union offers 3. It counts as promised once both have agreed.",)),
        (State.AGREEMENT, Tally(D(4), D(0), D(3)), ("3 promised by Harbour Credit Union.",)),
        (State.ACTIVE, Tally(D(4), D(0), D(3)), ("3 promised by Harbour Credit Union.",)),
        (State.PAUSED, Tally(D(4), D(0), D(3)), ("3 promised by Harbour Credit Union.",)),
        (State.ENDING, Tally(D(4), D(0), D(3)), ("3 promised by Harbour Credit Union.",)),
        (State.ENDED, Tally(D(4)), ()),
    ],
)  # fmt: skip
def test_it_counts_once_both_have_agreed(
    talks: Talks, year: PartnershipYear, need: Need, state: State, found: Tally, lines: tuple[str, ...]
) -> None:
    promise(year, need)
    Partnership.objects.update(state=state)
    assert (met(need, talks.marcus).tally, met(need, talks.marcus).lines) == (found, lines)


def test_what_arrived_is_met_and_the_rest_stays_promised(talks: Talks, year: PartnershipYear, need: Need) -> None:
    promised = promise(year, need)
    actions.confirm_delivery(promised, D(2), by=talks.marcus)
    found = met(need, talks.marcus)
    assert found.tally == Tally(D(4), D(2), D(1))
    assert found.lines == ("2 from Harbour Credit Union.", "1 promised by Harbour Credit Union.")
    assert found.label == "2 of 4 mentors met, 1 promised"
    assert (found.met_figure, found.whole_figure, found.noun, found.status) == ("2", "4", "mentors", "part")


def test_a_name_that_ends_in_a_stop_ends_the_sentence(talks: Talks, year: PartnershipYear, need: Need) -> None:
    Business.objects.update(name="Northgate Inc.")
    promise(year, need)
    assert met(need, talks.marcus).lines == ("3 promised by Northgate Inc.",)


def test_it_may_be_corrected_and_taken_back(talks: Talks, year: PartnershipYear, need: Need) -> None:
    promised = promise(year, need)
    for number in (2, 2, 3, 0):
        actions.confirm_delivery(promised, D(number), by=talks.marcus)
    told = Event.objects.filter(subject_id=promised.pk, verb__in=["confirmed", "corrected"]).order_by("pk")
    assert [(event.verb, event.why) for event in told] == [
        ("confirmed", "2"), ("corrected", "2 → 3"), ("corrected", "3 → 0"),
    ]  # fmt: skip
    promised.refresh_from_db()
    assert (promised.delivered, promised.delivered_at, promised.delivered_by, promised.version) == (0, None, None, 4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.update(delivered=1)


def test_several_partners_add_up_and_what_is_withdrawn_does_not(
    talks: Talks, year: PartnershipYear, need: Need
) -> None:
    promise(year, need, 1)
    other = rows.business(talks.world.board, "Northgate")
    more = rows.partnership(rows.prospect(need.initiative, other, talks.marcus))
    theirs = promise(rows.partnership_year(more), need, 2)
    actions.confirm_delivery(theirs, D(2), by=talks.marcus)
    assert met(need, talks.marcus).tally == Tally(D(4), D(2), D(1))
    theirs.refresh_from_db()
    actions.withdraw(theirs, by=talks.marcus)
    assert met(need, talks.marcus).tally == Tally(D(4), D(0), D(1))


def test_what_is_promised_anew_each_year_is_one_promise(talks: Talks, year: PartnershipYear, need: Need) -> None:
    actions.confirm_delivery(promise(year, need, 2), D(2), by=talks.marcus)
    second = actions.add_year(
        year.partnership, starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30), by=talks.marcus
    )  # fmt: skip
    promise(second, need, 3)
    assert met(need, talks.marcus).tally == Tally(D(4), D(2), D(0))  # it has not begun
    with clock.standing_at(NOW + timedelta(days=120)):
        assert met(need, talks.marcus).tally == Tally(D(4), D(0), D(3))


@pytest.mark.parametrize(("frequency", "stays"), [("", 2), ("once", 2), ("weekly", 0)])
def test_of_a_partnership_that_ended_stays_what_was_given_once(
    talks: Talks, year: PartnershipYear, need: Need, frequency: str, stays: int
) -> None:
    Need.objects.update(frequency=frequency)
    need.refresh_from_db()
    actions.confirm_delivery(promise(year, need), D(2), by=talks.marcus)
    Partnership.objects.update(state=State.ENDED)
    assert met(need, talks.marcus).tally == Tally(D(4), D(stays), D(0))


def test_who_may_not_know_the_partnership_reads_a_partner(talks: Talks, year: PartnershipYear, need: Need) -> None:
    stranger = User.objects.create_user("stranger@tandem.example", "Stranger")
    promise(year, need)
    [helper] = needs_met.helpers_of([need.initiative_id], stranger)
    assert (helper.name, helper.lead, helper.page) == ("", "", 0)
    assert met(need, stranger).lines == ("3 promised by a partner.",)
    Partnership.objects.update(state=State.FORMING)
    assert met(need, stranger).lines == ()


def test_only_the_partners_standing_promise_can_arrive(talks: Talks, year: PartnershipYear, need: Need) -> None:
    promised = promise(year, need)
    ours = rows.commitment(year, "A room", side="school", kind="other", quantity=None)
    with pytest.raises(ValidationError, match="partner’s promise"):
        actions.confirm_delivery(ours, D(1), by=talks.marcus)
    Partnership.objects.update(state=State.FORMING)
    with pytest.raises(ValidationError, match="First agree"):
        actions.confirm_delivery(promised, D(1), by=talks.marcus)
    Partnership.objects.update(state=State.ACTIVE)
    actions.withdraw(promised, by=talks.marcus)
    with pytest.raises(ValidationError, match="withdrawn"):
        actions.confirm_delivery(promised, D(1), by=talks.marcus)


def send(browser: Client, promised: Commitment, how_much: str, version: int) -> Any:
    typed = {"how_much": how_much, "version": str(version), "initial-how_much": "0"}
    return browser.post(f"/promises/{promised.pk}/delivered/", typed)


def test_the_page_keeps_it_and_tells_whoever_comes_late(
    talks: Talks, year: PartnershipYear, need: Need, signed_in: SignIn
) -> None:
    promised, browser = promise(year, need), signed_in(talks.marcus)
    page = browser.get(f"/promises/{promised.pk}/delivered/").content.decode()
    assert "Out of 4 mentors. 0 takes it back." in page
    assert 'value="3"' in page  # what was promised, to begin with
    assert Commitment.objects.get(pk=promised.pk).delivered == 0
    assert send(browser, promised, "3", 1).status_code == 302
    late = send(browser, promised, "2", 1)
    assert late.status_code == 422
    assert "Somebody else saved “3” here" in late.content.decode()
    assert Commitment.objects.get(pk=promised.pk).delivered == 3
    shown = browser.get(f"/partnerships/{year.partnership_id}/").content.decode()
    assert "Arrived: 3 mentors" in shown
    assert "Correct what arrived" in shown
    initiative = browser.get(f"/initiatives/{need.initiative_id}/").content.decode()
    assert "3 from Harbour Credit Union." in initiative
    assert 'aria-label="3 of 4 mentors met"' in initiative


@pytest.mark.parametrize("how_much", ["", "-1", "many", "1e9", "NaN", "10000001"])
def test_a_wrong_number_is_told_at_its_field(
    talks: Talks, year: PartnershipYear, need: Need, signed_in: SignIn, how_much: str
) -> None:
    promised = promise(year, need)
    answer = send(signed_in(talks.marcus), promised, how_much, 1)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"how_much"})
    assert Commitment.objects.get(pk=promised.pk).delivered == 0


def test_who_only_reads_may_not_say_it(talks: Talks, year: PartnershipYear, need: Need, signed_in: SignIn) -> None:
    promised = promise(year, need)
    teacher = User.objects.create_user("t@tandem.example", "Teacher")
    join(teacher, Role.STAFF, talks.world.board, school=talks.world.school)
    assert send(signed_in(teacher), promised, "3", 1).status_code == 403
    iris = User.objects.get(email="iris@harbour.example")
    assert send(signed_in(iris), promised, "3", 1).status_code == 403
    assert "It has arrived" not in signed_in(iris).get(f"/partnerships/{year.partnership_id}/").content.decode()


def test_the_list_says_how_many_needs_are_met(
    talks: Talks, year: PartnershipYear, need: Need, signed_in: SignIn
) -> None:
    promised, browser = promise(year, need, 4), signed_in(talks.marcus)
    rows.need(need.initiative, talks.marcus)
    assert "1 of 2 promised" in browser.get("/initiatives/").content.decode()
    actions.confirm_delivery(promised, D(4), by=talks.marcus)
    assert "1 of 2 met" in browser.get("/initiatives/").content.decode()
