"""Money as people write it: "$6,500" in English, "6 500 $" in French. The one place that knows a currency's sign."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# From Python's "6,500.50" to what a language writes.
SEPARATORS: dict[str, dict[int, str]] = {"en": {}, "fr": str.maketrans({",": "\u00a0", ".": ","})}


@dataclass(frozen=True)
class Currency:
    """Its name, and its sign in each language; the dollar of Canada is the plain one."""

    name: str | Promise
    english: str
    french: str


CURRENCIES = {
    "CAD": Currency(_("Canadian dollar"), "$", "$"),
    "USD": Currency(_("US dollar"), "US$", "$\u00a0US"),
    "EUR": Currency(_("Euro"), "€", "€"),
    "GBP": Currency(_("Pound sterling"), "£", "£"),
    "CHF": Currency(_("Swiss franc"), "CHF", "CHF"),
    "AUD": Currency(_("Australian dollar"), "A$", "$\u00a0AU"),
    "NZD": Currency(_("New Zealand dollar"), "NZ$", "$\u00a0NZ"),
}
DEFAULT = "CAD"
CHOICES = [(code, currency.name) for code, currency in CURRENCIES.items()]


def money(amount: Decimal | int, currency: str, language: str) -> str:
    """`amount` with the sign of `currency` ("CAD"), in "en", "fr" or a locale of these; cents only where there are
    any. Raises KeyError for a currency that is not ours."""
    spoken = language[:2] if language[:2] in SEPARATORS else "en"
    figure = f"{amount:,.{0 if amount == int(amount) else 2}f}".translate(SEPARATORS[spoken])
    mark = sign(currency, spoken)
    if spoken == "fr":
        return f"{figure}\u00a0{mark}"
    return f"{mark}\u00a0{figure}" if mark.isalpha() else f"{mark}{figure}"


def sign(currency: str, language: str) -> str:
    """The sign of `currency` as "en", "fr" or a locale of these write it."""
    known = CURRENCIES[currency]
    return known.french if language.startswith("fr") else known.english
