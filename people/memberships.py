"""Who is in: another role, the end of one, and somebody who stands in."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Absence, Membership, User
from accounts.permissions import Role
from core import clock, facts
from engines.reminders import actions as reminders
from people.handover import carried_by, hand_over
from people.invitations import may_let_in, take_role

LEADS = (Role.PRINCIPAL, Role.CHAMPION)  # at a school


def may_change(user: User, membership: Membership) -> bool:
    """Whether `user` may change or end `membership`: of others, those they could have let in."""
    return membership.user_id != user.pk and may_let_in(user, membership.role, membership)


def successors(membership: Membership) -> "models.QuerySet[User]":
    """Who may take over what `membership` carries, or stand in: everybody else who works in its place; for whoever
    leads at a school, somebody who leads there too and may go on with it."""
    others = Membership.objects.current().filter(**membership.scope).exclude(user=membership.user_id)
    if membership.role in LEADS:
        others = others.filter(role__in=LEADS)
    return User.objects.filter(pk__in=others.values("user"), is_active=True)


@transaction.atomic
def end(membership: Membership, *, by: User, why: str = "", to: User | None = None, board_ends: bool = False) -> None:
    """End a role; what it carries goes to `to`. A second time changes nothing.

    Raises ValidationError if something is carried and nobody takes it, for somebody who does not work there, and for
    the last administrator of a board, unless the board ends with it.
    """
    # Lock first: what is handed over must not grow meanwhile.
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.ended_at is not None:
        return
    if not board_ends:
        _refuse_the_last(membership)
    carried = carried_by(membership)
    if to is not None and not successors(membership).filter(pk=to.pk).exists():
        raise ValidationError({"to": _("Choose somebody who works in the same place.")})
    if carried and to is None:
        raise ValidationError({"to": _("Somebody must take over: %(what)s.") % {"what": ", ".join(carried)}})
    if to is not None:
        hand_over(membership, to, by=by)
    membership.ended_at = clock.now()
    membership.save(update_fields=["ended_at"])
    for absence in membership.absences.filter(called_off_at=None):
        call_off(absence, by=by)
    facts.changed(membership, by=by, verb="ended", why=why)
    reminders.replan_owed_by(membership.user)


@transaction.atomic
def change(membership: Membership, *, role: Role, is_lead: bool, by: User) -> Membership:
    """Another role in the same place, or the lead: who leads is reminded and asked first, and leads alone.

    A role that changes is a new membership, so that the old one stays in the history. Raises ValidationError for a role
    `by` lets nobody into, and for the last administrator of a board.
    """
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if not may_let_in(by, role, membership):
        raise ValidationError({"role": _("You cannot give this role.")})
    if role != membership.role:
        _refuse_the_last(membership)
        asked = Membership(user=membership.user, role=role, is_lead=False, **membership.scope)
        membership.ended_at = clock.now()
        membership.save(update_fields=["ended_at"])
        facts.changed(membership, by=by, verb="ended", why=f"→ {role}")
        membership = take_role(membership.user, asked)
        facts.changed(membership, by=by, verb="joined")
    _lead(membership, is_lead, by=by)
    reminders.replan_owed_by(membership.user)
    return membership


def _lead(membership: Membership, is_lead: bool, *, by: User) -> None:
    if membership.is_lead == is_lead:
        return
    if is_lead:
        same = Membership.objects.current().filter(role=membership.role, is_lead=True, **membership.scope)
        for leader in same.select_for_update():
            leader.is_lead = False
            leader.save(update_fields=["is_lead"])
            facts.changed(leader, by=by, verb="leads no more")
            reminders.replan_owed_by(leader.user)
    membership.is_lead = is_lead
    membership.save(update_fields=["is_lead"])
    facts.changed(membership, by=by, verb="leads" if is_lead else "leads no more")


def _refuse_the_last(membership: Membership) -> None:
    if membership.role != Role.BOARD_ADMIN:
        return
    others = Membership.objects.current().filter(role=Role.BOARD_ADMIN, board=membership.board_id)
    if not others.exclude(pk=membership.pk).exists():
        raise ValidationError(_("A board keeps at least one administrator. Invite another one first."))


@transaction.atomic
def go_away(absence: Absence, *, by: User) -> Absence:
    """Somebody stands in from one day to another. Raises ValidationError for days that overlap another absence, and for
    a stand-in who does not work in the same place."""
    membership = Membership.objects.select_for_update().get(pk=absence.membership_id)
    if not successors(membership).filter(pk=absence.stand_in_id).exists():
        raise ValidationError({"stand_in": _("Choose somebody who works in the same place.")})
    days = {"starts_on__lte": absence.ends_on, "ends_on__gte": absence.starts_on, "called_off_at": None}
    if membership.absences.filter(**days).exists():
        raise ValidationError({"starts_on": _("These days overlap another absence. Call that one off first.")})
    absence.entered_by = by
    absence.save()
    facts.changed(absence, by=by, verb="entered")
    return absence


@transaction.atomic
def call_off(absence: Absence, *, by: User) -> None:
    """Nobody stands in any more. A second time changes nothing."""
    if Absence.objects.filter(pk=absence.pk, called_off_at=None).update(called_off_at=clock.now()) == 1:
        absence.refresh_from_db(fields=["called_off_at"])
        facts.changed(absence, by=by, verb="called off")
