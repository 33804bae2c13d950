"""What a form says of a field left empty or filled wrongly: what to do, in our words, not the framework's."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

_ONE_OF_THESE = _("Choose one of these.")
_DAY = _("Enter a day, for example 2026-03-11.")
_TIME = _("Enter a time, for example 15:30.")
_NUMBER = _("Enter a number, for example 18.")
_ADDRESS = _("Enter an e-mail address, for example name@example.org.")
_WEB = _("Enter a web address, for example https://example.org.")
_SHORTER = _("Enter a shorter number.")

# By the kind of a field, the most special first; the codes are those of the framework's own validators.
WORDS: list[tuple[type[forms.Field], Words]] = [
    (
        forms.DecimalField,
        {
            "required": _NUMBER,
            "invalid": _NUMBER,
            "max_digits": _SHORTER,
            "max_whole_digits": _SHORTER,
            "max_decimal_places": _("Enter at most %(max)s decimals."),
        },
    ),
    (forms.IntegerField, {"required": _NUMBER, "invalid": _("Enter a whole number, for example 18.")}),
    (forms.DateField, {"required": _DAY, "invalid": _DAY}),
    (forms.TimeField, {"required": _TIME, "invalid": _TIME}),
    (forms.ModelChoiceField, {"required": _ONE_OF_THESE, "invalid_choice": _ONE_OF_THESE}),
    (forms.ChoiceField, {"required": _ONE_OF_THESE, "invalid_choice": _ONE_OF_THESE}),
    (forms.BooleanField, {"required": _("Tick this to go on.")}),
    (forms.EmailField, {"required": _ADDRESS, "invalid": _ADDRESS}),
    (forms.URLField, {"required": _WEB, "invalid": _WEB}),
    (forms.CharField, {"required": _("Write something here.")}),
    (
        forms.FileField,
        {
            "required": _("Choose a file."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
            "empty": _("This file is empty. Choose another one."),
        },
    ),
]
TOO_LONG = _("Use at most %(limit_value)d characters; these are %(show_value)d.")


def put_on(field: forms.Field) -> None:
    """Give `field` our words wherever it has none of its own."""
    kept = _of_the_framework(type(field))
    words: dict[str, Any] = next((words for kind, words in WORDS if isinstance(field, kind)), {})
    if not isinstance(field, forms.FileField):  # of a file it is the name that is too long
        words = words | {"max_length": TOO_LONG}
    for code, text in words.items():
        if field.error_messages.get(code) is kept.get(code):
            field.error_messages[code] = text


def _of_the_framework(kind: type[forms.Field]) -> dict[str, Any]:
    """The words a field of this kind has when nobody gave it others."""
    found: dict[str, Any] = {}
    for parent in reversed(kind.__mro__):
        found |= getattr(parent, "default_error_messages", {})
    return found
