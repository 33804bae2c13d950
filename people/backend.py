"""Who comes with a session: the person and what they hold, in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class Backend(AuthenticationBackend):
    """allauth's way of checking who signs in; whoever has signed in is read with their memberships."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.with_access(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
