"""What a file may be at most. Each refusal names its limit."""

from django.utils.translation import gettext as _

from core.templatetags.tandem import said

LARGEST_FILE = 30 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 300 * 1024 * 1024  # bytes
MOST_TIMES_LARGER = 100  # of a workbook, unpacked
MOST_ROWS = 100_000
MOST_COLUMNS = 300
LONGEST_LINE = 131_072  # characters between two quotes; what the csv module takes
LONGEST_READING = 240.0  # seconds


class Unreadable(Exception):
    """A file that is not read; the text says why, and names the limit it breaks."""


def too_large() -> str:
    """What is said of a file above LARGEST_FILE."""
    return _("This file is larger than %(most)s MB, which is the limit. Split it, or leave out columns.") % {
        "most": LARGEST_FILE // 1024 // 1024
    }


def too_many_rows() -> str:
    """What is said of a file with a row more than MOST_ROWS."""
    return _("This file has more than %(most)s rows, which is the limit. Split it. Nothing was read in part.") % {
        "most": said(MOST_ROWS)
    }


def too_many_columns() -> str:
    """What is said of a file with a column more than MOST_COLUMNS."""
    return _("This file has more than %(most)s columns, which is the limit. Leave out those that are not needed.") % {
        "most": MOST_COLUMNS
    }
