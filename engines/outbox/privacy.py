"""What is kept of mail."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.kept import DAYS_90, TECHNICAL, YEARS_2, Erasure, Kept, Kind, ends, keep
from engines.outbox.models import Message

SENT = Kept(
    Kind.PERSONAL, _("So that it can be seen what was sent, and nothing is sent twice."), YEARS_2, Erasure.DELETE
)
READ = Kept(
    Kind.PERSONAL, _("So that it can be seen what was sent, and nothing is sent twice."), DAYS_90, Erasure.DELETE
)

keep(
    Message,
    _("E-mail from Tandem"),
    SENT.on(
        *(
            "board",
            "family",
            "school",
            "kind",
            "subject_type",
            "subject_id",
            "nudge",
            "recipient",
            "reader",
            "language",
        ),
        *("state", "tries", "planned_at", "next_try_at", "expires_at", "sent_at"),
        words=_("to whom, about what, when, and whether it arrived"),
    ),
    READ.on("title", "body", "because", words=_("what it said; a code or link only until it is sent")),
    TECHNICAL.on("id"),
    of=("reader", "recipient"),
    when="planned_at",
)


@ends("words_of_mail", Message, DAYS_90, _("Words of mail that is done with"), blank=("title", "body", "because"))
def words_of_mail(before: datetime) -> Any:
    done = Message.objects.filter(next_try_at=None, planned_at__lt=before)
    return done.exclude(title="", body="", because="")


@ends("mail", Message, YEARS_2, _("Mail that is done with"))
def mail(before: datetime) -> Any:
    return Message.objects.filter(next_try_at=None, planned_at__lt=before)
