#!/usr/bin/env python3
"""Sets Tandem up and runs it, tests it or measures it, with Python's standard library alone."""

from __future__ import annotations

import argparse
import ctypes
import errno
import hashlib
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, NamedTuple

try:
    import fcntl
except ImportError:
    sys.exit("Tandem runs on Linux and macOS; on Windows run it inside WSL.")

USAGE = """python3 run.py [--empty] [--port 8000]   set everything up and run the site
       python3 run.py test                      set everything up and test everything
       python3 run.py check                     style, types, migrations, the suite on SQLite: the quick part
       python3 run.py proof                     everybody at every page, hostile input, mutants; prints figures
       python3 run.py bench [...]               measure the pages; what follows goes to manage.py bench

       --empty  start with a school on its own instead of the demonstration world
       --port   where the site answers: http://localhost:8000 if not said

       DATABASE_URL, REDIS_URL in the environment: PostgreSQL and Redis instead of the embedded default.
       DATA_DIR: another data folder. TANDEM_TEST_ALL=1: a part of the tests that cannot run is a failure."""

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
MANAGE = [PYTHON, "manage.py"]
REQUIREMENTS = {
    "runtime": ("requirements.txt", "constraints.txt"),
    "dev": ("requirements-dev.txt", "requirements.txt", "constraints.txt"),
}
PANGO_STAMP = VENV / "tandem-pango"
PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
# Of the site; a developer who has one of them set gets the same test results as everybody.
SETTINGS = (
    "ALLOWED_HOSTS", "DATABASE_URL", "DATA_DIR", "DEFAULT_FROM_EMAIL", "DJANGO_SETTINGS_MODULE", "EMAIL_URL",
    "HTTPS", "LOCAL", "LOG_LEVEL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "STATIC_ROOT", "STORED_FILES_DIR",
    "SWEEP_SECONDS",
)  # fmt: skip
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 10.0  # seconds a process has to end by itself
QUICK = 10.0  # seconds; a life shorter than this is a quick death
MOST_QUICK_DEATHS = 5


class Stopped(BaseException):
    """Ctrl-C, or another signal that asks this command to end."""


class CannotRun(Exception):
    """Something is missing on this machine; the text says what."""


def say(line: str) -> None:
    """Prints at once, so that lines keep their place among those of the processes started here."""
    print(line, flush=True)


# ── Processes ─────────────────────────────────────────────────────────────────


def die_with_parent() -> None:
    """Called inside a new process: on Linux the kernel kills it when run.py ends, even by kill -9."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def start(
    command: list[str], env: dict[str, str], user: str | None = None, output: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Starts `command` in the project folder, in a session of its own: Ctrl-C reaches run.py alone."""
    return subprocess.Popen(
        command,
        cwd="/" if user else ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kills what is left of the process and of all it started; nothing left is fine."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(processes: list[subprocess.Popen[bytes]], ask: signal.Signals = signal.SIGTERM) -> None:
    """
    Ends the processes and all they started: each is asked, has 10 seconds, then its group is killed.

    Only the process itself is asked: a Celery worker ends its own children after the task in hand.
    """
    for process in processes:
        process.send_signal(ask)
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        kill_group(process)


def run(command: list[str], env: dict[str, str], user: str | None = None, output: IO[bytes] | None = None) -> int:
    """Runs `command` to its end and gives its exit code; nothing of it stays, also when run.py is stopped."""
    process = start(command, env, user, output)
    try:
        return process.wait()
    finally:
        stop([process], signal.SIGINT)


def works(command: list[str]) -> bool:
    """Whether `command` ends well; what it prints is thrown away."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


# ── Set-up ────────────────────────────────────────────────────────────────────


def apt_install(packages: list[str]) -> None:
    """Installs Debian packages if this machine and this user can; the caller looks whether it helped."""
    root = os.geteuid() == 0
    may = root or (shutil.which("sudo") and works(["sudo", "-n", "true"]))
    if not (may and shutil.which("apt-get")):
        return
    prefix = [] if root else ["sudo", "-n"]
    say(f"Installing {', '.join(packages)} with apt-get ...")
    apt = [*prefix, *shlex.split("env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300")]
    subprocess.run([*apt, "update"], check=False)
    for package in packages:  # one by one: a name that another system lacks does not hold up the others
        install = [*apt, "install", "-y", "--no-install-recommends", package]
        subprocess.run(install, stdout=subprocess.DEVNULL, check=False)


def make_venv() -> None:
    """Makes .venv unless a whole one is there; ends the command when Python's venv module is missing."""
    if Path(PYTHON).exists() and (VENV / "bin" / "pip").exists():
        return
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    if not works(probe):
        apt_install(["python3-venv"])
    if not works(probe):
        sys.exit("Python's venv module is missing. Debian and Ubuntu: sudo apt-get install python3-venv")
    say("Making the virtual environment in .venv ...")
    if run([sys.executable, "-m", "venv", "--clear", str(VENV)], dict(os.environ)):
        sys.exit("The virtual environment could not be made; Python's own message stands above.")


def fingerprint(kind: str) -> str:
    """The SHA-256 of the requirement files of an install of that kind, "runtime" or "dev"."""
    return hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in REQUIREMENTS[kind])).hexdigest()


def install_requirements(kind: str) -> None:
    """Installs the pinned packages if their files changed; an install of "dev" holds "runtime" too."""
    stamp = VENV / f"tandem-{kind}"
    if stamp.exists() and stamp.read_text() == fingerprint(kind):
        return
    say(f"Installing the pinned packages of {REQUIREMENTS[kind][0]} (a minute or two) ...")
    pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if run([*pip, "-r", REQUIREMENTS[kind][0], "-c", "constraints.txt"], dict(os.environ)):
        sys.exit("The packages could not be installed; pip's own message stands above.")
    PANGO_STAMP.unlink(missing_ok=True)
    for each in {"runtime", kind}:
        (VENV / f"tandem-{each}").write_text(fingerprint(each))


def find_pango() -> None:
    """Sees to it once that WeasyPrint finds the Pango library, without which there is no PDF."""
    if PANGO_STAMP.exists():
        return
    probe = [PYTHON, "-c", "import weasyprint"]
    if not works(probe):
        apt_install(PANGO)
    if not works(probe):
        sys.exit(
            f"PDFs need the Pango library. Debian and Ubuntu: sudo apt-get install {' '.join(PANGO)}; "
            "Fedora: sudo dnf install pango; Alpine: apk add pango; macOS: brew install pango"
        )
    PANGO_STAMP.touch()


def set_up(kind: str) -> None:
    """Everything the site ("runtime") or its tests ("dev") need to start; next to nothing the second time."""
    make_venv()
    install_requirements(kind)
    find_pango()


# ── The site ──────────────────────────────────────────────────────────────────


@dataclass
class Child:
    """A process of the site that is started again when it dies."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0  # of time.monotonic()
    due: float = 0.0  # when to start it, of time.monotonic()
    quick_deaths: int = 0  # in a row


def data_folder(empty: bool) -> Path:
    """Where the site keeps its database, files and mail: DATA_DIR, else a folder for either world."""
    chosen = os.environ.get("DATA_DIR")
    return Path(chosen).absolute() if chosen else ROOT / "var" / ("empty" if empty else "demo")


def lock_folder(data: Path) -> IO[str]:
    """Takes the data folder for as long as the answer is open; ends the command when it is taken."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "run.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Tandem is already running on {data}. Stop it, or set DATA_DIR to another folder.")
    except OSError as problem:
        sys.exit(f"The data folder cannot be used: {problem}. Set DATA_DIR to another one.")
    return lock


def listen_addresses(port: int) -> list[str]:
    """The addresses that localhost may mean on this machine; ends the command when the port is not free."""
    addresses = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
            addresses.append(f"{host}:{port}" if family == socket.AF_INET else f"[{host}]:{port}")
        except OSError as problem:  # any other error: a machine without IPv6
            if problem.errno in (errno.EADDRINUSE, errno.EACCES):
                sys.exit(f"Port {port}: {problem.strerror}. Choose another one, for example --port 8010.")
    return addresses


def answers(port: int) -> bool:
    """Whether something takes connections on this port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def site_children(data: Path, addresses: list[str]) -> list[Child]:
    """The three processes of the site, web first."""
    # As root Celery warns on each start; a container has no other user to offer.
    calm = ["-W", "ignore:You're running the worker with superuser"]
    celery = [PYTHON, *calm, "-m", "celery", "-q", "-A", "config"]
    listen = [f"--listen={address}" for address in addresses]
    pool = "prefork" if os.environ.get("REDIS_URL") else "threads"
    schedule = str(data / "celerybeat-schedule")
    return [
        Child("web", [PYTHON, "-m", "waitress", *listen, "--threads=8", "config.wsgi:application"]),
        Child("worker", [*celery, "worker", "-P", pool, "-c", "2", "-l", "WARNING"]),
        Child("beat", [*celery, "beat", "-l", "WARNING", "-s", schedule, "--pidfile="]),
    ]


def note_death(child: Child, code: int, now: float) -> None:
    """Plans the next start of a child that ended; ends the command after 5 quick deaths in a row."""
    child.process = None
    child.quick_deaths = child.quick_deaths + 1 if now - child.started < QUICK else 0
    how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    if child.quick_deaths >= MOST_QUICK_DEATHS:
        sys.exit(
            f"The {child.name} ended {child.quick_deaths} times in a row soon after its start ({how}), "
            "so this gives up. Its own messages stand above."
        )
    child.due = now + 0.5 * 2**child.quick_deaths
    say(f"The {child.name} ended ({how}); it is started again.")


def tend(child: Child, env: dict[str, str], now: float) -> None:
    """Starts the child if it is due; if it died, clears away what it left and plans its next start."""
    if child.process is None and now >= child.due:
        child.process, child.started = start(child.command, env), now
    elif child.process is not None and (code := child.process.poll()) is not None:
        kill_group(child.process)
        note_death(child, code, now)


def supervise(children: list[Child], env: dict[str, str], up: Callable[[], bool], announce: str) -> int:
    """
    Keeps the children running until this command is stopped, and leaves no process.

    The first child starts alone and the others when it is `up`: on two cores the site so answers sooner.
    """
    announced = False
    try:
        while True:
            for child in children if announced else children[:1]:
                tend(child, env, time.monotonic())
            if not announced and up():
                say(announce)
                announced = True
                continue
            time.sleep(0.3 if announced else 0.05)
    except Stopped:
        say("Stopping ...")
        return 0
    finally:
        stop([child.process for child in children if child.process])


def serve(empty: bool, port: int) -> int:
    """Sets everything up and runs the site with its worker and beat until Ctrl-C."""
    data = data_folder(empty)
    lock = lock_folder(data)
    addresses = listen_addresses(port)
    set_up("runtime")
    url = f"http://localhost:{port}"
    env = {**os.environ, "LOCAL": "1", "DATA_DIR": str(data), "SITE_URL": url}
    if run([*MANAGE, "prepare", *(["--empty"] if empty else [])], env):
        sys.exit("The site could not be prepared; the message stands above.")
    announce = f"Tandem is at {url}\nIts mail lands in {data / 'mail'}\nCtrl-C ends it."
    with lock:
        return supervise(site_children(data, addresses), env, lambda: answers(port), announce)


# ── Throw-away servers ────────────────────────────────────────────────────────


def free_port() -> int:
    """A port of 127.0.0.1 that nothing uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chromium() -> str | None:
    """The browser of the journeys."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def redis_program() -> str | None:
    """The Redis server's program, or Valkey's."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them out of the path, by version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [initdb.parent for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: float(folder.parent.name), default=None)


@contextmanager
def throw_away(
    name: str, command: list[str], user: str | None, ready: Callable[[], bool], log: IO[bytes]
) -> Iterator[None]:
    """A server that is ready and is ended afterwards; raises CannotRun when it is not ready in 30 seconds."""
    server = start(command, dict(os.environ), user, log)
    deadline = time.monotonic() + 30
    try:
        while not ready():
            if server.poll() is not None or time.monotonic() > deadline:
                raise CannotRun(f"{name} did not start: {Path(log.name).read_text(errors='replace')}")
            time.sleep(0.1)
        yield
    finally:
        stop([server], signal.SIGINT)  # for PostgreSQL: end now, without waiting for its clients


@contextmanager
def postgres() -> Iterator[str]:
    """The DATABASE_URL of the environment, else of a new PostgreSQL that is gone afterwards."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    programs, port = postgres_programs(), str(free_port())
    if programs is None:
        raise CannotRun("no PostgreSQL on this machine (initdb)")
    user = "postgres" if os.geteuid() == 0 else None  # initdb refuses root
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    with tempfile.TemporaryDirectory(prefix="tandem-postgres-") as folder, open(f"{folder}/log", "wb") as log:
        if user:
            shutil.chown(folder, user)
        cluster = ["-D", f"{folder}/data"]
        initdb = [f"{programs}/initdb", *cluster, *shlex.split("-U tandem -A trust -E UTF8 --no-sync")]
        if run([*initdb, f"--locale={locale}"], dict(os.environ), user, log):
            raise CannotRun(f"initdb failed: {Path(log.name).read_text(errors='replace')}")
        fast = "-c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        server = [f"{programs}/postgres", *cluster, "-p", port, "-k", folder, *shlex.split(fast)]
        createdb = [f"{programs}/createdb", "-h", "127.0.0.1", "-U", "tandem", "-p", port, "tandem"]
        with throw_away("PostgreSQL", server, user, lambda: works(createdb), log):
            yield f"postgres://tandem@127.0.0.1:{port}/tandem"


@contextmanager
def redis() -> Iterator[str]:
    """The REDIS_URL of the environment, else of a new Redis that is gone afterwards."""
    if given := os.environ.get("REDIS_URL"):
        yield given
        return
    program, port = redis_program(), free_port()
    if program is None:
        raise CannotRun("no Redis on this machine (redis-server)")
    with tempfile.TemporaryDirectory(prefix="tandem-redis-") as folder, open(f"{folder}/log", "wb") as log:
        options = shlex.split(f"--bind 127.0.0.1 --port {port} --appendonly no")
        server = [program, *options, "--save", "", "--dir", folder]
        with throw_away("Redis", server, None, lambda: answers(port), log):
            yield f"redis://127.0.0.1:{port}/0"


# ── Tests ─────────────────────────────────────────────────────────────────────

# Tests that open every form of the site share a worker, so that this is done once.
SUITE = [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-m", "not journey and not proof"]
# The whole of tests/proof, and what elsewhere adds to its figures.
PROOF = [
    PYTHON, "-m", "pytest", "-q", "-n", "2",
    "tests/proof", "tests/test_bad_input.py", "tests/test_privacy.py", "tests/test_who_sees_what.py",
]  # fmt: skip
HOSTILE = [PYTHON, "-m", "pytest", "-q", "-n", "2", "-m", "proof", "tests/proof/test_hostile.py"]
TOOLS: dict[str, Callable[[], object]] = {
    "chromium": chromium,
    "redis-server": lambda: os.environ.get("REDIS_URL") or redis_program(),
    "postgresql": lambda: os.environ.get("DATABASE_URL") or postgres_programs(),
    "gettext": lambda: shutil.which("msgfmt"),
}


class Outcome(NamedTuple):
    """How a part of the tests went."""

    title: str
    verdict: str  # "passed", "failed", or "could not run", which has a reason
    seconds: float
    reason: str = ""


def provide(packages: list[str]) -> None:
    """Installs the Debian packages whose tool is missing; names in one line what stays missing."""
    if missing := [package for package in packages if not TOOLS[package]()]:
        apt_install(missing)
    if missing := [package for package in packages if not TOOLS[package]()]:
        say(f"Missing on this machine; Debian and Ubuntu: sudo apt-get install {' '.join(missing)}")


def part_env(folder: str, **settings: str) -> dict[str, str]:
    """The environment of a part: this one without the site's settings, LOCAL, with its data in `folder`."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return {**kept, "LOCAL": "1", "DATA_DIR": folder, **settings}


def production_env(folder: str) -> dict[str, str]:
    """An environment like that of a site in production; nothing in it is connected to."""
    env = part_env(
        folder,
        SITE_URL="https://tandem.example.org",
        HTTPS="1",
        ALLOWED_HOSTS="tandem.example.org",
        SECRET_KEY=secrets.token_urlsafe(60),
        DATABASE_URL="postgres://tandem@127.0.0.1/tandem",
        REDIS_URL="redis://127.0.0.1/0",
        EMAIL_URL="smtp://127.0.0.1:25",
    )
    del env["LOCAL"]
    return env


def passes(env: dict[str, str], *commands: list[str]) -> bool:
    """Runs every command, also after one that failed; whether all ended well."""
    codes = [run(command, env) for command in commands]
    return not any(codes)


def style(folder: str) -> bool:
    """Ruff's rules and format, and the style of the templates."""
    ruff, djlint = [PYTHON, "-m", "ruff"], [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"]
    return passes(part_env(folder), [*ruff, "check", "."], [*ruff, "format", "--check", "."], djlint)


def types(folder: str) -> bool:
    """Every type hint holds."""
    return passes(part_env(folder), [PYTHON, "-m", "mypy", "."])


def migrations(folder: str) -> bool:
    """No model lacks its migration, and Django has nothing to warn of in a production site."""
    complete = passes(part_env(folder), [*MANAGE, "makemigrations", "--check", "--dry-run"])
    deploy = [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]
    return passes(production_env(folder), deploy) and complete


def suite_on_sqlite(folder: str) -> bool:
    """The suite on the embedded default."""
    return passes(part_env(folder), SUITE)


def suite_on_postgres(folder: str) -> bool:
    """The suite on PostgreSQL and Redis, given or thrown away afterwards."""
    with postgres() as database, redis() as broker:
        return passes(part_env(folder, DATABASE_URL=database, REDIS_URL=broker), SUITE)


def whole_proof(folder: str) -> bool:
    """Everybody at every page and everything hostile in every form, on the embedded default."""
    return passes(part_env(folder), PROOF)


def hostile_on_postgres(folder: str) -> bool:
    """Everything hostile in every form, on PostgreSQL and Redis."""
    with postgres() as database, redis() as broker:
        return passes(part_env(folder, DATABASE_URL=database, REDIS_URL=broker), HOSTILE)


def walked(env: dict[str, str], *tests: str) -> bool:
    """Whether these browser journeys, all if none is named, come to their end on a site they start themselves."""
    if not chromium():
        raise CannotRun("no Chromium on this machine; CHROMIUM may name one")
    return passes(env, [PYTHON, "-m", "pytest", "-q", "-m", "journey", *tests])


def journeys(folder: str) -> bool:
    """Every browser journey, on the embedded default."""
    return walked(part_env(folder))


def journeys_on_postgres(folder: str) -> bool:
    """The longest journey and a school alone, on PostgreSQL and Redis, given or thrown away afterwards."""
    with postgres() as database, redis() as broker:
        env = part_env(folder, DATABASE_URL=database, REDIS_URL=broker)
        journeys = ("test_first_half", "test_second_half", "test_alone")
        return walked(env, *(f"tests/journeys/{journey}.py" for journey in journeys))


PARTS: dict[str, Callable[[str], bool]] = {
    "style": style,
    "types": types,
    "migrations and the production check": migrations,
    "suite on SQLite": suite_on_sqlite,
    "suite on PostgreSQL and Redis": suite_on_postgres,
    "browser journeys": journeys,
    "journeys on PostgreSQL and Redis": journeys_on_postgres,
    "proof": whole_proof,
    "hostile input on PostgreSQL": hostile_on_postgres,
}
QUICK_PARTS = list(PARTS)[:4]
PROOF_PARTS = list(PARTS)[-2:]
TEST_PARTS = list(PARTS)[:-2]  # the proof is long, and has a word of its own
WORDS = {"test": TEST_PARTS, "check": QUICK_PARTS, "proof": PROOF_PARTS}


def run_part(title: str, part: Callable[[str], bool]) -> Outcome:
    """Runs one part, announced, in a new data folder; says how it went and how long it took."""
    say(f"\n== {title}")
    began, verdict, reason = time.monotonic(), "failed", ""
    with tempfile.TemporaryDirectory(prefix="tandem-test-", ignore_cleanup_errors=True) as folder:
        try:
            verdict = "passed" if part(folder) else "failed"
        except CannotRun as problem:
            verdict, reason = "could not run", str(problem)
    outcome = Outcome(title, verdict, time.monotonic() - began, reason)
    say(f"== {title}: {verdict} after {outcome.seconds:.1f} s")
    return outcome


def summary(outcomes: list[Outcome], all_must_run: bool) -> tuple[str, int]:
    """What to print after the last part, and the exit code of the command."""
    lines = [f"{o.verdict:14}{o.seconds:7.1f} s  {o.title}{o.reason and ': ' + o.reason}" for o in outcomes]
    bad = {"failed", "could not run"} if all_must_run else {"failed"}
    return "\n".join(["", *lines]), int(any(outcome.verdict in bad for outcome in outcomes))


def test(titles: list[str]) -> int:
    """Runs these parts in order, going on after a failed one."""
    set_up("dev")
    if titles != QUICK_PARTS:
        provide(list(TOOLS))
    outcomes = [run_part(title, PARTS[title]) for title in titles]
    text, code = summary(outcomes, os.environ.get("TANDEM_TEST_ALL") == "1")
    say(text)
    return code


def bench(arguments: list[str]) -> int:
    """Measures the pages with `manage.py bench` on PostgreSQL."""
    set_up("runtime")
    provide(["postgresql"])
    try:
        with postgres() as database, tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
            return run([*MANAGE, "bench", *arguments], part_env(folder, DATABASE_URL=database))
    except CannotRun as problem:
        sys.exit(str(problem))


# ── The command line ──────────────────────────────────────────────────────────


def port_number(text: str) -> int:
    """The port written as `text`; raises ValueError for anything else."""
    if not 0 < int(text) < 65536:
        raise ValueError(text)
    return int(text)


def on_stop_signal(number: int, frame: FrameType | None) -> None:
    """Raises Stopped, once: a second Ctrl-C must not cut short the tidying up."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def main(arguments: list[str]) -> int:
    """Does what the words say and gives the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the reader's Python may well be older
        sys.exit(f"Tandem needs Python 3.11 or later; this is {sys.version.split()[0]}.")
    for number in STOP_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays in force
            signal.signal(number, on_stop_signal)
    parser = argparse.ArgumentParser("run.py", usage=USAGE, add_help=False, allow_abbrev=False)
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--port", type=port_number, default=8000)
    try:
        if arguments[:1] == ["bench"]:
            return bench(arguments[1:])
        if {"-h", "--help"} & set(arguments):
            parser.print_usage()
            return 0
        if len(arguments) == 1 and arguments[0] in WORDS:
            return test(WORDS[arguments[0]])
        chosen = parser.parse_args(arguments)
        return serve(chosen.empty, chosen.port)
    except Stopped:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
