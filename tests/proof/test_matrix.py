"""Everybody tries every address, for every row, by every method; who_may.csv says what they may get."""

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings

from tests.factories.pages import pages
from tests.factories.world import World
from tests.proof.cells import NO_FACTOR, NO_SUCH_ROW, PERSONAS, SUBJECTS, Cell, Persona, Trial, cells, subjects

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
Record = Callable[[str, object], None]


@pytest.mark.proof
@pytest.mark.parametrize("who", PERSONAS, ids=str)
def test_who_gets_what(who: Persona, world: World, record_property: Record) -> None:
    with override_settings(SECOND_FACTOR_REQUIRED=who.column == NO_FACTOR):
        trial = Trial(world, who, who.browser(world)).try_all(cells())
    record_property("cells passed", trial.tried - len({line.split(":")[0] for line in trial.wrong}))
    record_property("cells failed", len({line.split(":")[0] for line in trial.wrong}))
    assert not trial.wrong, "\n".join(trial.wrong)
