"""Before the school shares it, a partnership is not there for the partner: searched for marked values on every page."""

from collections.abc import Callable

import pytest
from django.db import models
from django.test import Client

from accounts.models import User
from partnerships.models import Partnership, seen_by
from tests.factories.models import owned
from tests.factories.pages import pages
from tests.factories.world import World, mark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


def of_a_partnership() -> list[type[models.Model]]:
    """Every model whose rows hang on a partnership, found by walking the keys that are never null."""
    found: list[type[models.Model]] = [Partnership]
    while more := [m for m in owned() if m not in found and any(_key_to(m, target) for target in found)]:
        found += more
    return found


def _key_to(model: type[models.Model], target: type[models.Model]) -> bool:
    keys = (field for field in model._meta.fields if isinstance(field, models.ForeignKey) and not field.null)
    return any(field.related_model is target for field in keys)


def test_no_page_shows_it_and_no_row_is_there(world: World, signed_in: Callable[[User], Client]) -> None:
    Partnership.objects.update(shared_at=None, shared_by=None)
    partner, rows_of = world.user("partner"), of_a_partnership()
    assert len(rows_of) >= 5
    browser, marks = signed_in(partner), [mark("own", model) for model in rows_of]
    for page in pages():
        if page.is_post_only:
            continue
        answer = browser.get(page.url(world))
        if page.subject in rows_of:
            assert answer.status_code == 404, page.name
        said = answer.content.decode(errors="replace").lower()
        assert [word for word in marks if word in said] == [], page.name
    for model in rows_of:
        assert not model._default_manager.visible_to(partner).exists(), model  # type: ignore[attr-defined]


def test_shared_it_is_there(world: World, signed_in: Callable[[User], Client]) -> None:
    partner = world.user("partner")
    partnership = world.places["own"].rows[Partnership]
    answer = signed_in(partner).get(f"/partnerships/{partnership.pk}/")
    assert mark("own", Partnership) in answer.content.decode()
    assert Partnership.objects.filter(seen_by(partner)).get() == partnership


def test_what_only_the_school_reads_stands_not_on_the_partners_page(
    world: World, signed_in: Callable[[User], Client]
) -> None:
    partnership = world.places["own"].rows[Partnership]
    url = f"/partnerships/{partnership.pk}/"
    champion, partner = (signed_in(world.user(role)).get(url).content.decode() for role in ("champion", "partner"))
    for words in ("What it still needs", "How it began", "Write down a promise", "Pause or end"):
        assert words in champion
        assert words not in partner
