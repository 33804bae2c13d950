"""What is owed on an agreement (domain.md, the table of clocks)."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Role
from agreements.models import AgreementVersion
from engines.reminders.rules import Due, Item, rule
from partnerships.models import Side

State = AgreementVersion.State


def show_mou_signature(version: AgreementVersion) -> Item:
    partnership = version.partnership
    return Item(
        title=_("The agreement with %(name)s waits for a yes") % {"name": partnership.business.name},
        detail=partnership.initiative.title,
        url=reverse("agreement", args=[version.pk]),
        icon="file-earmark-text",
        action=_("Open the agreement"),
    )


def _without_yes(version: AgreementVersion) -> list[Side]:
    said = {answer.side for answer in version.answers.all()}
    return [side for side in Side if side not in said]


def _signatory(version: AgreementVersion) -> User:
    """Who says the school's yes: the principal, or while none has an account, the champion who writes it down."""
    principals = version.partnership.school.memberships.current().filter(role=Role.PRINCIPAL, user__is_active=True)
    lead = principals.select_related("user").order_by("-is_lead", "pk").first()
    return lead.user if lead else version.partnership.champion


@rule(
    "mou_signature",
    watches=AgreementVersion,
    show=show_mou_signature,
    related=("partnership__business", "partnership__prospect__initiative"),
    open=Q(state=State.DRAFT),
    again=(timedelta(weeks=2),),
    ahead=None,
)
def mou_signature(version: AgreementVersion) -> Iterator[Due]:
    """For the partner's yes the champion, who asks whether anything is in the way; for the school's its own signatory:
    ten school days after the draft and again two weeks later, until it is said."""
    if not version.is_draft:
        return
    board = version.board
    written_on = version.drafted_at.astimezone(board.zone).date()
    on = board.calendar.school_days_after(written_on, board.mou_signature_days)
    champion, missing = version.partnership.champion, _without_yes(version)
    signatory = _signatory(version) if Side.SCHOOL in missing else None
    if signatory is not None:
        yield Due(part="school side", owed_by=signatory, on=on)
    if Side.PARTNER in missing and signatory != champion:  # one item is enough for one who owes both
        yield Due(part="partner side", owed_by=champion, on=on)
