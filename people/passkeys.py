"""What a device answers when a passkey is made or used. allauth and fido2 check it; whatever else comes is refused in
words, because anybody may send anything in the place of a device."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.text import no_hidden_characters

NO_FIT = _("This passkey does not fit. Try once more, or take another way.")
LONGEST = 20_000  # characters; what a device answers has a few thousand
NONSENSE = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    *(struct.error, InvalidSignature, UnsupportedAlgorithm),
)


class DeviceField(forms.JSONField):
    """The answer of a device: an object, and not a large one."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(error_messages={"required": _("The device answered nothing. Try once more.")})

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value) if len(value or "") <= LONGEST else None
        except (RecursionError, ValueError, ValidationError):
            found = None
        if not isinstance(found, dict):
            raise ValidationError(NO_FIT)
        return found

    def bound_data(self, data: Any, initial: Any) -> None:
        """What a device said once is of no use a second time."""

    def prepare_value(self, value: Any) -> str:
        return ""


@contextmanager
def a_device_speaks() -> Iterator[None]:
    """Let what no device says be a mistake of the form, not of the site, and call it what it is."""
    try:
        yield
    except NONSENSE as error:
        raise ValidationError(NO_FIT) from error
    except ValidationError as error:
        raise ValidationError(NO_FIT) if error.code == "incorrect_code" else error from error


class AddPasskeyForm(AddWebAuthnForm):
    """allauth's, for whatever is sent."""

    name = forms.CharField(max_length=60, required=False, validators=[no_hidden_characters])
    credential = DeviceField()

    def clean(self) -> dict[str, Any]:
        with a_device_speaks():
            found: dict[str, Any] = super().clean()
        return found


class _Answer(AuthenticateWebAuthnForm):
    credential = DeviceField()

    def clean_credential(self) -> Authenticator:
        with a_device_speaks():
            return super().clean_credential()


class PasskeyForm(_Answer):
    """The second factor at sign-in."""


class SignInPasskeyForm(_Answer, LoginWebAuthnForm):
    """A passkey and nothing else."""


class PasskeyAgainForm(_Answer, ReauthenticateWebAuthnForm):
    """It is still you."""
