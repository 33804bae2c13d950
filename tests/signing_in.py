"""When somebody signed in, as allauth writes it into the session."""

import time

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.test import Client

from accounts.models import User


def lately(client: Client, user: User, *, ago: float = 0) -> None:
    """Let the browser have signed in `ago` seconds ago, by a way that was written down as allauth does."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - ago}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()


def signed_in_user(client: Client) -> User | None:
    """Whoever is signed in with this browser."""
    pk = client.session.get(SESSION_KEY)
    return User.objects.get(pk=pk) if pk else None
