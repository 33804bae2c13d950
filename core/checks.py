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


DEFAULT_SECRETS = ("django-insecure", "change", "secret", "tandem")
PAGE_CACHES = {
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
    "django.middleware.cache.CacheMiddleware",
}


@register()
def secret_is_nobody_elses(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A secret out of an example, or one that can be guessed, is no secret."""
    secret = settings.SECRET_KEY
    is_poor = len(secret) < 50 or len(set(secret)) < 5 or secret.lower().startswith(DEFAULT_SECRETS)
    if secret and is_poor and not settings.LOCAL:
        hint = "Set it to 50 or more random characters."
        return [Error("SECRET_KEY is short, or looks like an example's.", hint=hint, id="tandem.E003")]
    return []


@register()
def one_file_serves_one_machine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """SQLite is one file on one machine: several names mean several machines sooner or later."""
    names = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and (len(names) > 1 or settings.REDIS_URL):
        hint = "Set DATABASE_URL to PostgreSQL, or name one host and no REDIS_URL."
        return [Error("SQLite serves one machine.", hint=hint, id="tandem.E004")]
    return []


@register()
def broker_is_no_folder(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The embedded broker loses messages when a worker is killed, and reaches no second machine."""
    if not settings.LOCAL and not settings.REDIS_URL:
        return [Error("REDIS_URL is not set.", hint="Only a LOCAL site rings by files.", id="tandem.E005")]
    return []


@register()
def mail_has_a_timeout(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A mail server that does not answer would hold a worker for ever."""
    if not settings.EMAIL_TIMEOUT or settings.EMAIL_TIMEOUT > 60:
        return [Error("EMAIL_TIMEOUT is not set, or too long.", hint="10 seconds are enough.", id="tandem.E006")]
    return []


@register()
def no_page_is_kept(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A cache of whole pages would show one person's to another."""
    if kept := sorted(PAGE_CACHES & set(settings.MIDDLEWARE)):
        return [Error(f"{kept[0]} keeps pages behind sign-in.", hint="Take it out.", id="tandem.E007")]
    return []
