"""The one-page guarantee: what is handed out is always a document that was itself measured as one page.

Only WeasyPrint's public API is used (Document.pages, Page.height, Page.anchors). The document's flow ends in
`<p id="end">`, its page has a bottom margin of BOTTOM (`@page single` of document.css), and every length in
its sheet hangs on the custom properties that `density` sets.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# A WeasyPrint Document, which has no types: `pages`, each with `height` and `anchors` (the place of each element
# with an id: x1, y1, x2, y2), in CSS px.
Document = Any
# render(css, kept): the document laid out with the line `css` after its sheets, and with only the first
# kept[field] words of each field named there.
Render = Callable[[str, Mapping[str, int]], Document]

# 0 is roomy, for a page with little on it; 4 is airy; from there 16 even steps lead to 20, tight.
AIRY_STEP, TIGHTEST = 4, 20
ROOMY = {"fs": 13.0, "lh": 1.5, "gap": 26.0, "para": 9.0, "item": 6.2, "h1": 40.0}
AIRY = {"fs": 11.0, "lh": 1.48, "gap": 16.0, "para": 7.0, "item": 4.2, "h1": 30.0}
TIGHT = {"fs": 8.6, "lh": 1.25, "gap": 6.0, "para": 2.4, "item": 1.3, "h1": 20.0}
FLOOR = 8.5  # pt: nothing on the page is ever set smaller
BOTTOM = 12 / 25.4 * 96  # CSS px
PT = 0.75  # one CSS px in pt
GAPS = 7  # section gaps above one another on a full page
MOST_SLACK = 10.0  # pt a gap
LEAST_SLACK, LEAST_FOOT = 0.4, 6.0  # pt: less is not worth one more layout
FEWEST_WORDS = 3  # no field is asked to be cut below this
# A budget is cut into only for pathologically long words.
SHARES = (1.0, 0.7, 0.45, 0.25)


@dataclass(frozen=True)
class Fit:
    """A document of exactly one page, the density step it got and the layouts made to find it."""

    document: Document
    step: int
    renders: int


class TooLong(Exception):
    """It does not fit even at the tightest step.

    `cuts` are the words to take away from which fields so that it does: measured, not estimated, and of the
    field named last not one more than needed. Empty when cutting these fields does not make it fit.
    """

    def __init__(self, cuts: Mapping[str, int], renders: int) -> None:
        self.cuts, self.renders = dict(cuts), renders
        super().__init__("; ".join(f"{field}: {words} words too many" for field, words in cuts.items()))


def fit_one_page(render: Render, words: Mapping[str, int], budgets: Mapping[str, int], hint: int | None = None) -> Fit:
    """The airiest one-page setting of the document, with what is left of the page shared out over its gaps.

    `words` says how many words each field has, `budgets` how many each of them may have when all are full.
    `hint` is the step that fitted last time, tried first: for a document that hardly changed it saves half
    of the layouts. Raises TooLong.
    """
    attempt = _Attempts(render)
    if (airiest := _airiest(attempt, hint)) is None:
        cuts = _cuts(attempt, words, budgets)
        raise TooLong(cuts, attempt.made)
    step, document = airiest
    document = _spread(attempt, step, document)
    return Fit(document, step, attempt.made)


def density(step: int, slack: float = 0.0, foot: float = 0.0) -> str:
    """The line of CSS for a density step; `slack` pt go into every gap, `foot` pt above the closing band."""
    if step < AIRY_STEP:
        values = _between(ROOMY, AIRY, step / AIRY_STEP)
    else:
        values = _between(AIRY, TIGHT, (step - AIRY_STEP) / (TIGHTEST - AIRY_STEP))
    leading = values.pop("lh")
    lengths = {**values, "small": max(FLOOR, values["fs"] * 0.87), "slack": slack, "foot": foot}
    return f":root{{--lh:{leading:.3f};{';'.join(f'--{name}:{pt:.3f}pt' for name, pt in lengths.items())}}}"


def _between(loose: Mapping[str, float], close: Mapping[str, float], t: float) -> dict[str, float]:
    return {name: loose[name] + (close[name] - loose[name]) * t for name in loose}


class _Attempts:
    """Layouts made so far; a call makes one more and gives the document only if it is one page."""

    def __init__(self, render: Render) -> None:
        self._render, self.made = render, 0

    def __call__(self, step: int, kept: Mapping[str, int] | None = None, **spread: float) -> Document | None:
        self.made += 1
        document = self._render(density(step, **spread), kept or {})
        # The second catches what overflows its page without breaking to the next one.
        return document if len(document.pages) == 1 and _room(document) > -0.5 * PT else None


def _room(document: Document) -> float:
    """How many pt are left between the end of the text and the bottom margin of the first page."""
    page = document.pages[0]
    return float(page.height - BOTTOM - page.anchors["end"][3]) * PT


def _airiest(attempt: _Attempts, hint: int | None) -> tuple[int, Document] | None:
    """The airiest step that fits, by bisection, and its document; None if not even the tightest fits."""
    low, step, document = 0, TIGHTEST, None
    if hint is not None and (document := attempt(hint)):
        step = hint
    elif hint is not None:
        low = hint + 1
    if document is None and low <= TIGHTEST:  # the tightest: it alone decides yes or no
        document = attempt(TIGHTEST)
    if document is None:
        return None
    middle = step - 1 if step == hint else (low + step) // 2
    while low < step:  # `step` fits
        if airier := attempt(middle):
            step, document = middle, airier
        else:
            low = middle + 1
        middle = (low + step) // 2
    return step, document


def _spread(attempt: _Attempts, step: int, document: Document) -> Document:
    """Share what is left under the text out over the gaps; what a short text still leaves goes above the
    closing band, so that it stands at the foot of the page."""
    slack = max(0.0, min(_room(document) / GAPS - 0.1, MOST_SLACK))
    if slack > LEAST_SLACK and (spread := attempt(step, slack=slack)):
        document = spread
    else:
        slack = 0.0
    if (foot := _room(document) - 1.0) > LEAST_FOOT:
        document = attempt(step, slack=slack, foot=foot) or document
    return document


def _cuts(attempt: _Attempts, words: Mapping[str, int], budgets: Mapping[str, int]) -> dict[str, int]:
    """Blame the field furthest over its budget and find, by bisection, the least to take away from it. When
    even its budget is too much beside the others, leave it at its budget and go on to the next field."""
    kept = dict(words)
    cuts: dict[str, int] = {}
    for share in SHARES:
        for field in sorted(kept, key=lambda field: kept[field] / budgets[field], reverse=True):
            room, had = max(FEWEST_WORDS, int(budgets[field] * share)), kept[field]
            if had <= room:
                continue
            kept[field] = room
            fits = attempt(TIGHTEST, kept) is not None
            if fits:
                kept[field] = _most_that_fit(attempt, kept, field, below=had)
            cuts.pop(field, None)  # the field cut last stands last
            cuts[field] = words[field] - kept[field]
            if fits:
                return cuts
    return {}


def _most_that_fit(attempt: _Attempts, kept: Mapping[str, int], field: str, below: int) -> int:
    """The most words of `field` that fit: kept[field] do, `below` do not."""
    low, high = kept[field], below - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if attempt(TIGHTEST, {**kept, field: middle}) else (low, middle - 1)
    return low
