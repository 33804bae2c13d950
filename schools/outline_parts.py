"""The outline of an initiative in the guide's order: its parts, how far each is, and where it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schools.alignment import ladder_of
from schools.models import Initiative, KeyPerson, Measure, Need


class State(StrEnum):
    OPEN = "open"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True)
class Part:
    """A part of the guide's outline. It is done once all of `needed` is said; a part without fields has rows."""

    key: str
    label: str | Promise
    asks: str | Promise
    needed: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A part as one initiative has it; `open` are the fields that are still to be said before it is done."""

    part: Part
    state: State
    url: str
    open: tuple[str, ...] = ()


PARTS: tuple[Part, ...] = (
    Part(
        *("what", _("What happens"), _("What will students do, and when?")),
        *(("summary", "description"), ("title", "summary", "description", "starts_on", "ends_on")),
    ),
    Part("why", _("Why it matters"), _("Why this, and why now?"), ("why",), ("why",)),
    Part("needs", _("What we need"), _("Be exact: businesses answer exact questions.")),
    Part(
        *("goals", _("Where our goals lead")),
        _("Goals are stronger when they flow into the school’s and the board’s own goals."),
    ),
    Part(
        *("measures", _("How we measure success")),
        _("A number today, a number to reach. It makes the review easy and the celebration true."),
    ),
    Part("learning", _("What students learn"), _("How does it enhance their learning?"), ("learning",), ("learning",)),
    Part(
        *("partner", _("What a partner gains"), _("What is in it for them, and what do you ask of them now?")),
        *(("benefits", "ask"), ("benefits", "ask", "kind")),
    ),
    Part("people", _("Key people"), _("Whom does the partner speak with?"), fields=("champion", "backup")),
)


def steps(initiative: Initiative, states: dict[str, State]) -> list[Step]:
    """The parts of `initiative` in the guide's order; `states` says how far those with rows are."""
    return [
        Step(
            part,
            states.get(part.key) or _written(initiative, part),
            url_of(initiative, part.key),
            _open(initiative, part),
        )
        for part in PARTS
    ]


def steps_of(initiative: Initiative) -> list[Step]:
    """The parts of `initiative`, in four queries."""
    leads = ladder_of(initiative)
    has_measure = Measure.objects.filter(goal__initiative=initiative).exists()
    has_hours = KeyPerson.objects.filter(initiative=initiative, hours__isnull=False).exists()
    found = states_of_rows(initiative.needs.all(), bool(leads.goals), leads.has_lead, has_measure)
    return steps(initiative, found | state_of_people(initiative, has_hours))


def state_of_people(initiative: Initiative, has_hours: bool) -> dict[str, State]:
    """How far the key people are: somebody is the one contact, and somebody's time is said."""
    has_champion = initiative.champion_id is not None
    return {
        "people": _how_far(has_champion and has_hours, has_champion or has_hours or initiative.backup_id is not None)
    }


def states_of_rows(needs: Iterable[Need], has_goal: bool, has_lead: bool, has_measure: bool) -> dict[str, State]:
    """How far the parts with rows are: a need counts once it is open, a goal once it flows into another."""
    logged = {need.state for need in needs}
    return {
        "needs": _how_far(Need.State.OPEN in logged, Need.State.PROPOSED in logged),
        "goals": _how_far(has_lead, has_goal),
        "measures": _how_far(has_measure, False),
    }


def next_open(found: Iterable[Step]) -> Step | None:
    """The first part that is not done."""
    return next((step for step in found if step.state != State.DONE), None)


def url_of(initiative: Initiative, key: str) -> str:
    """The page on which the part `key` is written."""
    return reverse("outline_part", args=[initiative.pk, key])


def _open(initiative: Initiative, part: Part) -> tuple[str, ...]:
    unsaid = [initiative._meta.get_field(name) for name in part.needed if not _value(initiative, name)]
    return tuple(str(field.verbose_name) for field in unsaid)  # type: ignore[union-attr]


def _written(initiative: Initiative, part: Part) -> State:
    """The title is always there, so it says nothing about how far a part is."""
    said = {name for name in part.fields if name != "title" and _value(initiative, name)}
    return _how_far(said >= set(part.needed), bool(said))


def _how_far(is_done: bool, is_begun: bool) -> State:
    return State.DONE if is_done else State.BEGUN if is_begun else State.OPEN


def _value(initiative: Initiative, name: str) -> Any:
    """What the row holds, the key of whom it names included, without a query."""
    return getattr(initiative, initiative._meta.get_field(name).attname)  # type: ignore[union-attr]
