"""A person's data as a file, for a program and for a reader: what names them, as far as they may see it."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts import links
from accounts.models import Absence, AccessLink, Event, Membership, User
from accounts.permissions import Role
from businesses.models import Contact
from core import facts
from engines.reminders.models import Reminder
from evaluation.models import Answer
from outreach.models import Interaction, Meeting
from partnerships.models import Partnership, Session
from people import access_file, naming
from people.models import AccessRequest
from tests.factories import rows
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]


def of(file: access_file.AccessFile) -> dict[str, list[int]]:
    """The keys of the rows of a file by table."""
    return {section.table.model._meta.label: [row.pk for row in section.rows] for section in file.sections}


def mine(user: User) -> dict[str, list[int]]:
    return of(access_file.of_me(user))


def called(world: World, role: str, name: str) -> User:
    User.objects.filter(pk=world.user(role).pk).update(name=name)
    return world.user(role)


# ── One's own ──


def test_what_is_ones_own_is_in_it(world: World) -> None:
    champion = world.user("champion")
    own = world.places["own"].rows
    found = mine(champion)
    assert found["accounts.User"] == [champion.pk]
    assert found["accounts.Membership"] == list(Membership.objects.filter(user=champion).values_list("pk", flat=True))
    assert own[Reminder].pk in found["reminders.Reminder"]
    assert own[AccessLink].pk not in found.get("accounts.AccessLink", [])  # what only machines need is not in it
    assert own[Interaction].pk in found["outreach.Interaction"]
    assert own[Session].pk in found["partnerships.Session"]


def test_an_answer_of_ones_own_and_days_away_are_in_it(world: World) -> None:
    own = world.places["own"].rows
    assert own[Answer].pk in mine(world.user("vice_principal"))["evaluation.Answer"]
    found = mine(world.user("principal"))
    assert found["accounts.Absence"] == [own[Absence].pk]


def test_words_that_name_one_are_found_where_one_may_read_them(world: World) -> None:
    champion = called(world, "champion", "Zoé Kaur-Lee")
    own, near = world.places["own"].rows, world.places["near"].rows
    others = world.user("principal")
    said = rows.interaction(own[Meeting].prospect, others, "Then zoé  kaur-lee called.")
    alike = rows.interaction(own[Meeting].prospect, others, "Zoé Kaur-Leeds called.")
    before = access_file.of_me(champion)
    elsewhere = rows.interaction(near[Meeting].prospect, world.user("champion", "near"), "Zoé Kaur-Lee is kind.")
    after = access_file.of_me(champion)
    found = of(after)["outreach.Interaction"]
    assert said.pk in found
    assert alike.pk not in found
    assert elsewhere.pk not in found
    assert after.not_shown == before.not_shown + 1


def test_a_partner_reads_nothing_of_what_schools_wrote(world: World) -> None:
    """The notes about them are the school's; that there are some is told."""
    partner = world.user("partner")
    contact = world.places["own"].rows[Contact]
    Contact.objects.filter(pk=contact.pk).update(user=partner)
    file = access_file.of_me(partner)
    found = of(file)
    assert found["businesses.Contact"] == [contact.pk]
    assert {"outreach.Prospect", "outreach.Interaction", "outreach.Meeting"} & set(found) == set()
    assert file.not_shown >= 2


def test_a_namesake_in_another_board_is_nobody_of_theirs(world: World) -> None:
    champion = called(world, "champion", "Zoé Kaur-Lee")
    before = access_file.of_me(champion)
    far = world.places["far"].rows
    rows.interaction(far[Meeting].prospect, world.user("champion", "far"), "Zoé Kaur-Lee is kind.")
    rows.contact(far[Partnership].business, "Zoé Kaur-Lee")
    after = access_file.of_me(champion)
    assert (of(after), after.not_shown) == (of(before), before.not_shown)


def test_secrets_are_named_and_not_shown(world: World) -> None:
    champion = world.user("champion")
    Authenticator.objects.create(user=champion, type="totp", data={"secret": "deeply hidden"})
    token = links.make_sign_in_link(champion)
    text = access_file.of_me(champion).as_json()
    told = json.loads(text)
    user = next(table for table in told["kept"] if table["table"] == "accounts.User")["rows"][0]
    assert user["password"] == "kept, not shown"
    assert user["email"] == champion.email
    factor = next(table for table in told["kept"] if table["table"] == "mfa.Authenticator")["rows"][0]
    assert factor["data"] == "kept, not shown"
    for secret in ("deeply hidden", champion.password, token, links.hashed(token)):
        assert secret not in text


def test_the_two_files_hold_the_same_rows(world: World, signed_in: SignIn) -> None:
    browser = signed_in(called(world, "champion", "Zoé <b>Lee</b>"))
    told = browser.get(reverse("me_data_json"))
    read = browser.get(reverse("me_data_file"))
    assert told["Content-Disposition"] == 'attachment; filename="tandem-2026-03-11.json"'
    assert told["Content-Type"] == "application/json"
    assert read["Content-Disposition"] == 'attachment; filename="tandem-2026-03-11.html"'
    assert "no-store" in told["Cache-Control"]
    html, kept = read.content.decode(), json.loads(told.content)["kept"]
    assert [table["what"] for table in kept] == [part.split("</h2>")[0] for part in html.split("<h2>")[1:]]
    assert html.count("<dl>") == sum(len(table["rows"]) for table in kept)
    assert "Zoé &lt;b&gt;Lee&lt;/b&gt;" in html
    assert "<b>" not in html


def test_it_is_read_in_ones_language(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.user("champion"))
    browser.cookies["django_language"] = "fr"
    html = browser.get(reverse("me_data_file")).content.decode()
    assert '<html lang="fr">' in html
    assert "Votre compte" in html


def test_it_costs_as_many_queries_for_one_row_as_for_thirty(world: World) -> None:
    champion = world.user("champion")
    prospect = world.places["own"].rows[Meeting].prospect
    access_file.of_me(champion).as_json()
    taken = []
    for many in (1, 29):
        for _ in range(many):
            rows.interaction(prospect, champion, contact=rows.contact(prospect.business))
            rows.session(world.places["own"].rows[Session].year, champion)
        user = User.objects.get(pk=champion.pk)
        with CaptureQueriesContext(connection) as queries:
            file = access_file.of_me(user)
            file.as_json()
            [list(section.lines()) for section in file.sections]
        taken.append(len(queries))
    assert taken[0] == taken[1]


# ── Somebody else, between two days ──


def asked(world: World, about: str, role: str = "board_admin", **days: date) -> access_file.AccessFile:
    board = world.places["own"].board.pk
    return access_file.of_somebody(about, naming.somebody(about, board), world.user(role), **days)


def test_a_person_is_found_by_address_and_by_name(world: World) -> None:
    contact = world.places["own"].rows[Contact]
    by_address, by_name = asked(world, contact.email.upper()), asked(world, contact.name.upper())
    assert of(by_address) == of(by_name)
    assert of(by_address)["businesses.Contact"] == [contact.pk]
    assert of(by_address)["partnerships.Partnership"] == [world.places["own"].rows[Partnership].pk]


def test_it_shows_what_the_board_may_see_and_counts_the_rest(world: World) -> None:
    """What was said in a call is not read above the school, nor what somebody owes."""
    champion = world.user("champion")
    file = asked(world, champion.email)
    found = of(file)
    assert found["accounts.User"] == [champion.pk]
    assert "accounts.Event" in found
    assert {"outreach.Interaction", "outreach.Meeting", "reminders.Reminder", "usersessions.UserSession"} & set(
        found
    ) == set()
    assert file.not_shown >= 3


def test_an_event_and_its_words_are_one_row(world: World) -> None:
    """Whoever is only named in the words is found by them."""
    own = world.places["own"]
    event = rows.event(own.school, None, why="As Yuki Ibarra asked", name="Riverbend", board=own.board)
    with translation.override("en"):
        file = asked(world, "Yuki Ibarra")
        told = json.loads(file.as_json())
        (line,) = file.sections[0].lines()
        said = {str(what): text for what, text in line}
    assert of(file) == {"accounts.Event": [event.pk]}
    (row,) = told["kept"][0]["rows"]
    assert (row["verb"], row["subject_name"], row["why"]) == ("edited", "Riverbend", "As Yuki Ibarra asked")
    assert row["salt"] == "kept, not shown"
    assert said["what it was called then, and why"] == "Riverbend · As Yuki Ibarra asked"


def test_another_board_is_not_asked(world: World) -> None:
    far = world.user("champion", "far")
    assert of(asked(world, far.email)) == {}
    same = world.places["own"].rows[Contact].email
    rows.contact(world.places["far"].rows[Partnership].business, "Elsewhere", email=same)
    assert len(of(asked(world, same))["businesses.Contact"]) == 1


def test_days_bound_it(world: World) -> None:
    champion, school = world.user("champion"), world.places["own"].school
    facts.changed(school, by=champion, verb="edited")
    today = rows.TODAY
    event = Event.objects.filter(by=champion).latest("pk")
    inside = asked(world, champion.email, since=today, until=today)
    assert event.pk in of(inside)["accounts.Event"]
    later, earlier = today + timedelta(days=1), today - timedelta(days=1)
    for file in (asked(world, champion.email, since=later), asked(world, champion.email, until=earlier)):
        assert event.pk not in of(file).get("accounts.Event", [])
        assert of(file)["accounts.User"] == [champion.pk]  # as it stands today
    assert json.loads(inside.as_json())["from"] == today.isoformat()


def test_of_an_organisation_everything_that_hangs_on_it(world: World) -> None:
    own = world.places["own"].rows
    business = own[Partnership].business
    elsewhere = rows.initiative(world.places["own"].school, f"With {business.name}, perhaps")
    file = access_file.of_somebody(business.name, naming.organisation(business), world.user("board_admin"))
    found = of(file)
    assert found["businesses.Business"] == [business.pk]
    assert own[Contact].pk in found["businesses.Contact"]
    assert own[Partnership].pk in found["partnerships.Partnership"]
    assert own[Session].pk in found["partnerships.Session"]
    assert found["schools.Initiative"] == [elsewhere.pk]
    near = world.places["near"].rows
    assert near[Partnership].pk not in found["partnerships.Partnership"]
    assert "accounts.User" not in found


def test_somebody_only_named_in_a_text_is_found(world: World) -> None:
    school = world.places["own"].school
    initiative = rows.initiative(school, "Chess", description="Yuki Ibarra taught it for years.")
    assert of(asked(world, "Yuki Ibarra")) == {"schools.Initiative": [initiative.pk]}


def test_a_question_is_found_by_whom_it_was_about(world: World) -> None:
    request = world.places["own"].rows[AccessRequest]
    assert of(asked(world, request.about))["people.AccessRequest"] == [request.pk]


def test_an_old_role_is_told_to_whoever_held_it(world: World, signed_in: SignIn) -> None:
    answer: Any = signed_in(world.user("ended")).get(reverse("me_data_json"))
    tables = {table["table"]: table["rows"] for table in json.loads(answer.content)["kept"]}
    assert {row["role"] for row in tables["accounts.Membership"]} == {"principal", "champion"}
    assert Role.PRINCIPAL == "principal"
    assert set(tables) == {"accounts.User", "accounts.Membership"}
