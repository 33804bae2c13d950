"""Django alone: 25 rows from one indexed query for a signed-in user, in one file and one process (bench.py runs it).

Prints the processor milliseconds of one request.
"""

import io
import statistics
import sys
import time
from typing import Any

import django
from django.conf import settings
from django.template import engines

APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=APPS,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

TABLE = (
    "<table>{% for row in rows %}<tr><td>{{ row.pk }}</td><td>{{ row.username }}</td>"
    "<td>{{ row.email }}</td></tr>{% endfor %}</table>"
)


def bare(request: HttpRequest) -> HttpResponse:
    """25 plain rows for whoever is signed in."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    rows = list(User.objects.order_by("pk")[:25])
    return HttpResponse(engines["django"].from_string(TABLE).render({"rows": rows}, request))


def ignore(status: str, headers: Any, error: Any = None) -> Any:
    """The server's part of WSGI, which nobody reads here."""


urlpatterns = [path("", bare)]


def main() -> None:
    """Make 25 users, sign the first one in, and time the page."""
    call_command("migrate", verbosity=0)
    User.objects.bulk_create(User(username=f"user{n}", email=f"user{n}@tandem.example") for n in range(25))
    user, session = User.objects.order_by("pk")[0], SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    app, rounds = WSGIHandler(), []
    for _round in range(9):
        start = time.process_time()
        for _call in range(100):
            environ = {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": "/",
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "HTTP_COOKIE": f"sessionid={session.session_key}",
                "wsgi.input": io.BytesIO(),
                "wsgi.errors": sys.stderr,
                "wsgi.url_scheme": "http",
            }
            list(app(environ, ignore))
        rounds.append((time.process_time() - start) * 10)
    print(statistics.median(rounds))


if __name__ == "__main__":
    main()
