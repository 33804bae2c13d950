"""What every test stands on: fast passwords, a folder of its own for files, a broker that carries nothing away."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client, TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import HealthCheck, settings

from accounts.models import User
from core import clock
from outreach import actions as outreach
from outreach.models import Stage
from tests.factories import rows
from tests.factories import world as worlds
from tests.factories.triggers import lifted
from tests.signing_in import lately
from tests.small_world import small_world
from tests.talks import NOW, Talks

# A busy machine is no fault of what is tested: nothing here is timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def test_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings that differ from those of a site, for the whole run."""
    from config.celery import app

    app.conf.update(broker_url="memory://")  # a bell rung by a test must not lie in the broker's folder afterwards
    logging.getLogger("django.request").setLevel(logging.ERROR)  # a 404 is no news here
    files = tmp_path_factory.mktemp("files")
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=quick, STORED_FILES_DIR=files):
        yield


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_triggers() -> Iterator[None]:
    """A test that commits is taken back by a flush, which empties the append-only tables too: their triggers are
    taken off around it and put on again."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def lift_and_flush(self: TransactionTestCase) -> None:
        with lifted():
            flush(self)

    TransactionTestCase._fixture_teardown = lift_and_flush  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def speaks_english() -> Iterator[None]:
    """A page that was asked for in French leaves the process speaking it; the next test does not hear of it."""
    yield
    translation.activate(site_settings.LANGUAGE_CODE)


@pytest.fixture
def standing() -> Iterator[None]:
    """The clock stands at `rows.NOW`."""
    with clock.standing_at(rows.NOW):
        yield


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    """One little world for a whole module, taken back after it. A test that wants it asks for `db` too: what the
    test writes is taken back by itself."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        with clock.standing_at(rows.NOW):
            made = worlds.build()
        with django_db_blocker.block():
            yield made
        transaction.set_rollback(True)


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """A browser in which somebody is signed in. What a view raises is answered as on the site, with a 500."""

    def sign_in(user: User) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        lately(client, user)
        return client

    return sign_in


@pytest.fixture
def talks(db: None) -> Iterator[Talks]:
    """The small world with its prospect in discussion; the clock stands at `tests.talks.NOW`."""
    with clock.standing_at(NOW):
        world = small_world()
        world.prospect = outreach.move(world.prospect, to=Stage.IN_DISCUSSION, by=world.marcus)
        yield Talks(world)
