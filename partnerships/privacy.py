"""What is kept of partnerships: what is promised and done, in numbers."""

from django.utils.translation import gettext_lazy as _

from core.kept import COUNTS, OF_A_PLACE, TECHNICAL, WHO_DID_IT, WORDS, keep
from partnerships.models import Commitment, Participation, Partnership, PartnershipYear, Session

keep(
    Partnership,
    _("Partnerships"),
    OF_A_PLACE.on(
        *("prospect", "school", "business", "kind", "counts_as", "state", "state_since", "is_from_before", "shared_at"),
        words=_("who with whom, of what kind, how it stands, and since when"),
    ),
    WORDS.on("shared_vision", words=_("the shared vision")),
    WHO_DID_IT.on(
        *("champion", "backup", "partner_lead", "shared_by"),
        words=_("champion, back-up, who leads for the partner, and who shared it"),
    ),
    TECHNICAL.on("id", "version"),
    when="state_since",
)
keep(
    PartnershipYear,
    _("Years of partnerships"),
    COUNTS.on("partnership", "number", "starts_on", "ends_on", words=_("number, from when until when")),
    TECHNICAL.on("id", "version"),
    when="starts_on",
)
keep(
    Commitment,
    _("Promises"),
    COUNTS.on(
        *("kind", "quantity", "people", "hours", "frequency", "times", "times_unit", "starts_on", "value"),
        *("side", "need", "withdrawn_at", "delivered"),
        words=_("how much, how often, its value, and what of it has arrived"),
    ),
    WHO_DID_IT.on("delivered_by", "delivered_at", words=_("who confirmed that it arrived, and when")),
    WORDS.on("what", "unit", "details", words=_("what is promised")),
    TECHNICAL.on("id", "version", "year"),
    when="starts_on",
)
keep(
    Session,
    _("Sessions"),
    COUNTS.on("held_on", "state", words=_("the day, and whether it took place")),
    WORDS.on("title", "place", words=_("what was done, and where")),
    WHO_DID_IT.on("logged_by", words=_("who wrote it down")),
    TECHNICAL.on("id", "version", "year"),
    when="held_on",
)
keep(
    Participation,
    _("Who came, in numbers"),
    COUNTS.on("side", "volunteers", "hours", "students", "counts", words=_("people, hours and students, as numbers")),
    WORDS.on("note", words=_("why it differs")),
    WHO_DID_IT.on(
        *("reported_by", "reported_at", "answered_by", "answered_at"),
        words=_("who reported it, who confirmed it, and when"),
    ),
    TECHNICAL.on("id", "session"),
    when="reported_at",
)
