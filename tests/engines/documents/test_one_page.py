"""The one-page guarantee: on imagined pages, where every number is known, and on real ones."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PageObject, mult

from core.pictures import for_paper
from engines.documents.jobs import Job, Refused, Rendered
from engines.documents.one_page import (
    AIRY_STEP,
    BOTTOM,
    FLOOR,
    PT,
    ROOMY,
    TIGHTEST,
    TooLong,
    density,
    fit_one_page,
)
from engines.documents.renderer import Renderer
from tests.engines.documents.samples import (
    BUDGETS,
    FILES,
    FULL,
    SPARSE,
    fonts_of,
    read,
    smallest_type,
    summary_html,
    summary_job,
)
from tests.factories.rows import picture

PAGE = 1000.0 + BOTTOM


@dataclass
class Imagined:
    """A document whose text ends `end(step, words)` px from the top of a page with room for 1,000; it records
    what it was asked for."""

    words: dict[str, int]
    end: Callable[[int, int], float]
    grows_with_slack: float = 0.0

    def __post_init__(self) -> None:
        self.steps: list[int] = []
        self.lines = {density(step)[:40]: step for step in range(TIGHTEST + 1)}

    def render(self, css: str, kept: Mapping[str, int]) -> Any:
        step = self.lines[css[:40]]
        self.steps.append(step)
        spread = {name: float(css.split(f"--{name}:")[1].split("pt")[0]) for name in ("slack", "foot")}
        end = self.end(step, sum({**self.words, **kept}.values()))
        end += (spread["slack"] * self.grows_with_slack + spread["foot"]) / PT
        page = SimpleNamespace(height=PAGE, anchors={"end": (0.0, end, 0.0, end)})
        return SimpleNamespace(pages=[page], end=end, **spread)


def at_steps(highest: int) -> Callable[[int, int], float]:
    """Fits from step `highest` on, whatever its words; ends on the margin, so that nothing is left to share."""
    return lambda step, words: 1000.0 if step >= highest else 1001.0


@pytest.mark.parametrize("airiest", range(TIGHTEST + 1))
def test_finds_the_airiest_step_that_fits(airiest: int) -> None:
    page = Imagined({}, at_steps(airiest))

    fit = fit_one_page(page.render, {}, {})

    assert (fit.step, fit.renders) == (airiest, len(page.steps))
    assert page.steps[0] == TIGHTEST
    assert fit.renders <= 6


@pytest.mark.parametrize("airiest", range(TIGHTEST + 1))
@pytest.mark.parametrize("hint", range(TIGHTEST + 1))
def test_a_hint_never_changes_the_answer(airiest: int, hint: int) -> None:
    assert fit_one_page(Imagined({}, at_steps(airiest)).render, {}, {}, hint=hint).step == airiest


@pytest.mark.parametrize(("hint", "steps"), [(12, [12, 11]), (0, [0])])
def test_a_right_hint_is_confirmed_and_nothing_else_is_tried(hint: int, steps: list[int]) -> None:
    page = Imagined({}, at_steps(hint))

    assert fit_one_page(page.render, {}, {}, hint=hint).step == hint
    assert page.steps == steps


def test_what_is_left_goes_into_the_gaps_and_then_above_the_closing_band() -> None:
    page = Imagined({}, lambda step, words: 700.0, grows_with_slack=3)

    document = fit_one_page(page.render, {}, {}).document

    assert document.slack == 10.0
    assert document.foot == pytest.approx(300 * PT - 3 * 10 - 1, abs=0.01)
    assert document.end < 1000


def test_sharing_out_is_given_up_when_the_page_would_overflow() -> None:
    page = Imagined({}, lambda step, words: 997.0, grows_with_slack=1000)

    assert fit_one_page(page.render, {}, {}).document.end == 997.0


def test_a_second_page_is_never_accepted() -> None:
    page = SimpleNamespace(height=PAGE, anchors={"end": (0.0, 10.0, 0.0, 10.0)})

    with pytest.raises(TooLong) as refusal:
        fit_one_page(lambda css, kept: SimpleNamespace(pages=[page, page]), {"why": 2}, {"why": 5})

    assert (refusal.value.cuts, refusal.value.renders) == ({}, 1)


def test_the_field_furthest_over_its_budget_is_cut_and_by_not_one_word_too_many() -> None:
    words = {"why": 90, "ask": 40}
    page = Imagined(words, lambda step, words: 1000.0 if words <= 117 else 1001.0)

    with pytest.raises(TooLong) as refusal:
        fit_one_page(page.render, words, {"why": 50, "ask": 30})

    assert refusal.value.cuts == {"why": 13}
    assert refusal.value.renders == len(page.steps)


def test_when_one_budget_is_not_enough_the_next_field_is_cut_too() -> None:
    words = {"why": 90, "ask": 40}
    page = Imagined(words, lambda step, words: 1000.0 if words <= 85 else 1001.0)

    with pytest.raises(TooLong) as refusal:
        fit_one_page(page.render, words, {"why": 50, "ask": 30})

    assert refusal.value.cuts == {"why": 40, "ask": 5}


def test_budgets_are_cut_into_when_the_words_are_too_long() -> None:
    words = {"why": 90, "ask": 40}
    page = Imagined(words, lambda step, words: 1000.0 if words <= 60 else 1001.0)

    with pytest.raises(TooLong) as refusal:
        fit_one_page(page.render, words, {"why": 50, "ask": 30})

    assert refusal.value.cuts == {"why": 55, "ask": 15}


def test_density_is_even_and_never_sets_anything_under_the_floor() -> None:
    def value(step: int, name: str) -> float:
        return float(density(step).split(f"--{name}:")[1].split("pt")[0])

    assert value(0, "fs") == ROOMY["fs"]
    for name in ("fs", "small", "gap", "para", "item", "h1"):
        values = [value(step, name) for step in range(TIGHTEST + 1)]
        assert values == sorted(values, reverse=True)
    assert value(AIRY_STEP, "fs") == 11.0
    assert value(TIGHTEST, "small") == FLOOR


# ── Real pages ────────────────────────────────────────────────────────────────

WORDS = [
    "students",
    "design",
    "build",
    "and",
    "program",
    "a",
    "competition",
    "robot",
    "in",
    "one",
    "season",
    "with",
    "mentors",
    "from",
    "industry",
    "who",
    "stand",
    "beside",
    "them",
    "every",
    "week",
    "they",
    "plan",
    "divide",
    "the",
    "work",
    "test",
    "fail",
    "and",
    "present",
    "under",
    "pressure",
    "l’apprentissage",
    "développe",
    "les",
    "compétences",
    "numériques",
    "qu’exigent",
    "aujourd’hui",
    "les",
    "établissements",
    "partenariat",
    "à",
    "été",
    "où",
    "cœur",
    "naïve",
    "“skills”",
    "21st",
    "$6,500",
    "38",
    "%",
    "school-improvement",
    "co-operative",
    "élèves;",
    "mathematics:",
    "the",
]
# On average 6.2 letters, where the French the page was designed with has 5.4.
LONG_WORDS = [word if index % 5 else word + "s" for index, word in enumerate(WORDS)]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def text(dice: random.Random, words: int, vocabulary: list[str] = WORDS) -> str:
    return " ".join(dice.choice(vocabulary) for _ in range(max(1, words)))


def texts(dice: random.Random, share: Callable[[], float], vocabulary: list[str] = WORDS) -> dict[str, list[str]]:
    """Each budgeted field as a list of its items (one, where it is a paragraph), `share()` times its budget."""
    items = {"needs": dice.randint(2, 5), "benefit": dice.randint(2, 4), "goals": dice.randint(2, 4)}
    fields = {}
    for field, budget in BUDGETS.items():
        parts = items.get(field, 1)
        fields[field] = [text(dice, round(budget * share() / parts), vocabulary) for _ in range(parts)]
    return fields


def job_of(fields: dict[str, list[str]], paper: Any, language: str, **changes: Any) -> Job:
    context = {**FULL, "language": language}
    context |= {name: changes.pop(name) for name in ("logo_of", "board") if name in changes}
    for field, items in fields.items():
        context[field] = " ".join(items)
    lists = {"needs": [("", need) for need in fields["needs"]], "benefits": fields["benefit"], "goals": fields["goals"]}
    context |= lists
    wanted: dict[str, Any] = {"files": FILES, "one_page": True, "budgets": BUDGETS, **changes}
    return Job(summary_html(context), paper, **wanted)


def without_words(fields: dict[str, list[str]], cuts: Mapping[str, int]) -> dict[str, list[str]]:
    """`fields` after somebody took the last `cuts[field]` words away from each."""
    shorter = {}
    for field, items in fields.items():
        left = sum(len(item.split()) for item in items) - cuts.get(field, 0)
        kept = []
        for item in items:
            kept.append(" ".join(item.split()[:left]))
            left = max(0, left - len(item.split()))
        shorter[field] = [item for item in kept if item]
    return shorter


def assert_is_one_good_page(answer: Any) -> None:
    assert isinstance(answer, Rendered), answer
    reader = read(answer.pdf)
    assert len(reader.pages) == answer.pages == 1
    assert smallest_type(reader.pages[0]) >= FLOOR - 0.01
    assert {font[:8] for font in fonts_of(reader)} == {"Source-S"}


@pytest.mark.parametrize("seed", range(18))
def test_a_random_document_is_one_good_page_or_its_measured_cuts_make_it_so(seed: int, renderer: Renderer) -> None:
    dice = random.Random(seed)
    paper, language = dice.choice(["letter", "a4"]), dice.choice(["en", "fr"])
    length = dice.uniform(0.25, 2.2)
    fields = texts(dice, lambda: length * dice.uniform(0.6, 1.3))
    if dice.random() < 0.3:
        fields[dice.choice(["why", "ask", "needs"])][0] += " " + "w" * 70

    answer = renderer.answer(job_of(fields, paper, language))

    if isinstance(answer, Refused):
        *earlier, (last, words) = answer.cuts.items()
        assert words > 0
        cut = job_of(without_words(fields, answer.cuts), paper, language, hint=TIGHTEST)
        assert_is_one_good_page(renderer.answer(cut))
        one_less = without_words(fields, {**dict(earlier), last: words - 1})
        too_long = renderer.answer(job_of(one_less, paper, language, budgets={}))
        assert isinstance(too_long, Refused)
    else:
        assert_is_one_good_page(answer)


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize(("language", "vocabulary"), [("en", WORDS), ("fr", LONG_WORDS)])
def test_all_fields_at_their_budgets_fit_together(
    paper: Any, language: str, vocabulary: list[str], renderer: Renderer
) -> None:
    dice = random.Random(7)
    fields = {field: [text(dice, budget, vocabulary)] for field, budget in BUDGETS.items()}
    for field, items in (("needs", 5), ("benefit", 4), ("goals", 4)):
        fields[field] = [text(dice, BUDGETS[field] // items, vocabulary) for _ in range(items)]

    assert_is_one_good_page(renderer.answer(job_of(fields, paper, language)))


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("context", [FULL, SPARSE, {"language": "fr", "title": "Seul"}], ids=["full", "sparse", "bare"])
def test_a_page_with_much_or_little_on_it_is_one_good_page(
    paper: Any, context: dict[str, Any], renderer: Renderer
) -> None:
    assert_is_one_good_page(renderer.answer(summary_job(context, paper=paper)))


LOGOS = {"wide": (1600, 90), "tall": (60, 1600), "square": (480, 480), "dot": (1, 1)}


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("shape", LOGOS)
@pytest.mark.parametrize("is_full", [True, False])
def test_a_logo_of_any_shape_leaves_it_one_good_page(paper: Any, shape: str, is_full: bool, renderer: Renderer) -> None:
    dice = random.Random(7)
    logo = {"logo.png": for_paper(picture(size=LOGOS[shape], mode="RGBA"))}
    if is_full:  # every field at its budget
        fields = {field: [text(dice, budget, LONG_WORDS)] for field, budget in BUDGETS.items()}
        for field, items in (("needs", 5), ("benefit", 4), ("goals", 4)):
            fields[field] = [text(dice, BUDGETS[field] // items, LONG_WORDS) for _ in range(items)]
        job = job_of(fields, paper, "fr", files=FILES | logo, logo_of="Maple Valley District School Board")
    else:
        job = job_of(texts(dice, lambda: 0.2), paper, "en", files=FILES | logo, logo_of="Riverbend", board="")
    answer = renderer.answer(job)
    assert_is_one_good_page(answer)
    assert isinstance(answer, Rendered)
    page = read(answer.pdf).pages[0]
    assert len(page.images) == 1
    assert right_edge_of_the_image(page) < left_edge_of_the_text(page, FULL["school"])


def right_edge_of_the_image(page: PageObject) -> float:
    """Where the one image of the page ends, in points from its left edge."""
    edges: list[float] = []

    def note(operator: Any, operands: Any, matrix: Any, text_matrix: Any) -> None:
        if operator == b"Do":
            edges.append(matrix[4] + matrix[0])

    page.extract_text(visitor_operand_before=note)
    [edge] = edges
    return edge


def left_edge_of_the_text(page: PageObject, text: str) -> float:
    """Where `text` begins, in points from the left edge of the page."""
    edges: list[float] = []

    def note(found: str, matrix: Any, text_matrix: Any, font: Any, size: Any) -> None:
        if text in " ".join(found.split()):
            edges.append(mult(text_matrix, matrix)[4])

    page.extract_text(visitor_text=note)
    return edges[0]


def test_the_page_of_the_demonstration_world_looks_as_designed(renderer: Renderer) -> None:
    answer = renderer.answer(summary_job(FULL))

    assert isinstance(answer, Rendered)
    assert (answer.step, answer.pages) == (12, 1)
    words = read(answer.pdf).pages[0].extract_text()
    for part in (
        "for our meeting on Thursday 19 September 2024",
        "What is in it for Northgate",
        "SP1",
        "245",
    ):
        assert part in words


def test_a_title_too_long_for_any_page_is_refused_without_blaming_a_field(renderer: Renderer) -> None:
    context = {**SPARSE, "title": "word " * 600}

    answer = renderer.answer(summary_job(context))

    assert isinstance(answer, Refused)
    assert answer.cuts == {}
