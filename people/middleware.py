"""The language a person chose goes with the account, and times are shown in the zone of their board."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.models import User
from people.rotation import rotate


class LanguageAndZone:
    """For whoever is signed in: the account's language unless this browser chose one, the board's time zone, and
    another key for the session once their roles changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User):
            return self.get_response(request)
        rotate(request, request.user)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        access = request.user.access
        board = next(iter([*(m.board for m in access.memberships), *(g.board for g in access.looking)]), None)
        with timezone.override(board.zone if board else None):
            return self.get_response(request)
