"""Questions to a running site that no page answers. Run with the settings of that site, as a process of its own:

python -m tests.journeys.behind_the_scenes QUESTION '{"argument": "value"}'
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from datetime import time as hour
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.urls import URLPattern, URLResolver, get_resolver, reverse  # noqa: E402

from accounts import links  # noqa: E402
from accounts.links import make_sign_in_link, reading_token  # noqa: E402
from accounts.models import AccessLink, Membership, User  # noqa: E402
from accounts.permissions import Role  # noqa: E402
from boards.models import Board, StrategicGoal  # noqa: E402
from businesses.models import Business  # noqa: E402
from core import clock  # noqa: E402
from demo import joining  # noqa: E402
from demo.school_alone import close_days  # noqa: E402
from engines.imports import actions as imports  # noqa: E402
from engines.imports.models import Import  # noqa: E402
from engines.outbox.actions import LEASE  # noqa: E402
from engines.outbox.models import Message  # noqa: E402
from engines.reminders.actions import DIGEST  # noqa: E402
from outreach.models import Meeting  # noqa: E402
from people import holds  # noqa: E402
from people.models import AccessRequest, Invitation, LegalHold, SignOn  # noqa: E402
from schools.models import ImprovementGoal, Joining, School  # noqa: E402

SLICE = 0.003  # seconds


def day(school: str, later: int = 0) -> str:
    """The local date at that school, so many days later than the site's clock has it."""
    zone = School.objects.get(name=school).board.zone
    return (clock.today(zone) + timedelta(days=later)).isoformat()


def after_the_meeting(business: str, school_days: int, at: str) -> str:
    """That hour, so many school days after the meeting with `business`."""
    meeting = Meeting.objects.get(prospect__business__name=business)
    due = meeting.board.calendar.school_days_after(meeting.day, school_days)
    return datetime.combine(due, hour.fromisoformat(at), tzinfo=meeting.board.zone).isoformat()


def kill_worker_when_mail_is_planned(worker: int, reader: str, moment: str) -> dict[str, Any]:
    """Move the clock to `moment`; let the worker plan the mail of the day for `reader`, and kill it before it sends.

    The worker runs in short slices and stands still while the row is looked for, so that it cannot be faster.
    """
    clock.shift_to(datetime.fromisoformat(moment))
    os.setpriority(os.PRIO_PGRP, worker, 19)
    deadline = time.monotonic() + 60
    while not (message := digest(reader, moment)) and time.monotonic() < deadline:
        os.killpg(worker, signal.SIGCONT)
        time.sleep(SLICE)
        os.killpg(worker, signal.SIGSTOP)
    os.kill(worker, signal.SIGKILL)
    if message["state"] == Message.State.SENDING:  # it had its lease, which nobody gives back now
        clock.shift_to(datetime.fromisoformat(moment) + LEASE)
    return message


def digest(reader: str, moment: str) -> dict[str, Any]:
    """The mail of the day of `moment` for `reader`, nothing if none is planned."""
    found = Message.objects.filter(kind=DIGEST, recipient=reader, nudge=moment[:10])
    return dict(found.values("pk", "state", "title").first() or {})


def sign_in_token(email: str) -> str:
    """The secret of a new sign-in link."""
    return make_sign_in_link(User.objects.get(email=email))


def addresses(people: list[str]) -> list[dict[str, str]]:
    """Every address of the site as each of `people` and, with the name "", a stranger may ask for it.

    Of a row there is the first and the last one visible to that person; if there is none, somebody else's.
    """
    users = User.objects.filter(email__in=people)
    _use_the_privacy_desks()
    _link_to_join_by()
    token = sign_in_token(people[0])
    found = []
    for pattern in _patterns(get_resolver()):
        for user in [None, *users]:
            for about in _about(pattern, user, token):
                path = reverse(str(pattern.name), kwargs=about)
                found.append({"name": str(pattern.name), "who": user.email if user else "", "path": path})
    return found


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern


def _about(pattern: URLPattern, user: User | None, token: str) -> list[dict[str, Any]]:
    """What to put into the address of `pattern`."""
    wanted = set(pattern.pattern.converters)
    if "pk" not in wanted:
        known = {"token": token, "uidb36": "1", "key": "out-of-date", "passkey": "0", "link": _link_that_reads()}
        known["provider_id"] = "sign-on-0"
        known["invitation"] = _link_that_lets_in()
        known["code"] = _link_to_join_by()
        return [{name: known[name] for name in wanted}]
    manager = getattr(pattern.callback, "subject")._default_manager  # noqa: B009 - a view has no such type
    rows = manager.visible_to(user) if user else manager.all()
    pks = sorted(rows.values_list("pk", flat=True)) or sorted(manager.values_list("pk", flat=True))
    found = [{"pk": pk} for pk in dict.fromkeys([pks[0], pks[-1]])]
    if "part" in wanted:  # of an outline, one that is typed and one with rows
        return [about | {"part": part} for about in found for part in ("what", "goals")]
    return found


def _use_the_privacy_desks() -> None:
    """Let every board's administrator have a hold, a request and a sign-in to look at."""
    for desk in Membership.objects.current().filter(role=Role.BOARD_ADMIN).select_related("board", "user"):
        principal = Membership.objects.current().filter(role=Role.PRINCIPAL, board=desk.board).first()
        if principal and not LegalHold.objects.filter(board=desk.board).exists():
            holds.place(desk.board, by=desk.user, reason="A letter of the board's lawyer", address=principal.user.email)
            AccessRequest.objects.create(board=desk.board, about=principal.user.email, made_by=desk.user)
        if not Import.objects.filter(board=desk.board).exists():
            data = b"School Number,School Name\n900001,Hilltop\n,Without a number\n"
            imports.work(imports.upload(desk.board, "schools", "schools.csv", data, by=desk.user).pk)
        if not SignOn.objects.filter(board=desk.board).exists():
            own = {"domain": "mvdsb.example", "issuer": "https://login.mvdsb.example", "client_id": "tandem"}
            SignOn.objects.create(board=desk.board, **own)


def _link_that_reads() -> str:
    """The token of the newest link that lets its holder read a document."""
    link = AccessLink.objects.filter(purpose=AccessLink.Purpose.READ).order_by("-pk")[0]
    subject = link.subject_type.model_class() if link.subject_type else None
    assert subject
    return reading_token(subject._default_manager.get(pk=link.subject_id))


def _link_that_lets_in() -> str:
    """The token of an invitation to the first principal's school, for somebody who has not come yet."""
    principal = Membership.objects.current().filter(role=Role.PRINCIPAL).order_by("pk")[0]
    asked, _is_new = Invitation.objects.get_or_create(
        role=Role.STAFF, email="new.teacher@mvdsb.example", **principal.scope,
        defaults={"name": "New Teacher", "language": "en", "invited_by": principal.user,
                  "expires_at": clock.now() + timedelta(days=7)},
    )  # fmt: skip
    with transaction.atomic():
        return links.make(asked, AccessLink.Purpose.INVITE, expires_at=asked.expires_at, by=principal.user)


def _link_to_join_by() -> str:
    """The code by which a school on its own joins the first board."""
    desk = Membership.objects.current().filter(role=Role.BOARD_ADMIN).select_related("user", "board").order_by("pk")[0]
    waiting = Joining.objects.waiting().filter(board=desk.board).first()
    return links.joining_token(waiting or joining.ask(Joining(board=desk.board, meant_for="Hilltop"), by=desk.user))


def school_on_its_own(email: str, name: str, school: str) -> str:
    """Make a school that began alone, with its founder; the token by which they sign in."""
    user, board = User.objects.create_user(email, name), Board.objects.create(name=school, language="en")
    close_days(board, clock.today(board.zone))
    alone = School.objects.create(board=board, name=school, language="en")
    Membership.objects.create(user=user, role=Role.CHAMPION, board=board, school=alone)
    Membership.objects.create(user=user, role=Role.BOARD_ADMIN, board=board)
    goal = ImprovementGoal.objects.create(school=alone, title="Every child reads")
    goal.strategic_goals.add(StrategicGoal.objects.create(board=board, code="A1", title_en="Reading for all"))
    Business.objects.create(board=board, name="HARBOUR Credit Union Inc.", town="Hilltop")
    return make_sign_in_link(user)


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](**json.loads(sys.argv[2]))))
