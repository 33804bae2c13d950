"""A session gets another key when what its person may do changes (trust.md, "Signing in"): a key that leaked before
does not carry the new role."""

import hashlib

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from accounts.models import User

ROLES = "roles"  # in the session: what its person held when it got its key


def note(request: HttpRequest, user: User) -> None:
    """Remember what `user` holds, who has just signed in."""
    request.session[ROLES] = _held(User.objects.with_access(user.pk) or user)


def rotate(request: HttpRequest, user: User) -> None:
    """Give the session another key if `user` holds something else than when it got the one it has."""
    known, now = request.session.get(ROLES), _held(user)
    if known in (None, now):
        return
    old = request.session.session_key
    request.session.cycle_key()
    request.session[ROLES] = now
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def _held(user: User) -> str:
    held = sorted(f"{m.pk} {m.role}" for m in user.access.whole.memberships)
    looking = sorted(f"support {grant.pk}" for grant in user.access.looking)
    return hashlib.sha256("\n".join(held + looking).encode()).hexdigest()[:16]
