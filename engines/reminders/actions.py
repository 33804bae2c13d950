"""Planning, moving and settling reminders, in the transaction of the fact that changed."""

from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from accounts.models import User
from accounts.permissions import Role
from boards.calendar import at_local
from boards.models import Board
from core import clock
from core.chain import Chain
from core.facts import Change
from engines.outbox import actions as outbox
from engines.outbox.models import Message
from engines.reminders.models import Reminder
from engines.reminders.rules import Due, Rule, rules

MAILED_AT = time(7, 30)
DIGEST = "digest"
MAILED_UNTIL = time(18, 0)
TIMES_MAILED = 2  # when due and once more, unless the rule names its mailings; then an item stands on Today only


def replan_after(change: Change) -> None:
    """The listener of facts: plan anew what is owed on the row that changed."""
    replan(change.subject)


def replan(subject: models.Model) -> None:
    """Make the reminders on `subject` what its rules say now: plan, move, settle. Idempotent."""
    for rule in rules:
        if isinstance(subject, rule.watches):
            _replan_rule(rule, subject)


def _replan_rule(rule: Rule, subject: models.Model) -> None:
    subject_type = ContentType.objects.get_for_model(subject)
    found = Reminder.objects.filter(rule=rule.name, subject_type=subject_type, subject_id=subject.pk)
    known = {(r.part, r.occasion): r for r in found.select_for_update()}
    for due in rule.find(subject):
        reminder = known.pop((due.part, due.occasion), None)
        if reminder is None:
            _plan(rule, subject, subject_type, due)
        else:
            _move(reminder, due, subject)
    for reminder in known.values():
        _settle(reminder)


def _plan(rule: Rule, subject: models.Model, subject_type: ContentType, due: Due) -> None:
    chain: Chain = subject.chain()  # type: ignore[attr-defined]
    board = board_of(subject)
    Reminder.objects.create(
        board_id=board.pk,
        family_id=chain.family,
        school_id=chain.school,
        rule=rule.name,
        subject_type=subject_type,
        subject_id=subject.pk,
        part=due.part,
        occasion=due.occasion,
        owed_by=due.owed_by,
        due_on=due.on,
        mail_at=mailing_time(due.on, due.owed_by, board),
        last_mailing=TIMES_MAILED,
    )


def _move(reminder: Reminder, due: Due, subject: models.Model) -> None:
    """Another day or another person: the same debt, mailed anew."""
    is_same = reminder.due_on == due.on and reminder.owed_by_id == due.owed_by.pk
    if is_same and reminder.settled_at is None:
        return
    reminder.due_on, reminder.owed_by, reminder.settled_at = due.on, due.owed_by, None
    if not is_same:
        reminder.mail_at = mailing_time(due.on, due.owed_by, board_of(subject))
        reminder.last_mailing = reminder.mailings + TIMES_MAILED
    reminder.save(update_fields=["due_on", "owed_by", "settled_at", "mail_at", "last_mailing"])


def _settle(reminder: Reminder) -> None:
    Reminder.objects.filter(pk=reminder.pk, settled_at=None).update(settled_at=clock.now())


def board_of(subject: models.Model) -> Board:
    """The board whose calendar and numbers hold for `subject`."""
    board = getattr(subject, "board", None)
    return board if isinstance(board, Board) else Board.objects.get(pk=subject.chain().board)  # type: ignore[attr-defined]


def replan_owed_by(user: User) -> None:
    """Plan anew whatever `user` owes: who they are may have changed."""
    _replan_behind(Reminder.objects.open().filter(owed_by=user))


def replan_at(school: int) -> None:
    """Plan anew whatever is owed at `school`: the calendar and the numbers that hold for it may have changed."""
    _replan_behind(Reminder.objects.open().filter(school=school))


def _replan_behind(open_ones: "models.QuerySet[Reminder]") -> None:
    for reminder in list(open_ones):
        subject = reminder.subject_type.model_class()._default_manager.filter(pk=reminder.subject_id).first()  # type: ignore[union-attr]
        if subject is not None:
            replan(subject)


def remail(reader: User) -> None:
    """Plan anew when `reader` is mailed what they owe: they may want it otherwise now."""
    for reminder in list(Reminder.objects.open().filter(owed_by=reader).select_related("board")):
        day = _next_mailing(reminder, reminder.mailings) if reminder.mailings else reminder.due_on
        mail_at = mailing_time(day, reader, reminder.board) if day else None
        Reminder.objects.filter(pk=reminder.pk, mailings=reminder.mailings).update(mail_at=mail_at)


def mailing_time(due_on: date, reader: User, board: Board) -> datetime | None:
    """When an item due on `due_on` is mailed: 07:30 of a school day; on a Monday for a principal, a superintendent and
    whoever wishes so; None for whoever wants no such mail."""
    if reader.mail_wish == User.MailWish.NEVER:
        return None
    day = board.calendar.next_school_day(due_on)
    if reader.mail_wish == User.MailWish.MONDAYS or not reads_daily(reader):
        monday = due_on + timedelta(days=-due_on.weekday() % 7)
        day = board.calendar.next_school_day(monday)
    return at_local(day, MAILED_AT, board.zone)


def reads_daily(reader: User) -> bool:
    """School people have a mail of the day; principals and superintendents one on Monday (domain.md, "Bundled")."""
    daily = (Role.CHAMPION, Role.STAFF, Role.OFFICE)
    weekly = (Role.PRINCIPAL, Role.SUPERINTENDENT, Role.PARTNER)
    return reader.access.has_role(*daily) or not reader.access.has_role(*weekly)


def plan_mail(limit: int = 500) -> int:
    """Plan the mail of the day for up to `limit` readers who have something due now; answers how many were planned.

    Outside sending hours nothing is planned: what is due waits for 07:30 of the next school day.
    """
    now = clock.now()
    due = Reminder.objects.to_mail(now).with_reader().filter(board__mail_is_on=True, owed_by__is_active=True)
    pairs = list(due.order_by("reader", "board").values_list("reader", "board").distinct()[:limit])
    boards = {board.pk: board for board in Board.objects.filter(pk__in={board for _reader, board in pairs})}
    readers = User.objects.in_bulk({reader for reader, _board in pairs})
    planned = 0
    for reader, board in pairs:
        if is_sending_time(now, boards[board]):
            with transaction.atomic():
                nudge = clock.today(boards[board].zone).isoformat()
                outbox.plan(DIGEST, readers[reader], nudge=nudge, to=readers[reader], chain=Chain(board=board))
            planned += 1
    return planned


def is_sending_time(now: datetime, board: Board) -> bool:
    """Whether school people may be mailed: 07:30 to 18:00 in the board's zone, on a school day (trust.md)."""
    local = now.astimezone(board.zone)
    return MAILED_AT <= local.time() < MAILED_UNTIL and board.calendar.is_school_day(local.date())


def next_sending_time(now: datetime, board: Board) -> datetime:
    """The next 07:30 of a school day after `now`."""
    local = now.astimezone(board.zone)
    day = local.date() if local.time() < MAILED_AT else local.date() + timedelta(days=1)
    return at_local(board.calendar.next_school_day(day), MAILED_AT, board.zone)


def note_mailed(message: Message) -> None:
    """After the mail of the day went out: count the mailing of each line and plan the one after it, if there is one."""
    lines = message.lines.select_related("reminder__board", "reminder__owed_by")
    for line in lines:
        reminder = line.reminder
        day = _next_mailing(reminder, line.mailing)
        after = mailing_time(day, reminder.owed_by, reminder.board) if day else None
        Reminder.objects.filter(pk=reminder.pk, mailings=line.mailing - 1).update(mailings=line.mailing, mail_at=after)


def _next_mailing(reminder: Reminder, mailing: int) -> date | None:
    """The day from which `reminder` is mailed after its `mailing`th, if it is: the next one its rule names, counted
    from the day it is due now, else once more a few school days on."""
    board, again = reminder.board, rules[reminder.rule].again
    today = clock.today(board.zone)
    if again:
        return next((day for after in again if (day := reminder.due_on + after) > today), None)
    return board.calendar.school_days_after(today, board.once_more_days) if mailing < reminder.last_mailing else None
