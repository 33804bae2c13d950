"""A board's own sign-in, and the address by which it is found."""

import re
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialAccount
from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import clock
from core.form_layout import laid_out, pair
from core.forms import AuditedModelForm, CleanForm
from engines.outbox.secrets import hide
from people import sign_on as sign_ons
from people.models import SignOn

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class SignOnForm(AuditedModelForm[SignOn]):
    """The board's own sign-in. Another domain has to be shown to be the board's again."""

    issuer = forms.URLField(
        label=_("Issuer"),
        max_length=300,
        assume_scheme="https",
        help_text=_("The address of your sign-in, as its settings name it: https://…"),
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
    )

    class Meta:
        model = SignOn
        fields = ["domain", "issuer", "client_id", "is_on"]
        help_texts = {
            "domain": _("What stands behind the @ in your people’s addresses, for example board.example."),
            "client_id": _("Your sign-in gives both when you register Tandem there."),
        }

    helper = laid_out("domain", "issuer", pair("client_id", "client_secret"), "is_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_issuer = self.instance.issuer
        self.shown_to_be = self.instance.domain if self.instance.verified_at else ""
        if self.instance.secret:
            self.fields["client_secret"].help_text = _("One is kept. Leave this empty to keep it.")

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"].strip().lower().removeprefix("@").removesuffix(".")
        if not DOMAIN.fullmatch(domain):
            raise forms.ValidationError(_("Write the domain alone, for example board.example."))
        return domain

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"].rstrip("/").removesuffix("/.well-known/openid-configuration")
        parts = urlsplit(issuer)
        if not (parts.scheme == "https" or (settings.LOCAL and parts.hostname in ("localhost", "127.0.0.1"))):
            raise forms.ValidationError(_("It begins with https://."))
        if parts.query or parts.fragment or parts.username:
            raise forms.ValidationError(_("Write the address alone, without ? or #."))
        return issuer

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("domain") != self.shown_to_be:
            self.instance.verified_at, self.instance.trouble = None, ""
            self.instance.check_due_at = clock.now()
        return cleaned

    def save(self, *, by: Any, why: str = "") -> SignOn:  # type: ignore[override]
        if secret := self.cleaned_data["client_secret"]:
            self.instance.secret = hide(secret)
        with transaction.atomic():
            saved = super().save(by=by, why=why)
            if saved.issuer != self.shown_issuer:  # what one issuer calls somebody means nothing at another
                SocialAccount.objects.filter(provider=saved.provider_id).delete()
        return saved


class BoardAccountForm(CleanForm):
    """The address by which a board's own sign-in is found."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    sign_on: SignOn

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        found = sign_ons.open_for(email)
        if found is None:
            raise forms.ValidationError(_("No board has a sign-in of its own for this address. Take a code by mail."))
        self.sign_on = found
        return email
