"""Changing the address of an account: the new one has answered, the old one is told, other browsers are signed out."""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.models import User
from core import facts
from engines.outbox import actions as outbox
from engines.outbox.secrets import hide
from people.message_kinds import ACCOUNT_MAIL


def is_taken(email: str, user: User) -> bool:
    """Whether another account has the address."""
    return User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists()


@transaction.atomic
def change(user: User, new: str, *, session_key: str | None) -> None:
    """Give `user` the address `new`, which has been shown to be theirs. Raises ValidationError if somebody was faster
    or it changed meanwhile."""
    old, new = user.email, new.lower()
    try:
        with transaction.atomic():
            changed = User.objects.filter(pk=user.pk, email=old).update(email=new)
    except IntegrityError:
        changed = 0
    if changed != 1:
        raise ValidationError(_("This address could not be taken. Begin once more."))
    user.email = new
    EmailAddress.objects.filter(user=user).delete()  # allauth's copy of the old one
    facts.changed(user, by=user, verb="address changed")
    for session in UserSession.objects.filter(user=user).exclude(session_key=session_key):
        session.end()
    with translation.override(user.language):
        context = {"user": user, "new": new}
        outbox.plan(
            ACCOUNT_MAIL,
            user,
            nudge=f"address-{get_random_string(16)}",
            to=old,
            language=user.language,
            title=render_to_string("people/email/address_changed_subject.txt", context).strip(),
            body=hide(render_to_string("people/email/address_changed_message.txt", context).strip()),
        )
