"""How allauth works here: nobody signs up, and its mails are rows of the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, gettext, gettext_lazy

from accounts.models import User
from core import clock
from engines.outbox import actions as outbox
from engines.outbox.secrets import hide, reveal
from people import rotation
from people.browsers import browser_of
from people.message_kinds import ACCOUNT_MAIL


class AccountAdapter(DefaultAccountAdapter):
    """Closed to sign-up. Mail is planned in the request and sent by the worker."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("This address and this password do not fit each other."),
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong tries. Wait five minutes, then try again. Instead of a password you can have a code mailed."
        ),
        "incorrect_code": gettext_lazy("This code does not fit. Look for the newest mail."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        rotation.note(request, user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's account, with a word that it worked."""
        messages.success(request, gettext("Password saved. You can sign in with it from now on."))
        return reverse("me")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Plan the mail allauth wants sent; its body carries a code or token, so it is encrypted while it waits."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        if user is None:
            return
        title = render_to_string(f"{template_prefix}_subject.txt", context).strip()
        body = render_to_string(f"{template_prefix}_message.txt", context).strip()
        with transaction.atomic():
            outbox.plan(
                ACCOUNT_MAIL,
                user,
                nudge=f"{clock.now():%Y%m%d%H%M%S}-{get_random_string(8)}",
                to=user,
                language=(get_language() or "en")[:2],
                title=" ".join(title.split()),
                body=hide(body),
            )

    def get_login_stages(self) -> list[str]:
        """Of the library's, but that the sign-in of a board may stand for the second factor."""
        own = {"allauth.mfa.stages.AuthenticateStage": "people.sign_on.SecondFactorStage"}
        return [own.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """Whoever has a passkey is asked for it first: it is the quickest. Whoever has no second factor may take a
        code by mail, as at sign-in."""
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and not is_mfa_enabled(user):
            url = reverse("account_again_by_code")
            methods.append({"id": "code", "description": gettext("Send me a code"), "url": url})
        return sorted(methods, key=lambda method: not method["id"].endswith(":webauthn"))

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Signing in and out says so by itself; allauth's notices are not ours to repeat. What went wrong is said:
        a passkey that does not fit."""
        if args and args[0] == messages.ERROR and "message" in kwargs:
            messages.error(request, kwargs["message"])


class FactorAdapter(DefaultMFAAdapter):
    """The secret of a second factor is encrypted where it is kept."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code does not fit. Type the one that stands there now."),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a new passkey is called unless its owner says: the browser it was made in."""
        return browser_of(context.request.META.get("HTTP_USER_AGENT", ""))

    def encrypt(self, text: str) -> str:
        return hide(text)

    def decrypt(self, encrypted_text: str) -> str:
        return reveal(encrypted_text)
