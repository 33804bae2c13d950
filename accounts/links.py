"""Links that let somebody in, or let them read one thing: of a link's token only the hash is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode

from accounts.models import AccessLink, User
from core import clock, facts
from core.chain import Owned

READ_FOR = timedelta(days=183)


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


def make(subject: Owned, purpose: AccessLink.Purpose, *, expires_at: datetime, by: User | None, token: str = "") -> str:
    """A token that is good once, until `expires_at`, for `purpose` with `subject`; only its hash is kept.

    It is drawn, unless `token` is one that nobody can guess.
    """
    token, chain = token or secrets.token_urlsafe(32), subject.chain()
    link = AccessLink.objects.create(
        token_hash=hashed(token),
        purpose=purpose,
        board_id=chain.board,
        school_id=chain.school,
        subject_type=ContentType.objects.get_for_model(subject),  # type: ignore[arg-type]
        subject_id=subject.pk,
        expires_at=expires_at,
    )
    facts.changed(link, by=by, verb="made")
    return token


def find(token: str, purpose: AccessLink.Purpose) -> AccessLink | None:
    """The usable link of `token` for `purpose`, if there is one; looking uses nothing up."""
    return AccessLink.objects.usable().filter(purpose=purpose, token_hash=hashed(token)).first()


def revoke(subject: Owned, purpose: AccessLink.Purpose, *, by: User) -> None:
    """No link for `purpose` with `subject` lets anybody in from now on."""
    kind = ContentType.objects.get_for_model(subject)  # type: ignore[arg-type]
    links = AccessLink.objects.usable().filter(purpose=purpose, subject_type=kind, subject_id=subject.pk)
    for link in links.select_for_update():
        link.revoked_at = clock.now()
        link.save(update_fields=["revoked_at"])
        facts.changed(link, by=by, verb="revoked")


def find_sign_in(token: str) -> AccessLink | None:
    """The usable sign-in link of `token`, if there is one; looking uses nothing up."""
    if not settings.LOCAL:
        return None
    links = AccessLink.objects.usable().filter(purpose=AccessLink.Purpose.SIGN_IN, user__is_active=True)
    return links.filter(token_hash=hashed(token)).select_related("user").first()


def use(link: AccessLink, *, by: User | None = None) -> bool:
    """Use `link` up; False if somebody was faster. Exactly one caller gets True. `by` is who came by a link that names
    nobody."""
    with transaction.atomic():
        used = AccessLink.objects.usable().filter(pk=link.pk).update(uses=F("uses") + 1) == 1
        if used:
            facts.changed(link, by=by or link.user, verb="used")
    return used


def reading_token(subject: models.Model) -> str:
    """The secret by which a reader without an account finds what was made of `subject` for them.

    Worked out from the row and SECRET_KEY, not drawn, so that the same page prints the same code again.
    """
    secret = salted_hmac("accounts.reading", f"{subject._meta.label_lower}:{subject.pk}", algorithm="sha256")
    return urlsafe_base64_encode(secret.digest())


def joining_token(subject: models.Model) -> str:
    """The secret of the link by which a school joins a board. Worked out as that of a reader is, so that whoever asked
    finds it again as long as it waits, and no mail is needed."""
    secret = salted_hmac("accounts.joining", f"{subject._meta.label_lower}:{subject.pk}", algorithm="sha256")
    return urlsafe_base64_encode(secret.digest())


def let_read(subject: Owned, *, by: User) -> AccessLink:
    """From now on, for half a year, whoever holds the reading token of `subject` may read what is meant for them.

    Raises unless a transaction is open. A link that was revoked stays so.
    """
    chain = subject.chain()
    link, _is_new = AccessLink.objects.update_or_create(
        token_hash=hashed(reading_token(subject)),  # type: ignore[arg-type]
        defaults={
            "purpose": AccessLink.Purpose.READ,
            "board_id": chain.board,
            "school_id": chain.school,
            "subject_type": ContentType.objects.get_for_model(subject),  # type: ignore[arg-type]
            "subject_id": subject.pk,
            "expires_at": clock.now() + READ_FOR,
        },
    )
    facts.changed(link, by=by, verb="made")
    return link


def find_reading(token: str) -> AccessLink | None:
    """The usable reading link of `token`, if there is one; reading uses nothing up."""
    return find(token, AccessLink.Purpose.READ)


def hashed(token: str) -> str:
    """What is kept of a token. 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
