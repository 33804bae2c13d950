"""Support: an operator looks at a board for some hours, for a reason; the board sees who, when and why."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from accounts.models import Membership, SupportGrant, User
from accounts.permissions import Role
from boards.models import Board
from core import clock, facts
from engines.outbox import actions as outbox
from people.message_kinds import SUPPORT_TAKEN

HOURS = (1, 4, 24, 72)  # what can be chosen; the database takes no more than the longest
AT_ONCE = 200  # noted as run out in one go


@transaction.atomic
def give(board: Board, operator: User, *, by: User, reason: str, hours: int) -> SupportGrant:
    """Let `operator` look at `board` from now on for `hours`, for `reason`.

    Taken by the operator themself it is an emergency, and every administrator of the board is mailed. Raises
    IntegrityError while another one of theirs runs here.
    """
    _note_those_over(SupportGrant.objects.run_out().filter(board=board, operator=operator))
    now = clock.now()
    grant = SupportGrant.objects.create(
        operator=operator, board=board, reason=reason, given_by=by, starts_at=now, ends_at=now + timedelta(hours=hours)
    )
    facts.changed(grant, by=by, verb="support taken" if grant.is_emergency else "support given", why=reason)
    if grant.is_emergency:
        for administrator in administrators(board):
            outbox.plan(SUPPORT_TAKEN, grant, nudge="taken", to=administrator, chain=grant.chain())
    return grant


@transaction.atomic
def end(grant: SupportGrant, *, by: User) -> None:
    """From the next click on it shows nothing. One that is over already stays as it is."""
    if SupportGrant.objects.running().filter(pk=grant.pk).update(ended_at=clock.now(), ended_by=by) == 1:
        grant.refresh_from_db(fields=["ended_at", "ended_by"])
        facts.changed(grant, by=by, verb="support ended")


def note_run_out() -> int:
    """Write into the trail which grants ran out; answers how many. They showed nothing from that moment on."""
    return _note_those_over(SupportGrant.objects.run_out().order_by("ends_at")[:AT_ONCE])


def _note_those_over(grants: "models.QuerySet[SupportGrant]") -> int:
    noted = 0
    for grant in grants:
        with transaction.atomic():
            if SupportGrant.objects.open().filter(pk=grant.pk).update(ran_out_at=clock.now()) == 1:
                facts.changed(grant, by=None, verb="support ran out")
                noted += 1
    return noted


def administrators(board: Board) -> "models.QuerySet[User]":
    """Who administers `board` and can read a mail."""
    held = Membership.objects.current().filter(board=board, role=Role.BOARD_ADMIN)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def moment_in_words(grant: SupportGrant) -> str:
    """Until when, in the board's zone: the time, with its day unless that is today."""
    ends = grant.ends_at.astimezone(grant.board.zone)
    at = time_format(ends, "TIME_FORMAT")
    if ends.date() == clock.today(grant.board.zone):
        return at
    return _("%(day)s, %(time)s") % {"day": date_format(ends, "DATE_FORMAT"), "time": at}


def boards_called(words: str) -> list[Board]:
    """The boards of exactly this name, short name or ministry number, two at most; capitals do not matter."""
    same = Q(name__iexact=words) | Q(short_name__iexact=words) | Q(ministry_number__iexact=words)
    return list(Board.objects.filter(same)[:2]) if words else []
