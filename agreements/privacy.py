"""What is kept of agreements. Once somebody has said yes, what they said yes to stays as it is."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models import AgreedObjective, AgreedPromise, AgreedRole, AgreementVersion, Clause, RecordedYes
from core.kept import OF_A_PLACE, SIGNED, TECHNICAL, WHO_DID_IT, WORDS, keep

keep(
    AgreementVersion,
    _("Agreements"),
    OF_A_PLACE.on(
        *("partnership", "number", "state", "language", "starts_on", "ends_on", "drafted_at", "in_force_at"),
        words=_("number, state, from when until when"),
    ),
    WHO_DID_IT.on("drafted_by", words=_("who drafted it")),
    TECHNICAL.on("id", "version"),
    when="drafted_at",
)
keep(
    AgreementVersion.years.through, _("Years of agreements"), TECHNICAL.on("id", "agreementversion", "partnershipyear")
)
keep(
    Clause,
    _("Clauses"),
    OF_A_PLACE.on("article", "number", words=_("where it stands")),
    WORDS.on("text", words=_("its words")),
    TECHNICAL.on("id", "version", "version_of"),
    stays=~Q(version_of__state="draft") | Q(version_of__answers__isnull=False),
)
keep(
    AgreedPromise,
    _("What was agreed"),
    SIGNED.on("side", "kind", "text", words=_("what each side promised")),
    TECHNICAL.on("id", "version"),
)
keep(
    AgreedObjective,
    _("What was aimed at"),
    SIGNED.on("goal", "measure", "unit", "baseline", "target", words=_("goals and measures at the first yes")),
    TECHNICAL.on("id", "version"),
)
keep(
    AgreedRole,
    _("Who stood for what"),
    SIGNED.on("part", "name", "title", words=_("name and title of whoever stood for the agreement")),
    TECHNICAL.on("id", "version"),
)
keep(
    RecordedYes,
    _("Who said yes"),
    SIGNED.on("side", "name", "said_on", "how", words=_("who said yes, when and how")),
    WHO_DID_IT.on("recorded_by", "recorded_at", words=_("who wrote it down, and when")),
    TECHNICAL.on("id", "version"),
    when="recorded_at",
)
