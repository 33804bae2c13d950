"""The agreement on the page of its partnership."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.permissions import Permission
from accounts.policies import Request
from agreements.models import AgreementVersion
from core.panels import Panel, panels
from partnerships.models import Partnership, Side

State = AgreementVersion.State


@dataclass
class Version:
    """One version, with who said yes and when, by side."""

    key: int
    number: int
    is_draft: bool
    answers: dict[str, tuple[str, date]] = field(default_factory=dict)


def agreement(request: Request, partnership: Partnership) -> dict[str, Any] | None:
    """The newest version with the yes of each side, or the way to write one; in one query."""
    access = request.user.access
    if not access.may(Permission.AGREEMENT_VIEW, partnership):
        return None
    versions = list(_versions(request, partnership).values())
    newest = versions[0] if versions else None
    may_draft = access.may(Permission.AGREEMENT_CHANGE, partnership) and not (newest and newest.is_draft)
    said = newest.answers if newest else {}
    return {
        "partnership": partnership,
        "version": newest,
        "in_force": next((version for version in versions if not version.is_draft), None),
        "sides": [(partnership.name_of(side), *said.get(side, ("", None))) for side in Side],
        "may_draft": may_draft and (partnership.state == Partnership.State.AGREEMENT or partnership.is_under_way),
    }


def _versions(request: Request, partnership: Partnership) -> dict[int, Version]:
    """The one that is written and the one in force, newest first."""
    rows = AgreementVersion.objects.visible_to(request.user).filter(
        partnership=partnership, state__in=[State.DRAFT, State.IN_FORCE]
    )
    answers = ("answers__side", "answers__name", "answers__said_on")
    found: dict[int, Version] = {}
    for key, number, state, side, name, said_on in rows.order_by("-number").values_list(
        "pk", "number", "state", *answers
    ):
        version = found.setdefault(key, Version(key, number, state == State.DRAFT))
        if side:
            version.answers[side] = name, said_on
    return found


panels.register("agreement", Panel("partnership", "agreements/_panel.html", agreement, 20))
