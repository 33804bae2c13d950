"""What is kept of imported files."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.kept import DAYS_30, TECHNICAL, WITH_BOARD, Erasure, Kept, Kind, ends, keep
from engines.imports.actions import forget
from engines.imports.models import Import

WHY = _("To bring in what the board has in files, and to show what came of it.")
ROWS = Kept(Kind.PERSONAL, WHY, DAYS_30, Erasure.KEEP)
WHAT = Kept(Kind.ORGANISATION, WHY, WITH_BOARD, Erasure.KEEP)
NAME = Kept(Kind.ORGANISATION, WHY, WITH_BOARD, Erasure.REPLACE)

keep(
    Import,
    _("Imported files"),
    ROWS.on(
        "file",
        "refused_file",
        "preview",
        "late",
        words=_("the rows of the file; gone when somebody in it is to be forgotten"),
    ),
    NAME.on("name", "because", words=_("what the file is called, and why it was not imported")),
    WHAT.on(
        *("board", "kind", "state", "by", "uploaded_at", "begun_at", "ended_at", "part", "headings", "mapping"),
        *("rows", "total", "done", "added", "changed", "unchanged", "skipped", "refused", "elsewhere"),
        words=_("who imported it, when, and how many rows came in"),
    ),
    TECHNICAL.on("id", "headings_key", "upto_line", "tries", "next_try_at"),
    when="uploaded_at",
)


@ends(
    "imports",
    Import,
    DAYS_30,
    _("The rows of imported files"),
    blank=("file", "refused_file", "preview", "late"),
    do=forget,
)
def imports(before: datetime) -> Any:
    return Import.objects.exclude(file=None, refused_file=None, preview={}, late=[]).filter(uploaded_at__lt=before)
