"""Codes and links that let somebody in: secret, and sent at once. And what a board is told at once."""

from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import SupportGrant
from engines.outbox.kinds import Mail, MessageKind, kinds
from engines.outbox.models import Message
from engines.outbox.secrets import reveal

ACCOUNT_MAIL = "sign_in_code"
INVITATION = "invitation"
SUPPORT_TAKEN = "support_taken"


def write(message: Message) -> Mail:
    """What was written when it was planned."""
    return Mail(title=message.title, body=reveal(message.body))


def write_support_taken(message: Message) -> Mail | None:
    """Who looks at the board, until when and why; nothing if the reader's account was closed meanwhile."""
    grant = SupportGrant.objects.select_related("board", "operator").get(pk=message.subject_id)
    if message.reader is None or not message.reader.is_active:
        return None
    context = {
        "grant": grant,
        "reader": message.reader,
        "address": settings.SITE_URL + reverse("board_support", args=[grant.board_id]),
    }
    title = _("Tandem’s support is looking at %(board)s") % {"board": grant.board.name}
    with timezone.override(grant.board.zone):
        return Mail(title=title, body=render_to_string("emails/support_taken.txt", context).strip())


kinds.register(SUPPORT_TAKEN, MessageKind(write=write_support_taken, is_transactional=True))
kinds.register(INVITATION, MessageKind(write=write, is_transactional=True, is_secret=True, lasts=timedelta(days=7)))
kinds.register(ACCOUNT_MAIL, MessageKind(write=write, is_transactional=True, is_secret=True, lasts=timedelta(hours=1)))
