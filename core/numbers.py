"""Numbers as people type them and as a field shows them, in English and in French."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language

from core.money import CURRENCIES, SEPARATORS

SPACE = "[ \u00a0\u2000-\u200a\u202f\u205f\u3000]"
_SIGNS = {sign for code, one in CURRENCIES.items() for sign in (code, one.english, one.french)}
_LONGEST_FIRST = sorted(_SIGNS | {"CA$", "C$", "$\u00a0CA", "$\u00a0CAN"}, key=len, reverse=True)
MARK = "(?:" + "|".join(re.escape(sign).replace("\u00a0", f"{SPACE}?") for sign in _LONGEST_FIRST) + ")"
TYPED = re.compile(
    rf"(?:{MARK}{SPACE}?)?(?P<sign>[+-]?)(?:{MARK}{SPACE}?)?(?P<figure>[\d.,](?:[\d.,]|{SPACE}(?=\d))*)(?:{SPACE}?{MARK})?",
    re.IGNORECASE,
)
FIGURE = re.compile(rf"(?:\d+|\d{{1,3}}(?:{SPACE}\d{{3}})+)(?:[.,]\d*)?|[.,]\d+")
COMMAS_FOR_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
PERHAPS_THOUSANDS = re.compile(r".*,\d{3}")


def plain(typed: str, language: str) -> str | None:
    """What was typed as Python reads it, "$6,500" as "6500"; None where it is no number to a person of `language`
    ("en", "fr" or a locale of these).

    A currency around it is dropped, and spaces between thousands. A comma is the decimal mark in French; in English it
    stands between thousands, or before anything but three digits is a decimal mark too.
    """
    found = TYPED.fullmatch(typed.strip())
    if not found:
        return None
    figure = found["figure"]
    if not language.startswith("fr"):
        if COMMAS_FOR_THOUSANDS.fullmatch(figure):
            figure = figure.replace(",", "")
        elif PERHAPS_THOUSANDS.fullmatch(figure):  # "0,500" and "1234,567": nobody knows
            return None
    if not FIGURE.fullmatch(figure):
        return None
    return found["sign"] + re.sub(SPACE, "", figure).replace(",", ".")


def shown(number: Decimal | float, language: str) -> str:
    """A number as a field shows it: "4" and not "4.00", "2,5" in French; thousands stand together."""
    spoken = language[:2] if language[:2] in SEPARATORS else "en"
    return f"{Decimal(str(number)).normalize():f}".translate(SEPARATORS[spoken])


def put_on(field: forms.IntegerField) -> None:
    """Let `field` (a DecimalField and a FloatField are one) read what people type and show what they read.

    Only what stands in an input of numbers: a hidden input and a choice keep the figures of the machine.
    """
    to_python, prepare_value = field.to_python, field.prepare_value

    def read(value: Any) -> Any:
        if isinstance(value, str) and value and isinstance(field.widget, forms.NumberInput):
            value = plain(value, get_language() or "en")
            if value is None:
                raise forms.ValidationError(field.error_messages["invalid"], code="invalid")
        return to_python(value)

    def show(value: Any) -> Any:
        is_number = isinstance(value, Decimal | int | float) and isinstance(field.widget, forms.NumberInput)
        return shown(value, get_language() or "en") if is_number else prepare_value(value)

    field.to_python = read  # type: ignore[method-assign]
    field.prepare_value = show  # type: ignore[method-assign]
