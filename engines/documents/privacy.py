"""What is kept of documents."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.kept import TECHNICAL, YEARS_2, Erasure, Kept, Kind, ends, keep
from engines.documents.actions import forget, passing
from engines.documents.models import Document

MADE = Kept(Kind.ORGANISATION, _("To hand on paper what was agreed and planned."), YEARS_2, Erasure.KEEP)
FAILED = Kept(Kind.ORGANISATION, _("To hand on paper what was agreed and planned."), YEARS_2, Erasure.REPLACE)

keep(
    Document,
    _("Documents"),
    MADE.on(
        *("board", "family", "school", "kind", "subject_type", "subject_id", "language", "paper", "state", "asked_by"),
        *("asked_at", "made_at", "html", "pdf"),
        words=_("the document, who asked for it and when; one that is part of an agreement stays"),
    ),
    FAILED.on("because", words=_("why it could not be made")),
    TECHNICAL.on("id", "tries", "next_try_at", "fingerprint", "step", "cuts"),
    when="asked_at",
)


@ends("documents", Document, YEARS_2, _("Documents that are no part of an agreement"), do=forget)
def documents(before: datetime) -> Any:
    return passing(Document.objects.filter(next_try_at=None, asked_at__lt=before))
