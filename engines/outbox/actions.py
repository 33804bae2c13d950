"""Planning a message, and moving it through its states: every move is a compare-and-set."""

import logging
import random
import smtplib
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils import translation

from accounts.models import User
from core import clock
from core.chain import Chain
from engines.outbox.kinds import MessageKind, NotNow, kinds
from engines.outbox.models import Message

log = logging.getLogger("tandem.outbox")
LEASE = timedelta(minutes=10)
RETRY_AFTER = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720)]
State = Message.State
NO_CHAIN = Chain()
# A worker of another release may know it, so it is tried again; what it held counts as secret until then.
UNKNOWN = MessageKind(write=lambda message: None, is_secret=True)


def plan(
    kind: str,
    subject: models.Model,
    *,
    nudge: str,
    to: User | str,
    chain: Chain = NO_CHAIN,
    language: str = "en",
    title: str = "",
    body: str = "",
) -> Message:
    """Write down that a message is to be sent; planned twice it is the same row. The worker's bell rings on commit."""
    reader = to if isinstance(to, User) else None
    message, is_new = Message.objects.get_or_create(
        kind=kind,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        nudge=nudge,
        recipient=reader.email if reader else str(to),
        defaults={
            "reader": reader,
            "language": reader.language if reader else language,
            "board_id": chain.board,
            "family_id": chain.family,
            "school_id": chain.school,
            "title": title,
            "body": body,
            "expires_at": clock.now() + kinds[kind].lasts,
        },
    )
    if is_new:
        transaction.on_commit(lambda: _ring(message.pk), robust=True)
    return message


def _ring(pk: int) -> None:
    from engines.outbox.tasks import send

    send.delay([pk])


def send(pk: int) -> bool:
    """Send the message `pk` unless somebody else does, it is over or has nothing to say. True if it went out now.

    The claim (a lease), the sending and the outcome are three steps: a worker that dies in between leaves a lease
    that runs out, and the next sweep takes it up.
    """
    message = _claim(pk)
    if message is None:
        return False
    try:
        kind = kinds[message.kind]
    except KeyError:
        log.error("message %s is of the kind %s, which nothing here writes", pk, message.kind)
        _try_again(message, UNKNOWN, f"Nothing here writes messages of the kind {message.kind}.")
        return False
    if message.expires_at <= clock.now():
        _finish(message, kind, State.EXPIRED, "")
        return False
    try:
        if not _write(message, kind):
            _finish(message, kind, State.SUPPRESSED, "")
            return False
        _hand_over(message, kind)
    except NotNow as not_now:
        _wait(message, not_now.until)
        return False
    except smtplib.SMTPRecipientsRefused as refusal:
        _refused(message, kind, refusal)
        return False
    except Exception as error:  # whatever the mail server, the network or a template does, the row must say so
        log.warning("message %s not sent: %s", pk, error)
        _try_again(message, kind, f"{type(error).__name__}: {error}")
        return False
    _finish(message, kind, State.SENT, "")
    return True


def _claim(pk: int) -> Message | None:
    """Take the lease; exactly one worker gets the row."""
    now = clock.now()
    taken = Message.objects.filter(pk=pk, next_try_at__lte=now).update(
        state=State.SENDING, next_try_at=now + LEASE, tries=models.F("tries") + 1
    )
    return Message.objects.select_related("reader").get(pk=pk) if taken == 1 else None


def _write(message: Message, kind: MessageKind) -> bool:
    """Have the kind write title and body, chosen now and not when it was planned. False if nothing is left to say."""
    with translation.override(message.language), transaction.atomic():
        mail = kind.write(message)
        if mail is None:
            return False
        message.title, message.body = mail.title, mail.body
        if not kind.is_secret:
            Message.objects.filter(pk=message.pk).update(title=mail.title, body=mail.body)
    return True


def _hand_over(message: Message, kind: MessageKind) -> None:
    """Give it to the mail server; raises what the backend raises."""
    EmailMessage(
        subject=" ".join(message.title.split()),
        body=message.body,
        to=[message.recipient],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    ).send()


def _finish(message: Message, kind: MessageKind, state: State, because: str) -> None:
    """End the message in `state`, and let the kind note what follows from its having been sent."""
    with transaction.atomic():
        Message.objects.filter(pk=message.pk, state=State.SENDING).update(
            state=state,
            because=because[:300],
            next_try_at=None,
            sent_at=clock.now() if state == State.SENT else None,
            **({"body": ""} if kind.is_secret else {}),
        )
        if state == State.SENT:
            kind.sent(message)


def _wait(message: Message, until: datetime) -> None:
    """Give the lease back until `until`; the try does not count."""
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.PLANNED, next_try_at=until, tries=models.F("tries") - 1
    )


def _refused(message: Message, kind: MessageKind, refusal: smtplib.SMTPRecipientsRefused) -> None:
    """A 5xx for the address ends this message; a 4xx is tried again."""
    code, text = next(iter(refusal.recipients.values()), (550, b""))
    because = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    if code >= 500:
        _finish(message, kind, State.FAILED, because)
    else:
        _try_again(message, kind, because)


def _try_again(message: Message, kind: MessageKind, because: str) -> None:
    """Wait longer each time, with jitter; give up when it is over."""
    wait = RETRY_AFTER[min(message.tries, len(RETRY_AFTER)) - 1] * random.uniform(0.9, 1.1)
    next_try = clock.now() + wait
    if next_try > message.expires_at:
        _finish(message, kind, State.FAILED, because)
        return
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.RETRY, because=because[:300], next_try_at=next_try
    )
