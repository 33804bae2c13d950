"""The trail as it is read: which Events, in plain words, leading where one may go, and whether their chain holds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import BooleanField, CharField, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.access import within
from accounts.models import ChainCheck, Event, Seal, User
from accounts.permissions import Permission
from accounts.policies import Policy
from boards.models import Board
from core import kept, verbs

SCHOOL: Any = Event._meta.get_field("school").related_model
NOT_ABOUT = {"outbox", "reminders"}  # engines' rows follow from facts: no Event is about one
MOST_LINES = 10_000  # in a file
READ = 500


# ── Which ──


def events_of(user: User, asked: dict[str, Any], zone: tzinfo) -> "models.QuerySet[Event]":
    """The Events `user` may audit that `asked`, the clean values of a TrailForm, lets through; days are those of
    `zone`."""
    found = Event.objects.visible_to(user).select_related("words", "by", "school")
    if person := asked.get("person"):
        called = Q(name__icontains=person) | Q(email__iexact=person)
        # Their keys and no subquery: how many they are decides which index is the right one.
        found = found.filter(by__in=list(User.objects.filter(called).order_by().values_list("pk", flat=True)))
    if group := asked.get("done"):
        found = found.filter(verb__in=verbs.of_group(group))
    if kind := asked.get("kind"):
        found = found.filter(subject_type=ContentType.objects.get_by_natural_key(*kind.split(".")))
    if school := asked.get("school"):
        found = found.filter(school=school)
    if since := asked.get("since"):
        found = found.filter(at__gte=_midnight(since, zone))
    if until := asked.get("until"):
        found = found.filter(at__lt=_midnight(until + timedelta(days=1), zone))
    return found


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def kinds() -> list[tuple[str, str | Promise]]:
    """The kinds of things an Event can be about, as a choice, in the order of the page's language."""
    about = [
        (table.model._meta.label_lower, table.title)
        for table in kept.tables
        if hasattr(table.model, "chain")
        and not table.beside
        and table.model is not Event
        and table.model._meta.app_label not in NOT_ABOUT
    ]
    return sorted(about, key=lambda kind: str(kind[1]).casefold())


# ── In words ──


@dataclass(frozen=True)
class Line:
    """An Event as it is read; `what` and `why` are empty where they were erased or are not the reader's to know."""

    event: Event
    who: str
    did: str
    what: str
    kind: str
    why: str
    url: str


@dataclass(frozen=True)
class Known:
    """What one question to the database tells of the things behind some Events: of each that is there, by its kind
    and key, whether the reader may see it; and the schools whose trail they may read."""

    things: dict[tuple[int, int], bool]
    schools: list[tuple[int, str]]


def read(user: User, events: Iterable[Event], *, with_schools: bool = False) -> tuple[list[Line], Known]:
    """`events` as `user` reads them.

    What a thing was called, and why something was done, is told to whoever may see the thing: what was said in a call
    is not read above the school. What is not there any more was taken away, and the trail is where one learns of it.
    """
    events = list(events)
    known = _known(user, events, with_schools=with_schools)
    return [_line(user, event, known) for event in events], known


def _line(user: User, event: Event, known: Known) -> Line:
    there = known.things.get((event.subject_type_id, event.subject_id))
    is_told = there is not False
    model = ContentType.objects.get_for_id(event.subject_type_id).model_class()
    table = kept.table_of(model) if model else None
    return Line(
        event,
        who=event.by.name if event.by else "Tandem",
        did=verbs.in_words(event.verb),
        what=event.words.subject_name if is_told else "",
        kind=str(table.title) if table else "",
        why=event.words.why if is_told else "",
        url=_page_of(user, event, model) if there and model else "",
    )


def _known(user: User, events: list[Event], *, with_schools: bool) -> Known:
    """One query, whatever the events are about: a part for each kind of thing, and one for the schools."""
    about: dict[int, set[int]] = {}
    for event in events:
        about.setdefault(event.subject_type_id, set()).add(event.subject_id)
    parts = [part for kind, pks in about.items() if (part := _things(user, kind, pks)) is not None]
    if with_schools:
        parts.append(_schools(user))
    if not parts:
        return Known({}, [])
    found = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
    schools = sorted(((pk, name) for kind, pk, _may, name in found if not kind), key=lambda s: str(s[1]).casefold())
    return Known({(kind, pk): bool(may) for kind, pk, may, _name in found if kind}, schools)


def _part(rows: Any, kind: int, may: Any, name: Any) -> Any:
    of = Value(kind, IntegerField())
    return rows.order_by().annotate(_of=of, _may=may, _called=name).values_list("_of", "pk", "_may", "_called")


def _things(user: User, kind: int, pks: set[int]) -> Any:
    """The things of one kind that are there, and whether `user` may see them; None for a kind without that question."""
    model = ContentType.objects.get_for_id(kind).model_class()
    manager: Any = model._default_manager if model else None
    if model is None or not hasattr(manager, "visible_to"):
        return None
    may_see = Exists(manager.visible_to(user).order_by().filter(pk=OuterRef("pk")))
    return _part(model._base_manager.filter(pk__in=pks), kind, may_see, Value("", CharField()))


def _schools(user: User) -> Any:
    rows = SCHOOL._base_manager.filter(within(user, Permission.AUDIT_VIEW, "self"))
    return _part(rows, 0, Value(True, BooleanField()), models.F("name"))


def has_schools(user: User) -> bool:
    """Whether `user` reads the trail of more than one school."""
    reach = user.access.reach(Permission.AUDIT_VIEW)
    return bool(reach.boards or reach.families or len(reach.schools) > 1)


# ── Where it leads ──

ROW_PAGE = re.compile(r"[a-z-]+/<int:pk>/")  # "prospects/<int:pk>/": the page of one row


@cache
def _row_pages() -> dict[type[models.Model], tuple[str, Policy]]:
    """The page of a row by its model, found among the addresses: its name, and who may come."""
    found: dict[type[models.Model], tuple[str, Policy]] = {}
    for pattern in _patterns(get_resolver().url_patterns):
        subject = getattr(pattern.callback, "subject", None)
        if subject is not None and pattern.name and ROW_PAGE.fullmatch(str(pattern.pattern)):
            found.setdefault(subject, (pattern.name, pattern.callback.policy))
    return found


def _patterns(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def _page_of(user: User, event: Event, model: type[models.Model]) -> str:
    """The address of the page of what `event` is about; "" if it has none or `user` may not come there."""
    name, policy = _row_pages().get(model, ("", None))
    if policy is None or not (not policy.permissions or any(_may(user, p, event) for p in policy.permissions)):
        return ""
    return reverse(name, args=[event.subject_id])


def _may(user: User, permission: Permission, event: Event) -> bool:
    """Whether `user` holds `permission` over what `event` is about; what a school brought along is the board's now."""
    return user.access.may(permission, event) or event.board_id in user.access.joined_here(permission)


# ── Whether it holds ──


def chains(user: User) -> Any:
    """The boards whose trail `user` reads, also those that a school of theirs left, each with the moment of the last
    sealed Event (`sealed_at`), when the chain was looked through (`checked_at`), and the moment of the first Event that
    did not hold (`broken_at`), or None."""
    boards = {membership.board_id for membership in user.access.holding(Permission.AUDIT_VIEW)}
    reach = user.access.reach(Permission.AUDIT_VIEW)
    left = Q(joined_to__in=reach.boards) | Q(left_by__school__in=reach.schools)
    seals = Seal.objects.filter(board=OuterRef("pk"))
    check = ChainCheck.objects.filter(board=OuterRef("pk"))
    position = Subquery(check.values("broken_at")[:1])
    return (
        Board.objects.filter(Q(pk__in=boards) | left)
        .annotate(
            sealed_at=Subquery(seals.order_by("-position").values("event__at")[:1]),
            checked_at=Subquery(check.values("checked_at")[:1]),
            broken_position=position,
        )
        .annotate(broken_at=Subquery(seals.filter(position=OuterRef("broken_position")).values("event__at")[:1]))
        .only("name")
    )


# ── As a file ──


def file_rows(user: User, events: "models.QuerySet[Event]", zone: tzinfo) -> Iterator[list[object]]:
    """A heading and the newest MOST_LINES of `events`, with their place in the chain: who keeps the file keeps a
    witness. A last line says so if there were more."""
    yield [
        _("When"), _("Who"), _("Did"), _("What"), _("Kind"), _("Why"), _("School"), _("Position"), _("Seal"),
    ]  # fmt: skip
    rows = events.select_related("words", "by", "school", "seal").order_by("-at", "-pk")[: MOST_LINES + 1]
    written, stream = 0, iter(rows.iterator(chunk_size=READ))
    while some := list(islice(stream, READ)):
        for line in read(user, some)[0]:
            if written == MOST_LINES:
                yield [_("There are more. Choose fewer days for the rest.")]
                return
            written += 1
            yield _file_row(line, zone)


def _file_row(line: Line, zone: tzinfo) -> list[object]:
    event = line.event
    seal: Seal | None = getattr(event, "seal", None)
    return [
        event.at.astimezone(zone).isoformat(timespec="seconds"), line.who, line.did, line.what, line.kind, line.why,
        event.school.name if event.school else "", seal.position if seal else "", seal.hash if seal else "",
    ]  # fmt: skip
