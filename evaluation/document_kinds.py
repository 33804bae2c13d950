"""The report of a yearly look on paper, for both sides to read before they meet."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core import charts
from core.templatetags.tandem import said
from engines.documents.kinds import Content, document
from evaluation import report
from evaluation.models import Choice, Evaluation
from partnerships import dashboard
from partnerships.models import Commitment

TEMPLATE = "documents/evaluation_report.html"
# Of the drawings, in their own units: 480 wide.
LEFT, RIGHT, TOP, STEP = 176, 464, 26, 17
BAR, FLOOR = 45, 108


@dataclass(frozen=True)
class Mark:
    """One dimension in the drawing: its line, and where its two marks stand."""

    label: str
    text_y: str
    y: int
    school: str
    partner: str
    school_left: str
    school_top: str


@dataclass(frozen=True)
class Column:
    """The hours of one month as they are drawn, with the middle of the column."""

    left: str
    middle: str
    top: str
    height: str
    above: str
    month: dashboard.Month


@document(
    "evaluation_report", for_model=Evaluation, template="documents/evaluation_report.html", label=_("Annual report")
)
def evaluation_report(evaluation: Evaluation) -> Content:
    """What both sides said and what was counted. Asked for once both are in (evaluation.actions.ask_report)."""
    partnership = evaluation.year.partnership
    seen = report.both(evaluation)
    pairs = seen["pairs"]
    decided = {choice.decision for _side, _name, choice in seen["choices"] if choice} if seen["decided"] else set()
    return Content(
        {
            "year": evaluation.year,
            "school": partnership.school.name,
            "board": partnership.board.name if partnership.board.name != partnership.school.name else "",
            "partner": partnership.business.name,
            "title": partnership.initiative.title,
            "marks": [_mark(pair, n) for n, pair in enumerate(pairs)],
            "scale": [(n, LEFT + (RIGHT - LEFT) * (n - 1) // 4) for n in range(1, 6)],
            "height": TOP + STEP * len(pairs),
            "hours": said(seen["figures"]["hours"]),
            "columns": _columns(dashboard.by_month(evaluation.year)),
            "promises": promised(evaluation),
            "options": [(choice.label, choice.value in decided) for choice in Choice.Decision],
            **{
                name: seen[name]
                for name in (
                    "pairs",
                    "means",
                    "band",
                    "talk_about",
                    "strengths",
                    "helps",
                    "figures",
                    "choices",
                )
            },
        }
    )


def promised(evaluation: Evaluation) -> list[tuple[str, str]]:
    """What both sides promised for the year and did not withdraw, with the side; the partner's first."""
    rows = Commitment.objects.filter(year=evaluation.year_id, withdrawn_at=None).order_by("side", "pk")
    return [(row.sentence, row.side) for row in rows.select_related("year__partnership__school__board")]


def _columns(months: list[dashboard.Month]) -> list[Column]:
    found = []
    for bar, month in zip(charts.bars([(m.label, m.hours) for m in months], height=FLOOR), months, strict=True):
        middle = float(bar.x) * 4.8
        above = f"{float(bar.top) - 4:.1f}"
        found.append(Column(f"{middle - BAR / 2:.1f}", f"{middle:.1f}", bar.top, bar.height, above, month))
    return found


def _mark(pair: report.Pair, n: int) -> Mark:
    """The marks of the `n`th dimension; two that would cover each other stand side by side."""
    y = TOP + STEP * n
    apart = 4.6 if pair.are_together else 0
    school, partner = _x(pair.school, -apart), _x(pair.partner, apart)
    left = f"{float(school) - 4.6:.1f}" if school else ""
    return Mark(pair.label, f"{y + 3.2:.1f}", y, school, partner, left, f"{y - 4.6:.1f}")


def _x(value: Decimal | None, aside: float) -> str:
    return "" if value is None else f"{LEFT + (RIGHT - LEFT) * (float(value) - 1) / 4 + aside:.1f}"
