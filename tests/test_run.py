"""run.py without the site: what it decides, and that it leaves no process, no folder and no wrong stamp."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import run

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""
STUBBORN = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


def soon(true: Callable[[], bool]) -> bool:
    """Whether it becomes true within 10 seconds."""
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def is_gone(pid: int) -> bool:
    """Whether the process has ended; one that nobody has asked about yet (state Z) has."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


def written(path: Path) -> bool:
    return path.exists() and path.read_text() != ""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with requirement files and an empty virtual environment, instead of this one."""
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "PANGO_STAMP", tmp_path / ".venv" / "tandem-pango")
    return tmp_path


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have run; each ends well."""
    commands: list[list[str]] = []

    def note(command: list[str], env: dict[str, str]) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(run, "run", note)
    return commands


# ── Set-up ────────────────────────────────────────────────────────────────────


def test_a_second_install_does_nothing(project: Path, installs: list[list[str]]) -> None:
    run.install_requirements("runtime")
    run.install_requirements("runtime")
    assert len(installs) == 1
    assert installs[0][-4:] == ["-r", "requirements.txt", "-c", "constraints.txt"]


def test_an_install_for_the_tests_holds_the_site_too(project: Path, installs: list[list[str]]) -> None:
    run.install_requirements("dev")
    run.install_requirements("runtime")
    assert len(installs) == 1


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ("requirements.txt", {"runtime", "dev"}),
        ("constraints.txt", {"runtime", "dev"}),
        ("requirements-dev.txt", {"dev"}),
    ],
)
def test_a_changed_file_installs_again(project: Path, installs: list[list[str]], changed: str, kinds: set[str]) -> None:
    for kind in ("runtime", "dev"):
        run.install_requirements(kind)
        before = run.fingerprint(kind)
        (project / changed).write_text(f"changed for {kind}")
        assert (run.fingerprint(kind) != before) == (kind in kinds)
        installs.clear()
        run.install_requirements(kind)
        assert bool(installs) == (kind in kinds)


def test_a_failed_install_leaves_no_stamp(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "run", lambda command, env: 1)
    with pytest.raises(SystemExit, match="could not be installed"):
        run.install_requirements("dev")
    assert list((project / ".venv").iterdir()) == []


def test_pango_is_looked_for_once_and_again_after_an_install(
    project: Path, installs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    probes: list[list[str]] = []

    def works(command: list[str]) -> bool:
        probes.append(command)
        return True

    monkeypatch.setattr(run, "works", works)
    run.find_pango()
    first = len(probes)
    run.find_pango()
    assert len(probes) == first > 0
    run.install_requirements("runtime")
    run.find_pango()
    assert len(probes) > first


def test_a_missing_pango_is_named_in_one_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(run, "works", lambda command: False)
    monkeypatch.setattr(run, "apt_install", asked.append)
    with pytest.raises(SystemExit) as ended:
        run.find_pango()
    assert asked == [run.PANGO]
    assert "\n" not in str(ended.value)
    assert all(package in str(ended.value) for package in run.PANGO)
    assert not run.PANGO_STAMP.exists()


def test_nothing_is_installed_without_the_right_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(command: list[str], **how: object) -> None:
        raise AssertionError(command)

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(run, "works", lambda command: False)
    monkeypatch.setattr(subprocess, "run", refuse)
    run.apt_install(["chromium"])


# ── The site ──────────────────────────────────────────────────────────────────


def test_each_world_has_its_data_folder_and_data_dir_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    assert run.data_folder(empty=False) == run.ROOT / "var" / "demo"
    assert run.data_folder(empty=True) == run.ROOT / "var" / "empty"
    monkeypatch.setenv("DATA_DIR", "elsewhere")
    assert run.data_folder(empty=True) == Path.cwd() / "elsewhere"


def test_a_data_folder_belongs_to_one_run(tmp_path: Path) -> None:
    first = run.lock_folder(tmp_path / "data")
    with pytest.raises(SystemExit, match="already running on"):
        run.lock_folder(tmp_path / "data")
    first.close()
    run.lock_folder(tmp_path / "data").close()


def test_a_data_folder_that_cannot_be_one_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="cannot be used"):
        run.lock_folder(tmp_path / "file")


def test_a_port_in_use_is_refused_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run.answers(port)
        with pytest.raises(SystemExit) as ended:
            run.listen_addresses(port)
    assert str(port) in str(ended.value)
    assert "\n" not in str(ended.value)


def test_a_free_port_is_listened_on_under_every_name_of_localhost() -> None:
    port = run.free_port()
    addresses = run.listen_addresses(port)
    assert addresses[0] == f"127.0.0.1:{port}"
    assert set(addresses[1:]) <= {f"[::1]:{port}"}


@pytest.mark.parametrize(("redis", "pool"), [("", "threads"), ("redis://127.0.0.1/0", "prefork")])
def test_the_worker_forks_only_beside_redis(monkeypatch: pytest.MonkeyPatch, redis: str, pool: str) -> None:
    monkeypatch.setenv("REDIS_URL", redis)
    web, worker, beat = run.site_children(Path("/data"), ["127.0.0.1:8000"])
    assert "--listen=127.0.0.1:8000" in web.command
    assert worker.command[worker.command.index("-P") + 1] == pool
    assert "/data/celerybeat-schedule" in beat.command


def test_quick_deaths_wait_longer_each_time_and_then_end_the_command() -> None:
    child = run.Child("worker", [])
    waits = []
    for _ in range(run.MOST_QUICK_DEATHS - 1):
        child.started = 100.0
        run.note_death(child, -signal.SIGKILL, 101.0)
        waits.append(child.due - 101.0)
    assert waits == sorted(set(waits))
    with pytest.raises(SystemExit, match=r"worker ended 5 times .*killed by signal 9"):
        run.note_death(child, -signal.SIGKILL, 101.0)


def test_a_death_after_a_long_life_is_no_quick_one() -> None:
    child = run.Child("beat", [], quick_deaths=4)
    run.note_death(child, 1, run.QUICK + 1)
    assert child.quick_deaths == 0


def test_a_killed_child_is_started_again_and_what_it_left_is_killed(tmp_path: Path) -> None:
    left = tmp_path / "pid"
    child = run.Child("worker", [sys.executable, "-c", PARENT, str(left)])
    run.tend(child, dict(os.environ), 0.0)
    first = child.process
    try:
        assert first is not None
        assert soon(lambda: written(left))
        first.kill()
        first.wait()
        run.tend(child, dict(os.environ), 1.0)
        assert child.process is None
        assert soon(lambda: is_gone(int(left.read_text())))
        run.tend(child, dict(os.environ), child.due)
        assert child.process is not None
        assert child.process.pid != first.pid
    finally:
        run.stop([process for process in (first, child.process) if process], signal.SIGKILL)


def test_a_stopped_site_leaves_no_process(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = tmp_path / "pid"
    children = [run.Child("web", [sys.executable, "-c", PARENT, str(left)]), run.Child("worker", SLEEPER)]

    def stopped_while_it_starts() -> bool:
        if written(left):
            raise run.Stopped
        return False

    assert run.supervise(children, dict(os.environ), stopped_while_it_starts, "never said") == 0
    assert children[0].process is not None
    assert children[1].process is None
    assert is_gone(children[0].process.pid)
    assert soon(lambda: is_gone(int(left.read_text())))
    assert "never said" not in capsys.readouterr().out


def test_a_process_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PATIENCE", 0.2)
    process = run.start([sys.executable, "-c", STUBBORN, str(tmp_path / "up")], dict(os.environ))
    assert soon((tmp_path / "up").exists)
    run.stop([process])
    assert process.returncode == -signal.SIGKILL


def test_a_killed_run_leaves_no_process_on_linux() -> None:
    program = f"import run, time; print(run.start({SLEEPER!r}, {{}}).pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], cwd=run.ROOT, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        pid = int(killed.stdout.readline())
        killed.kill()
    if sys.platform == "linux":
        assert soon(lambda: is_gone(pid))
    else:
        os.kill(pid, signal.SIGKILL)


# ── Tests ─────────────────────────────────────────────────────────────────────


def test_settings_of_the_developer_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in run.SETTINGS:
        monkeypatch.setenv(name, "mine")
    monkeypatch.setenv("CHROMIUM", "/opt/chromium")
    env = run.part_env("/data", REDIS_URL="redis://here")
    assert {name: env[name] for name in run.SETTINGS if name in env} == {
        "LOCAL": "1",
        "DATA_DIR": "/data",
        "REDIS_URL": "redis://here",
    }
    assert env["CHROMIUM"] == "/opt/chromium"


def test_the_production_environment_is_not_local() -> None:
    env = run.production_env("/data")
    assert "LOCAL" not in env
    assert env["HTTPS"] == "1"
    assert len(env["SECRET_KEY"]) >= 50


def test_missing_tools_are_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(run, "apt_install", asked.append)
    monkeypatch.setattr(run, "TOOLS", {"chromium": lambda: None, "gettext": lambda: "", "redis": lambda: "x"})
    run.provide(["redis"])
    assert asked == []
    assert capsys.readouterr().out == ""
    run.provide(["chromium", "gettext", "redis"])
    assert asked == [["chromium", "gettext"]]
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert "chromium gettext" in printed
    assert "redis" not in printed


def test_every_command_of_a_part_runs_and_any_failure_counts() -> None:
    env = dict(os.environ)
    good, bad = [sys.executable, "-c", ""], [sys.executable, "-c", "raise SystemExit(3)"]
    assert run.passes(env, good, good)
    assert not run.passes(env, bad, good)


def test_a_part_has_a_new_folder_that_goes_with_it() -> None:
    seen: list[Path] = []

    def part(folder: str) -> bool:
        seen.append(Path(folder))
        Path(folder, "left behind").touch()
        return len(seen) == 1

    assert run.run_part("first", part).verdict == "passed"
    assert run.run_part("second", part).verdict == "failed"
    assert seen[0] != seen[1]
    assert not any(folder.exists() for folder in seen)


def test_a_part_that_cannot_run_fails_only_when_all_must() -> None:
    def part(folder: str) -> bool:
        raise run.CannotRun("no Chromium on this machine")

    outcome = run.run_part("browser journeys", part)
    text, code = run.summary([outcome], all_must_run=False)
    assert "could not run" in text
    assert "no Chromium on this machine" in text
    assert code == 0
    assert run.summary([outcome], all_must_run=True)[1] == 1
    assert run.summary([outcome, run.Outcome("style", "failed", 1.0)], all_must_run=False)[1] == 1


def test_servers_that_are_given_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://given")
    monkeypatch.setenv("REDIS_URL", "redis://given")
    with run.postgres() as database, run.redis() as broker:
        assert (database, broker) == ("postgres://given", "redis://given")


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "print('disk full'); raise SystemExit(1)"]
    with (
        (tmp_path / "log").open("wb") as log,
        pytest.raises(run.CannotRun, match="disk full"),
        run.throw_away("Redis", words, None, lambda: False, log),
    ):
        raise AssertionError("it was never ready")


# ── The command line ──────────────────────────────────────────────────────────


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the command line would have done; the signals stay those of the test run."""
    made: list[tuple[object, ...]] = []

    def noting(word: str) -> Callable[..., int]:
        def note(*what: object) -> int:
            made.append((word, *what))
            return 0

        return note

    for word in ("serve", "test", "bench"):
        monkeypatch.setattr(run, word, noting(word))
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    return made


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ([], ("serve", False, 8000)),
        (["--empty", "--port", "8010"], ("serve", True, 8010)),
        (["test"], ("test", run.TEST_PARTS)),
        (["check"], ("test", run.QUICK_PARTS)),
        (["proof"], ("test", run.PROOF_PARTS)),
        (["bench", "--pages", "--help"], ("bench", ["--pages", "--help"])),
    ],
)
def test_words(calls: list[tuple[object, ...]], words: list[str], call: tuple[object, ...]) -> None:
    assert run.main(words) == 0
    assert calls == [call]


@pytest.mark.parametrize(
    "words", [["tset"], ["test", "more"], ["proof", "more"], ["--port", "70000"], ["--port"], ["--por", "1"]]
)
def test_unknown_words_get_the_usage(
    calls: list[tuple[object, ...]], capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run.main(words)
    assert ended.value.code == 2
    assert "python3 run.py test" in capsys.readouterr().err
    assert calls == []


def test_help_is_the_usage(calls: list[tuple[object, ...]], capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--help"]) == 0
    assert "python3 run.py bench" in capsys.readouterr().out
    assert calls == []


def test_a_second_ctrl_c_does_not_cut_the_tidying_up_short(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: dict[int, object] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    with pytest.raises(run.Stopped):
        run.on_stop_signal(signal.SIGINT, None)
    assert handlers == dict.fromkeys(run.STOP_SIGNALS, signal.SIG_IGN)


def test_the_quick_part_has_no_browser_and_no_server() -> None:
    assert [run.PARTS[title] for title in run.QUICK_PARTS] == [
        run.style,
        run.types,
        run.migrations,
        run.suite_on_sqlite,
    ]
    assert [run.PARTS[title] for title in run.PROOF_PARTS] == [run.whole_proof, run.hostile_on_postgres]
