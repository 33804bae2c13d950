"""Links that let somebody in: made once, shown once, kept as a hash."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import AccessLink, User
from core import clock, facts


class LocalOnly(Exception):
    """A sign-in link may be made on a LOCAL site only."""


def make_sign_in_link(user: User) -> str:
    """A token that signs `user` in once within a day and counts as both factors. Raises LocalOnly unless LOCAL."""
    if not settings.LOCAL:
        raise LocalOnly
    token = secrets.token_urlsafe(32)
    AccessLink.objects.create(
        token_hash=hashed(token),
        purpose=AccessLink.Purpose.SIGN_IN,
        user=user,
        expires_at=clock.now() + timedelta(days=1),
    )
    return token


def find(token: str) -> AccessLink | None:
    """The usable sign-in link of `token`, if there is one; looking uses nothing up."""
    if not settings.LOCAL:
        return None
    links = AccessLink.objects.usable().filter(purpose=AccessLink.Purpose.SIGN_IN, user__is_active=True)
    return links.filter(token_hash=hashed(token)).select_related("user").first()


def use(link: AccessLink) -> bool:
    """Use `link` up; False if somebody was faster. Exactly one caller gets True."""
    with transaction.atomic():
        used = AccessLink.objects.usable().filter(pk=link.pk).update(uses=F("uses") + 1) == 1
        if used:
            facts.changed(link, by=link.user, verb="used")
    return used


def hashed(token: str) -> str:
    """What is kept of a token. 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
