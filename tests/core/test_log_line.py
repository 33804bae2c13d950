"""One thing that happened is one line of the log."""

import logging
import sys
from typing import Any

from django.conf import settings

from core.log_line import OneLine

LOGGING: Any = settings.LOGGING
LINE = LOGGING["formatters"]["line"]["format"]


def record(text: str, status: int | None = None) -> logging.LogRecord:
    try:
        raise ValueError("inside")
    except ValueError:
        made = logging.LogRecord("tandem", logging.WARNING, "here", 1, "%s", (text,), sys.exc_info())
    if status is not None:
        made.status_code = status
    return made


def test_what_was_refused_leaves_no_traceback() -> None:
    assert OneLine(LINE).format(record("Forbidden", 403)).endswith("WARNING tandem: Forbidden")


def test_what_is_our_fault_says_where() -> None:
    for status in (500, None):
        assert OneLine(LINE).format(record("Oh", status)).endswith("ValueError: inside")


def test_no_line_is_slipped_in() -> None:
    sent = "a\r\n2026-01-01 ERROR tandem: forged\u2028b\x1b[2J"
    line = OneLine(LINE).format(record(sent, 400))
    assert len(line.splitlines()) == 1
    assert line.endswith("tandem: a\\x0d\\x0a2026-01-01 ERROR tandem: forged\\u2028b\\x1b[2J")


def test_the_site_writes_such_lines() -> None:
    assert LOGGING["formatters"]["line"]["()"] == "core.log_line.OneLine"
    assert LOGGING["root"]["handlers"] == ["console"]
    assert LOGGING["handlers"]["console"]["formatter"] == "line"
