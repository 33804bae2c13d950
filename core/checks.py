"""System checks: settings under which Tandem refuses to run."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


@register()
def local_stays_local(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """LOCAL prints sign-in links and lets the clock be shifted, so nobody else may reach such a site."""
    strangers = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if settings.LOCAL and strangers:
        return [
            Error(
                f"LOCAL is on, but ALLOWED_HOSTS names {', '.join(strangers)}.",
                hint="LOCAL is for one machine. Unset LOCAL, or allow localhost only.",
                id="tandem.E001",
            )
        ]
    return []


@register()
def secret_is_set(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A site without a secret would sign cookies anybody can forge."""
    if not settings.SECRET_KEY:
        return [Error("SECRET_KEY is not set.", hint="Set it to 50 or more random characters.", id="tandem.E002")]
    return []
