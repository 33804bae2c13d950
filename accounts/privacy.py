"""What is kept of whoever has an account, and of what they did."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.events import forget_words
from accounts.models import Absence, AccessLink, ChainCheck, Event, EventWords, Membership, Seal, SupportGrant, User
from core.kept import (
    DAYS_30,
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

WHO = Kept(Kind.CONTACT, _("So that others know with whom they work."), WITH_ACCOUNT, Erasure.REPLACE)
TITLE = Kept(Kind.CONTACT, _("So that others know with whom they work."), WITH_ACCOUNT, Erasure.BLANK)
HABITS = Kept(Kind.PERSONAL, _("So that your account is protected."), WITH_ACCOUNT, Erasure.BLANK)
STATE = Kept(Kind.PERSONAL, _("So that only who may comes in, in their language."), WITH_ACCOUNT, Erasure.KEEP)
WISH = Kept(Kind.PERSONAL, _("So that you are mailed when you want to be."), WITH_ACCOUNT, Erasure.KEEP)
SHOWN = Kept(Kind.PERSONAL, _("So that Today shows what you want to see."), WITH_ACCOUNT, Erasure.KEEP)
ROLE = Kept(
    Kind.PERSONAL,
    _("So that everybody sees what is theirs to see, and it is known who could do what when."),
    WITH_BOARD,
    Erasure.KEEP,
)
AWAY = Kept(Kind.PERSONAL, _("So that somebody stands in."), YEARS_2, Erasure.KEEP)
LOOKED = Kept(
    Kind.PERSONAL, _("So that a board sees who looked at it as support, when and why."), YEARS_7, Erasure.KEEP
)
LOOKED_WHY = replace(LOOKED, erasure=Erasure.REPLACE)
LINK = Kept(Kind.TECHNICAL, _("So that a link lets in whom it should."), DAYS_30, Erasure.DELETE)
TRAIL = Kept(Kind.PERSONAL, _("So that it can be seen who did what, when and why."), WITH_BOARD, Erasure.KEEP)
SAID = Kept(Kind.PERSONAL, _("So that it can be seen who did what, when and why."), YEARS_7, Erasure.BLANK)
# Erased with the words, so that nobody can find out from their hash what they were.
SALT = Kept(Kind.TECHNICAL, _("So that nobody changes what was done."), YEARS_7, Erasure.BLANK, is_secret=True)

keep(
    User,
    _("Your account"),
    WHO.on("email", "name", words=_("name and e-mail address")),
    TITLE.on("title", words=_("title")),
    HABITS.on("last_login", words=_("when you last signed in")),
    STATE.on("language", "is_active", "is_operator", words=_("language, and whether the account is open")),
    WISH.on("mail_wish", words=_("when you want to be mailed")),
    SHOWN.on("knows_the_way", words=_("whether you put the first quarter hour away")),
    replace(SECRET, erasure=Erasure.BLANK).on("password"),
    TECHNICAL.on("id"),
    of=("email",),
    called="name",
)
keep(
    Membership,
    _("Roles"),
    ROLE.on(
        *("role", "board", "family", "school", "business", "user", "is_lead", "since", "ended_at"),
        words=_("role, where, since when and until when"),
    ),
    TECHNICAL.on("id"),
    of=("user",),
    when="since",
)
keep(
    Absence,
    _("Days away"),
    AWAY.on(
        *("membership", "stand_in", "starts_on", "ends_on", "entered_by", "called_off_at"),
        words=_("the days, who stands in, who entered them; never why"),
    ),
    TECHNICAL.on("id"),
    of=("membership",),
    when="starts_on",
)
keep(
    SupportGrant,
    _("Looks at a board as support"),
    LOOKED.on(
        *("operator", "board", "given_by", "starts_at", "ends_at", "ended_by", "ended_at"),
        words=_("who, at which board, from when until when, and who allowed and ended it"),
    ),
    LOOKED_WHY.on("reason", words=_("why")),
    TECHNICAL.on("id", "ran_out_at"),
    of=("operator",),
    when="starts_at",
)
keep(
    AccessLink,
    _("Links that let in or let read"),
    LINK.on(
        *("id", "purpose", "user", "board", "school", "subject_type", "subject_id", "made_at", "expires_at"),
        *("uses_allowed", "uses", "revoked_at"),
    ),
    SECRET.on("token_hash"),
    of=("user", "subject_id"),
    when="made_at",
)
keep(
    Event,
    _("What was done"),
    TRAIL.on(
        *("board", "family", "school", "business", "at", "by", "verb", "subject_type", "subject_id"),
        words=_("who did what to what, and when"),
    ),
    TECHNICAL.on("id", "words_hash"),
    of=("subject_id",),
    when="at",
    is_shown=False,
)
keep(
    EventWords,
    _("What was done, in words"),
    SAID.on("subject_name", "why", words=_("what it was called then, and why")),
    SALT.on("salt"),
    TECHNICAL.on("event", "waits"),
    beside="event",
    forget=forget_words,
    is_shown=False,
)
keep(Seal, _("Seals of what was done"), TECHNICAL.on("event", "board", "position", "hash"))
keep(ChainCheck, _("When seals were checked"), TECHNICAL.on("board", "checked_at", "broken_at"))


@ends("links", AccessLink, DAYS_30, _("Links that let nobody in any more"))
def links(before: datetime) -> Any:
    """Run out or revoked; one that was used up runs out as well."""
    return AccessLink.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before))


@ends("support", SupportGrant, YEARS_7, _("Looks at a board as support"))
def support(before: datetime) -> Any:
    return SupportGrant.objects.filter(ends_at__lt=before)


@ends("days_away", Absence, YEARS_2, _("Days away"))
def days_away(before: datetime) -> Any:
    return Absence.objects.filter(ends_on__lt=before.date())


@ends(
    "words_of_events",
    EventWords,
    YEARS_7,
    _("Words of the trail"),
    blank=("subject_name", "why", "salt"),
    do=forget_words,
)
def words_of_events(before: datetime) -> Any:
    return EventWords.objects.filter(event__at__lt=before).exclude(salt="")
