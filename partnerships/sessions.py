"""What took place, who came, and whose word counts.

The school's word counts at once; the partner's waits until the school says yes to it, or keeps its own.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from core import clock, facts
from core.templatetags.tandem import said
from partnerships.models import Participation, Partnership, Session, Side

FEWEST_SHOWN = 5  # students; 1 to 4 are told only to those who log, correct or confirm them (trust.md, rule 8)


@dataclass(frozen=True)
class Count:
    """Who came: the partner's people, their hours in all, the students."""

    volunteers: int
    hours: Decimal
    students: int


def side_of(user: User, partnership: Partnership) -> Side:
    """The side `user` speaks for here: the school's if they work for it, else the partner's."""
    access = user.access
    if access.may(Permission.SESSION_CONFIRM, partnership) or access.may(Permission.PARTNERSHIP_CHANGE, partnership):
        return Side.SCHOOL
    return Side.PARTNER


@transaction.atomic
def log(session: Session, count: Count, *, by: User) -> Session:
    """Keep that `session` took place and who came.

    Raises ValidationError for a day outside its year, or one that has not come yet.
    """
    refuse_day(session)
    session.logged_by = by
    session.save()
    _report(session, count, by=by, note="")
    facts.changed(session, by=by, verb="logged")
    return session


def refuse_day(session: Session) -> None:
    """Raise ValidationError unless the day of `session` lies in its year and has come."""
    year = session.year
    if not year.includes(session.held_on):
        raise ValidationError({"held_on": _("This day lies outside year %(n)d.") % {"n": year.number}})
    if session.held_on > clock.today(year.board.zone):
        raise ValidationError({"held_on": _("This day has not come yet.")})


@transaction.atomic
def correct(session: Session, count: Count, *, by: User, note: str = "") -> None:
    """Another word on who came. The school's counts from now on; the partner's waits for the school's yes.

    The same numbers again change nothing. A word of the partner's that still waits is replaced.
    """
    session = Session.objects.select_for_update().select_related("year__partnership__school").get(pk=session.pk)
    counted = session.participations.filter(counts=True).first()
    if counted is not None and Count(counted.volunteers, counted.hours, counted.students) == count:
        return
    _report(session, count, by=by, note=note)
    facts.changed(session, by=by, verb="corrected", why=note)


def _report(session: Session, count: Count, *, by: User, note: str) -> None:
    side, now = side_of(by, session.year.partnership), clock.now()
    is_ours = side == Side.SCHOOL
    words = session.participations
    words.filter(answered_at=None).update(answered_by=by, answered_at=now)
    if is_ours:
        words.filter(counts=True).update(counts=False)
    Participation.objects.create(
        session=session,
        side=side,
        volunteers=count.volunteers,
        hours=count.hours,
        students=count.students,
        note=note,
        reported_by=by,
        answered_by=by if is_ours else None,
        answered_at=now if is_ours else None,
        counts=is_ours,
    )


@transaction.atomic
def answer(participation: Participation, *, counts: bool, by: User) -> None:
    """The school's answer to a word of the partner's: from now on it counts, or the school keeps its own.

    A second answer changes nothing.
    """
    waiting = Participation.objects.filter(pk=participation.pk, answered_at=None)
    if waiting.update(answered_by=by, answered_at=clock.now()) != 1:
        return
    if counts:
        Participation.objects.filter(session=participation.session_id, counts=True).update(counts=False)
        Participation.objects.filter(pk=participation.pk).update(counts=True)
    facts.changed(participation.session, by=by, verb="confirmed" if counts else "kept as logged")


@transaction.atomic
def cancel(session: Session, *, by: User, why: str = "") -> None:
    """It did not take place after all; it stays in the history and counts no more. A second time changes nothing."""
    rows = Session.objects.filter(pk=session.pk, state=Session.State.HELD)
    if rows.update(state=Session.State.CANCELLED, version=F("version") + 1) == 1:
        session.refresh_from_db(fields=["state", "version"])
        facts.changed(session, by=by, verb="cancelled", why=why)


def who_came(word: Participation, *, sees_small: bool) -> str:
    """A word on who came, as people read it; 1 to 4 students are told only to those who `sees_small`."""
    students = students_told(word.students, to_those_who_count=sees_small)
    parts = [
        ngettext("%(n)s person", "%(n)s people", word.volunteers) % {"n": word.volunteers},
        said(word.hours, gettext("h")),
        gettext("fewer than 5 students")
        if students is None
        else ngettext("%(said)s student", "%(said)s students", students) % {"said": said(students)},
    ]
    return ", ".join(parts)


def students_told(students: int | None, *, to_those_who_count: bool) -> int | None:
    """The number of students as it may be told: None stands for "fewer than 5"."""
    if students is None or to_those_who_count or students == 0 or students >= FEWEST_SHOWN:
        return students
    return None
