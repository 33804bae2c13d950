"""The mail of the day: one message with a line for each thing its reader owes, chosen when it is sent."""

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from accounts.models import User
from core import clock
from engines.outbox.kinds import Mail, MessageKind, NotNow, kinds
from engines.outbox.models import Message
from engines.reminders.actions import DIGEST, is_sending_time, next_sending_time, note_mailed
from engines.reminders.models import DigestLine, Reminder
from engines.reminders.today import shown


def write(message: Message) -> Mail | None:
    """What is due now and stands in no mail yet; None if all was settled meanwhile or the board's mail is off."""
    reader = message.reader
    if reader is None or not reader.is_active or reader.mail_wish == User.MailWish.NEVER:
        return None  # the wish of a stand-in, or one that changed since: what they owe themself is not planned for mail
    if message.board is None or not message.board.mail_is_on:
        return None
    if not is_sending_time(clock.now(), message.board):
        raise NotNow(next_sending_time(clock.now(), message.board))
    _choose_lines(message)
    reminders = Reminder.objects.with_reader().filter(lines__message=message, settled_at=None, reader=reader.pk)
    owed = shown(reminders.select_related("owed_by"), clock.today(message.board.zone), reader)
    if not owed:
        return None
    title = ngettext("%(n)d thing on your side today", "%(n)d things on your side today", len(owed)) % {"n": len(owed)}
    context = {"owed": owed, "reader": reader, "site": settings.SITE_URL}
    return Mail(title=title, body=render_to_string("emails/digest.txt", context))


def _choose_lines(message: Message) -> None:
    """Take what is due into this message; a mailing that already stands in another one stays there."""
    given_up = (Message.State.FAILED, Message.State.EXPIRED, Message.State.SUPPRESSED)
    due = Reminder.objects.to_mail(clock.now()).with_reader().filter(reader=message.reader_id)
    DigestLine.objects.filter(reminder__in=due, message__state__in=given_up).delete()
    free = due.exclude(lines__mailing=F("mailings") + 1)
    DigestLine.objects.bulk_create(
        [DigestLine(message=message, reminder=r, mailing=r.mailings + 1) for r in free], ignore_conflicts=True
    )


kinds.register(DIGEST, MessageKind(write=write, sent=note_mailed))
