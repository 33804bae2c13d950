"""The parent's end of the one warm rendering process: `render(job)`.

One process for each process that renders (a Celery worker's child, say): started on the first job, kept warm,
killed when a job exceeds its limit, and started anew for the next one. Threads take turns.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from engines.documents import frames
from engines.documents.jobs import (
    Failed,
    Job,
    Message,
    Refused,
    Rendered,
    answer_from_message,
    job_to_message,
)

ROOT = Path(__file__).resolve().parent.parent.parent
JOBS_PER_PROCESS = 300  # Pango keeps some 90 KB of every layout, and a job makes up to 16
START_LIMIT = 60.0  # seconds to load WeasyPrint and the fonts, on a busy machine
# What the process may know of its surroundings: where programs, libraries, fonts and temporary files are. No key,
# no database, no mail server.
KNOWN_TO_PROCESS = [
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
]


class RenderingFailed(Exception):
    """No document was made, and a shorter text would not have helped. `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class RenderingProcess:
    """At most one running process, and the lock of those who use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0

    def warm_up(self) -> None:
        """Start the process if it does not run. Raises RenderingFailed."""
        with self._lock:
            self._running()

    def render(self, job: Job) -> Rendered | Refused:
        """Have `job` rendered. Raises RenderingFailed when it cannot be, exceeds its limit or brings the
        process down."""
        with self._lock:
            process = self._running()
            self._jobs += 1
            answer = answer_from_message(self._talk(process, job.limit, job_to_message(job)))
        if isinstance(answer, Failed):
            raise RenderingFailed(answer.reason)
        return answer

    def stop(self) -> None:
        """End the process if it runs; the next job starts another."""
        with self._lock:
            if self._process:
                self._end(self._process)

    def forget(self) -> None:
        """Leave the process to the parent this one was forked from. The pipes must be closed as well: held
        open here, they would keep it alive when the parent is gone. The lock may be some lost thread's."""
        self._lock = threading.Lock()
        process, self._process = self._process, None
        if process:
            _close_pipes(process)
            process.returncode = 0  # not ours to wait for

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process and (self._process.poll() is not None or self._jobs >= JOBS_PER_PROCESS):
            self._end(self._process)
        if not self._process:
            self._jobs = 0
            self._process = subprocess.Popen(
                [sys.executable, "-m", "engines.documents.renderer"],
                cwd=ROOT,
                env={name: os.environ[name] for name in KNOWN_TO_PROCESS if name in os.environ},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,  # a buffer has a lock, which a fork may copy locked
                start_new_session=True,  # Ctrl-C is for the parent, whose end it notices
            )
            self._talk(self._process, START_LIMIT)  # it says when it is ready
        return self._process

    def _talk(self, process: subprocess.Popen[bytes], limit: float, message: Message | None = None) -> Message:
        """Send `message`, wait for the answer; after `limit` seconds the process is killed."""
        assert process.stdin
        assert process.stdout
        deadline = time.monotonic() + limit
        watch = threading.Timer(limit, process.kill)
        watch.daemon = True
        watch.start()
        try:
            if message:
                frames.write(process.stdin, *message)
            return frames.read(process.stdout)
        except (OSError, ValueError, frames.Closed) as error:
            is_late = time.monotonic() >= deadline
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)  # its own exit status, should it still be dying
            status = self._end(process)
            reason = f"Killed on its limit of {limit:g} s" if is_late else f"The process ended with {status}"
            raise RenderingFailed(reason) from error
        finally:
            watch.cancel()
            if self._process and time.monotonic() >= deadline:
                self._end(process)  # answered in the last moment, but the kill is on its way

    def _end(self, process: subprocess.Popen[bytes]) -> int:
        """Kill the process, if it still runs, and clear away; its exit status."""
        self._process = None
        process.kill()
        _close_pipes(process)
        return process.wait()


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


_process = RenderingProcess()
os.register_at_fork(after_in_child=_process.forget)
render, warm_up, stop = _process.render, _process.warm_up, _process.stop
