"""What rendering costs, as ratios that hold on any machine: everything compared is measured in one run, in turns,
on the processor's clock. For `manage.py bench`; it loads WeasyPrint into the process that calls it."""

import statistics
import time
from collections.abc import Callable
from html import escape

from engines.documents.jobs import Job, Rendered
from engines.documents.one_page import density

ROUNDS = 9
WORDS = [
    "Students",
    "design,",
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
]


def _sample() -> Job:
    """A page as full as an executive summary: a strip of facts, two columns, a row of figures, a closing band."""

    def words(number: int, at: int) -> str:
        return escape(" ".join(WORDS[(at + index) % len(WORDS)] for index in range(number)))

    def items(number: int, length: int) -> str:
        return "".join(f"<li>{words(length, index * 5)}</li>" for index in range(number))

    texts = "".join(f"<section><h2>{words(3, n)}</h2><p>{words(48, n)}</p></section>" for n in range(3))
    lists = "".join(
        f"<section class='panel bar is-{side}'><h2 class='side is-{side}'>{words(4, 1)}</h2>"
        f"<ul class='{look}'>{items(4, 12)}</ul></section>"
        for side, look in (("school", "lines"), ("partner", "dots"))
    )
    html = (
        "<html lang='en' class='one-page'><meta charset='utf-8'><title>Sample</title><body>"
        f"<header class='mast'><p class='who'><b>{words(3, 0)}</b>{words(5, 3)}</p></header>"
        f"<div class='tandem'><i></i><i></i></div><h1>{words(4, 0)}</h1><p class='stand'>{words(24, 0)}</p>"
        f"<section><ul class='strip'>{items(5, 3)}</ul></section>"
        f"<div class='cols'><div class='broad'>{texts}</div><div>{lists}</div></div>"
        f"<section class='is-school'><h2 class='tone'>{words(6, 2)}</h2><div class='ladder'>"
        f"<div class='goals'><ul class='dots'>{items(4, 5)}</ul></div><div class='into'><p>{words(5, 0)}</p></div>"
        f"</div></section><section><h2>{words(5, 4)}</h2><ul class='strip bare'>{items(3, 4)}</ul></section>"
        f"<div class='ask'><div class='words'><h2>{words(3, 1)}</h2><p>{words(32, 7)}</p></div>"
        f"<div class='person'><p>{words(14, 2)}</p></div></div><p id='end'></p></body></html>"
    )
    return Job(html, one_page=True)


def measure(job: Job | None = None) -> dict[str, float]:
    """Ratios of processor time, for `job` or a sample page:

    `fit` a whole one-page fit with its PDF, of as many warm bare layouts as it made (goal: at most 1.2);
    `page` one warm layout with its tagged PDF, of the same page made the naive way: system fonts, everything
    new each time (goal: at most 0.7);
    `page_fonts` the same, of everything new each time with the bundled fonts;
    `start` loading the fonts and sheets once, in warm bare layouts.
    """
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from engines.documents import renderer as rendering_process

    job = job or _sample()
    renderer = rendering_process.Renderer()
    rendering_process.warm_up(renderer)
    answer = renderer.answer(job)
    if not isinstance(answer, Rendered) or answer.step is None:
        raise ValueError(f"Not one page: {answer}")
    css = density(answer.step)
    fetcher = rendering_process.Handed(job.files)
    sheets = [rendering_process.PRINT / name for name in ("document.css", f"page-{job.paper}.css")]
    faces_dropped = "\n".join(
        line for line in sheets[0].read_text(encoding="utf-8").splitlines() if not line.startswith("@font-face")
    ).replace('"Source Sans 3","Source Sans 3 Ext"', "sans-serif")

    def bare() -> object:
        return renderer.layout(rendering_process.parsed(job, fetcher), job.paper, css)

    def page() -> object:
        return rendering_process.written(bare())

    def fit() -> object:
        return renderer.answer(job)

    def everything_new(own: CSS, fonts: FontConfiguration) -> object:
        given = [own, CSS(filename=sheets[1]), CSS(string=css)]
        html = HTML(string=job.html, base_url="job:", url_fetcher=fetcher)
        return html.render(stylesheets=given, font_config=fonts).write_pdf(pdf_variant="pdf/ua-1")

    def naive() -> object:
        return everything_new(CSS(string=faces_dropped), FontConfiguration())

    def naive_fonts() -> object:
        fonts = FontConfiguration()
        return everything_new(CSS(filename=sheets[0], font_config=fonts), fonts)

    def bare_of_fit() -> None:
        for _ in range(answer.renders):
            bare()

    return {
        "fit": _ratio(fit, bare_of_fit),
        "page": _ratio(page, naive),
        "page_fonts": _ratio(page, naive_fonts),
        "start": _ratio(rendering_process.Renderer, bare),
        "renders": float(answer.renders),
    }


def _ratio(one: Callable[[], object], other: Callable[[], object]) -> float:
    """Processor time of `one` in that of `other`: the median over ROUNDS pairs, each measured side by side,
    because the clock of a shared machine runs now fast, now slow."""
    return statistics.median(_cost(one) / _cost(other) for _ in range(ROUNDS))


def _cost(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began
