"""Asking somebody in, and their coming in: a link of 256 random bits, kept hashed, good for one click in seven days."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import links
from accounts.models import SCOPES, AccessLink, Membership, User
from accounts.permissions import INVITES, Permission, Role
from core import clock, facts
from core.chain import Chain, Owned
from engines.outbox import actions as outbox
from engines.outbox.secrets import hide
from people.message_kinds import INVITATION
from people.models import Invitation

GOOD_FOR = timedelta(days=7)


def may_let_in(user: User, role: Role | str, place: Owned) -> bool:
    """Whether `user` lets people in, changes and ends them as `role` at `place`."""
    chain = place.chain()
    return any(
        Role(role) in INVITES.get(Role(membership.role), frozenset()) and _covers(membership, chain)
        for membership in user.access.holding(Permission.PEOPLE_CHANGE)
    )


def _covers(membership: Membership, chain: Chain) -> bool:
    """Whether what hangs on `chain` lies in the scope of `membership`: what one role allows, another does not widen."""
    own = next((name for name in SCOPES if getattr(membership, f"{name}_id")), "board")
    return bool(getattr(chain, own) == getattr(membership, f"{own}_id"))


@transaction.atomic
def invite(invitation: Invitation, *, by: User) -> Invitation:
    """Ask somebody in; a new invitation takes the place of one that waits. Raises ValidationError for somebody who has
    the role already, and for a role `by` lets nobody into."""
    invitation.email = invitation.email.lower()
    if not may_let_in(by, invitation.role, invitation):
        raise ValidationError(_("You cannot invite somebody to this role."))
    if _held(invitation).filter(user__email__iexact=invitation.email).exists():
        raise ValidationError({"email": _("Somebody with this address has this role here already.")})
    same = {"role": invitation.role, "email": invitation.email, **invitation.scope}
    for earlier in Invitation.objects.waiting().filter(**same).select_for_update():
        withdraw(earlier, by=by)
    invitation.invited_by, invitation.invited_at = by, clock.now()
    invitation.expires_at = clock.now() + GOOD_FOR
    invitation.save()
    facts.changed(invitation, by=by, verb="invited")
    _send(invitation, by=by)
    return invitation


@transaction.atomic
def send_again(invitation: Invitation, *, by: User) -> None:
    """A new link for seven days; the one before lets nobody in any more. Nothing happens once it is answered."""
    rows = Invitation.objects.waiting().filter(pk=invitation.pk)
    if rows.update(expires_at=clock.now() + GOOD_FOR) != 1:
        return
    invitation.refresh_from_db()
    links.revoke(invitation, AccessLink.Purpose.INVITE, by=by)
    facts.changed(invitation, by=by, verb="sent again")
    _send(invitation, by=by)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """Its link lets nobody in any more. Nothing happens once it is answered."""
    if Invitation.objects.waiting().filter(pk=invitation.pk).update(withdrawn_at=clock.now()) == 1:
        invitation.refresh_from_db(fields=["withdrawn_at"])
        links.revoke(invitation, AccessLink.Purpose.INVITE, by=by)
        facts.changed(invitation, by=by, verb="withdrawn")


def find(token: str) -> tuple[AccessLink, Invitation] | None:
    """The usable link of `token` with its invitation, if there is one; looking uses nothing up."""
    link = links.find(token, AccessLink.Purpose.INVITE)
    invitation = Invitation.objects.waiting().filter(pk=link.subject_id or 0).first() if link else None
    return (link, invitation) if link and invitation else None


@transaction.atomic
def accept(link: AccessLink, invitation: Invitation, *, name: str) -> User:
    """Take the role: the account of the invited address, or a new one without a password, called `name`.

    Raises ValidationError if the link was used meanwhile, and for an account that was switched off.
    """
    gone = _("This invitation was used already, or withdrawn. Ask for a new one.")
    if not links.use(link):
        raise ValidationError(gone)
    if Invitation.objects.waiting().filter(pk=invitation.pk).update(accepted_at=clock.now()) != 1:
        raise ValidationError(gone)
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is None:
        user = User.objects.create_user(invitation.email, name, language=invitation.language)
    if not user.is_active:
        raise ValidationError(_("This account was switched off. Speak with your board."))
    membership = take_role(user, invitation)
    facts.changed(invitation, by=user, verb="accepted")
    facts.changed(membership, by=user, verb="joined")
    return user


def take_role(user: User, asked: Invitation | Membership) -> Membership:
    """The membership of `user` in the role and scope of `asked`; it leads if that was meant and nobody leads yet."""
    held = _held(asked)
    there = held.filter(user=user).first()
    if there is not None:
        return there
    leads = asked.is_lead and not held.filter(is_lead=True).exists()
    return Membership.objects.create(user=user, role=asked.role, is_lead=leads, **asked.scope)


def _held(asked: Invitation | Membership) -> Any:
    """Who holds the role of `asked` in its scope now."""
    return Membership.objects.current().filter(role=asked.role, **asked.scope)


def _where(invitation: Invitation) -> str:
    """The place and its board, by which somebody knows who asks."""
    place, board = str(invitation.place), str(invitation.board)
    return place if place == board else f"{place} ({board})"


def _send(invitation: Invitation, *, by: User) -> None:
    token = links.make(invitation, AccessLink.Purpose.INVITE, expires_at=invitation.expires_at, by=by)
    with translation.override(invitation.language):
        context = {
            "invitation": invitation,
            "place": _where(invitation),
            "address": settings.SITE_URL + reverse("accept_invitation", args=[token]),
        }
        title = _("%(name)s invites you to %(place)s in Tandem") % {
            "name": invitation.invited_by.name,
            "place": invitation.place,
        }
        body = render_to_string("emails/invitation.txt", context).strip()
    outbox.plan(
        INVITATION,
        invitation,
        nudge=links.hashed(token)[:16],
        to=invitation.email,
        chain=invitation.chain(),
        language=invitation.language,
        title=title,
        body=hide(body),
    )
