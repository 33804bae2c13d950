"""What is kept of a board."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from boards.models import Board, CalendarFile, ClosedPeriod, Rate, StrategicGoal, YearPart
from core.kept import DAYS_30, OF_A_PLACE, TECHNICAL, WORDS, Erasure, Kept, Kind, ends, keep

PREVIEWED = _("So that a board looks at its file before it is taken over.")
OF_A_FILE = Kept(Kind.ORGANISATION, PREVIEWED, DAYS_30, Erasure.KEEP)
NAME_OF_A_FILE = Kept(Kind.ORGANISATION, PREVIEWED, DAYS_30, Erasure.REPLACE)

keep(
    Board,
    _("Boards"),
    OF_A_PLACE.on(
        *("name", "short_name", "ministry_number", "language", "zone_name", "paper", "plan_name_en", "plan_name_fr"),
        *("languages", "logo", "photos_are_on", "currency", "mail_is_on", "meeting_after_days", "answer_partner_days"),
        *("mou_signature_days", "once_more_days"),
        words=_("name, number and settings of the board"),
    ),
    OF_A_PLACE.on("joined_to", "joined_at", "has_joined_here", words=_("which board it joined, and when")),
    TECHNICAL.on("id", "version"),
)
keep(
    Rate,
    _("Rates for an hour of help"),
    OF_A_PLACE.on("board", "kind", "amount", words=_("what an hour of help is worth to the board")),
    TECHNICAL.on("id", "version"),
)
keep(
    StrategicGoal,
    _("Strategic goals"),
    OF_A_PLACE.on("board", "code", words=_("board and number")),
    WORDS.on("title_en", "title_fr", words=_("the goal")),
    TECHNICAL.on("id", "version"),
)
keep(
    ClosedPeriod,
    _("Days without school"),
    OF_A_PLACE.on("board", "kind", "starts_on", "ends_on", words=_("the days, and of what kind they are")),
    WORDS.on("name_en", "name_fr", words=_("what they are called")),
    TECHNICAL.on("id", "version"),
)
keep(
    YearPart,
    _("Terms and exams"),
    OF_A_PLACE.on(
        "board", "kind", "level", "starts_on", "ends_on", words=_("the days, of what kind, at which schools")
    ),
    WORDS.on("name_en", "name_fr", words=_("what they are called")),
    TECHNICAL.on("id", "version"),
)
keep(
    CalendarFile,
    _("Calendar files"),
    OF_A_FILE.on("board", "found", "sent_at", "applied_at", words=_("which days a file holds, and when it was sent")),
    NAME_OF_A_FILE.on("name", words=_("what the file is called")),
    TECHNICAL.on("id", "version"),
    when="sent_at",
)


@ends("calendar_files", CalendarFile, DAYS_30, _("Calendar files that were looked at"))
def calendar_files(before: datetime) -> Any:
    return CalendarFile.objects.filter(sent_at__lt=before)
