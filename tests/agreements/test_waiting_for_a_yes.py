"""An agreement that waits for a yes stands on the Today of whoever can do something about it, and asks the partner."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from agreements import actions
from agreements.models import AgreementVersion
from engines.reminders.models import Reminder
from partnerships import actions as partnerships
from partnerships.models import Side
from tests.small_world import join
from tests.talks import Talks

TODAY = date(2026, 3, 9)
TEN_SCHOOL_DAYS_ON = date(2026, 3, 24)  # one of the days between is without school
SignIn = Callable[[User], Client]


@pytest.fixture
def version(talks: Talks) -> AgreementVersion:
    """A draft, two school days old at most, of an agreed partnership that Iris Chen sees."""
    partnership = partnerships.agree(talks.begin(), by=talks.marcus)
    talks.give_iris_an_address()
    partnerships.share(partnership, lead=talks.world.contact, by=talks.marcus)
    return actions.draft(partnership, by=talks.marcus)


def iris() -> User:
    return User.objects.get(email="iris@harbour.example")


def say_yes(version: AgreementVersion, side: Side, by: User) -> None:
    actions.record_yes(version, side, name="Somebody", said_on=TODAY, how="email", by=by)


def owed() -> set[tuple[str, str, date]]:
    rows = Reminder.objects.open().filter(rule="mou_signature")
    return {(row.part, row.owed_by.name, row.due_on) for row in rows.select_related("owed_by")}


def test_each_yes_is_owed_by_who_can_bring_it_about(version: AgreementVersion, talks: Talks) -> None:
    assert owed() == {
        ("school side", "Helen Park", TEN_SCHOOL_DAYS_ON),
        ("partner side", "Marcus Lee", TEN_SCHOOL_DAYS_ON),
    }
    say_yes(version, Side.SCHOOL, talks.world.helen)
    assert {part for part, _name, _on in owed()} == {"partner side"}
    say_yes(version, Side.PARTNER, iris())
    assert owed() == set()


def test_without_a_principal_the_champion_owes_one_item_at_a_time(talks: Talks) -> None:
    talks.world.helen.memberships.update(role=Role.STAFF)
    version = actions.draft(partnerships.agree(talks.begin(), by=talks.marcus), by=talks.marcus)
    assert {(part, name) for part, name, _on in owed()} == {("school side", "Marcus Lee")}
    say_yes(version, Side.SCHOOL, talks.marcus)
    assert {(part, name) for part, name, _on in owed()} == {("partner side", "Marcus Lee")}


def test_a_withdrawn_draft_waits_for_nobody(version: AgreementVersion, talks: Talks) -> None:
    actions.withdraw(version, by=talks.marcus)
    assert owed() == set()


def test_today_shows_it_at_once(version: AgreementVersion, talks: Talks, signed_in: SignIn) -> None:
    page = signed_in(talks.world.helen).get("/").content.decode()
    assert "The agreement with Harbour Credit Union waits for a yes" in page


def test_the_partner_is_asked_on_its_page_and_not_by_mail(
    version: AgreementVersion, talks: Talks, signed_in: SignIn
) -> None:
    browser = signed_in(iris())
    assert "Your yes is asked for" in browser.get("/").content.decode()
    assert not Reminder.objects.filter(rule="mou_signature", owed_by=iris()).exists()
    say_yes(version, Side.PARTNER, iris())
    assert "Your yes is asked for" not in browser.get("/").content.decode()


# ── Two at one form, and who may say it on this page ──


def send(browser: Client, version: AgreementVersion, **typed: str) -> Any:
    words = {"side": "school", "name": "Helen Park", "said_on": TODAY.isoformat(), "how": "in_person"}
    return browser.post(f"/agreements/{version.pk}/yes/", words | typed)


def test_of_two_who_record_the_same_yes_the_second_is_told(
    version: AgreementVersion, talks: Talks, signed_in: SignIn
) -> None:
    browser = signed_in(talks.world.helen)
    assert send(browser, version).status_code == 302
    again = send(browser, version, name="H. Park")
    assert again.status_code == 422
    page = again.content.decode()
    assert "The yes of this side is recorded already." in page
    assert "not one of the available choices" not in page
    assert 'value="H. Park"' in page


def test_on_this_page_says_it_only_who_says_it(version: AgreementVersion, talks: Talks, signed_in: SignIn) -> None:
    helen = signed_in(talks.world.helen)
    refused = send(helen, version, side="partner", how="here")
    assert "Only who says yes says it on this page." in refused.content.decode()
    assert not version.answers.exists()
    assert send(helen, version, how="here").status_code == 302
    assert "On this page" not in signed_in(talks.marcus).get(f"/agreements/{version.pk}/yes/").content.decode()
    assert send(signed_in(iris()), version, side="partner", how="here").status_code == 302


def test_an_assistant_hears_of_it_and_does_not_say_it(talks: Talks, version: AgreementVersion) -> None:
    assistant = User.objects.create_user("assistant@tandem.example", "Ana")
    join(assistant, Role.ASSISTANT, talks.world.board, school=talks.world.school)
    assert not actions.speaks_for(assistant, version, Side.SCHOOL)
    assert not actions.may_record(assistant, version, Side.SCHOOL)


def test_a_withdrawn_version_stands_no_more_on_the_page(
    version: AgreementVersion, talks: Talks, signed_in: SignIn
) -> None:
    browser, page = signed_in(talks.marcus), f"/partnerships/{version.partnership_id}/"
    assert f"/agreements/{version.pk}/" in browser.get(page).content.decode()
    actions.withdraw(version, by=talks.marcus)
    assert f"/agreements/{version.pk}/" not in browser.get(page).content.decode()
    assert "Draft the agreement" in browser.get(page).content.decode()
