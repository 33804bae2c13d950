"""The site under test: run.py's own web, worker and beat, on a data folder and a database of their own."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import run

PATIENCE = 60.0  # seconds; a step that takes longer on a busy machine has gone wrong
Found = TypeVar("Found")


class Process(NamedTuple):
    """A process of this machine that has not ended."""

    pid: int
    parent: int
    command: str


@dataclass
class Site:
    """A running site. `printed` is all that run.py and its children said."""

    data: Path
    url: str
    process: subprocess.Popen[bytes]
    env: dict[str, str]
    log: Path

    @property
    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def links(self) -> dict[str, str]:
        """The sign-in links that were printed, by what stands before them: "Champion, Marcus Lee"."""
        return dict(re.findall(r"^([^:\n]+): (http\S+/come-in/\S+)$", self.printed, re.MULTILINE))

    def ask(self, question: str, **about: object) -> Any:
        """The answer of a function of `behind_the_scenes`, which has the settings of this site."""
        command = [run.PYTHON, "-m", "tests.journeys.behind_the_scenes", question, json.dumps(about)]
        env = {**self.env, "DJANGO_SETTINGS_MODULE": "config.settings"}
        asked = subprocess.run(command, cwd=run.ROOT, env=env, capture_output=True, text=True, check=False)
        assert asked.returncode == 0, f"{question}: {asked.stderr}"
        return json.loads(asked.stdout)

    def child(self, name: str) -> Process:
        """The process run.py keeps running as `name`: web, worker or beat."""
        known_by = {"web": "waitress", "worker": "config worker", "beat": "config beat"}[name]
        found = [p for p in processes() if p.parent == self.process.pid and known_by in p.command]
        assert len(found) == 1, (name, found)
        return found[0]

    def mails(self) -> list[EmailMessage]:
        """What lies in the folder of mail."""
        files = sorted((self.data / "mail").glob("*.log"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def stop(self) -> None:
        """Press Ctrl-C; none of the processes that run now may be left."""
        family = descendants(self.process.pid)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        # The rendering process notices the end of its worker by itself.
        eventually(lambda: not set(family) & set(processes()), lambda: f"left: {set(family) & set(processes())}")
        assert self.process.returncode == 0, self.printed


@contextmanager
def running(*words: str, data: Path, env: dict[str, str]) -> Iterator[Site]:
    """`run.py` with these words, from its start to Ctrl-C; `data` may hold what an earlier one left."""
    port = run.free_port()
    url = f"http://localhost:{port}"
    env = {**env, "LOCAL": "1", "DATA_DIR": str(data), "SITE_URL": url, "SWEEP_SECONDS": "2"}
    command = [sys.executable, str(run.ROOT / "run.py"), *words, "--port", str(port)]
    with tempfile.NamedTemporaryFile(prefix="tandem-journey-", suffix=".log") as log:
        site = Site(data, url, run.start(command, env, output=log.file), env, Path(log.name))
        try:
            is_up = f"Tandem is at {url}\n"
            eventually(
                lambda: is_up in site.printed or site.process.poll() is not None, lambda: site.printed, within=300
            )
            assert is_up in site.printed, site.printed
            yield site
            site.stop()
        finally:
            run.stop([site.process])


@contextmanager
def place(name: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """A new data folder and the environment of a site in it.

    With DATABASE_URL and REDIS_URL given, it is a new database of that server, and a numbered one of that Redis.
    """
    env = {key: value for key, value in os.environ.items() if key not in run.SETTINGS}
    given = os.environ.get("DATABASE_URL", "")
    with (
        tempfile.TemporaryDirectory(prefix=f"tandem-{name}-", ignore_cleanup_errors=True) as folder,
        new_database(given, f"{name}_{os.getpid()}") if given else nullcontext("") as database,
    ):
        env["NAME_SERVERS"] = f"127.0.0.1:{run.free_port()}"  # nobody answers there but in test_board_account
        if database:
            env["DATABASE_URL"] = database
        if redis := os.environ.get("REDIS_URL"):
            number = {"demo": 14, "alone": 15}[name]
            env["REDIS_URL"] = urlsplit(redis)._replace(path=f"/{number}").geturl()
        yield Path(folder) / "data", env


@contextmanager
def new_database(given: str, name: str) -> Iterator[str]:
    """An empty database `name` on the PostgreSQL of the address `given`; it is gone afterwards."""
    import psycopg2

    with closing(psycopg2.connect(given)) as server:
        server.autocommit = True  # a database is not made inside a transaction
        with server.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
            try:
                yield urlsplit(given)._replace(path=f"/{name}").geturl()
            finally:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def eventually(
    find: Callable[[], Found], otherwise: Callable[[], object] = lambda: "it never was", within: float = PATIENCE
) -> Found:
    """What `find` gives once it is something; fails with what `otherwise` says after `within` seconds."""
    deadline = time.monotonic() + within
    while not (found := find()):
        assert time.monotonic() < deadline, str(otherwise())
        time.sleep(0.1)
    return found


def processes() -> list[Process]:
    """The processes of this machine but the ended ones that nobody has waited for."""
    return list(_from_proc() if Path("/proc/self/stat").exists() else _from_ps())


def descendants(pid: int) -> list[Process]:
    """The process `pid`, what it started, what those started, and so on."""
    all_of_them = processes()
    family = {pid}
    while more := {p.pid for p in all_of_them if p.parent in family} - family:
        family |= more
    return [p for p in all_of_them if p.pid in family]


def _from_proc() -> Iterator[Process]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it ended meanwhile
            continue
        if state != "Z":
            yield Process(int(folder.name), int(parent), command)


def _from_ps() -> Iterator[Process]:
    listed = subprocess.run(
        ["ps", "-axww", "-o", "pid=,ppid=,stat=,command="], capture_output=True, text=True, check=True
    )
    for line in listed.stdout.splitlines():
        pid, parent, state, command = line.split(None, 3)
        if not state.startswith("Z"):
            yield Process(int(pid), int(parent), command.strip())
