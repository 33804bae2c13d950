"""The rendering process: kept warm, killed on its limit, replaced when dead, left alone by a forked child."""

import hashlib
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engines.documents import frames
from engines.documents.jobs import (
    Answer,
    Failed,
    Job,
    Refused,
    Rendered,
    answer_from_message,
    answer_to_message,
    job_from_message,
    job_to_message,
)
from engines.documents.rendering import ROOT, RenderingFailed, RenderingProcess
from tests.engines.documents.samples import BUDGETS, FULL, SPARSE, read, summary_job

SMALL = Job("<html lang='en'><title>Small</title><body><p>One line</p></body></html>")
# Nested flexible boxes take WeasyPrint ages: each is laid out several times for the one around it.
ENDLESS = (
    "<html lang='en'><title>x</title><body>"
    + "<div style='display:flex'>" * 16
    + "x"
    + "</div>" * 16
    + "</body></html>"
)
HUNGRY = f"<html lang='en'><title>x</title><body>{'x' * 40_000_000}</body></html>"


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    process = RenderingProcess()
    yield process
    process.stop()


def pid_of(process: RenderingProcess) -> int:
    assert process._process
    return process._process.pid


def rendered(process: RenderingProcess, job: Job) -> Rendered:
    answer = process.render(job)
    assert isinstance(answer, Rendered)
    return answer


def test_one_process_renders_one_job_after_the_other(process: RenderingProcess) -> None:
    first = rendered(process, SMALL)
    pid = pid_of(process)
    second = rendered(process, SMALL)

    assert first == second
    assert pid_of(process) == pid
    assert (first.pages, first.renders, first.step) == (1, 1, None)


def test_the_summary_is_a_tagged_pdf(process: RenderingProcess) -> None:
    reader = read(rendered(process, summary_job(FULL)).pdf)

    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Executive summary: FIRST Robotics at Riverbend"
    assert reader.metadata.author == "Riverbend Secondary School, Maple Valley District School Board"
    assert [item["/Title"] for item in reader.outline if not isinstance(item, list)] == [FULL["title"]]
    assert all(figure["/Alt"] for figure in figures_of(root["/StructTreeRoot"]["/K"]))
    assert len(figures_of(root["/StructTreeRoot"]["/K"])) == 1


def figures_of(node: Any) -> list[Any]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [figure for child in node for figure in figures_of(child)]
    if not hasattr(node, "get") or node.get("/Type") == "/OBJR":
        return []
    return [node] if node.get("/S") == "/Figure" else figures_of(node.get("/K", []))


def test_the_same_input_gives_the_same_bytes_in_any_process(process: RenderingProcess) -> None:
    other = RenderingProcess()
    try:
        pdfs = {
            rendered(process, summary_job(FULL)).pdf,
            rendered(process, summary_job(FULL, hint=12)).pdf,
            rendered(other, summary_job(FULL, hint=3)).pdf,
        }
    finally:
        other.stop()

    assert len({hashlib.sha256(pdf).hexdigest() for pdf in pdfs}) == 1


def test_the_paper_is_the_one_asked_for(process: RenderingProcess) -> None:
    sizes = {}
    for paper in ("letter", "a4"):
        box = read(rendered(process, summary_job(SPARSE, paper=paper)).pdf).pages[0].mediabox
        sizes[paper] = (round(float(box.width)), round(float(box.height)))

    assert sizes == {"letter": (612, 792), "a4": (595, 842)}


def test_a_text_too_long_is_refused_with_the_words_to_cut(process: RenderingProcess) -> None:
    context = {**FULL, "why": FULL["why"] * 8}

    answer = process.render(summary_job(context))

    assert isinstance(answer, Refused)
    assert list(answer.cuts) == ["why"]
    assert 0 < answer.cuts["why"] <= 8 * 48 - BUDGETS["why"] + 1
    words = context["why"].split()
    kept = {**context, "why": " ".join(words[: len(words) - answer.cuts["why"]])}
    assert isinstance(process.render(summary_job(kept, hint=20)), Rendered)


def test_what_fails_says_why_and_leaves_the_process_warm(process: RenderingProcess) -> None:
    process.warm_up()
    pid = pid_of(process)

    with pytest.raises(RenderingFailed, match=re.escape("Not handed over with the job: file:///etc/passwd")):
        process.render(Job("<html lang='en'><title>x</title><img alt='x' src='file:///etc/passwd'>"))
    with pytest.raises(RenderingFailed, match="KeyError: 'end'"):
        process.render(Job(SMALL.html, one_page=True))

    assert pid_of(process) == pid


def test_a_job_beyond_its_limit_is_killed_and_the_next_one_works(process: RenderingProcess) -> None:
    process.warm_up()
    pid, began = pid_of(process), time.monotonic()

    with pytest.raises(RenderingFailed, match=re.escape("Killed on its limit of 1.5 s")):
        process.render(Job(ENDLESS, limit=1.5))

    assert time.monotonic() - began < 4
    assert not is_running(pid)
    assert rendered(process, SMALL).pages == 1
    assert pid_of(process) != pid


def test_a_dead_process_is_replaced(process: RenderingProcess) -> None:
    process.warm_up()
    pid = pid_of(process)
    assert process._process
    os.kill(pid, signal.SIGKILL)
    process._process.wait(timeout=5)

    assert rendered(process, SMALL).pages == 1
    assert pid_of(process) != pid


def test_a_process_that_dies_at_work_fails_its_job_alone(process: RenderingProcess) -> None:
    process.warm_up()
    dying = threading.Timer(0.7, os.kill, (pid_of(process), signal.SIGKILL))
    dying.start()

    with pytest.raises(RenderingFailed, match="The process ended with -9"):
        process.render(Job(ENDLESS, limit=20))

    assert rendered(process, SMALL).pages == 1


def test_a_job_that_eats_memory_ends_the_process_not_the_machine(process: RenderingProcess) -> None:
    with pytest.raises(RenderingFailed, match="The process ended with"):
        process.render(Job(HUNGRY, limit=120))

    assert rendered(process, SMALL).pages == 1


def test_after_many_jobs_a_fresh_process_takes_over(process: RenderingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    process.stop()
    monkeypatch.setattr("engines.documents.rendering.JOBS_PER_PROCESS", 2)

    pids = []
    for _ in range(4):
        rendered(process, SMALL)
        pids.append(pid_of(process))

    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_threads_take_turns(process: RenderingProcess) -> None:
    pages: list[int] = []
    jobs = [
        Job(SMALL.html.replace("</p>", "</p>" + "<p style='break-before:page'>x</p>" * number)) for number in range(4)
    ]
    threads = [threading.Thread(target=lambda job=job: pages.append(rendered(process, job).pages)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(pages) == [1, 2, 3, 4]


FORKING = """
import os
from engines.documents import rendering
from engines.documents.jobs import Job

job = Job("<html lang='en'><title>x</title><body>x</body></html>")
own = lambda: rendering._process._process.pid
rendering.render(job)
mine = own()
pipes = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
# A thread may hold the lock in the moment of a fork; nobody would ever release the copy.
rendering._process._lock.acquire()
child = os.fork()
if child == 0:
    gone = pipes - (len(os.listdir("/proc/self/fd")) if pipes else -2)
    rendering.render(job)
    os._exit(0 if own() != mine and gone == 2 else 1)
_, status = os.waitpid(child, 0)
rendering._process._lock.release()
rendering.render(job)
print(os.waitstatus_to_exitcode(status), own() == mine, mine)
"""


def test_a_forked_child_starts_its_own_and_leaves_the_parent_its_process() -> None:
    ran = subprocess.run([sys.executable, "-c", FORKING], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert ran.stderr == ""
    status, same, pid = ran.stdout.split()
    assert (status, same) == ("0", "True")
    assert_ends(int(pid))  # and when the parent is gone, its process goes too


def test_it_ends_when_its_input_closes() -> None:
    process = RenderingProcess()
    process.warm_up()
    running = process._process
    assert running
    assert running.stdin

    running.stdin.close()

    assert running.wait(timeout=5) == 0
    process.stop()


def test_it_knows_no_secret_and_no_django() -> None:
    process = RenderingProcess()
    os.environ["SECRET_KEY_OF_THIS_TEST"] = "a secret"
    try:
        process.warm_up()
        proc = Path(f"/proc/{pid_of(process)}")
        if not proc.exists():
            pytest.fail("This test reads /proc, which this machine has not.")
        environment = (proc / "environ").read_bytes()
    finally:
        del os.environ["SECRET_KEY_OF_THIS_TEST"]
        process.stop()

    assert b"a secret" not in environment
    loaded = "import sys, engines.documents.renderer; print('django' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", loaded], cwd=ROOT, text=True).strip() == "False"


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not is_zombie(pid)


def is_zombie(pid: int) -> bool:
    """An orphan whose end nobody has taken note of: in a container without an init it stays so."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"


def assert_ends(pid: int) -> None:
    patience = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < patience:
        time.sleep(0.05)
    assert not is_running(pid)


# ── What goes through the pipe ────────────────────────────────────────────────


@pytest.mark.parametrize(
    "job",
    [
        Job("<p>é\u202f</p>"),
        Job("x", "a4", {"a.svg": b"\x00\xff", "b": b""}, one_page=True, budgets={"why": 3}, hint=7, limit=1.5),
    ],
)
def test_a_job_arrives_as_it_was_sent(job: Job) -> None:
    assert job_from_message(through_a_pipe(job_to_message(job))) == job


@pytest.mark.parametrize(
    "answer", [Rendered(b"%PDF\x00", 3, 7, 12), Rendered(b"", 1, 1), Refused({"why": 4, "ask": 1}, 9), Failed("é")]
)
def test_an_answer_arrives_as_it_was_sent(answer: Answer) -> None:
    assert answer_from_message(through_a_pipe(answer_to_message(answer))) == answer


def through_a_pipe(message: tuple[dict[str, Any], list[bytes]]) -> tuple[dict[str, Any], list[bytes]]:
    pipe = io.BytesIO()
    frames.write(pipe, *message)
    pipe.seek(0)
    received = frames.read(pipe)
    assert pipe.read() == b""
    return received


@pytest.mark.parametrize("size", [0, 3, 4, 20, -1])
def test_a_message_broken_off_is_noticed(size: int) -> None:
    pipe = io.BytesIO()
    frames.write(pipe, {"is": "ready"}, [b"12345"])

    with pytest.raises(frames.Closed):
        frames.read(io.BytesIO(pipe.getvalue()[:size]))


def test_a_length_beyond_reason_is_not_waited_for() -> None:
    with pytest.raises(ValueError, match="4294967295 bytes"):
        frames.read(io.BytesIO(b"\xff\xff\xff\xff"))
