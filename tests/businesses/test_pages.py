"""What may be typed into the directory."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from boards.models import Board
from businesses.models import Business
from tests.small_world import SmallWorld, small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> SmallWorld:
    world = small_world()
    client.force_login(world.marcus)
    return world


def added(client: Client, world: SmallWorld, **typed: str) -> Any:
    return client.post(reverse("business_add", args=[world.board.pk]), {"kind": "local"} | typed)


@pytest.mark.parametrize("name", ["Harbour Credit Union", "HARBOUR  crédit union"])
def test_a_name_that_is_there_is_refused_once(name: str, world: SmallWorld, client: Client) -> None:
    Business.objects.update(town="Oakville")  # a town is part of the search text, not of the name
    refused = added(client, world, name=name)
    page = refused.content.decode()
    assert refused.status_code == 422
    link = reverse("business", args=[world.business.pk])
    assert f'<a href="{link}">Harbour Credit Union</a> is already there.' in page
    assert 'name="is_another"' in page
    again = added(client, world, name=name, is_another="on", phone="abc")
    assert list(again.context["form"].errors) == ["phone"]
    assert "checked" in again.content.decode().split('name="is_another"')[1][:80]
    assert added(client, world, name=name, is_another="on").status_code == 302
    assert Business.objects.count() == 2


@pytest.mark.parametrize("name", ["Harbour Credit Union of Oakville", "Harbour", "Harbour Credit Union Oakville"])
def test_a_longer_or_shorter_name_is_another(name: str, world: SmallWorld, client: Client) -> None:
    Business.objects.update(town="Oakville")
    assert added(client, world, name=name).status_code == 302


def test_the_same_name_in_another_board_is_nobodys_business(world: SmallWorld, client: Client) -> None:
    Business.objects.create(board=Board.objects.create(name="Other", language="en"), name="Corvid")
    assert added(client, world, name="Corvid").status_code == 302


def test_an_edit_is_not_asked(world: SmallWorld, client: Client) -> None:
    page = reverse("business_edit", args=[world.business.pk])
    typed = {"name": world.business.name, "kind": "larger", "version": world.business.version}
    assert client.post(page, typed).status_code == 302


def test_nobody_decides_unless_somebody_says_so(world: SmallWorld, client: Client) -> None:
    form = client.get(reverse("contact_add", args=[world.business.pk])).context["form"]
    assert form["decides"].value() is False
