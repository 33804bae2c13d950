"""The sheet for a staff meeting: what it tells of, and what it leaves out."""

import base64
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from engines.documents.qr import qr_svg
from partnerships.models import Partnership
from schools.models import Initiative, Need, School
from tests.factories import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]


@pytest.fixture
def school() -> School:
    board = rows.board("Maple Valley")
    return rows.school(board, "Riverbend", family=rows.family(board))


@pytest.fixture
def devon(school: School, signed_in: SignIn) -> Client:
    return signed_in(rows.member(rows.user("Devon"), Role.STAFF, school.board, school=school).user)


def read(browser: Client, school: School) -> str:
    answer = browser.get(reverse("staff_meeting", args=[school.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_code_and_the_address_lead_to_the_form(school: School, devon: Client) -> None:
    page, address = read(devon, school), settings.SITE_URL + reverse("need_add", args=[school.pk])
    assert base64.b64encode(qr_svg(address)).decode() in page
    assert address.split("://")[1] in page
    assert "Nothing is under way yet: yours can be the first." in page


@pytest.mark.parametrize("state", Initiative.State.values)
def test_it_tells_of_what_is_under_way_or_completed(state: str, school: School, devon: Client) -> None:
    rows.initiative(school, "Robotics for all", state=state)
    assert ("Robotics for all" in read(devon, school)) == (state in ("under_way", "completed"))


@pytest.mark.parametrize("state", Partnership.State.values)
def test_it_tells_of_partnerships_that_have_begun(state: str, school: School, devon: Client) -> None:
    firm = rows.business(school.board, "Northgate Automation")
    partnership = rows.partnership(rows.prospect(rows.initiative(school), firm, rows.user()))
    Partnership.objects.filter(pk=partnership.pk).update(state=state)
    assert ("Northgate Automation" in read(devon, school)) == (state in ("active", "ending", "ended"))


@pytest.mark.parametrize("state", Need.State.values)
def test_it_tells_of_open_needs(state: str, school: School, devon: Client) -> None:
    rows.need(rows.initiative(school), rows.user(), "a robot arm", state=state)
    assert ("a robot arm" in read(devon, school)) == (state == "open")


def test_needs_that_read_alike_are_listed_once_and_others_in_their_place(school: School, devon: Client) -> None:
    for n in range(7):
        rows.need(rows.initiative(school), rows.user(), "a lathe" if n else "a robot arm")
    page = read(devon, school)
    assert page.count("a lathe") == 1
    assert page.count("a robot arm") == 1


def test_it_has_a_button_that_prints(school: School, devon: Client) -> None:
    assert "data-print" in read(devon, school)


def test_each_reads_only_what_they_may(school: School, devon: Client, signed_in: SignIn) -> None:
    near = rows.school(school.board, "Lakeshore", family=school.family)
    rows.initiative(near, "Bridges of Lakeshore", state="completed")
    rows.need(rows.initiative(near), rows.user(), "a lathe")
    assert "Bridges of Lakeshore" not in read(devon, school)
    amara = rows.member(rows.user("Amara"), Role.SUPERINTENDENT, school.board, family=school.family).user
    page = read(signed_in(amara), school)
    assert "Bridges of Lakeshore" in page
    assert "a lathe" not in page  # a need of another school
    stranger = signed_in(rows.user())
    assert stranger.get(reverse("staff_meeting", args=[school.pk])).status_code == 404


def test_the_way_there(school: School, devon: Client, signed_in: SignIn) -> None:
    there = reverse("staff_meeting", args=[school.pk])
    assert there in devon.get(reverse("school", args=[school.pk])).content.decode()
    helen = rows.member(rows.user("Helen"), Role.PRINCIPAL, school.board, school=school).user
    assert there in signed_in(helen).get(reverse("initiatives")).content.decode()
