"""Wrong passwords shut out, for longer the more there are, in the same words whether or not there is an account."""

import html
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.signing_in import signed_in_user

pytestmark = pytest.mark.django_db
HELEN, NOBODY, RIGHT = "helen@maple.example", "nobody@maple.example", "a horse and a bicycle"
MINUTE, HOUR = 60, 3600
Later = Callable[[float], None]


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Later]:
    """Lets time pass for the library that counts."""
    cache.clear()
    now = [time.time()]
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    yield pass_by
    cache.clear()


@pytest.fixture(autouse=True)
def helen() -> User:
    return User.objects.create_user(HELEN, "Helen Park", password=RIGHT)


@dataclass
class Tried:
    answer: Any
    who: User | None


def tries(email: str, password: str = "not this one", *, times: int = 1, of: int = 1) -> Tried:
    """What came of the last of `times` tries, from the machine number `of`."""
    for n in range(times):
        browser = Client(REMOTE_ADDR=f"192.0.2.{of + n}")  # each from elsewhere: the address that signs in counts
        answer = browser.post("/account/sign-in/password/", {"login": email, "password": password})
    return Tried(answer, signed_in_user(browser))


def said(tried: Tried) -> str:
    return " ".join(html.unescape(tried.answer.content.decode()).split())


TOO_MANY = "Too many wrong tries. Wait five minutes, then try again."


def test_five_wrong_ones_shut_out_for_five_minutes(helen: User, later: Later) -> None:
    assert TOO_MANY not in said(tries(HELEN, times=5))
    shut = tries(HELEN, RIGHT, of=100)
    assert (shut.who, shut.answer.status_code) == (None, 200)
    assert TOO_MANY in said(shut)
    later(5 * MINUTE + 1)
    assert tries(HELEN, RIGHT, of=100).who == helen


def test_the_delay_grows(helen: User, later: Later) -> None:
    tries(HELEN, times=5)
    later(5 * MINUTE + 1)
    tries(HELEN, times=5, of=20)
    later(5 * MINUTE + 1)
    assert tries(HELEN, RIGHT, of=100).who is None  # ten within the hour
    later(HOUR)
    assert TOO_MANY not in said(tries(HELEN, times=5, of=40))
    later(5 * MINUTE + 1)
    tries(HELEN, times=5, of=60)
    later(HOUR + 1)
    assert tries(HELEN, RIGHT, of=100).who is None  # twenty within the day
    later(24 * HOUR)
    assert tries(HELEN, RIGHT, of=100).who == helen


def test_the_same_words_for_an_address_nobody_has() -> None:
    for email in (HELEN, NOBODY):
        first, last = tries(email), tries(email, times=5, of=20)
        assert "This address and this password do not fit each other." in said(first)
        assert TOO_MANY in said(last)


def test_one_machine_is_shut_out_whatever_the_address(later: Later) -> None:
    browser = Client(REMOTE_ADDR="198.51.100.7")
    for n in range(20):
        browser.post("/account/sign-in/password/", {"login": f"somebody{n}@maple.example", "password": "no"})
    answer = browser.post("/account/sign-in/password/", {"login": HELEN, "password": RIGHT})
    assert signed_in_user(browser) is None
    assert TOO_MANY in said(Tried(answer, None))
    assert tries(HELEN, RIGHT, of=100).who is not None  # from elsewhere she comes in


def test_the_way_by_mail_stays_open() -> None:
    tries(HELEN, times=6)
    answer = Client().post("/account/sign-in/", {"email": HELEN})
    assert answer["Location"] == "/account/sign-in/code/"
