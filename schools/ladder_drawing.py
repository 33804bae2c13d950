"""Where the goals of an initiative lead, as a drawing: boxes in three columns, ribbons between them, and in words.

Pure: a Ladder goes in, whole numbers and texts come out; templates/schools/_ladder.html draws them. Lengths are
units of the viewBox, 720 wide, one unit about one pixel.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import mean

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schools.alignment import Ladder, Step

WIDTH = 720
GOAL_X, GOAL_WIDTH = 0, 200
OWN_X, OWN_WIDTH = 292, 164
BOARD_X, BOARD_WIDTH = 548, 172

BETWEEN = 24  # boxes of a column
PAD_X, PAD_Y = 14, 8
LINE, LINE_SIZE = 17, 14
BOARD_PAD_Y = 14
BOARD_LINE, BOARD_LINE_SIZE = 19, 15
CODE_LINE = 20
HEAD_LINE, HEAD_SIZE = 16, 13
MOST_LINES = 3

THICKEST, THINNEST = 44, 12  # a ribbon at its end
APART, INSET = 2, 4  # of the ribbons at one side of a box; of the outer ones from its corners

# Widths of characters as parts of the type size, in the weight the boxes are written in.
NARROW, WIDE = set("fijlrtI.,:;!|'’()[]/- "), set("mwMW@%&—…")
WIDTHS = {"narrow": 0.3, "wide": 0.86, "capital": 0.62, "other": 0.53}


@dataclass(frozen=True)
class Box:
    """A goal: where it stands and its title in lines. `kind` is goal, loose (a goal that leads nowhere), own or board.

    `baseline` is that of the first line; the code of a board's goal stands above, at `code_baseline`.
    """

    kind: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    code: str = ""

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def text_x(self) -> int:
        return self.x + PAD_X

    @property
    def line(self) -> int:
        return BOARD_LINE if self.kind == "board" else LINE

    @property
    def code_baseline(self) -> int:
        return self.y + (self.height - CODE_LINE - len(self.lines) * self.line) // 2 + 14

    @property
    def baseline(self) -> int:
        above = CODE_LINE if self.code else 0
        return self.y + (self.height + above - len(self.lines) * self.line) // 2 + 13


@dataclass(frozen=True)
class End:
    """The side of a box a ribbon leaves or reaches, from `top` to `bottom`."""

    x: int
    top: int
    bottom: int


@dataclass(frozen=True)
class Ribbon:
    """A goal flowing into another."""

    start: End
    end: End

    @property
    def path(self) -> str:
        """The `d` of its <path>."""
        a, b = self.start, self.end
        bend = (a.x + b.x) // 2
        there = f"M{a.x} {a.top}C{bend} {a.top} {bend} {b.top} {b.x} {b.top}"
        return f"{there}V{b.bottom}C{bend} {b.bottom} {bend} {a.bottom} {a.x} {a.bottom}Z"

    def lowest(self, left: int, right: int) -> float:
        """The lowest point of its lower edge between two places on the way."""
        return max(self._lower_edge(left), self._lower_edge(right))

    def _lower_edge(self, x: int) -> float:
        along, low, high = (x - self.start.x) / (self.end.x - self.start.x), 0.0, 1.0
        for _step in range(20):
            t = (low + high) / 2
            # The x of a cubic curve whose both control points stand half way.
            is_before = 1.5 * t - 1.5 * t**2 + t**3 < along
            low, high = (t, high) if is_before else (low, t)
        return self.start.bottom + (self.end.bottom - self.start.bottom) * (3 * t**2 - 2 * t**3)


@dataclass(frozen=True)
class Head:
    """What stands over a column."""

    x: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """The whole drawing, `height` units high."""

    height: int
    heads: tuple[Head, ...]
    boxes: tuple[Box, ...]
    ribbons: tuple[Ribbon, ...]
    width: int = WIDTH
    head_line: int = HEAD_LINE


def drawing(ladder: Ladder) -> Drawing:
    """Draw `ladder`: its goals left, the school's in the middle, the board's right.

    Goals that lead straight to the board stand above those that go through the school's plan, and the school's
    goals below every straight ribbon, so that no ribbon runs behind a box it does not flow into.
    """
    heads = _heads(with_own=bool(ladder.own))
    top = max(len(head.lines) for head in heads) * HEAD_LINE + 10
    left = {goal.pk: _goal_box(ladder, goal) for goal in _ordered(ladder)}
    right = {goal.pk: _board_box(ladder, goal) for goal in ladder.strategic}
    bottom = top + max(_needed(left.values()), _needed(right.values()))

    left = _placed(left, {}, top + (bottom - top - _needed(left.values())) // 2, bottom)
    right = _placed(right, {pk: _middle_of_sources(ladder, left, pk) for pk in right}, top, bottom)
    straight = _straight(ladder, left, right)

    own = {goal.pk: _own_box(ladder, goal) for goal in ladder.own}
    free = [int(ribbon.lowest(OWN_X, OWN_X + OWN_WIDTH)) + BETWEEN // 2 for ribbon in straight]
    wanted = {pk: mean(left[goal].middle for goal, via in ladder.through if via == pk) for pk in own}
    own = _placed(dict(sorted(own.items(), key=lambda item: wanted[item[0]])), wanted, max([top, *free]), bottom)

    ribbons = (*straight, *_through(ladder, left, own), *_lifts(ladder, own, right))
    boxes = (*left.values(), *own.values(), *right.values())
    return Drawing(max((box.bottom for box in boxes), default=top) + 2, heads, boxes, ribbons)


@lru_cache(maxsize=2048)
def wrapped(text: str, width: float, size: int, most: int = MOST_LINES) -> tuple[str, ...]:
    """`text` in at most `most` lines that fit `width` at type size `size`; what is left over becomes "…"."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, width, size):
            longer = f"{lines[-1]} {piece}".lstrip()
            if _length(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    if len(lines) > most:
        last = f"{lines[most - 1]}…"
        while _length(last, size) > width:
            last = f"{last[:-2].rstrip()}…"
        lines = [*lines[: most - 1], last]
    return tuple(lines)


def in_words(ladder: Ladder) -> list[str]:
    """What flows into what, one sentence for each way into each goal of the board."""
    said = []
    for rung in ladder.rungs():
        target = {"code": rung.strategic.code, "title": rung.strategic.title}
        if rung.straight:
            names = _listed([goal.title for goal in rung.straight])
            said.append(
                ngettext(
                    "%(goals)s flows into %(code)s, “%(title)s”.",
                    "%(goals)s flow into %(code)s, “%(title)s”.",
                    len(rung.straight),
                )
                % {"goals": names, **target}
            )
        vias = {own.pk: own for _goal, own in rung.through}
        for via in vias.values():
            goals = [goal.title for goal, own in rung.through if own.pk == via.pk]
            said.append(
                ngettext(
                    "%(goals)s flows into the school goal “%(own)s”, and through it into %(code)s, “%(title)s”.",
                    "%(goals)s flow into the school goal “%(own)s”, and through it into %(code)s, “%(title)s”.",
                    len(goals),
                )
                % {"goals": _listed(goals), "own": via.title, **target}
            )
    return said


def _listed(titles: list[str]) -> str:
    return get_text_list([_("“%(title)s”") % {"title": title} for title in titles], _("and"))


# ── What leads where ──────────────────────────────────────────────────────────


def _ordered(ladder: Ladder) -> list[Step]:
    """The goals from those that lead straight to those that lead nowhere; among them by where they lead."""
    board = {goal.pk: n for n, goal in enumerate(ladder.strategic)}
    own = {goal.pk: n for n, goal in enumerate(ladder.own)}

    def rank(goal: Step) -> tuple[int, float]:
        straight = [board[target] for source, target in ladder.straight if source == goal.pk]
        through = [own[target] for source, target in ladder.through if source == goal.pk]
        if straight:
            return (1 if through else 0), mean(straight)
        return (2, mean(through)) if through else (3, 0)

    return sorted(ladder.goals, key=rank)


def _middle_of_sources(ladder: Ladder, left: dict[int, Box], pk: int) -> float:
    """Half way between the goals that lead to the board's goal `pk`, straight or through the school's."""
    vias = {own for own, target in ladder.lifts if target == pk}
    sources = [goal for goal, target in ladder.straight if target == pk]
    sources += [goal for goal, via in ladder.through if via in vias]
    return mean(left[goal].middle for goal in sources)


# ── Boxes ─────────────────────────────────────────────────────────────────────


def _goal_box(ladder: Ladder, goal: Step) -> Box:
    leaving = sum(source == goal.pk for source, _target in ladder.straight + ladder.through)
    return _box("goal" if leaving else "loose", goal, GOAL_X, GOAL_WIDTH, leaving)


def _own_box(ladder: Ladder, goal: Step) -> Box:
    reaching = sum(target == goal.pk for _source, target in ladder.through)
    leaving = sum(source == goal.pk for source, _target in ladder.lifts)
    return _box("own", goal, OWN_X, OWN_WIDTH, max(reaching, leaving))


def _board_box(ladder: Ladder, goal: Step) -> Box:
    reaching = sum(target == goal.pk for _source, target in ladder.straight + ladder.lifts)
    return _box("board", goal, BOARD_X, BOARD_WIDTH, reaching)


def _box(kind: str, goal: Step, x: int, width: int, ribbons: int) -> Box:
    """A box high enough for its lines and for the ribbons at its busier side; not placed yet."""
    is_board = kind == "board"
    lines = wrapped(goal.title, width - 2 * PAD_X, BOARD_LINE_SIZE if is_board else LINE_SIZE)
    height = len(lines) * (BOARD_LINE if is_board else LINE) + 2 * (BOARD_PAD_Y if is_board else PAD_Y)
    if goal.code:
        height += CODE_LINE
    height = max(height, 2 * INSET + ribbons * THINNEST + (ribbons - 1) * APART)
    return Box(kind, x, 0, width, height, lines, goal.code)


def _needed(boxes: Iterable[Box]) -> int:
    heights = [box.height for box in boxes]
    return sum(heights) + max(len(heights) - 1, 0) * BETWEEN


def _placed(boxes: dict[int, Box], wanted: dict[int, float], top: int, bottom: int) -> dict[int, Box]:
    """The boxes of a column one under another, each as near its wanted middle as the others allow."""
    bottom = max(bottom, top + _needed(boxes.values()))
    placed, above = {}, top
    for pk, box in boxes.items():
        y = max(above, int(wanted.get(pk, 0) - box.height / 2))
        placed[pk] = replace(box, y=y)
        above = y + box.height + BETWEEN
    for pk, box in reversed(placed.items()):
        placed[pk] = replace(box, y=min(box.y, bottom - box.height))
        bottom = placed[pk].y - BETWEEN
    return placed


def _heads(*, with_own: bool) -> tuple[Head, ...]:
    columns = [(GOAL_X, _("This initiative"), OWN_X - GOAL_X)]
    if with_own:
        columns.append((OWN_X, _("The school’s improvement plan"), BOARD_X - OWN_X))
    columns.append((BOARD_X, _("The board’s strategic plan"), BOARD_WIDTH))
    return tuple(Head(x, wrapped(text, width - 8, HEAD_SIZE, most=2)) for x, text, width in columns)


# ── Ribbons ───────────────────────────────────────────────────────────────────


def _straight(ladder: Ladder, left: dict[int, Box], right: dict[int, Box]) -> list[Ribbon]:
    """From goals to the board's goals; at both ends above those that go through the school's plan."""
    found = []
    for source, target in _in_order(ladder.straight, left, right):
        leaving = [t for s, t in _in_order(ladder.straight, left, right) if s == source]
        more = sum(s == source for s, _via in ladder.through)
        reaching = [s for s, t in _in_order(ladder.straight, left, right) if t == target]
        lifting = sum(t == target for _via, t in ladder.lifts)
        start = _right_side(left[source], leaving.index(target), len(leaving) + more)
        end = _left_side(right[target], reaching.index(source), len(reaching) + lifting)
        found.append(Ribbon(start, end))
    return found


def _through(ladder: Ladder, left: dict[int, Box], own: dict[int, Box]) -> list[Ribbon]:
    """From goals to the school's goals."""
    found = []
    pairs = _in_order(ladder.through, left, own)
    for source, target in pairs:
        before = sum(s == source for s, _target in ladder.straight)
        leaving = [t for s, t in pairs if s == source]
        reaching = [s for s, t in pairs if t == target]
        start = _right_side(left[source], before + leaving.index(target), before + len(leaving))
        found.append(Ribbon(start, _left_side(own[target], reaching.index(source), len(reaching))))
    return found


def _lifts(ladder: Ladder, own: dict[int, Box], right: dict[int, Box]) -> list[Ribbon]:
    """From the school's goals to the board's."""
    found = []
    pairs = _in_order(ladder.lifts, own, right)
    for source, target in pairs:
        before = sum(t == target for _source, t in ladder.straight)
        leaving = [t for s, t in pairs if s == source]
        reaching = [s for s, t in pairs if t == target]
        end = _left_side(right[target], before + reaching.index(source), before + len(reaching))
        found.append(Ribbon(_right_side(own[source], leaving.index(target), len(leaving)), end))
    return found


Pairs = Sequence[tuple[int, int]]


def _in_order(pairs: Pairs, sources: dict[int, Box], targets: dict[int, Box]) -> Pairs:
    """Pairs from top to bottom, by their sources and then by their targets: so ribbons side by side do not cross."""
    return sorted(pairs, key=lambda pair: (sources[pair[0]].y, targets[pair[1]].y))


def _right_side(box: Box, place: int, of: int) -> End:
    return _end(box, box.x + box.width, place, of)


def _left_side(box: Box, place: int, of: int) -> End:
    return _end(box, box.x, place, of)


def _end(box: Box, x: int, place: int, of: int) -> End:
    """The part of a side that belongs to ribbon number `place` of `of`; together they stand in its middle."""
    thick = min(THICKEST, (box.height - 2 * INSET - (of - 1) * APART) // of)
    first = box.y + (box.height - of * thick - (of - 1) * APART) // 2
    top = first + place * (thick + APART)
    return End(x, top, top + thick)


# ── Text ──────────────────────────────────────────────────────────────────────


def _length(text: str, size: int) -> float:
    return sum(_width(character) for character in text) * size


def _width(character: str) -> float:
    plain = unicodedata.normalize("NFD", character)[0]
    if plain in NARROW:
        return WIDTHS["narrow"]
    if plain in WIDE:
        return WIDTHS["wide"]
    return WIDTHS["capital"] if plain.isupper() else WIDTHS["other"]


def _pieces(word: str, width: float, size: int) -> list[str]:
    """`word` whole, or cut where it is longer than a line."""
    pieces = [""]
    for character in word:
        if _length(pieces[-1] + character, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces
