"""What a page costs: queries, processor time and length, beside a bare page of this very site in the same run."""

import io
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User

ROUNDS, CALLS = 7, 40


@dataclass(frozen=True)
class Goal:
    """What a page may cost (speed.md): queries, and times the bare page."""

    queries: int
    ratio: float


@dataclass(frozen=True)
class Page:
    """A page as one person sees it."""

    name: str
    path: str
    user: User
    goal: Goal | None = None


@dataclass
class Cost:
    """What was measured: milliseconds of processor a request in each round, application and database."""

    queries: int
    same_text: int
    bytes: int
    app_ms: list[float]
    database_ms: list[float]
    wall_ms: list[float]

    @property
    def ms(self) -> float:
        """The median over the rounds, application and database together."""
        return statistics.median(a + d for a, d in zip(self.app_ms, self.database_ms, strict=True))


def measure(pages: list[Page]) -> dict[str, Cost]:
    """Measure `pages` in turns, so that a slow moment of the machine meets all of them."""
    app, cookies = WSGIHandler(), {page.name: sign_in(page.user) for page in pages}
    costs = {page.name: _first_look(app, page, cookies[page.name]) for page in pages}
    for _round in range(ROUNDS):
        for page in pages:
            _time(app, page, cookies[page.name], costs[page.name])
    return costs


def sign_in(user: User) -> str:
    """A session cookie of `user`."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _first_look(app: WSGIHandler, page: Page, cookie: str) -> Cost:
    for _warm in range(5):
        status, length = call(app, page.path, cookie)
    if not status.startswith("200"):
        raise RuntimeError(f"{page.path} answered {status}")
    with CaptureQueriesContext(connection) as seen:
        call(app, page.path, cookie)
    texts = [query["sql"] for query in seen.captured_queries]
    same = max((texts.count(text) for text in texts), default=0)
    return Cost(len(texts), same, length, [], [], [])


def _time(app: WSGIHandler, page: Page, cookie: str, cost: Cost) -> None:
    database, own, wall = backend_cpu(), time.process_time(), time.perf_counter()
    for _call in range(CALLS):
        call(app, page.path, cookie)
    cost.wall_ms.append((time.perf_counter() - wall) * 1000 / CALLS)
    cost.app_ms.append((time.process_time() - own) * 1000 / CALLS)
    cost.database_ms.append((backend_cpu() - database) * 1000 / CALLS)


def call(app: WSGIHandler, path: str, cookie: str) -> tuple[str, int]:
    """One request without server or client: its status and the length of its body."""
    address, _mark, query = path.partition("?")
    answer: dict[str, str] = {}
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "localhost:8000",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT_LANGUAGE": "en",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
    }

    def start(status: str, headers: Any, error: Any = None) -> Any:
        answer["status"] = status

    body = app(environ, start)
    length = sum(len(part) for part in body)
    body.close()
    return answer["status"], length


def backend_cpu() -> float:
    """Seconds of processor the database's process has used for this connection; 0 for SQLite, which runs in ours."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.get_backend_pid()}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def alone() -> float:
    """Processor milliseconds of the same bare page made by Django alone, in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("bench_alone.py"))],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return float(done.stdout)
