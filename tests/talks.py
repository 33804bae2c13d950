"""A prospect in discussion, and the partnership that may come of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from partnerships import actions
from partnerships.models import Partnership, PartnershipYear
from tests.small_world import SmallWorld, local

NOW = local(date(2026, 3, 9))
YEAR: dict[str, Any] = {"starts_on": date(2026, 3, 9), "ends_on": date(2026, 6, 30)}
ABOUT: dict[str, Any] = {
    "kind": "co_operative",
    "counts_as": "partnership",
    "shared_vision": "Every student finds an adult.",
}


@dataclass
class Talks:
    """The small world with its prospect in discussion, and the steps from there."""

    world: SmallWorld

    @property
    def marcus(self) -> User:
        return self.world.marcus

    def begin(self) -> Partnership:
        """The partnership, with its first year."""
        return actions.begin(self.world.prospect, **ABOUT, **YEAR, by=self.marcus)

    def running(self) -> PartnershipYear:
        """The year of a partnership that was there before Tandem: active, and shared with Iris Chen."""
        running = actions.Running("Harbour Credit Union", "Reading Buddies", **YEAR)
        partnership = actions.already_with_us(self.world.school, running, by=self.marcus)
        self.give_iris_an_address()
        actions.share(partnership, lead=self.world.contact, by=self.marcus)
        return partnership.years.get()

    def give_iris_an_address(self) -> None:
        self.world.contact.email = "iris@harbour.example"
        self.world.contact.save()
