"""Who is told when an initiative goes to another champion."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from engines.outbox import actions as outbox
from engines.outbox.kinds import Mail, MessageKind, kinds
from engines.outbox.models import Message
from schools.models import Initiative

HANDED_OVER = "initiative_handed_over"


def tell(initiative: Initiative, *, was: User | None, now: User, why: str, by: User) -> None:
    """Tell whoever hands it over and whoever takes it, each in their language."""
    for reader in filter(None, (was, now)):
        with translation.override(reader.language):
            says = {"name": now.name, "by": by.name, "title": initiative.title}
            if reader == now:
                title = _("“%(title)s” is yours now") % says
                body = _("%(by)s has handed “%(title)s” over to you.") % says
                body += " " + _("Its prospects and partnerships came with it, and so did what is owed on them.")
            else:
                title = _("%(name)s takes over “%(title)s”") % says
                body = _("%(by)s has handed “%(title)s” over to %(name)s.") % says
                body += " " + _("You are reminded of none of it any more.")
            why_words = [_("In their words: %(why)s") % {"why": why}] if why else []
            address = settings.SITE_URL + reverse("initiative", args=[initiative.pk])
            greeting = _("Hello %(name)s,") % {"name": reader.name}
            text = "\n\n".join([greeting, body, *why_words, address])
        nudge = f"{initiative.version}"
        outbox.plan(
            HANDED_OVER, initiative, nudge=nudge, to=reader, chain=initiative.chain(), title=title, body=text
        )  # fmt: skip


def write(message: Message) -> Mail | None:
    """What was written when it was handed over; nothing if the reader's account was closed meanwhile."""
    if message.reader is None or not message.reader.is_active:
        return None
    return Mail(title=message.title, body=message.body)


kinds.register(HANDED_OVER, MessageKind(write=write, is_transactional=True))
