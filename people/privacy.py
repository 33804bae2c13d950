"""What is kept of coming in, of sessions and second factors (tables of allauth), of holds and access requests."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.kept import (
    AT_ITS_END,
    DAYS_90,
    SECRET,
    TECHNICAL,
    WITH_ACCOUNT,
    WITH_BOARD,
    YEARS_2,
    YEARS_7,
    Erasure,
    Kept,
    Kind,
    ends,
    keep,
)
from people.models import AccessRequest, Invitation, LegalHold, SignOn

ASKED = Kept(Kind.CONTACT, _("So that whoever is asked comes in, once."), DAYS_90, Erasure.KEEP)
ASKED_WHOM = Kept(Kind.CONTACT, _("So that whoever is asked comes in, once."), DAYS_90, Erasure.REPLACE)
PROTECTS = Kept(Kind.PERSONAL, _("So that nobody else comes in."), WITH_ACCOUNT, Erasure.DELETE)
BROWSER = Kept(Kind.SENSITIVE, _("So that you see where you are signed in."), AT_ITS_END, Erasure.DELETE)
HELD = Kept(Kind.PERSONAL, _("So that nothing a court or authority may ask for is lost."), YEARS_7, Erasure.KEEP)
HELD_WHOM = Kept(
    Kind.PERSONAL, _("So that nothing a court or authority may ask for is lost."), YEARS_7, Erasure.REPLACE
)
ANSWERED = Kept(Kind.PERSONAL, _("So that it is known who was told what is kept."), YEARS_2, Erasure.KEEP)
ANSWERED_ABOUT = Kept(Kind.PERSONAL, _("So that it is known who was told what is kept."), YEARS_2, Erasure.REPLACE)
SETTINGS = Kept(
    Kind.ORGANISATION, _("So that a board’s people come in with the account they have there."), WITH_BOARD, Erasure.KEEP
)

keep(
    Invitation,
    _("Invitations"),
    ASKED_WHOM.on("email", "name", words=_("name and e-mail address")),
    ASKED.on(
        *("role", "board", "family", "school", "business", "language", "is_lead", "invited_by", "invited_at"),
        *("expires_at", "accepted_at", "withdrawn_at"),
        words=_("to which role, by whom, when, and what became of it"),
    ),
    TECHNICAL.on("id"),
    of=("email",),
    called="name",
    when="invited_at",
)
keep(
    LegalHold,
    _("Legal holds"),
    HELD.on(
        *("board", "person", "business", "placed_by", "placed_at", "lifted_by", "lifted_at"),
        words=_("of whom, by whom, from when until when"),
    ),
    HELD_WHOM.on("address", "reason", words=_("address and reason")),
    TECHNICAL.on("id"),
    of=("person", "address"),
    when="placed_at",
)
keep(
    AccessRequest,
    _("Access requests"),
    ANSWERED_ABOUT.on("about", words=_("about whom")),
    ANSWERED.on("board", "business", "since", "until", "made_by", "made_at", words=_("who asked, and when")),
    TECHNICAL.on("id"),
    when="made_at",
)
keep(
    EmailAddress,
    _("Addresses one signs in with"),
    PROTECTS.on("user", "email", "verified", "primary", words=_("e-mail address")),
    TECHNICAL.on("id"),
    of=("user", "email"),
)
keep(
    EmailConfirmation,
    _("Addresses to be confirmed"),
    SECRET.on("key"),
    PROTECTS.on("email_address", "created", "sent", words=_("when a confirmation was sent")),
    TECHNICAL.on("id"),
    of=("email_address",),
)
keep(
    Authenticator,
    _("Second factor"),
    PROTECTS.on(
        "user", "type", "created_at", "last_used_at", words=_("that there is one, since when, and when it was used")
    ),
    SECRET.on("data"),
    TECHNICAL.on("id"),
    of=("user",),
    when="created_at",
)
keep(
    UserSession,
    _("Where you are signed in"),
    BROWSER.on(
        *("user", "created_at", "ip", "last_seen_at", "user_agent", "data"),
        words=_("browser, network address, since when"),
    ),
    SECRET.on("session_key"),
    TECHNICAL.on("id"),
    of=("user",),
    when="created_at",
)


@ends("invitations", Invitation, DAYS_90, _("Invitations that were answered or have run out"))
def invitations(before: datetime) -> Any:
    return Invitation.objects.filter(
        Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before) | Q(accepted_at=None, expires_at__lt=before)
    )


@ends("browsers", UserSession, AT_ITS_END, _("Browsers that are signed in no more"))
def browsers(before: datetime) -> Any:
    going_on = Session.objects.filter(expire_date__gte=clock.now())
    return UserSession.objects.exclude(session_key__in=going_on.values("session_key"))


keep(
    SignOn,
    _("A board’s own sign-in"),
    SETTINGS.on(
        *("board", "domain", "issuer", "client_id", "is_on", "verified_at", "checked_at", "trouble", "check_due_at"),
        *("challenge", "version"),
        words=_("where it lives, and whether the domain is the board’s"),
    ),
    SECRET.on("secret"),
    TECHNICAL.on("id"),
)
keep(
    SocialAccount,
    _("Board accounts one signs in with"),
    PROTECTS.on(
        *("user", "provider", "uid", "last_login", "date_joined", "extra_data"),
        words=_("which board’s sign-in, since when, and when it was used"),
    ),
    TECHNICAL.on("id"),
    of=("user",),
    when="date_joined",
)
# Tables of allauth that stay empty: a board's sign-in is a row of ours, and no token is kept.
keep(
    SocialApp,
    _("A board’s own sign-in"),
    SECRET.on("secret", "key"),
    TECHNICAL.on("id", "provider", "provider_id", "name", "client_id", "settings"),
)
keep(
    SocialToken,
    _("Board accounts one signs in with"),
    SECRET.on("token", "token_secret"),
    TECHNICAL.on("id", "app", "account", "expires_at"),
)


@ends("holds", LegalHold, YEARS_7, _("Legal holds that were lifted"))
def holds(before: datetime) -> Any:
    return LegalHold.objects.filter(lifted_at__lt=before)


@ends("access_requests", AccessRequest, YEARS_2, _("Access requests"))
def access_requests(before: datetime) -> Any:
    return AccessRequest.objects.filter(made_at__lt=before)
