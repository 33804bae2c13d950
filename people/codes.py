"""A code that is mailed to an address, and typed on the page that sent it: a short while, a few tries, this browser."""

import time

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import get_language

from accounts.models import User
from engines.outbox import actions as outbox
from engines.outbox.secrets import hide
from people.message_kinds import ACCOUNT_MAIL

LASTS = 15 * 60  # seconds
TRIES = 5


def send(request: HttpRequest, purpose: str, user: User, to: str, *, for_real: bool = True) -> None:
    """Mail a code for `purpose` to the address `to`, in place of an earlier one; with `for_real` false nothing is
    mailed, and no code will fit, but this browser is told nothing of it."""
    code = get_adapter().generate_login_code()
    request.session[_key(purpose)] = {"to": to, "hash": _hash(purpose, code), "at": time.time(), "tries": 0}
    if not for_real:
        return
    context = {"code": code, "user": user}
    outbox.plan(
        ACCOUNT_MAIL,
        user,
        nudge=f"{purpose}-{get_random_string(16)}",
        to=user if to == user.email else to,
        language=(get_language() or "en")[:2],
        title=render_to_string("account/email/login_code_subject.txt", context).strip(),
        body=hide(render_to_string("account/email/login_code_message.txt", context).strip()),
    )


def sent_to(request: HttpRequest, purpose: str) -> str:
    """The address to which a code that can still be typed was mailed; "" if none."""
    kept = request.session.get(_key(purpose))
    return kept["to"] if kept and time.time() - kept["at"] < LASTS and kept["tries"] < TRIES else ""


def fits(request: HttpRequest, purpose: str, typed: str) -> bool:
    """Whether `typed` is the code that was mailed. It fits once; each wrong one is a try."""
    if not sent_to(request, purpose):
        return False
    kept = request.session[_key(purpose)]
    if constant_time_compare(kept["hash"], _hash(purpose, typed)):
        forget(request, purpose)
        return True
    request.session[_key(purpose)] = {**kept, "tries": kept["tries"] + 1}
    return False


def forget(request: HttpRequest, purpose: str) -> None:
    """Let no code for `purpose` fit any more."""
    request.session.pop(_key(purpose), None)


def _key(purpose: str) -> str:
    return f"code_{purpose}"


def _hash(purpose: str, code: str) -> str:
    """Capitals, spaces and dashes make no difference."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac(f"people.codes.{purpose}", plain, algorithm="sha256").hexdigest()
