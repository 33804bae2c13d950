"""What is kept of what somebody owed."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.kept import TECHNICAL, YEARS_2, Erasure, Kept, Kind, ends, keep
from engines.reminders.models import DigestLine, Reminder

OWED = Kept(Kind.PERSONAL, _("So that nothing that was promised is forgotten."), YEARS_2, Erasure.KEEP)

keep(
    Reminder,
    _("Reminders"),
    OWED.on(
        *("board", "family", "school", "rule", "subject_type", "subject_id", "part", "occasion", "owed_by", "due_on"),
        *("mail_at", "mailings", "last_mailing", "settled_at"),
        words=_("what you owe, by when, and when it was settled; nobody else is shown it"),
    ),
    TECHNICAL.on("id"),
    of=("owed_by",),
    when="due_on",
)
keep(
    DigestLine,
    _("Lines in a mail"),
    TECHNICAL.on("id", "message", "reminder", "mailing"),
    of=("reminder",),
)


@ends("reminders", Reminder, YEARS_2, _("Reminders that are settled"))
def reminders(before: datetime) -> Any:
    return Reminder.objects.filter(settled_at__lt=before)
