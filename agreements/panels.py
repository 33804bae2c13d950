"""The agreement on the page of its partnership."""

from typing import Any

from accounts.permissions import Permission
from accounts.policies import Request
from agreements.models import AgreementVersion
from core.panels import Panel, panels
from partnerships.models import Partnership, Side


def agreement(request: Request, partnership: Partnership) -> dict[str, Any] | None:
    """The newest version with the yes of each side, or the way to write one."""
    access = request.user.access
    if not access.may(Permission.AGREEMENT_VIEW, partnership):
        return None
    rows = AgreementVersion.objects.visible_to(request.user).filter(partnership=partnership)
    versions = list(rows.prefetch_related("answers").order_by("-number")[:2])
    newest = versions[0] if versions else None
    may_draft = access.may(Permission.AGREEMENT_CHANGE, partnership) and not (newest and newest.is_draft)
    said = {answer.side: answer for answer in newest.answers.all()} if newest else {}
    return {
        "partnership": partnership,
        "version": newest,
        "in_force": next((version for version in versions if not version.is_draft), None),
        "sides": [(side, partnership.name_of(side), said.get(side)) for side in Side],
        "may_draft": may_draft and (partnership.state == Partnership.State.AGREEMENT or partnership.is_under_way),
    }


panels.register("agreement", Panel("partnership", "agreements/_panel.html", agreement, 20))
