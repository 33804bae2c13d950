"""Where the goals of an initiative lead: into the school's improvement goals and the board's strategic goals.

Read in one query and worked out from its rows, so that page and document say the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast

from boards.models import StrategicGoal, in_language
from schools.models import Goal, Initiative
from schools.models.translated import read_in


class Row(NamedTuple):
    """One line of the joined tables; what a goal does not flow into is None."""

    goal: int | None  # None: the strategic goal is one that nothing of the school leads to
    title: str
    strategic: int | None
    code: str | None
    title_en: str | None
    title_fr: str | None
    own: int | None
    own_title: str | None
    own_strategic: int | None
    own_code: str | None
    own_title_en: str | None
    own_title_fr: str | None
    flowed_into: str = ""


@dataclass(frozen=True)
class Step:
    """A goal on the ladder; `code` only for the board's, `before` the goals of an earlier board it flowed into."""

    pk: int
    title: str
    code: str = ""
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ladder:
    """Goals of the initiative, of the school and of the board, and which flows into which (pairs of their pks)."""

    goals: tuple[Step, ...]
    own: tuple[Step, ...]
    strategic: tuple[Step, ...]
    straight: tuple[tuple[int, int], ...]  # goal -> strategic
    through: tuple[tuple[int, int], ...]  # goal -> improvement goal
    lifts: tuple[tuple[int, int], ...]  # improvement goal -> strategic
    unserved: tuple[Step, ...] = ()  # goals of the board that no initiative of the school leads to

    @property
    def nowhere(self) -> list[Step]:
        """Goals that flow into nothing yet."""
        leading = {goal for goal, _target in self.straight + self.through}
        return [goal for goal in self.goals if goal.pk not in leading]

    @property
    def has_lead(self) -> bool:
        """Whether any goal flows into a goal of the school or board."""
        return bool(self.straight or self.through)

    def rungs(self) -> list["Rung"]:
        """Each strategic goal with what leads to it, in the order of their codes."""
        goals = {goal.pk: goal for goal in self.goals}
        own = {goal.pk: goal for goal in self.own}
        return [
            Rung(
                target,
                [goals[g] for g, s in self.straight if s == target.pk],
                [(goals[g], own[o]) for o, s in self.lifts if s == target.pk for g, via in self.through if via == o],
            )
            for target in self.strategic
        ]

    def short(self) -> list[tuple[Step, Step]]:
        """Goals whose school goal leads to no goal of the board yet."""
        goals = {goal.pk: goal for goal in self.goals}
        lifted = {o for o, _s in self.lifts}
        return [(goals[g], own) for own in self.own if own.pk not in lifted for g, o in self.through if o == own.pk]


@dataclass(frozen=True)
class Rung:
    """A strategic goal and the goals that lead to it, straight or through a school goal."""

    strategic: Step
    straight: list[Step]
    through: list[tuple[Step, Step]]


def ladder_of(initiative: Initiative) -> Ladder:
    """The ladder of `initiative` in the language one reads in, as far as it is translated; in one query."""
    own = "improvement_goals__strategic_goals__"
    fields = (
        *("pk", "title", "strategic_goals__pk", "strategic_goals__code"),
        *("strategic_goals__title_en", "strategic_goals__title_fr"),
        *("improvement_goals__pk", "improvement_goals__title"),
        *(f"{own}pk", f"{own}code", f"{own}title_en", f"{own}title_fr", "flowed_into"),
        *("in_other_language", "improvement_goals__in_other_language"),
    )
    rows = Goal.objects.filter(initiative=initiative).order_by().values_list(*fields)
    goals = unserved(initiative.school.board_id, initiative.school_id).order_by()
    none, nothing = Cast(Value(None), models.BigIntegerField()), Value("", models.CharField())
    no_texts = Cast(Value(None), models.JSONField())
    told = goals.values_list(
        none, nothing, "pk", "code", "title_en", "title_fr", none, nothing, none, *([nothing] * 3), nothing,
        no_texts, no_texts,
    )  # fmt: skip
    is_other = read_in() != initiative.written_in
    found = [_read(Row(*row), of_goal, of_own, is_other) for *row, of_goal, of_own in rows.union(told, all=True)]
    return ladder(sorted(found, key=lambda row: (row.goal is None, row.goal)))


def _read(row: Row, of_goal: dict[str, str] | None, of_own: dict[str, str] | None, is_other: bool) -> Row:
    """`row` as whoever looks reads it: translated into the other language where somebody did."""
    if not is_other:
        return row
    own = (of_own or {}).get("title") or row.own_title
    return row._replace(title=(of_goal or {}).get("title") or row.title, own_title=own)


def ladder(rows: Iterable[Row]) -> Ladder:
    """Put the joined rows, which repeat, together again."""
    goals: dict[int, Step] = {}
    own: dict[int, Step] = {}
    strategic: dict[int, Step] = {}
    straight: dict[tuple[int, int], None] = {}
    through: dict[tuple[int, int], None] = {}
    lifts: dict[tuple[int, int], None] = {}
    alone: list[Step] = []
    for row in rows:
        if row.goal is None:
            if row.strategic is not None:
                alone.append(_strategic(row.strategic, row.code, row.title_en, row.title_fr))
            continue
        goals[row.goal] = Step(row.goal, row.title, before=tuple(row.flowed_into.splitlines()))
        if row.strategic is not None:
            strategic[row.strategic] = _strategic(row.strategic, row.code, row.title_en, row.title_fr)
            straight[row.goal, row.strategic] = None
        if row.own is not None:
            own[row.own] = Step(row.own, row.own_title or "")
            through[row.goal, row.own] = None
            if row.own_strategic is not None:
                target = _strategic(row.own_strategic, row.own_code, row.own_title_en, row.own_title_fr)
                strategic[row.own_strategic] = target
                lifts[row.own, row.own_strategic] = None
    ordered = sorted(strategic.values(), key=lambda step: (step.code, step.pk))
    return Ladder(
        tuple(goals.values()),
        tuple(own.values()),
        tuple(ordered),
        tuple(straight),
        tuple(through),
        tuple(lifts),
        tuple(sorted(alone, key=lambda step: (step.code, step.pk))),
    )


def _strategic(pk: int, code: str | None, english: str | None, french: str | None) -> Step:
    return Step(pk, in_language(english or "", french or ""), code or "")


def unserved(board: int, school: int | None = None) -> "models.QuerySet[StrategicGoal]":
    """The strategic goals of a board that no goal of an initiative flows into, straight or through a goal of the
    school; with `school`, no goal of its own initiatives. What is archived serves nothing."""
    goals = Goal.objects.exclude(initiative__state=Initiative.State.ARCHIVED)
    if school is not None:
        goals = goals.filter(initiative__school=school)
    this = models.OuterRef("pk")
    straight = goals.filter(strategic_goals=this)
    through = goals.filter(improvement_goals__strategic_goals=this)
    return StrategicGoal.objects.filter(~models.Exists(straight), ~models.Exists(through), board=board)
