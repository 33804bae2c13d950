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


NINE_DIGITS = re.compile(r"(?<!\d)\d{3}([ \u00a0\u202f.-]?)\d{3}\1\d{3}(?!\d)")
# What tells a number of nine digits from a student's: more of the number, a sum of money, a business number of the
# revenue agency (which ends in RC0001 or the like), a country's code, a web address.
GOES_BEFORE = re.compile(r"((?:[$€£]|\bCHF)\s?|\d[.,]|\+\d{1,3}[\s.-]?|https?://\S*|www\.\S*)$", re.IGNORECASE)
COMES_AFTER = re.compile(r"[.,]\d|\s?[$€£]|\s?CHF\b|\s?R[A-Z]\s?\d{4}\b|\s?dollars\b", re.IGNORECASE)


def no_student_number(text: str) -> None:
    """Refuse what looks like an Ontario Education Number; raises ValidationError.

    It is nine digits and no rule for them is published, so any nine that are not told apart by what stands beside them
    are refused, together or in threes. A social insurance number is of the same shape, and no better kept.
    """
    for found in NINE_DIGITS.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        sep = found[1]
        goes_on = bool(sep) and after[:1] == sep and after[1:2].isdigit()
        if not (goes_on or GOES_BEFORE.search(before[-200:]) or COMES_AFTER.match(after)):
            raise ValidationError(
                _(
                    "“%(number)s” looks like a student number. Take it out: Tandem keeps nothing about a single "
                    "student, only how many there are."
                ),
                code="student_number",
                params={"number": found[0]},
            )


def labelled(label: object, text: object) -> str:
    """`text` behind its label, with the colon of the page's language."""
    return gettext("%(label)s: %(text)s") % {"label": label, "text": text}


def query(raw: str) -> str:
    """What was typed into a search or filter, made safe to search for: cut at 200 characters, hidden ones dropped."""
    return " ".join(FORBIDDEN.sub(" ", normalise(raw[:LONGEST_QUERY])).split())
