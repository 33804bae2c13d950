"""Settings under which Tandem refuses to run, the headers of every answer, and how old its libraries may be."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.checks import run_checks
from django.test import Client, RequestFactory, override_settings

from accounts.models import User
from core import checks, errors

GOOD = "qZ7-" + "xk3JmW9dPf" * 6
PRODUCTION: dict[str, Any] = {
    "LOCAL": False,
    "SECRET_KEY": GOOD,
    "ALLOWED_HOSTS": ["tandem.example.org"],
    "REDIS_URL": "redis://127.0.0.1/0",
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
REFUSED = [
    ("E001", {"LOCAL": True}),
    ("E002", {"SECRET_KEY": ""}),
    ("E003", {"SECRET_KEY": "short"}),
    ("E003", {"SECRET_KEY": "x" * 60}),
    ("E003", {"SECRET_KEY": "django-insecure-" + GOOD}),
    ("E003", {"SECRET_KEY": "change-me-" + GOOD}),
    ("E004", {"DATABASES": SQLITE}),
    ("E004", {"DATABASES": SQLITE, "REDIS_URL": "", "ALLOWED_HOSTS": ["a.example.org", "b.example.org"]}),
    ("E005", {"REDIS_URL": ""}),
    ("E006", {"EMAIL_TIMEOUT": None}),
    ("E006", {"EMAIL_TIMEOUT": 600}),
    ("E007", {"MIDDLEWARE": [*settings.MIDDLEWARE, "django.middleware.cache.FetchFromCacheMiddleware"]}),
]


Found = Callable[..., set[str]]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Found:
    """The numbers of our own checks that refuse what is changed in the settings of a site in production."""

    def look(**changed: Any) -> set[str]:
        others = {"EMAIL_TIMEOUT": settings.EMAIL_TIMEOUT, "MIDDLEWARE": settings.MIDDLEWARE}
        monkeypatch.setattr(checks, "settings", SimpleNamespace(**others | PRODUCTION | changed))
        numbers = {str(message.id) for message in run_checks()}
        return {number.removeprefix("tandem.") for number in numbers if number.startswith("tandem.")}

    return look


@pytest.mark.parametrize(("number", "changed"), REFUSED, ids=str)
def test_what_it_refuses_to_run_under(number: str, changed: dict[str, Any], found: Found) -> None:
    assert number in found(**changed)


def test_what_it_runs_under(found: Found) -> None:
    assert found() == set()
    assert found(DATABASES=SQLITE, REDIS_URL="", ALLOWED_HOSTS=["tandem.example.org"]) == {"E005"}
    assert found(LOCAL=True, DATABASES=SQLITE, REDIS_URL="", SECRET_KEY="short", ALLOWED_HOSTS=["localhost"]) == set()


# ── Headers ──

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OVER_TLS = {"SECURE_HSTS_SECONDS": 31536000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True}


def breaks(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError("on purpose")


@pytest.fixture
def somebody(db: None) -> User:
    return User.objects.create_user("helen@maple.example", "Helen Park")


Ask = Callable[[Client, pytest.MonkeyPatch], Any]
ANSWERS: dict[str, tuple[int, Ask]] = {
    "a page": (200, lambda browser, patch: browser.get("/me/", secure=True)),
    "bad request": (400, lambda browser, patch: browser.get("/me/", secure=True, HTTP_HOST="evil.example")),
    "form from elsewhere": (403, lambda browser, patch: browser.post("/language/", secure=True)),
    "not there": (404, lambda browser, patch: browser.get("/no/such/page/", secure=True)),
    "no such method": (405, lambda browser, patch: browser.put("/me/", secure=True)),
    "ours": (500, lambda browser, patch: _broken(browser, patch)),
}


def _broken(browser: Client, patch: pytest.MonkeyPatch) -> Any:
    patch.setattr("people.views.privacy.tables", property(breaks))
    return browser.get("/privacy/", secure=True)


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_has_its_headers(name: str, somebody: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Error pages too."""
    status, ask = ANSWERS[name]
    with override_settings(**OVER_TLS):
        browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
        browser.force_login(somebody)
        answer = ask(browser, monkeypatch)
    assert answer.status_code == status
    assert {key: answer[key] for key in ALWAYS} == ALWAYS
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "camera=()" in answer["Permissions-Policy"]
    assert "no-store" in answer.get("Cache-Control", "") or status in (400, 405)


def test_too_many_tries_is_a_page_of_ours() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert errors.too_many(request).status_code == 429


def test_cookies_over_tls() -> None:
    """Bound to the host, and never sent in the clear."""
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE)"
    )
    kept = {name: value for name, value in os.environ.items() if name not in ("LOCAL", "DATABASE_URL")}
    env = kept | {
        "SITE_URL": "https://tandem.example.org",
        "SECRET_KEY": GOOD,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["__Host-session", "__Host-csrf", "True", "True", "True", "True", "Lax"]


# ── Advisories ──

# The first version in which what an advisory tells of is mended (trust.md, "What was measured").
FLOORS = {"Django": (5, 2, 19), "weasyprint": (70, 0), "gunicorn": (22, 0)}


@pytest.mark.parametrize("name", FLOORS)
def test_no_library_is_older_than_an_advisory(name: str) -> None:
    def numbers(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in text.split(".") if part.isdigit())

    assert numbers(version(name)) >= FLOORS[name]
    pinned = (Path(settings.BASE_DIR) / "requirements.txt").read_text()
    line = next(line for line in pinned.splitlines() if line.lower().startswith(name.lower() + "=="))
    assert numbers(line.partition("==")[2]) >= FLOORS[name]
