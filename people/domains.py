"""Whose is a domain? Whoever can write a TXT record into it. Asked by the worker, never in a request."""

from datetime import timedelta

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings
from django.db import IntegrityError, transaction

from core import clock, facts
from people.models import SignOn

PATIENCE = 5.0  # seconds for one question
AGAIN = timedelta(hours=1)  # a record takes its time to be seen everywhere
LEASE = timedelta(minutes=10)
Trouble = SignOn.Trouble


class NoAnswer(Exception):
    """The name servers did not answer."""


def texts_at(name: str) -> list[str]:
    """The TXT records of `name`; none if there is no such name. Raises NoAnswer."""
    resolver = dns.resolver.Resolver(configure=not settings.NAME_SERVERS)
    resolver.lifetime = PATIENCE
    if settings.NAME_SERVERS:
        resolver.nameservers = [_server(address) for address in settings.NAME_SERVERS]
    try:
        found = resolver.resolve(name, "TXT", search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, ValueError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}") from error
    return [b"".join(record.strings).decode(errors="replace") for record in found]


def _server(address: str) -> dns.nameserver.Nameserver:
    host, _colon, port = address.rpartition(":")
    return dns.nameserver.Do53Nameserver(host, int(port))


def check(pk: int) -> bool:
    """Look whether the domain of the sign-in `pk` shows the board's record, if that is due; says whether it does.

    One worker takes it; a look that is cut short is taken up again after LEASE.
    """
    now = clock.now()
    if SignOn.objects.filter(pk=pk, check_due_at__lte=now).update(check_due_at=now + LEASE) != 1:
        return False
    sign_on = SignOn.objects.get(pk=pk)
    name, text = sign_on.record
    try:
        trouble = "" if text in texts_at(name) else Trouble.NO_RECORD
    except NoAnswer:
        trouble = Trouble.NO_ANSWER
    return _found(sign_on, trouble)


def _found(sign_on: SignOn, trouble: str) -> bool:
    """Write down what was seen, unless somebody changed domain or record meanwhile."""
    now = clock.now()
    same = SignOn.objects.filter(pk=sign_on.pk, domain=sign_on.domain, challenge=sign_on.challenge, verified_at=None)
    if trouble:
        same.update(trouble=trouble, checked_at=now, check_due_at=now + AGAIN)
        return False
    try:
        with transaction.atomic():
            if same.update(trouble="", checked_at=now, check_due_at=None, verified_at=now) != 1:
                return False
            facts.changed(sign_on, by=None, verb="domain verified", why=sign_on.domain)
    except IntegrityError:
        same.update(trouble=Trouble.TAKEN, checked_at=now, check_due_at=None)
        return False
    return True
