"""Text people type: bounded, normalised, and free of characters that deceive or break a database."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# C0 and C1 controls but tab and line feed, direction overrides and isolates, zero-width marks, lone surrogates.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
UNREADABLE = "\ufffd"  # stands where bytes were no text
LONGEST_QUERY = 200


def normalise(text: str) -> str:
    """`text` with composed accents (NFC) and plain line feeds."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def no_hidden_characters(text: str) -> None:
    """Refuse characters nobody sees and some misuse; raises ValidationError."""
    if UNREADABLE in text or FORBIDDEN.search(text.replace("\r", "\n")):
        raise ValidationError(
            _("This holds a character that cannot be seen or printed. Type it again without it."),
            code="hidden_characters",
        )


def one_line(text: str) -> None:
    """Refuse a line break in a name or title; raises ValidationError."""
    if "\n" in text or "\r" in text:
        raise ValidationError(_("Keep this on one line."), code="one_line")


PHONE = re.compile(r"(?:[\d\s+(),./\-–#]|ext|poste|x|p)*", re.IGNORECASE)
FEWEST_DIGITS = 7


def phone_number(text: str) -> None:
    """Refuse what nobody can dial; raises ValidationError. An extension may follow, in either language."""
    if PHONE.fullmatch(text) is None or sum(c.isdigit() for c in text) < FEWEST_DIGITS:
        raise ValidationError(_("Enter a phone number, for example 905 555 0100 ext. 12."), code="phone_number")


def labelled(label: object, text: object) -> str:
    """`text` behind its label, with the colon of the page's language."""
    return gettext("%(label)s: %(text)s") % {"label": label, "text": text}


def query(raw: str) -> str:
    """What was typed into a search or filter, made safe to search for: cut at 200 characters, hidden ones dropped."""
    return " ".join(FORBIDDEN.sub(" ", normalise(raw[:LONGEST_QUERY])).split())
