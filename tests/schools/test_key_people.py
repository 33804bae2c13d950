"""Who takes part in an initiative, and with how much time."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import Role
from people import naming
from people.erasure import erase
from schools.key_people import Person, key_people_of
from schools.models import Family, Initiative, KeyPerson
from tests.factories import rows
from tests.small_world import SmallWorld, join
from tests.talks import Talks

SignIn = Callable[[User], Client]


@pytest.fixture
def world(talks: Talks) -> SmallWorld:
    return talks.world


def page_of(initiative: Initiative, browser: Client) -> str:
    return browser.get(reverse("initiative", args=[initiative.pk])).content.decode()


def add(browser: Client, initiative: Initiative, **typed: str) -> Any:
    return browser.post(reverse("key_person_add", args=[initiative.pk]), typed)


def test_they_stand_in_order_with_their_time(world: SmallWorld) -> None:
    devon = User.objects.create_user("devon@tandem.example", "Devon Clarke")
    Initiative.objects.update(backup=devon)
    world.initiative.refresh_from_db()
    first = rows.key_person(world.initiative, "Rosa Alvarez", part="shop technician", hours=None)
    second = rows.key_person(
        world.initiative, user=world.marcus, hours=Decimal("1.5"), has_release=True, release="one period a week"
    )
    found = key_people_of(world.initiative)
    assert found.people == [
        Person("Helen Park", "Principal, speaks for it", "", 0, world.helen.pk, takes_time=False),
        Person(
            "Marcus Lee", "Champion, the one contact", "1.5 hours a month, release time: one period a week",
            second.pk, world.marcus.pk,
        ),
        Person("Devon Clarke", "Back-up", "", 0, devon.pk),
        Person("Rosa Alvarez", "shop technician", "", first.pk, None),
    ]  # fmt: skip
    assert found.has_hours


def test_it_takes_one_query(world: SmallWorld, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        rows.key_person(world.initiative)
    initiative = Initiative.objects.select_related("champion", "backup").get()
    with django_assert_num_queries(1):
        key_people_of(initiative)


def test_added_changed_and_taken_off(world: SmallWorld, signed_in: SignIn) -> None:
    browser = signed_in(world.marcus)
    ask = f"{reverse('key_person_add', args=[world.initiative.pk])}?user={world.marcus.pk}"
    assert ask in page_of(world.initiative, browser).replace("&amp;", "&")
    assert f'<option value="{world.marcus.pk}" selected>' in browser.get(ask).content.decode()
    assert add(browser, world.initiative, user=str(world.marcus.pk), hours="12").status_code == 302
    assert add(browser, world.initiative, name="Rosa Alvarez", release="Fridays").status_code == 302
    rosa = KeyPerson.objects.get(name="Rosa Alvarez")
    assert (rosa.has_release, rosa.release) == (True, "Fridays")
    shown = page_of(world.initiative, browser)
    assert "12 hours a month" in shown
    assert "release time: Fridays" in shown
    edit = reverse("key_person_edit", args=[rosa.pk])
    typed = {"name": "Rosa Alvarez", "hours": "4", "version": "1"}
    assert browser.post(edit, typed).status_code == 302
    late = browser.post(edit, typed | {"hours": "5"})
    assert (late.status_code, KeyPerson.objects.get(pk=rosa.pk).hours) == (422, 4)
    remove = reverse("key_person_remove", args=[rosa.pk])
    browser.get(remove)
    assert KeyPerson.objects.filter(pk=rosa.pk).exists()
    assert browser.post(remove).status_code == 302
    assert not KeyPerson.objects.filter(pk=rosa.pk).exists()
    assert Event.objects.filter(verb="removed", subject_id=rosa.pk).count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"user": "own", "name": "Rosa Alvarez"}, "name"),
        ({"user": "999"}, "user"),
        ({"name": "Rosa", "hours": "0"}, "hours"),
        ({"name": "Rosa", "hours": "900"}, "hours"),
        ({"name": "R" * 121}, "name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    world: SmallWorld, signed_in: SignIn, typed: dict[str, str], field: str
) -> None:
    typed = {name: str(world.marcus.pk) if value == "own" else value for name, value in typed.items()}
    answer = add(signed_in(world.marcus), world.initiative, **typed)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    assert not KeyPerson.objects.exists()


def test_the_same_account_stands_once(world: SmallWorld, signed_in: SignIn) -> None:
    rows.key_person(world.initiative, user=world.marcus)
    answer = add(signed_in(world.marcus), world.initiative, user=str(world.marcus.pk))
    assert "among the key people already" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyPerson.objects.create(initiative=world.initiative, user=world.helen, name="Helen")


def test_hours_are_read_at_the_school_and_go_no_further_up(world: SmallWorld, signed_in: SignIn) -> None:
    rows.key_person(world.initiative, "Rosa Alvarez", hours=Decimal(7))
    world.school.family = Family.objects.create(board=world.board, name="North")
    world.school.save()
    teacher, amara = (User.objects.create_user(f"{n}@tandem.example", n) for n in ("teacher", "amara"))
    join(teacher, Role.STAFF, world.board, school=world.school)
    join(amara, Role.SUPERINTENDENT, world.board, family=world.school.family)
    assert "7 hours a month" in page_of(world.initiative, signed_in(teacher))
    above = page_of(world.initiative, signed_in(amara))
    assert "Rosa Alvarez" in above
    assert "7 hours a month" not in above
    assert add(signed_in(teacher), world.initiative, name="Somebody").status_code == 403
    assert add(signed_in(amara), world.initiative, name="Somebody").status_code == 403


def test_a_typed_name_is_found_and_forgotten(world: SmallWorld) -> None:
    ruth = User.objects.create_user("ruth@tandem.example", "Ruth")
    join(ruth, Role.BOARD_ADMIN, world.board)
    rosa = rows.key_person(world.initiative, "Rosa Alvarez", part="shop technician", note="Ask her first")
    named = naming.somebody("rosa alvarez", world.board.pk)
    assert named.is_known
    erase(named, by=ruth)
    rosa.refresh_from_db()
    assert (rosa.name, rosa.part, rosa.hours, rosa.note) == ("Erased person", "", None, "")
