"""The drawing of where goals lead: nothing lies on anything, nothing is lost, the words say the same."""

from itertools import combinations, product

import pytest

from schools.alignment import Ladder, Step
from schools.ladder_drawing import (
    APART,
    GOAL_WIDTH,
    LINE_SIZE,
    MOST_LINES,
    OWN_WIDTH,
    OWN_X,
    PAD_X,
    WIDTH,
    Box,
    Drawing,
    End,
    drawing,
    in_words,
    wrapped,
)


def ladder(
    goals: int, own: int, board: int, straight: str = "", through: str = "", lifts: str = "", title: str = "Goal"
) -> Ladder:
    """A ladder from short words: straight="1>1 2>1". Goals are 1…, the school's 101…, the board's 201…."""

    def pairs(words: str, source: int, target: int) -> tuple[tuple[int, int], ...]:
        return tuple((int(a) + source, int(b) + target) for a, b in (word.split(">") for word in words.split()))

    return Ladder(
        tuple(Step(n, f"{title} {n}") for n in range(1, goals + 1)),
        tuple(Step(100 + n, f"{title} of the school {n}") for n in range(1, own + 1)),
        tuple(Step(200 + n, f"{title} of the board {n}", f"SP{n}") for n in range(1, board + 1)),
        pairs(straight, 0, 200),
        pairs(through, 0, 100),
        pairs(lifts, 100, 200),
    )


def every(sources: int, targets: int) -> str:
    return " ".join(f"{a}>{b}" for a, b in product(range(1, sources + 1), range(1, targets + 1)))


LONG = "Confidence in numeracy and in everything that science, technology and engineering ask of a person"

LADDERS = {
    "the demonstration": ladder(4, 1, 2, "1>1 2>1 2>2 3>1", "4>1", "1>2"),
    "one goal, straight": ladder(1, 0, 1, "1>1"),
    "one goal, through the school": ladder(1, 1, 1, "", "1>1", "1>1"),
    "one goal into everything": ladder(1, 3, 4, every(1, 4), every(1, 3), every(3, 4)),
    "everything into everything": ladder(6, 4, 5, every(6, 5), every(6, 4), every(4, 5)),
    "a school goal that stops": ladder(2, 2, 1, "1>1", "1>1 2>2", "1>1"),
    "only school goals that stop": ladder(2, 1, 0, "", "1>1 2>1"),
    "some lead nowhere": ladder(5, 0, 1, "3>1"),
    "all lead nowhere": ladder(3, 0, 0),
    "no goal": ladder(0, 0, 0),
    "long titles": ladder(3, 2, 3, "1>3 2>1", "2>1 3>2", "1>2 2>3", title=LONG),
    "many goals into one": ladder(14, 0, 1, every(14, 1)),
    "crossed": ladder(3, 2, 3, "1>3 2>2 3>1", "1>2 2>1", "1>3 2>1"),
}

each = pytest.mark.parametrize("of", LADDERS.values(), ids=LADDERS)


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.bottom and b.y < a.bottom


def at(made: Drawing, end: End) -> Box:
    """The one box at whose side a ribbon ends."""
    found = [
        box for box in made.boxes if end.x in (box.x, box.x + box.width) and box.y <= end.top < end.bottom <= box.bottom
    ]
    assert len(found) == 1
    return found[0]


@each
def test_boxes_stand_apart_inside_the_drawing_below_the_heads(of: Ladder) -> None:
    made = drawing(of)
    heads = max(len(head.lines) for head in made.heads) * made.head_line
    assert not [pair for pair in combinations(made.boxes, 2) if overlap(*pair)]
    for box in made.boxes:
        assert heads < box.y
        assert box.bottom <= made.height
        assert box.x >= 0
        assert box.x + box.width <= WIDTH


@each
def test_every_goal_is_a_box_and_every_flow_a_ribbon_between_its_boxes(of: Ladder) -> None:
    made = drawing(of)
    titles = {goal.pk: wrapped(goal.title, 10_000, 1) for goal in of.goals + of.own + of.strategic}
    assert len(made.boxes) == len(titles)
    assert len(made.ribbons) == len(of.straight) + len(of.through) + len(of.lifts)
    kinds = [(at(made, ribbon.start).kind, at(made, ribbon.end).kind) for ribbon in made.ribbons]
    assert kinds.count(("goal", "board")) == len(of.straight)
    assert kinds.count(("goal", "own")) == len(of.through)
    assert kinds.count(("own", "board")) == len(of.lifts)


@each
def test_ribbons_lie_side_by_side_at_their_ends(of: Ladder) -> None:
    ends = [end for ribbon in drawing(of).ribbons for end in (ribbon.start, ribbon.end)]
    for a, b in combinations(ends, 2):
        assert a.x != b.x or a.bottom + APART <= b.top or b.bottom + APART <= a.top


@each
def test_no_straight_ribbon_runs_behind_a_goal_of_the_school(of: Ladder) -> None:
    made = drawing(of)
    highest = min((box.y for box in made.boxes if box.kind == "own"), default=made.height)
    for ribbon in made.ribbons:
        if ribbon.start.x < OWN_X and ribbon.end.x > OWN_X:
            assert ribbon.lowest(OWN_X, OWN_X + OWN_WIDTH) <= highest


@each
def test_the_text_of_a_box_lies_inside_it(of: Ladder) -> None:
    for box in drawing(of).boxes:
        first = box.code_baseline if box.code else box.baseline
        assert box.y + 10 <= first
        assert box.baseline + (len(box.lines) - 1) * box.line <= box.bottom - 5
        assert 1 <= len(box.lines) <= MOST_LINES


@each
def test_the_same_ladder_is_drawn_the_same(of: Ladder) -> None:
    assert drawing(of) == drawing(of)


def test_goals_keep_their_order_unless_where_they_lead_asks_for_another() -> None:
    same = drawing(ladder(4, 0, 1, every(4, 1)))
    assert [box.lines for box in same.boxes if box.kind == "goal"] == [(f"Goal {n}",) for n in range(1, 5)]
    mixed = drawing(ladder(4, 1, 2, "3>2 4>1", "2>1", "1>2"))
    assert [(box.kind, box.lines[0]) for box in mixed.boxes][:4] == [
        ("goal", "Goal 4"),
        ("goal", "Goal 3"),
        ("goal", "Goal 2"),
        ("loose", "Goal 1"),
    ]


def test_the_column_of_the_school_is_named_only_if_it_is_there() -> None:
    assert len(drawing(LADDERS["one goal, straight"]).heads) == 2
    assert len(drawing(LADDERS["the demonstration"]).heads) == 3


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ("",)),
        ("Short", ("Short",)),
        ("Start a FIRST Robotics program", ("Start a FIRST Robotics", "program")),
        ("Apprentissage expérientiel à l’école", ("Apprentissage expérientiel", "à l’école")),
        (f"{LONG} and more", ("Confidence in numeracy", "and in everything that", "science, technology and…")),
        ("Donaudampfschifffahrtsgesellschaft", ("Donaudampfschifffahrtsges", "ellschaft")),
    ],
)
def test_titles_are_wrapped_and_a_longer_one_ends_with_dots(text: str, lines: tuple[str, ...]) -> None:
    assert wrapped(text, GOAL_WIDTH - 2 * PAD_X, LINE_SIZE) == lines


def test_the_words_say_what_the_ribbons_show() -> None:
    assert in_words(LADDERS["the demonstration"]) == [
        "“Goal 1”, “Goal 2” and “Goal 3” flow into SP1, “Goal of the board 1”.",
        "“Goal 2” flows into SP2, “Goal of the board 2”.",
        "“Goal 4” flows into the school goal “Goal of the school 1”, and through it into SP2, “Goal of the board 2”.",
    ]


@each
def test_the_words_name_every_goal_of_the_board_and_whatever_reaches_it(of: Ladder) -> None:
    said = " ".join(in_words(of))
    for rung in of.rungs():
        assert rung.strategic.title in said
        assert all(goal.title in said for goal in rung.straight)
        assert all(goal.title in said and own.title in said for goal, own in rung.through)
