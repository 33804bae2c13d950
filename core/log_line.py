"""How a line of the log is written: one line for one thing that happened, whatever somebody sent."""

import logging

OURS = 500  # from here on a status is our fault, and where it happened matters
BREAKS = {code: f"\\x{code:02x}" for code in (*range(0x20), 0x7F, 0x85)} | {0x2028: "\\u2028", 0x2029: "\\u2029"}


class OneLine(logging.Formatter):
    """No line break comes into the log from outside, and what was refused leaves no traceback: nothing went wrong."""

    def format(self, record: logging.LogRecord) -> str:
        if getattr(record, "status_code", OURS) < OURS:
            record.exc_info = record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        return super().formatMessage(record).translate(BREAKS)
