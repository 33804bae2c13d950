"""Codes and links that let somebody in: secret, and sent at once."""

from datetime import timedelta

from engines.outbox.kinds import Mail, MessageKind, kinds
from engines.outbox.models import Message
from engines.outbox.secrets import reveal

ACCOUNT_MAIL = "sign_in_code"
INVITATION = "invitation"


def write(message: Message) -> Mail:
    """What was written when it was planned."""
    return Mail(title=message.title, body=reveal(message.body))


kinds.register(INVITATION, MessageKind(write=write, is_transactional=True, is_secret=True, lasts=timedelta(days=7)))
kinds.register(ACCOUNT_MAIL, MessageKind(write=write, is_transactional=True, is_secret=True, lasts=timedelta(hours=1)))
