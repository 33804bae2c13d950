"""Beginning: a school on its own, the demonstration world, and the links on the terminal."""

import io
import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from accounts.models import Event, Membership, User
from accounts.permissions import Role
from boards.models import Board
from core import clock
from demo import world
from engines.reminders.models import Reminder
from outreach.models import Meeting, Prospect
from schools.models import Need, School
from tests.small_world import TORONTO

pytestmark = pytest.mark.django_db
WORDS = {"name": "Priya Nair", "email": "priya@cedarhill.example", "school_name": "Cedar Hill", "town": "Cedar Hill"}


def prepare(**options: Any) -> str:
    out = io.StringIO()
    call_command("prepare", stdout=out, **options)
    return out.getvalue()


def test_two_questions_then_today(client: Client) -> None:
    assert "/begin/" in prepare(empty=True)
    page = reverse("begin")
    assert client.get(page).status_code == 200
    assert client.post(page, WORDS | {"form_token": str(uuid4())})["Location"] == "/"
    assert client.get("/").status_code == 200
    user, school, board = User.objects.get(), School.objects.get(), Board.objects.get()
    roles = {(m.role, m.school_id) for m in Membership.objects.all()}
    assert roles == {(Role.CHAMPION, school.pk), (Role.BOARD_ADMIN, None)}
    assert (school.board, school.name, board.closed_periods.filter(kind="summer").exists()) == (
        board,
        "Cedar Hill",
        True,
    )
    assert Event.objects.filter(by=user, verb="added").count() == 4
    link = re.search(r"http\S+(/come-in/\S+)", prepare(empty=True))
    assert link is not None
    assert Client().get(link[1]).status_code == 200


def test_the_second_of_two_clicks_begins_nothing(client: Client) -> None:
    words = WORDS | {"form_token": str(uuid4())}
    for _click in range(2):
        assert client.post(reverse("begin"), words)["Location"] == "/"
    assert (User.objects.count(), School.objects.count()) == (1, 1)
    assert client.get(reverse("begin")).status_code == 404


def test_a_begun_site_or_one_that_is_not_local_has_no_beginning(client: Client, settings: Any) -> None:
    settings.LOCAL = False
    assert client.get(reverse("begin")).status_code == 404
    assert client.post(reverse("begin"), WORDS).status_code == 404
    assert not User.objects.exists()
    with pytest.raises(CommandError):
        prepare()


@pytest.mark.parametrize("today", [date(2026, 3, 11), date(2026, 8, 15), date(2027, 1, 2), date(2026, 11, 24)])
def test_the_world_loads_on_any_day_and_tells_its_story(today: date, client: Client) -> None:
    with clock.standing_at(datetime(today.year, today.month, today.day, 9, 0, tzinfo=TORONTO)):
        world.load()
        marcus = User.objects.get(name="Marcus Lee")
        zone = Board.objects.get(short_name="MVDSB").zone
        on = today + timedelta(days={5: 2, 6: 1}.get(today.weekday(), 0))
        with clock.standing_at(datetime(on.year, on.month, on.day, 9, 0, tzinfo=TORONTO)):
            client.force_login(marcus)
            page = client.get("/").content.decode()
            late = Reminder.objects.open().get(owed_by=marcus, rule="meeting_after", due_on__lt=on)
            assert (on - late.due_on).days >= 7
            assert "Lakeshore Regional Hospital" in page
            harbour = Meeting.objects.get(prospect__business__name="Harbour Credit Union")
            local = harbour.starts_at.astimezone(zone)
            assert local.date() > on
            assert local.weekday() < 5
    assert {need.sentence for need in Need.objects.all()} >= {
        "A bus to transport 18 students, once a week for 15 weeks",
        "4 mentors, 2 hours weekly for 20 weeks",
        "A coach to take 30 students to 3 tournaments",
    }
    assert Prospect.objects.get(business__name="Corvid Games").stage == "not_now"
    assert Event.objects.filter(by=None).count() == 0


def test_each_role_gets_a_link_and_a_second_preparation_changes_nothing() -> None:
    first = prepare()
    counted = (User.objects.count(), Prospect.objects.count(), Event.objects.count())
    second = prepare()
    assert (User.objects.count(), Prospect.objects.count(), Event.objects.count()) == counted
    for said in (first, second):
        assert len(re.findall(r"/come-in/\S{40,}", said)) == 7


def test_a_link_for_one_person_or_for_an_imported_board() -> None:
    prepare()
    out = io.StringIO()
    call_command("sign_in_link", email="ruth@mvdsb.example", stdout=out)
    call_command("sign_in_link", board="Grand-Érable", stdout=out)
    board = Board.objects.create(name="Algoma DSB", language="en")
    for _again in range(2):
        call_command("sign_in_link", board="algoma dsb", stdout=out)
    assert out.getvalue().count("/come-in/") == 4
    assert Membership.objects.filter(board=board, role=Role.BOARD_ADMIN).count() == 1
    for wrong in ({"email": "nobody@mvdsb.example"}, {"board": "no such board"}):
        with pytest.raises(CommandError):
            call_command("sign_in_link", **wrong)


def test_local_with_a_host_that_others_reach_is_an_error(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "tandem.example"]
    assert "tandem.E001" in {message.id for message in run_checks()}
    settings.LOCAL = False
    assert "tandem.E001" not in {message.id for message in run_checks()}
