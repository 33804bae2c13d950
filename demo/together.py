"""The second half of the story: what was agreed, promised and done together, as `demo-data.md` and the screens have it.

Everything goes through the actions, each at its own moment.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agreements import actions as agreements
from agreements.models import AgreementVersion
from businesses.models import Contact
from core import clock
from demo import data
from evaluation import actions as looking_back
from outreach import actions as outreach
from outreach.models import Prospect, Stage
from partnerships import actions, sessions
from partnerships.forms import YearForm
from partnerships.models import Commitment, Partnership, PartnershipYear, Session, Side
from partnerships.sessions import Count
from schools.models import Measure, Measurement, Need

if TYPE_CHECKING:
    from accounts.models import User
    from demo.world import World

VISION = "Every student who wants to build something finds an adult who shows them how."
# Month and day of each session of year 2, the hours given, the mentors and guests, the students of the team.
SESSIONS = [
    ((2025, 10, 20), 7, 4, 18),
    ((2025, 10, 27), 7, 4, 18),
    ((2025, 11, 3), 8, 4, 20),
    ((2025, 11, 10), 8, 4, 21),
    ((2025, 11, 17), 8, 4, 22),
    ((2025, 11, 24), 8, 4, 22),
    ((2025, 12, 1), 8, 4, 23),
    ((2025, 12, 8), 8, 4, 23),
    ((2025, 12, 15), 8, 4, 22),
    ((2026, 1, 6), 8, 4, 24),
    ((2026, 1, 13), 8, 4, 25),
    ((2026, 1, 20), 8, 4, 25),
    ((2026, 1, 27), 8, 4, 25),
    ((2026, 2, 3), 8, 4, 26),
    ((2026, 2, 10), 8, 4, 26),
    ((2026, 2, 17), 8, 4, 25),
    ((2026, 2, 24), 8, 4, 26),
    ((2026, 3, 3), 7, 3, 26),
    ((2026, 3, 10), 7, 3, 26),
]
SCHOOL_PROMISES: list[dict[str, Any]] = [
    {"kind": "space", "what": "The technology room and its machine shop after class, with a teacher in charge"},
    {"kind": "transportation", "what": "Coaches to take 30 students to 3 tournaments"},
    {"kind": "other", "what": "An answer within 2 school days, and the dates of the season by the end of September"},
    {"kind": "other", "what": "Thanks in public at least once a semester, and a year-end reception"},
]


def tell(world: "World") -> None:
    """Load it into `world`, whose first half is there."""
    northgate(world)
    bright(world)
    coach_lines(world)
    les_pins(world)


def northgate(world: "World") -> None:
    """An active partner of FIRST Robotics in its second year; the first was looked back on together."""
    marcus = world.people["marcus"]
    with moment(world, (2024, 5, 14)):
        prospect = _talks(world, "northgate", "robotics")
    with moment(world, (2024, 9, 18)):
        partnership = actions.begin(
            prospect, kind="co_operative", counts_as="partnership", shared_vision=VISION, by=marcus,
            starts_on=world.story(2024, 10, 3), ends_on=world.story(2025, 6, 30),
        )  # fmt: skip
        first = partnership.years.get()
        promise(world, first, Side.PARTNER, kind="mentors", quantity=Decimal(2), hours=Decimal(2), **weekly(20))
        promise(world, first, Side.PARTNER, **money(4000))
        for promised in SCHOOL_PROMISES:
            promise(world, first, Side.SCHOOL, **promised)
        actions.share(partnership, lead=_lead(partnership), by=marcus)
        actions.agree(partnership, by=marcus)
    both_say_yes(world, partnership, school=(2024, 10, 1), partner=(2024, 10, 2))
    year_one_in_both_words(world, first)
    with moment(world, (2025, 9, 18)):
        # The decision to grow has added the year; both agreed that it begins in October.
        second = partnership.years.get(number=2)
        days = {"starts_on": world.story(2025, 10, 2), "ends_on": world.story(2026, 6, 30)}
        form = YearForm(days | {"version": second.version}, instance=second)
        assert form.is_valid(), form.errors
        form.save(by=marcus)
        mentors, funding = _need(partnership, "mentors"), _need(partnership, "funding")
        three = promise(
            world, second, Side.PARTNER, need=mentors, kind="mentors", quantity=Decimal(3), hours=Decimal(2),
            **weekly(20),
        )  # fmt: skip
        paid = promise(world, second, Side.PARTNER, need=funding, **money(6500))
        for promised in SCHOOL_PROMISES:
            promise(world, second, Side.SCHOOL, **promised)
    both_say_yes(world, partnership, school=(2025, 10, 1), partner=(2025, 10, 2))
    with moment(world, (2025, 10, 20), hour=18):
        actions.confirm_delivery(three, Decimal(3), by=marcus)
        actions.confirm_delivery(paid, Decimal(6500), by=marcus)
    for number, (day, hours, people, students) in enumerate(SESSIONS, start=1):
        with moment(world, day, hour=17):
            session = Session(
                year=second, title=f"Session {number} with the team", place="Riverbend’s workshop",
                held_on=world.story(*day),
            )  # fmt: skip
            sessions.log(session, Count(people, Decimal(hours), students), by=marcus)

    measured(world)


def measured(world: "World") -> None:
    """What Marcus Lee counted on the way."""
    for label, numbers in data.MEASURED.items():
        measure = Measure.objects.get(goal__initiative=world.initiatives["robotics"], label=label)
        for day, value in numbers:
            with moment(world, day, hour=8):
                by = world.people["marcus"]
                logged = {"measure": measure, "day": world.story(*day), "value": Decimal(value), "logged_by": by}
                world.add(Measurement(**logged), by="marcus")


# What each person answered of year 1, in the order of the nine questions.
YEAR_ONE = {
    "helen": (4, 4, 4, 4, 3, 4, 5, 4, 4),
    "marcus": (5, 5, 5, 4, 4, 4, 5, 4, 4),
    "dana": (5, 4, 5, 4, 5, 4, 5, 3, 5),
}


def year_one_in_both_words(world: "World", year: PartnershipYear) -> None:
    """Helen Park and Marcus Lee for the school, Dana Whitfield for the partner; both sides choose to grow."""
    lead = _lead(year.partnership)
    assert lead.user is not None
    people = world.people | {"dana": lead.user}
    for key, ratings in YEAR_ONE.items():
        side = Side.PARTNER if key == "dana" else Side.SCHOOL
        asked = [question.key for question in looking_back.questions_of(year)]
        said = {name: looking_back.Said(rating) for name, rating in zip(asked, ratings, strict=True)}
        if key == "helen":
            said[asked[4]] = looking_back.Said(3, "Book the coaches before winter.")
        if key == "dana":
            said[asked[7]] = looking_back.Said(3, "Tell us the session dates in September, so shifts can move.")
        with moment(world, (2025, 6, 12)):
            looked_at = looking_back.answer(year, side, said, by=people[key])
    with moment(world, (2025, 6, 19)):
        grow = looking_back.Decision.GROW
        looking_back.choose(
            looked_at, Side.SCHOOL, grow, "Four more students, and a third tournament.", by=people["helen"]
        )
        looking_back.choose(looked_at, Side.PARTNER, grow, "Three mentors instead of two.", by=people["dana"])


def bright(world: "World") -> None:
    """A workshop with CNC access, taking shape; what the superintendent decides comes with the reviews."""
    marcus = world.people["marcus"]
    with moment(world, (2026, 3, 4)):
        partnership = actions.begin(
            world.prospects["bright"], kind="operational", counts_as="partnership", shared_vision="", by=marcus,
            starts_on=world.story(2026, 3, 23), ends_on=world.story(2026, 6, 30),
        )  # fmt: skip
        space = _need(partnership, "space")
        asked: dict[str, Any] = {"what": space.what, "quantity": Decimal(1), "unit": space.unit}
        promise(world, partnership.years.get(), Side.PARTNER, need=space, kind="space", **asked, **weekly(10))


def coach_lines(world: "World") -> None:
    """Agreed, and what was agreed waits for the partner's yes."""
    marcus = world.people["marcus"]
    with moment(world, (2026, 2, 20)):
        partnership = actions.begin(
            world.prospects["coach_lines"], kind="contributory", counts_as="sponsorship", shared_vision="", by=marcus,
            starts_on=world.story(2026, 3, 2), ends_on=world.story(2026, 6, 30),
        )  # fmt: skip
        year = partnership.years.get()
        coach = _need(partnership, "transportation")
        promise(world, year, Side.PARTNER, need=coach, kind="transportation", what=coach.what, value=Decimal(2400))
        promise(world, year, Side.SCHOOL, kind="other", what="Thanks in the newsletter and on the team shirt")
        actions.share(partnership, lead=_lead(partnership), by=marcus)
        partnership = actions.agree(partnership, by=marcus)
        version = agreements.draft(partnership, by=marcus)
    say_yes(world, version, Side.SCHOOL, (2026, 3, 2))


def les_pins(world: "World") -> None:
    """Another board, in French: a partnership that was there before, with a firm named as one of Maple Valley's."""
    yves = world.people["yves"]
    with moment(world, (2025, 10, 1)):
        running = actions.Running(
            "Harbour Credit Union", "Mon premier budget", kind="operational", counts_as="partnership",
            starts_on=world.story(2025, 10, 1), ends_on=world.story(2026, 6, 30),
        )  # fmt: skip
        year = actions.already_with_us(world.schools["les_pins"], running, by=yves).years.get()
        promise(
            world, year, Side.PARTNER, kind="guest_speaker", what="conseillers en finances", quantity=Decimal(2),
            frequency="monthly", times=6, times_unit="months", by="yves",
        )  # fmt: skip
    with moment(world, (2026, 2, 12), hour=15):
        session = Session(year=year, title="Budget du premier emploi", held_on=world.story(2026, 2, 12))
        sessions.log(session, Count(2, Decimal(4), 28), by=yves)


# ── Small steps ──


def both_say_yes(
    world: "World", partnership: Partnership, *, school: tuple[int, int, int], partner: tuple[int, int, int]
) -> None:
    """Write it down on the morning of the school's yes; with the partner's it is in force."""
    with moment(world, school, hour=8):
        version = agreements.draft(partnership, by=world.people["marcus"])
    say_yes(world, version, Side.SCHOOL, school)
    say_yes(world, version, Side.PARTNER, partner)


def say_yes(world: "World", version: AgreementVersion, side: Side, day: tuple[int, int, int]) -> None:
    """Helen Park records both: she signed on paper, the partner answered by e-mail."""
    helen, lead = world.people["helen"], _lead(version.partnership)
    name, how = (helen.name, "paper") if side == Side.SCHOOL else (lead.name, "email")
    with moment(world, day, hour=14):
        agreements.record_yes(version, side, name=name, said_on=world.story(*day), how=how, by=helen)


def moment(world: "World", day: tuple[int, int, int], hour: int = 10) -> Any:
    """Stand at that hour of a day of the story."""
    return clock.standing_at(datetime.combine(world.story(*day), time(hour), tzinfo=world.boards["maple"].zone))


def promise(world: "World", year: PartnershipYear, side: Side, *, by: str = "marcus", **promised: Any) -> Commitment:
    """Write down a promise as the form would."""
    return world.add(Commitment(year=year, side=side, **promised), by=by)


def weekly(weeks: int) -> dict[str, Any]:
    return {"frequency": "weekly", "times": weeks, "times_unit": "weeks"}


def money(dollars: int) -> dict[str, Any]:
    amount = Decimal(dollars)
    return {"kind": "funding", "what": "registration and parts", "quantity": amount, "value": amount}


def _talks(world: "World", business: str, initiative: str) -> Prospect:
    """A prospect that came to talk: found, met, in discussion."""
    marcus: User = world.people["marcus"]
    today: date = clock.today(world.boards["maple"].zone)
    prospect = outreach.make_prospect(
        world.businesses[business], world.initiatives[initiative], by=marcus, champion=marcus,
        next_step="Call them", next_step_on=today,
    )  # fmt: skip
    outreach.set_next_step(prospect, "", None, by=marcus)
    return outreach.move(prospect, to=Stage.IN_DISCUSSION, by=marcus)


def _lead(partnership: Partnership) -> Contact:
    lead = partnership.partner_lead
    assert lead is not None
    return lead


def _need(partnership: Partnership, kind: str) -> Need:
    return Need.objects.get(initiative=partnership.initiative, kind=kind)
