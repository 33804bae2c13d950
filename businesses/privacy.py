"""What is kept of organisations and the people in them."""

from django.utils.translation import gettext_lazy as _

from businesses.models import Business, Contact
from core.kept import OF_A_PLACE, TECHNICAL, WITH_ORGANISATION, WORDS, Erasure, Kept, Kind, keep

WHOM = Kept(Kind.CONTACT, _("So that a school asks the right person at work."), WITH_ORGANISATION, Erasure.REPLACE)
HOW = Kept(Kind.CONTACT, _("So that a school asks the right person at work."), WITH_ORGANISATION, Erasure.BLANK)
THERE = Kept(Kind.CONTACT, _("So that a school asks the right person at work."), WITH_ORGANISATION, Erasure.KEEP)

keep(
    Business,
    _("Organisations"),
    OF_A_PLACE.on(
        *("board", "name", "kind", "sector", "staff", "town", "phone", "website"),
        words=_("name, kind, sector, size, town, phone, website"),
    ),
    WORDS.on("mission", "values", "giving_back", "expertise", words=_("what they care about and are good at")),
    TECHNICAL.on("id", "version", "search"),
)
keep(
    Contact,
    _("People in organisations"),
    WHOM.on("name", words=_("name")),
    HOW.on("title", "email", "phone", words=_("title, e-mail address and phone at work")),
    THERE.on("business", "part", "decides", "user", words=_("where, the part played, and who decides")),
    TECHNICAL.on("id", "version"),
    of=("user", "email"),
    called="name",
)
