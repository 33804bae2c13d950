"""What the pages of a partnership ask, say and keep."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from partnerships import actions, sessions
from partnerships.models import Partnership, PartnershipYear, Session
from schools.models import Family
from tests.factories import rows
from tests.small_world import join
from tests.talks import Talks

SignIn = Callable[[User], Client]


@pytest.fixture
def year(talks: Talks) -> PartnershipYear:
    return talks.running()


def begin(browser: Client, talks: Talks) -> Any:
    typed = {"shared_vision": "Every child reads.", "starts_on": "2026-03-09", "ends_on": "2026-06-30"}
    return browser.post(f"/prospects/{talks.world.prospect.pk}/begin/", typed)


def test_what_has_begun_is_opened_and_not_begun_again(talks: Talks, signed_in: SignIn) -> None:
    browser = signed_in(talks.marcus)
    assert begin(browser, talks).status_code == 302
    page = f"/partnerships/{Partnership.objects.get().pk}/"
    assert browser.get(f"/prospects/{talks.world.prospect.pk}/begin/")["Location"] == page
    again = begin(browser, talks)
    assert again.status_code == 422
    assert "has begun already" in again.content.decode()
    assert "Every child reads." in again.content.decode()
    assert PartnershipYear.objects.count() == 1


def test_who_agrees_is_told_who_has_promised_nothing(talks: Talks, signed_in: SignIn) -> None:
    partnership = talks.begin()
    browser, url = signed_in(talks.marcus), f"/partnerships/{partnership.pk}/agree/"
    assert "of Riverbend Secondary School and Harbour Credit Union" in browser.get(url).content.decode()
    rows.commitment(partnership.years.get(), "A room", side="school", kind="other", quantity=None)
    page = browser.get(url).content.decode()
    assert "No promise is written yet of Harbour Credit Union." in page
    assert browser.post(url).status_code == 302
    assert Partnership.objects.get().state == Partnership.State.AGREEMENT


def log(browser: Client, year: PartnershipYear, **typed: str) -> Any:
    words = {"title": "Reading", "held_on": "2026-03-09", "volunteers": "2", "hours": "4", "students": "20"}
    return browser.post(f"/partnership-years/{year.pk}/sessions/add/", words | typed)


def test_a_session_of_the_same_name_and_day_is_asked_about_once(
    talks: Talks, year: PartnershipYear, signed_in: SignIn
) -> None:
    browser = signed_in(talks.marcus)
    assert log(browser, year).status_code == 302
    asked = log(browser, year, title="réading", hours="5")
    assert "is logged for this day already. Is it the same one?" in asked.content.decode()
    assert 'name="is_another"' in asked.content.decode()
    assert Session.objects.count() == 1
    assert log(browser, year, title="réading", hours="5", is_another="on").status_code == 302
    assert log(browser, year, title="Writing").status_code == 302
    assert Session.objects.count() == 3


def test_a_session_that_did_not_take_place_is_not_asked_about(
    talks: Talks, year: PartnershipYear, signed_in: SignIn
) -> None:
    browser = signed_in(talks.marcus)
    log(browser, year)
    sessions.cancel(Session.objects.get(), by=talks.marcus)
    assert log(browser, year).status_code == 302


def test_what_waits_for_a_yes_shows_its_numbers(talks: Talks, year: PartnershipYear, signed_in: SignIn) -> None:
    iris = User.objects.get(email="iris@harbour.example")
    log(signed_in(iris), year, hours="4.5", students="3")
    page = f"/partnerships/{year.partnership_id}/"
    seen = signed_in(talks.marcus).get(page).content.decode()
    assert "2 people, 4.5 h" in seen.replace("\xa0", " ")
    assert "3 students" in seen
    family = Family.objects.create(board=talks.world.board, name="North")
    talks.world.school.family = family
    talks.world.school.save()
    amara = User.objects.create_user("amara@tandem.example", "Amara")
    join(amara, Role.SUPERINTENDENT, talks.world.board, family=family)
    assert "fewer than 5 students" in signed_in(amara).get(page).content.decode()


def test_a_year_can_be_looked_at(talks: Talks, year: PartnershipYear, signed_in: SignIn) -> None:
    browser, page = signed_in(talks.marcus), f"/partnerships/{year.partnership_id}/"
    assert "?year=" not in browser.get(page).content.decode()
    actions.add_year(year.partnership, starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30), by=talks.marcus)
    rows.commitment(year, "Red books", side="partner", kind="other", quantity=None)
    first = browser.get(page).content.decode()
    assert "Red books" in first
    assert 'href="?year=2"' in first
    assert "Add year 3" in first
    second = browser.get(f"{page}?year=2").content.decode()
    assert "Red books" not in second
    assert "1 July 2026 to 30 June 2027" in second
    assert f"/partnership-years/{year.pk + 1}/sessions/add/" not in second  # it has not begun
    for nonsense in ("9", "two", "-1", "%00", ""):
        assert "Red books" in browser.get(f"{page}?year={nonsense}").content.decode()


def edit_year(browser: Client, year: PartnershipYear, starts_on: str, ends_on: str) -> str:
    typed = {"starts_on": starts_on, "ends_on": ends_on, "version": str(year.version)}
    shown = {"initial-starts_on": str(year.starts_on), "initial-ends_on": str(year.ends_on)}
    return browser.post(f"/partnership-years/{year.pk}/edit/", typed | shown).content.decode()


def test_a_year_that_leaves_a_session_out_is_refused_at_the_field_that_does_it(
    talks: Talks, year: PartnershipYear, signed_in: SignIn
) -> None:
    browser, words = signed_in(talks.marcus), "A session was logged on a day that would lie outside."
    log(browser, year)
    late = edit_year(browser, year, "2026-03-10", "2026-06-30")
    assert ('#id_starts_on"' in late, '#id_ends_on"' in late, words in late) == (True, False, True)
    early = edit_year(browser, year, "2026-03-01", "2026-03-08")
    assert ('#id_starts_on"' in early, '#id_ends_on"' in early, words in early) == (False, True, True)


def test_somebody_of_the_partner_is_let_go(talks: Talks, year: PartnershipYear, signed_in: SignIn) -> None:
    iris = User.objects.get(email="iris@harbour.example")
    own, browser = signed_in(iris), signed_in(talks.marcus)
    page = f"/partnerships/{year.partnership_id}/"
    assert own.get(page).status_code == 200
    assert "In for Harbour Credit Union" in browser.get(f"{page}invite/").content.decode()
    membership = iris.memberships.get()
    for nobody in ("", "x", str(talks.marcus.memberships.get().pk)):
        browser.post(f"{page}people/end/", {"membership": nobody})
    assert own.get(page).status_code == 200
    assert browser.post(f"{page}people/end/", {"membership": str(membership.pk)}).status_code == 302
    assert own.get(page).status_code == 404
    assert talks.marcus.memberships.get().ended_at is None


def test_the_list_names_the_school_to_those_who_see_several(
    talks: Talks, year: PartnershipYear, signed_in: SignIn
) -> None:
    admin = User.objects.create_user("ruth@tandem.example", "Ruth")
    join(admin, Role.BOARD_ADMIN, talks.world.board)
    assert "Reading Buddies · Riverbend Secondary School" in signed_in(admin).get("/partnerships/").content.decode()
    assert "Reading Buddies · Riverbend" not in signed_in(talks.marcus).get("/partnerships/").content.decode()
