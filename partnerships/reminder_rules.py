"""What is owed on a partnership (domain.md, the table of clocks)."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from engines.reminders.rules import Due, Item, rule
from partnerships.models import Participation, Session


def show_answer_partner(session: Session) -> Item:
    partnership = session.year.partnership
    word = waiting_word(session)
    return Item(
        title=_("Say yes to the numbers of %(name)s") % {"name": partnership.business.name},
        detail=f"{session.title} · {partnership.initiative.title}",
        url=reverse("participation_answer", args=[word.pk]) if word else reverse("session", args=[session.pk]),
        icon="people",
        action=_("Answer"),
    )


def waiting_word(session: Session) -> Participation | None:
    """The partner's word on a session that the school has not answered."""
    return next((word for word in session.participations.all() if word.answered_at is None), None)


@rule(
    "answer_partner",
    watches=Session,
    show=show_answer_partner,
    related=("year__partnership__business", "year__partnership__prospect__initiative"),
    prefetch=("participations",),
    open=Q(participations__answered_at=None, state=Session.State.HELD),
)  # fmt: skip
def answer_partner(session: Session) -> Iterator[Due]:
    """What the partner logged or corrected is a message that awaits an answer: two school days after it came."""
    word = waiting_word(session) if session.state == Session.State.HELD else None
    if word is None:
        return
    board = session.year.board
    came = word.reported_at.astimezone(board.zone).date()
    on = board.calendar.school_days_after(came, board.answer_partner_days)
    yield Due(part="champion", owed_by=session.year.partnership.champion, on=on, occasion=came.isoformat())
