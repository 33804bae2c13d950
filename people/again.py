"""Signing in again for what matters: to say yes for a side, to change an address, to set what lets one in."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

LASTS = 15 * 60  # seconds for which having signed in is enough
OWN_MACHINE = "own_machine"  # by a link of the terminal: whoever reads that needs no second proof, and maybe no mail


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person of `request` has signed in, or shown that it is still them, within the last LASTS seconds."""
    records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
    now = time.time()  # as allauth writes it
    return any(record["method"] == OWN_MACHINE or now - record["at"] < LASTS for record in records)


def fresh(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view asks whoever has not signed in lately to do so first; what they sent is sent on afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not is_fresh(request):
            raise ReauthenticationRequired  # allauth's middleware leads there and back
        return view(request, *args, **kwargs)

    return guarded
