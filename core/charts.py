"""Charts as plain numbers for SVG: lengths in percent of the width, heights in pixels. Each has its table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
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
