"""The pages of the site, found by walking the resolver."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.policies import Policy, declared_policy
from tests.factories.sent import OPENS_ONCE_READY, make_ready
from tests.factories.world import World

MISSING = 2**31 - 7  # the pk of no row


@dataclass(frozen=True)
class Page:
    """One address: its name, the names of its arguments, its view, and the model its `pk` is a key of."""

    name: str
    route: str
    arguments: tuple[str, ...]
    view: Callable[..., Any]
    subject: type[models.Model] | None
    is_post_only: bool
    policy: Policy | None

    def __str__(self) -> str:
        return self.name

    def url(self, world: World, place: str = "own") -> str:
        """Its address, of the marked row at `place`; "missing" is no row."""
        if self.subject is not None:
            pk = MISSING if place == "missing" else world.places[place].rows[self.subject].pk
            return reverse(self.name, kwargs={"pk": pk} | self._words(world))
        return reverse(self.name, kwargs=self._words(world))

    def _words(self, world: World) -> dict[str, str]:
        return {name: ARGUMENTS[name](world) for name in self.arguments if name != "pk"}


# Arguments that are no key of a row behind sign-in: whoever has such a word may come.
ARGUMENTS: dict[str, Callable[[World], str]] = {
    "token": lambda world: world.sign_in_token,
    "link": lambda world: world.reading_token,
    "invitation": lambda world: world.invitation_token,
    "code": lambda world: world.joining_code,
    "uidb36": lambda world: "1",
    "key": lambda world: "no-such-key",
    "passkey": lambda world: "0",  # nobody has one here
    "part": lambda world: "what",  # of an outline; the others: tests/schools/test_outline_parts.py
    "provider_id": lambda world: "sign-on-0",  # no board's: tests/people/test_sign_on.py plays one
}


@cache
def pages() -> tuple[Page, ...]:
    """Every address of the resolver."""
    return tuple(_walk(get_resolver().url_patterns, ""))


def named(name: str) -> Page:
    """The page of that name; raises KeyError."""
    return {page.name: page for page in pages()}[name]


def _walk(patterns: Iterable[URLPattern | URLResolver], before: str) -> Iterator[Page]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
            continue
        name, view = pattern.name or "", pattern.callback
        yield Page(
            name=name,
            route=route,
            arguments=tuple(pattern.pattern.converters),
            view=view,
            subject=getattr(view, "subject", None),
            is_post_only=allowed_methods(view) == ["POST"],
            policy=declared_policy(view, name),
        )


def allowed_methods(view: Callable[..., Any] | None) -> list[str] | None:
    """What `require_http_methods` lets through to the view, wherever among its decorators it stands."""
    while view is not None:
        inside = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "request_method_list" in inside:
            return list(inside["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return None


# ── Answers ──


def whole(answer: Any) -> Any:
    """The answer; one that is streamed, which can be read once, as one that was written in one go."""
    if not answer.streaming:
        return answer
    read = HttpResponse(answer.getvalue(), status=answer.status_code, headers=dict(answer.items()))
    read.cookies = answer.cookies
    return read


# ── Forms ──


# Whose browser finds every form, the first of them that shows it.
ROLES = ("champion", "board_admin", "operator")


@dataclass(frozen=True)
class OpenForm:
    """A page with a form, as somebody in `role` finds it; `form` is what stands on it."""

    page: Page
    role: str
    url: str
    form: forms.BaseForm

    def __str__(self) -> str:
        return self.page.name


# Who was found to show the form of a page, nobody where there is none: it is the same in every little world.
SHOWN_BY: dict[str, tuple[str, ...]] = {}


def open_forms(world: World, sign_in: Callable[[User], Client]) -> list[OpenForm]:
    """Every page behind sign-in that shows a form which is sent once, opened by the first who may."""
    browsers = {role: sign_in(world.user(role)) for role in ROLES}
    found = []
    for page in pages():
        if page.is_post_only or page.policy is None or page.policy.is_public or (page.arguments and not page.subject):
            continue
        asked = SHOWN_BY.get(page.name, ROLES)
        SHOWN_BY[page.name] = ()
        for role in asked:
            url = page.url(world)
            with transaction.atomic():
                if page.name in OPENS_ONCE_READY:
                    make_ready(page.name, world)
                shown: Any = browsers[role].get(url)
                transaction.set_rollback(True)
            if shown.status_code == 200 and has_form(shown):
                found.append(OpenForm(page, role, url, shown.context["form"]))
                SHOWN_BY[page.name] = (role,)
                break
    return found


def has_form(answer: Any) -> bool:
    """Whether the page shows a form that is sent once."""
    return bool(answer.context) and "form_token" in answer.context and "form" in answer.context
