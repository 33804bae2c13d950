"""Codes and links for signing in: secret, sent at once, good for an hour."""

from datetime import timedelta

from engines.outbox.kinds import Mail, MessageKind, kinds
from engines.outbox.models import Message
from engines.outbox.secrets import reveal

ACCOUNT_MAIL = "sign_in_code"


def write(message: Message) -> Mail:
    """What allauth wrote, as it was planned."""
    return Mail(title=message.title, body=reveal(message.body))


kinds.register(ACCOUNT_MAIL, MessageKind(write=write, is_transactional=True, is_secret=True, lasts=timedelta(hours=1)))
