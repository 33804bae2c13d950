"""The rendering process: `python -m engines.documents.renderer`, started and killed by rendering.py.

It knows no Django, no database and no secret. It loads WeasyPrint, the fonts and the sheets of print/ once,
then turns one job after the other from its input into an answer on its output, until its input closes.
"""

import contextlib
import gc
import logging
import mimetypes
import os
import re
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from engines.documents import frames
from engines.documents.jobs import Answer, Failed, Job, Paper, Refused, Rendered, answer_to_message, job_from_message
from engines.documents.one_page import TooLong, fit_one_page

PRINT = Path(__file__).resolve().parent / "print"
PAPERS: tuple[Paper, ...] = ("letter", "a4")
MOST_MEMORY = 1024**3  # bytes
# Characters the bundled fonts lack, which people paste, and what says the same. The non-breaking hyphen loses
# its hold, the joiners are not needed by any script these fonts have.
SAME_MEANING = {
    **dict.fromkeys(map(ord, "\u202f\u2007"), "\u00a0"),
    **dict.fromkeys(map(ord, "\u2003\u2002\u2000\u2001\u2004\u2005\u2006\u2008\u200a\u205f"), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
    **dict.fromkeys(map(ord, "\u2012\u2015"), "\u2013"),
    **dict.fromkeys(map(ord, "\u200c\u200d\u2060\ufeff"), ""),
}


class Bundled(URLFetcher):
    """The fonts beside the sheets, while the sheets are read at the start; nothing else."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        path = Path(unquote(url.removeprefix("file://"))).resolve()
        if not (url.startswith("file:///") and path.parent == PRINT / "fonts"):
            raise FatalURLFetchingError(f"Not a bundled font: {url}")
        return URLFetcherResponse(url, path.read_bytes())


class Handed(URLFetcher):
    """What was handed over with the job, as `job:name`. All else is refused, whatever its scheme, and
    remembered: WeasyPrint lets a refusal pass silently while it draws an SVG image."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._files, self.refused = files, list[str]()

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        name = unquote(url.removeprefix("job:"))
        if not url.startswith("job:") or name not in self._files:
            self.refused.append(url)
            raise FatalURLFetchingError(f"Not handed over with the job: {url[:200]}")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, self._files[name], {"Content-Type": kind})


class Holes(logging.Handler):
    """What WeasyPrint logs as an error and goes on without: a picture, a language, a description."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())


class Renderer:
    """Fonts and sheets, loaded once, and what renders with them. Not to be shared between threads."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._sheets = {paper: [self._sheet("document.css"), self._sheet(f"page-{paper}.css")] for paper in PAPERS}

    def _sheet(self, name: str) -> CSS:
        css = with_constants((PRINT / name).read_text(encoding="utf-8"))
        return CSS(string=css, base_url=f"{PRINT}/", font_config=self._fonts, url_fetcher=Bundled())

    def answer(self, job: Job) -> Answer:
        """`job` rendered, refused as too long, or failed; never a document with a hole in it."""
        holes, fetcher = Holes(), Handed(job.files)
        logger = logging.getLogger("weasyprint")
        logger.addHandler(holes)
        answer: Answer
        try:
            answer = self._one_page(job, fetcher) if job.one_page else self._as_it_is(job, fetcher)
        except TooLong as too_long:
            answer = Refused(too_long.cuts, too_long.renders)
        except FatalURLFetchingError as refusal:
            answer = Failed(str(refusal))
        except MemoryError:
            raise
        except Exception as error:
            answer = Failed(f"{type(error).__name__}: {error}")
        finally:
            logger.removeHandler(holes)
        if fetcher.refused and not isinstance(answer, Failed):
            return Failed(f"Not handed over with the job: {fetcher.refused[0][:200]}")
        return Failed(holes.seen[0]) if holes.seen and isinstance(answer, Rendered) else answer

    def _as_it_is(self, job: Job, fetcher: Handed) -> Rendered:
        document = self.layout(parsed(job, fetcher), job.paper)
        return Rendered(written(document), pages=len(document.pages), renders=1)

    def _one_page(self, job: Job, fetcher: Handed) -> Rendered:
        fields = fields_of(parsed(job, fetcher))
        words = {field: len(text_of(fields[field]).split()) for field in job.budgets if field in fields}

        def render(density: str, kept: Mapping[str, int]) -> Any:
            html = parsed(job, fetcher)
            if kept:
                keep_words(html, kept)
            return self.layout(html, job.paper, density)

        fit = fit_one_page(render, words, job.budgets, job.hint)
        return Rendered(written(fit.document), pages=1, renders=fit.renders, step=fit.step)

    def layout(self, html: HTML, paper: Paper, density: str = "") -> Any:
        """`html` laid out on `paper`: one render."""
        own = [CSS(string=density)] if density else []
        gc.disable()  # looking for garbage while it works was a tenth of every layout
        try:
            return html.render(stylesheets=[*self._sheets[paper], *own], font_config=self._fonts)
        finally:
            gc.enable()


def with_constants(css: str) -> str:
    """`css` with the colours and font families of its `:root` written out where they are used: WeasyPrint
    resolves a var() anew at every element, which was a tenth of every layout."""
    root = re.search(r":root\{[^}]*\}", css)
    for name, value in re.findall(r"(--[\w-]+):(#\w+|\"[^;]+);", root[0]) if root else ():
        css = css.replace(f"var({name})", value)
    return css


def parsed(job: Job, fetcher: URLFetcher) -> HTML:
    # A base of "job:" brings relative references to the fetcher, which refuses them.
    return HTML(string=job.html.translate(SAME_MEANING), base_url="job:", url_fetcher=fetcher)


def written(document: Any) -> bytes:
    """The tagged PDF of a laid-out document. It reads no clock: the same document gives the same bytes."""
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


def fields_of(html: HTML) -> dict[str, Element]:
    """The elements people's texts stand in: `<p data-field="why">`, `<ul data-field="needs"><li>`."""
    return {element.get("data-field"): element for element in html.etree_element.iterfind(".//*[@data-field]")}


def items_of(field: Element) -> list[Element]:
    return field.findall("li") or [field]


def text_of(field: Element) -> str:
    return "\n".join("".join(item.itertext()) for item in items_of(field))


def keep_words(html: HTML, kept: Mapping[str, int]) -> None:
    """Take from the fields what comes after their first `kept[field]` words."""
    for name, field in fields_of(html).items():
        left = kept.get(name, sys.maxsize)
        for item in items_of(field):
            text = "".join(item.itertext())
            words = len(text.split())
            if words > left:
                keep_characters(item, len(first_words(text, left)))
                if not left and item is not field:
                    field.remove(item)
            left = max(0, left - words)


def first_words(text: str, words: int) -> str:
    match = re.match(rf"\s*(?:\S+\s*){{0,{words}}}", text)
    return match[0].rstrip() if match else ""


def keep_characters(element: Element, left: int) -> int:
    """Take from `element` what comes after its first `left` characters; how many of them are left to use."""
    element.text, left = _cut(element.text, left)
    for child in element:
        left = keep_characters(child, left)
        child.tail, left = _cut(child.tail, left)
    return left


def _cut(text: str | None, left: int) -> tuple[str, int]:
    kept = (text or "")[:left]
    return kept, left - len(kept)


def warm_up(renderer: Renderer) -> None:
    """Have Pango open every face and the PDF writer take its first steps before anybody waits. Raises
    RuntimeError when even this cannot be rendered."""
    faces = "".join(f"<p class='{family}'>é<b>ő</b><i>ű</i></p>" for family in ("", "stand"))
    page = f"<html lang='en'><title>Tandem</title><body>{faces}<h1>é</h1><h2>é</h2></body>"
    for paper in PAPERS:
        if isinstance(answer := renderer.answer(Job(page, paper)), Failed):
            raise RuntimeError(answer.reason)


def serve() -> None:
    """Answer jobs until the input closes. Ends the process when a job needs more than MOST_MEMORY, or when
    the parent who should have killed it on its limit is gone."""
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that nothing that prints can break into an answer
    # Not RLIMIT_AS: fonts and libraries are mapped, and count there without being memory anybody lacks.
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    renderer = Renderer()
    warm_up(renderer)
    gc.freeze()
    frames.write(answers, {"is": "ready"})
    with contextlib.suppress(frames.Closed, BrokenPipeError):
        while True:
            job = job_from_message(frames.read(jobs))
            signal.setitimer(signal.ITIMER_REAL, job.limit + 5)
            answer = renderer.answer(job)
            signal.setitimer(signal.ITIMER_REAL, 0)
            frames.write(answers, *answer_to_message(answer))


if __name__ == "__main__":
    serve()
