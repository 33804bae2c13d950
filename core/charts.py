"""Charts as plain numbers for SVG: lengths in percent of the width, heights in pixels. Each has its table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Bar:
    """One bar: its middle in percent of the width, its top and height in pixels, and what stands on and under it."""

    x: str
    top: str
    height: str
    value: Decimal
    label: str

    @property
    def value_y(self) -> str:
        """Where the figure stands: a little above the bar."""
        return f"{float(self.top) - 7:.1f}"


def bars(values: Sequence[tuple[str, Decimal]], *, height: int = 110, headroom: int = 24) -> list[Bar]:
    """A bar for each label and value (0 or more), the highest `height` less `headroom` pixels high."""
    most = max((value for _label, value in values), default=Decimal(0))
    found = []
    for index, (label, value) in enumerate(values):
        length = float(value / most) * (height - headroom) if most else 0.0
        x = (index + 0.5) / len(values) * 100
        found.append(Bar(f"{x:.2f}", f"{height - length:.1f}", f"{length:.1f}", value, label))
    return found


@dataclass(frozen=True)
class Point:
    """A value on its day: where its mark stands, and whether there is room for its figure and its day."""

    x: str
    y: str
    value: Decimal
    day: date
    is_said: bool

    @property
    def value_y(self) -> str:
        """Where the figure stands: a little above the mark."""
        return f"{float(self.y) - 12:.1f}"


@dataclass(frozen=True)
class Line:
    """Points from left to right, and the height of a level they aim at."""

    points: list[Point]
    aim_y: str

    @property
    def pieces(self) -> list[tuple[Point, Point]]:
        """The strokes between neighbours: SVG takes percents for a line, and none for a path."""
        return list(zip(self.points, self.points[1:], strict=False))


NARROWEST = 11.0  # percent between two figures that do not touch on a wide page
LEFT, RIGHT = 6.0, 94.0  # percent: the first and last figure stand inside


def line(
    values: Sequence[tuple[date, Decimal]], *, start: Decimal, aim: Decimal, height: int = 150, headroom: int = 34
) -> Line:
    """A line through the values, in order of their days, between the level of `start` and of `aim`, all in view.

    A day is as far from the first as it is in time. Where figures would touch, the later one is said.
    """
    days = sorted(values)
    low = min([start, aim, *(value for _day, value in days)])
    high = max([start, aim, *(value for _day, value in days)])
    span = (days[-1][0] - days[0][0]).days if days else 0

    def x_of(day: date) -> float:
        return LEFT + (RIGHT - LEFT) * (day - days[0][0]).days / span if span else 50.0

    def y_of(value: Decimal) -> str:
        share = float((value - low) / (high - low)) if high != low else 0.5
        return f"{headroom + (1 - share) * (height - headroom - 10):.1f}"

    said: set[date] = set()
    last = float("inf")
    for day, _value in reversed(days):
        if last - x_of(day) >= NARROWEST:
            said.add(day)
            last = x_of(day)
    points = [Point(f"{x_of(day):.2f}", y_of(value), value, day, day in said) for day, value in days]
    return Line(points, y_of(aim))
