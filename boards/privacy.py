"""What is kept of a board."""

from django.utils.translation import gettext_lazy as _

from boards.models import Board, ClosedPeriod, StrategicGoal, YearPart
from core.kept import OF_A_PLACE, TECHNICAL, WORDS, keep

keep(
    Board,
    _("Boards"),
    OF_A_PLACE.on(
        *("name", "short_name", "ministry_number", "language", "zone_name", "paper", "plan_name_en", "plan_name_fr"),
        *("mail_is_on", "meeting_after_days", "answer_partner_days", "mou_signature_days", "once_more_days"),
        words=_("name, number and settings of the board"),
    ),
    OF_A_PLACE.on("joined_to", "joined_at", "has_joined_here", words=_("which board it joined, and when")),
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
