"""Open reminders with their subjects, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from engines.reminders.models import Reminder
from engines.reminders.rules import AHEAD, Item, Rule, rules


@dataclass(frozen=True)
class Owed:
    """A reminder as a person sees it. `days_late` is in calendar days, negative before it is due; `instead_of` names
    whom one stands in for, if it is owed by somebody else."""

    reminder: Reminder
    item: Item
    days_late: int
    instead_of: str = ""


def owed_by(user: User, today: date) -> list[Owed]:
    """What stands on the Today page of `user`: what is due, what will be within a week, and what somebody waits for.
    Most late first."""
    waits = [rule.name for rule in rules if rule.ahead is None]
    near = Q(due_on__lte=today + AHEAD) | Q(rule__in=waits)
    rows = Reminder.objects.visible_to(user).met_as(user.access).open().filter(near)
    return shown(rows.select_related("owed_by"), today, user)


def shown(reminders: Iterable[Reminder], today: date, reader: User) -> list[Owed]:
    """`reminders` with the words of their rules; one query for each rule among them, however many they are."""
    by_rule: dict[str, list[Reminder]] = defaultdict(list)
    for reminder in reminders:
        by_rule[reminder.rule].append(reminder)
    found = []
    for name, of_rule in by_rule.items():
        rule = rules[name]
        subjects = _subjects(rule, [r.subject_id for r in of_rule])
        for reminder in of_rule:
            subject = subjects.get(reminder.subject_id)
            if subject is not None and (item := rule.show(subject)) is not None:
                name = reminder.owed_by.name if reminder.owed_by_id != reader.pk else ""
                found.append(Owed(reminder, item, (today - reminder.due_on).days, name))
    return sorted(found, key=lambda owed: (owed.reminder.due_on, owed.reminder.pk))


def _subjects(rule: Rule, ids: list[int]) -> dict[int, Any]:
    rows: models.QuerySet[Any] = rule.watches._default_manager.filter(pk__in=ids)
    if rule.related:
        rows = rows.select_related(*rule.related)
    if rule.prefetch:
        rows = rows.prefetch_related(*rule.prefetch)
    return {row.pk: row for row in rows}
