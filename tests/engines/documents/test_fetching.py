"""A document fetches what was handed over with its job, and nothing else: not the web, not a file, not data:."""

import contextlib
import html
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from engines.documents.jobs import Failed, Job, Rendered
from engines.documents.renderer import PRINT, Bundled, Handed, Renderer
from tests.engines.documents.samples import FILES, SPARSE, fonts_of, read, summary_job

NOWHERE = "//127.0.0.1:9"  # the discard port: nobody listens, and a try is seen
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
XLINK = "xmlns:xlink='http://www.w3.org/1999/xlink'"
# What somebody might smuggle into a document; {secret} is a file of this machine.
VECTORS = {
    "img http": "<img alt='x' src='http:{nowhere}/x.png'>",
    "img https": "<img alt='x' src='https:{nowhere}/x.png'>",
    "img ftp": "<img alt='x' src='ftp:{nowhere}/x.png'>",
    "img file": "<img alt='x' src='file://{secret}'>",
    "img path": "<img alt='x' src='{secret}'>",
    "img data": "<img alt='x' src='{pixel}'>",
    "img relative": "<img alt='x' src='x.png'>",
    "img no scheme": "<img alt='x' src='{nowhere}/x.png'>",
    "img upper case": "<img alt='x' src='HTTP:{nowhere}/x.png'>",
    "img not handed over": "<img alt='x' src='job:other.png'>",
    "img out of the job": "<img alt='x' src='job:../../../etc/passwd'>",
    "img from a base": "<base href='http:{nowhere}/'><img alt='x' src='x.png'>",
    "link": "<link rel='stylesheet' href='http:{nowhere}/x.css'>",
    "link file": "<link rel='stylesheet' href='file://{secret}'>",
    "import": "<style>@import url(http:{nowhere}/x.css);</style>",
    "import string": "<style>@import 'file://{secret}';</style>",
    "background": "<p style='background:url(http:{nowhere}/x.png)'>x</p>",
    "background of page": "<style>@page{{background:url(file://{secret})}}</style>",
    "list-style": "<ul><li style='list-style-image:url(http:{nowhere}/x.png)'>x</li></ul>",
    "content": "<style>p::before{{content:url(http:{nowhere}/x.png)}}</style><p>x</p>",
    "border-image": "<p style='border:1px solid;border-image:url(http:{nowhere}/x.png) 1'>x</p>",
    "cursor": "<p style='cursor:url(http:{nowhere}/x.cur),auto'>x</p>",
    "font-face": "<style>@font-face{{font-family:f;src:url(http:{nowhere}/x.woff2)}}</style>",
    "font-face file": "<style>@font-face{{font-family:f;src:url(file://{secret})}}</style>",
    "color profile": "<style>@color-profile --x{{src:url(http:{nowhere}/x.icc)}}</style>",
    "object": "<object data='http:{nowhere}/x.png'></object>",
    "embed": "<embed src='http:{nowhere}/x.png'>",
    "iframe": "<iframe src='http:{nowhere}/x.html'></iframe>",
    "input": "<input type='image' alt='x' src='http:{nowhere}/x.png'>",
    "video": "<video poster='http:{nowhere}/x.png' src='http:{nowhere}/x.mp4'></video>",
    "svg image": "<svg width='9'><title>x</title><image width='9' height='9' href='http:{nowhere}/x.png'/></svg>",
    "svg xlink": "<svg {xlink} width='9' height='9'><title>x</title>"
    "<image width='9' height='9' xlink:href='file://{secret}'/></svg>",
    "svg use": "<svg width='9' height='9'><title>x</title><use href='http:{nowhere}/x.svg#a'/></svg>",
    "svg style": "<svg width='9' height='9'><title>x</title><style>@import url(http:{nowhere}/x.css);</style></svg>",
    "svg handed over": "<img alt='x' src='job:hostile.svg'>",
    "link attachment": "<link rel='attachment' href='file://{secret}'>",
    "a attachment": "<a rel='attachment' href='file://{secret}'>x</a>",
    "refresh": "<meta http-equiv='refresh' content='0;url=http:{nowhere}/'>",
    "script": "<script src='http:{nowhere}/x.js'></script>",
}
HOSTILE_SVG = (
    f"<svg xmlns='http://www.w3.org/2000/svg' {XLINK} viewBox='0 0 9 9'>"
    f"<image width='9' height='9' xlink:href='http:{NOWHERE}/x.png'/></svg>"
).encode()
# WeasyPrint does nothing with these, whoever fetches.
HARMLESS = {"cursor", "iframe", "input", "video", "refresh", "script"}


class Watch:
    """Everything this process opens or calls while `is_on`."""

    def __init__(self) -> None:
        self.is_on, self.secret, self.seen = False, "", list[str]()

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request", "ftplib.connect"):
            self.seen.append(f"{event} {arguments!r:.200}")
        elif event == "open" and self.secret in str(arguments[0]):
            self.seen.append(f"open {arguments[0]}")


watch = Watch()
sys.addaudithook(watch)  # cannot be taken away again: it is off but in these tests


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watch]:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of this machine")
    watch.secret, watch.seen, watch.is_on = str(secret), [], True
    yield watch
    watch.is_on = False


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def page(vector: str, secret: str) -> str:
    body = VECTORS[vector].format(nowhere=NOWHERE, secret=secret, pixel=PIXEL, xlink=XLINK)
    return f"<html lang='en'><head><title>x</title></head><body>{body}</body></html>"


@pytest.mark.parametrize("vector", VECTORS)
def test_no_vector_fetches_anything(vector: str, watched: Watch, renderer: Renderer) -> None:
    answer = renderer.answer(Job(page(vector, watched.secret), files={"hostile.svg": HOSTILE_SVG}))

    assert watched.seen == []
    if isinstance(answer, Rendered):
        assert b"a secret of this machine" not in answer.pdf
        assert "/EmbeddedFiles" not in str(read(answer.pdf).trailer["/Root"])
    else:
        assert isinstance(answer, Failed)
        assert answer.reason.startswith(("Not handed over with the job: ", "Failed to load inline SVG: "))
    assert vector not in HARMLESS or isinstance(answer, Rendered)


def test_the_watch_would_have_seen_it(watched: Watch) -> None:
    """The same vectors with WeasyPrint as it comes: most of them do fetch."""
    fetching = set()
    for vector in VECTORS:
        watched.seen.clear()
        with contextlib.suppress(Exception):  # some bring it down
            HTML(string=page(vector, watched.secret)).write_pdf()
        if watched.seen:
            fetching.add(vector)

    assert len(fetching) >= 17
    assert {"img http", "img ftp", "img file", "link", "import", "background", "font-face"} < fetching


def test_after_all_that_the_next_document_is_whole(renderer: Renderer) -> None:
    answer = renderer.answer(summary_job(SPARSE))

    assert isinstance(answer, Rendered)
    assert {font[:8] for font in fonts_of(read(answer.pdf))} == {"Source-S"}


@pytest.mark.parametrize("vector", VECTORS)
def test_typed_into_a_field_a_vector_is_only_text(vector: str, watched: Watch, renderer: Renderer) -> None:
    typed = html.unescape(VECTORS[vector])[:120]

    answer = renderer.answer(summary_job({**SPARSE, "why": typed, "title": typed}, hint=0))

    assert watched.seen == []
    assert isinstance(answer, Rendered)
    assert "".join(typed.split()) in "".join(read(answer.pdf).pages[0].extract_text().split())


def test_a_handed_over_picture_is_drawn(renderer: Renderer) -> None:
    answer = renderer.answer(
        Job("<html lang='en'><title>x</title><body><img alt='a code' src='job:qr.svg'></body></html>", files=FILES)
    )

    assert isinstance(answer, Rendered)
    contents = read(answer.pdf).pages[0].get_contents()
    assert contents is not None
    assert contents.get_data().count(b" l\n") > 100  # the lines of the code


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<img alt='x' src='job:broken.png'>", "Failed to load image"),
        ("<img src='job:qr.svg'>", "has no required alt description"),
    ],
)
def test_a_page_with_a_hole_in_it_is_not_handed_out(body: str, reason: str, renderer: Renderer) -> None:
    files = {**FILES, "broken.png": b"\x89PNG and then nothing"}

    answer = renderer.answer(Job(f"<html lang='en'><title>x</title><body>{body}</body></html>", files=files))

    assert isinstance(answer, Failed)
    assert reason in answer.reason


@pytest.mark.parametrize("url", ["http://x/", "file:///etc/passwd", "data:,x", "job:", "job:a/b", "JOB:a", "", "a"])
def test_the_fetcher_refuses_and_remembers(url: str) -> None:
    fetcher = Handed({"a": b"1"})

    with pytest.raises(FatalURLFetchingError):
        fetcher.fetch(url)
    assert fetcher.refused == [url]


def test_the_fetcher_answers_what_was_handed_over() -> None:
    assert Handed({"a b.svg": b"<svg/>"}).fetch("job:a%20b.svg").read() == b"<svg/>"


@pytest.mark.parametrize(
    "path", ["../document.css", "fonts/../../renderer.py", "document.css", "/etc/passwd", "fonts/none.woff2/x"]
)
def test_while_the_sheets_are_read_only_fonts_beside_them_are(path: str) -> None:
    url = f"file://{path}" if path.startswith("/") else f"file://{PRINT}/{path}"

    with pytest.raises(FatalURLFetchingError):
        Bundled().fetch(url)


def test_every_bundled_font_stands_beside_its_licence() -> None:
    fonts = {path.name for path in (PRINT / "fonts").glob("*.woff2")}
    named = {part.split(")")[0] for part in (PRINT / "document.css").read_text().split("url(fonts/")[1:]}

    assert fonts == named
    assert {"OFL-source-sans-3.txt", "OFL-source-serif-4.txt"} <= {path.name for path in (PRINT / "fonts").iterdir()}
