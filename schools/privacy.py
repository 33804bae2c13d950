"""What is kept of schools and their initiatives."""

from django.utils.translation import gettext_lazy as _

from core.kept import COUNTS, OF_A_PLACE, TECHNICAL, WHO_DID_IT, WITH_ROW, WORDS, Erasure, Kept, Kind, keep
from schools.models import (
    Family,
    Goal,
    ImprovementGoal,
    Initiative,
    Joining,
    KeyPerson,
    Measure,
    Measurement,
    Need,
    School,
    SchoolFigure,
)

keep(Family, _("Families of schools"), OF_A_PLACE.on("board", "name", words=_("name")), TECHNICAL.on("id", "version"))
keep(
    School,
    _("Schools"),
    OF_A_PLACE.on(
        *("board", "family", "ministry_number", "name", "level", "language", "grades", "street", "town", "province"),
        *("postal_code", "phone", "website", "latitude", "longitude"),
        words=_("what the ministry publishes of a school: name, number, address, level, grades"),
    ),
    COUNTS.on("enrolment", "enrolment_unknown", "demographic_figure", words=_("how many students, never who")),
    WORDS.on(
        *("demographics", "demographic_label", "strength", "accomplishments", "challenge", "year_runs"),
        *("region", "home_languages", "in_other_language"),
        words=_("what a school says of itself"),
    ),
    OF_A_PLACE.on("picture", "picture_kind", words=_("its logo or photo")),
    OF_A_PLACE.on("is_published", "public_parts", words=_("what of it is public")),
    TECHNICAL.on("id", "version", "search"),
)
keep(
    SchoolFigure,
    _("Figures of schools"),
    COUNTS.on("school", "kind", "value", "unknown_because", words=_("shares the ministry publishes")),
    TECHNICAL.on("id"),
)
keep(
    ImprovementGoal,
    _("Improvement goals"),
    OF_A_PLACE.on("school", words=_("school")),
    WORDS.on("title", "in_other_language", words=_("the goal")),
    WORDS.on("flowed_into", words=_("goals of an earlier board it flowed into")),
    TECHNICAL.on("id", "version"),
)
keep(
    ImprovementGoal.strategic_goals.through,
    _("Where goals lead"),
    TECHNICAL.on("id", "improvementgoal", "strategicgoal"),
)
keep(
    Initiative,
    _("Initiatives"),
    OF_A_PLACE.on("school", "kind", "starts_on", "ends_on", "state", words=_("school, kind, period and state")),
    WORDS.on(
        *("title", "summary", "description", "why", "learning", "benefits", "ask"),
        "in_other_language",
        words=_("what is planned, and why"),
    ),
    WHO_DID_IT.on("champion", "backup", words=_("champion and back-up")),
    OF_A_PLACE.on("is_published", "public_parts", words=_("what of it is public")),
    TECHNICAL.on("id", "version"),
    when="starts_on",
)
keep(
    Goal,
    _("Goals"),
    WORDS.on("title", "in_other_language", words=_("the goal")),
    WORDS.on("flowed_into", words=_("goals of an earlier board it flowed into")),
    TECHNICAL.on("id", "version", "initiative"),
)
keep(Goal.improvement_goals.through, _("Where goals lead"), TECHNICAL.on("id", "goal", "improvementgoal"))
keep(Goal.strategic_goals.through, _("Where goals lead"), TECHNICAL.on("id", "goal", "strategicgoal"))
keep(
    Measure,
    _("Measures"),
    WORDS.on("label", "unit", "source", "in_other_language", words=_("what is measured, and where the number is from")),
    COUNTS.on("direction", "baseline", "target", "due_on", "confidence", words=_("today’s number and the target")),
    TECHNICAL.on("id", "version", "goal"),
)
WHO_TAKES_PART = _("So that a partner knows who takes part, and with how much time.")
TAKES_PART = Kept(Kind.CONTACT, WHO_TAKES_PART, WITH_ROW, Erasure.REPLACE)
TIME = Kept(Kind.PERSONAL, WHO_TAKES_PART, WITH_ROW, Erasure.BLANK)
keep(
    KeyPerson,
    _("Key people"),
    TAKES_PART.on("name", words=_("name of a colleague without an account")),
    TIME.on("part", "hours", "release", "note", words=_("the part played, hours a month and release time")),
    WHO_DID_IT.on("user", "has_release", words=_("who, and whether they have release time")),
    TECHNICAL.on("id", "version", "initiative"),
    of=("user",),
    called="name",
)
keep(
    Measurement,
    _("Measurements"),
    COUNTS.on("day", "value", "confidence", words=_("the number, of which day, and how sure it is")),
    WORDS.on("note", words=_("what is to be known about it")),
    WHO_DID_IT.on("logged_by", words=_("who logged it")),
    TECHNICAL.on("id", "version", "measure"),
    when="day",
)
QUANTITIES = ("kind", "quantity", "people", "hours", "frequency", "times", "times_unit", "starts_on", "value")
keep(
    Need,
    _("Needs"),
    COUNTS.on(*QUANTITIES, "state", words=_("how much, how often, and its value")),
    WORDS.on("what", "unit", "details", "in_other_language", words=_("what is needed")),
    WHO_DID_IT.on("created_by", words=_("who asked for it")),
    OF_A_PLACE.on("is_published", words=_("what of it is public")),
    TECHNICAL.on("id", "version", "initiative"),
    when="starts_on",
)
keep(
    Joining,
    _("Schools that join a board"),
    OF_A_PLACE.on("board", "school", "came_from", words=_("which school, from which board to which")),
    WORDS.on("meant_for", words=_("which school was asked")),
    WHO_DID_IT.on("asked_by", "joined_by", words=_("who asked it in, and who accepted")),
    OF_A_PLACE.on("asked_at", "expires_at", "withdrawn_at", "joined_at", words=_("when")),
    TECHNICAL.on("id"),
    when="asked_at",
)
