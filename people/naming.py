"""Who somebody is in the tables, and which rows name them: found by walking what every room declares it keeps.

A row names a person by belonging to them (their account, their roles), by a key to them (who did it), or in its words.
Words are matched whole: the full name, the address.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from boards.models import Board
from core import kept
from core.kept import Table, tables
from people.models import LegalHold

NOTHING = Q(pk__in=[])
BUSINESS: Any = LegalHold._meta.get_field("business").related_model
SHORTEST_FRAGMENT = 3
Model = type[models.Model]


@dataclass(frozen=True)
class Named:
    """A person, or an organisation, as the tables know them. `pinned` are rows that say who they are and that nothing
    but their name tells. Words are looked for in `boards`."""

    boards: frozenset[int]
    users: frozenset[int] = frozenset()
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    pinned: Mapping[Model, frozenset[int]] = field(default_factory=dict)
    business: int | None = None

    @property
    def words(self) -> list[str]:
        """Everything they are called, longest first, so that no part of a longer one is left over."""
        return sorted({*self.names, *self.addresses}, key=lambda word: (-len(word), word))

    @property
    def is_known(self) -> bool:
        """Whether a row says who they are."""
        return bool(self.users or any(self.pinned.values()) or self.business or self.addresses)


class Several(ValidationError):
    """More than one person is called so."""


# ── Finding somebody ──


def me(user: User) -> Named:
    """Whoever asks, in all the boards they ever worked in."""
    boards = with_joined(*Membership.objects.filter(user=user).values_list("board", flat=True))
    found = Named(boards, frozenset({user.pk}), frozenset({user.email.lower()}), frozenset({user.name}))
    return _grown(found, everywhere=True)


def somebody(words: str, board: int) -> Named:
    """The person with the address or full name `words`, in the rows of `board`; known only by these words if no row
    says who they are. Raises Several for a name that more than one person has."""
    start = Named(with_joined(board))
    if "@" in words:
        return _grown(replace(start, addresses=frozenset({words.strip().lower()})))
    named = replace(start, names=frozenset({" ".join(words.split())}))
    seeds = [(table.model, row) for table in identities() for row in _called(table, named)]
    if not seeds:
        return named
    model, first = seeds[0]
    found = _grown(_with(named, model, first))
    others = [row for model, row in seeds if not model._base_manager.filter(own(found, model), pk=row.pk).exists()]
    if others:
        raise Several(_("Several people are called “%(name)s”. Give the e-mail address.") % {"name": words})
    return found


def account(user: User, board: int) -> Named:
    """The person of an account, in the rows of `board`."""
    start = Named(with_joined(board), frozenset({user.pk}), frozenset({user.email.lower()}), frozenset({user.name}))
    return _grown(start)


def organisation(business: Any) -> Named:
    """An organisation of a board's directory."""
    return Named(
        with_joined(business.board_id),
        names=frozenset({business.name}),
        pinned={BUSINESS: frozenset({business.pk})},
        business=business.pk,
    )


def with_joined(*boards: int) -> frozenset[int]:
    """`boards`, and the ones that were left by a school that joined one of them: their trail names the same people."""
    joined = Board.objects.filter(joined_to__in=boards).order_by().values_list("pk", flat=True)
    return frozenset(boards) | frozenset(joined)


def identities() -> list[Table]:
    """The tables that say who somebody is."""
    return [table for table in tables if table.called]


def _called(table: Table, named: Named) -> list[Any]:
    same = Q()
    for name in named.names:
        same |= Q(**{f"{table.called}__iexact": name})
    return list(table.model._base_manager.filter(same, in_boards(table.model, named.boards))[:50]) if same else []


def _grown(named: Named, *, everywhere: bool = False) -> Named:
    """`named` with what the rows that say who they are add: another address, an account, how they are called there."""
    for _round in range(3):
        before = named
        for table in identities():
            where = Q() if everywhere else in_boards(table.model, named.boards)
            for row in table.model._base_manager.filter(own(named, table.model)).filter(where):
                named = _with(named, table.model, row)
        if named == before:
            break
    return _with_nameless(named)


def _with(named: Named, model: Model, row: Any) -> Named:
    """`named`, and what `row` says of who they are; a row nothing but its name tells is pinned."""
    table = kept.table_of(model)
    assert table is not None
    name = getattr(row, table.called)
    users, addresses = set(named.users), set(named.addresses)
    if isinstance(row, User):
        users.add(row.pk)
    for belongs in table.of:
        column: Any = model._meta.get_field(belongs)
        value = getattr(row, column.attname)
        if value and isinstance(column, models.EmailField):
            addresses.add(value.lower())
        elif value and column.related_model is User:
            users.add(value)
    found = replace(
        named, users=frozenset(users), addresses=frozenset(addresses), names=named.names | ({name} if name else set())
    )
    if model._base_manager.filter(own(found, model), pk=row.pk).exists():
        return found
    return replace(found, pinned={**found.pinned, model: found.pinned.get(model, frozenset()) | {row.pk}})


def _with_nameless(named: Named) -> Named:
    """`named` with the rows of the same name that have neither address nor account: nothing tells them from theirs."""
    for table in identities():
        if table.model is User:
            continue
        for row in _called(table, named):
            columns: list[Any] = [table.model._meta.get_field(name) for name in table.of]
            if not any(getattr(row, column.attname) for column in columns):
                named = _with(named, table.model, row)
    return named


# ── Rows ──


def own(named: Named, model: Model) -> Q:
    """The condition "belongs to them"; of an organisation: hangs on it."""
    if key := _beside(model):
        return _of_theirs(key, own(named, key.related_model))
    if named.business is not None:
        way = kept.way(model, BUSINESS)
        found = Q(**{way: named.business}) if way else NOTHING
        return found | _about_theirs(named, model) if kept.has_subject(model) else found
    found = Q(pk__in=named.pinned.get(model, ()))
    if model is User:
        found |= Q(pk__in=named.users)
    table = kept.table_of(model)
    for name in table.of if table else ():
        found |= _through(named, model, name)
    return found


def _through(named: Named, model: Model, name: str) -> Q:
    """The condition "theirs by the field `name`"."""
    column: Any = model._meta.get_field(name)
    if name == "subject_id":
        return _about_theirs(named, model)
    if column.related_model is User:
        return Q(**{f"{name}__in": named.users})
    if isinstance(column, models.EmailField):
        found = NOTHING
        for address in named.addresses:
            found |= Q(**{f"{name}__iexact": address})
        return found
    return _of_theirs(column, own(named, column.related_model))


def _beside(model: Model) -> Any:
    """The key to the row whose words a row of `model` holds, if it holds another's."""
    table = kept.table_of(model)
    return model._meta.get_field(table.beside) if table and table.beside else None


def _of_theirs(key: Any, theirs: Q) -> Q:
    """The condition "`key` leads to one of those that `theirs` holds for"."""
    return Q(**{f"{key.name}__in": key.related_model._base_manager.filter(theirs).order_by().values("pk")})


def _about_theirs(named: Named, model: Model) -> Q:
    """The condition "about a row of theirs", for a table whose rows are about any kind of row."""
    found = NOTHING
    for table in tables:
        if not kept.has_subject(table.model) and not table.beside and _may_own(named, table):
            rows = table.model._base_manager.filter(own(named, table.model)).order_by().values("pk")
            found |= kept.about(table.model, rows)
    return found


def _may_own(named: Named, table: Table) -> bool:
    """Whether rows of `table` can belong to them at all."""
    return bool(kept.way(table.model, BUSINESS) if named.business is not None else table.of)


def linked(named: Named, model: Model) -> Q:
    """The condition "belongs to them, or has a key to them"."""
    if key := _beside(model):
        return _of_theirs(key, linked(named, key.related_model))
    found = own(named, model)
    who = {table.model for table in identities()}
    for column in model._meta.concrete_fields:
        if column.related_model is User:
            found |= Q(**{f"{column.name}__in": named.users})
        elif column.related_model in who:
            theirs: Any = column.related_model
            rows = theirs._base_manager.filter(own(named, theirs)).order_by().values("pk")
            found |= Q(**{f"{column.name}__in": rows})
    return found


def worded(named: Named, model: Model, fields: Iterable[str]) -> Q:
    """The condition "may say their name in one of `fields`": wider than it need be, to be looked at by `says`."""
    found = NOTHING
    for name in fields:
        for word in named.words:
            found |= Q(**{f"{name}__icontains": fragment(word)})
    return found & in_boards(model, named.boards)


def fragment(word: str) -> str:
    """The longest part of `word` without an accent: SQLite knows the capitals of no other letters."""
    longest = max(re.findall(r"[\x20-\x7e]+", word), key=len, default="").strip()
    return longest if len(longest) >= SHORTEST_FRAGMENT else word


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of `words`, whole; capitals aside where it is more than one word or an address."""
    parts = []
    for word in words:
        text = r"\s+".join(re.escape(part) for part in word.split())
        free = " " in word or "@" in word
        parts.append(f"(?i:{text})" if free else text)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)") if parts else re.compile(r"(?!)")


def says(named: Named) -> Callable[[str], bool]:
    """Whether a text names them."""
    found = pattern(named.words)
    return lambda text: bool(found.search(text))


def rows_saying(named: Named, table: Table, fields: Iterable[str]) -> list[int]:
    """The keys of the rows of `table` that name them in one of `fields`."""
    fields = list(fields)
    if not fields or not named.words:
        return []
    names = says(named)
    rows = table.model._base_manager.filter(worded(named, table.model, fields)).order_by().values_list("pk", *fields)
    return [pk for pk, *texts in rows.iterator(chunk_size=500) if any(text and names(text) for text in texts)]


def in_boards(model: Model, boards: Iterable[int]) -> Q:
    """The condition "of one of `boards`, or of none"; of people, those who ever had a role there."""
    if model is User:
        roles = Q(pk__in=Membership.objects.filter(board__in=boards).values("user"))
        for table in identities():
            for name in table.of:
                if table.model._meta.get_field(name).related_model is User:
                    there = table.model._base_manager.filter(in_boards(table.model, boards))
                    roles |= Q(pk__in=there.exclude(**{name: None}).values(name))
        return roles
    way = kept.way(model, Board)
    return Q(**{f"{way}__in": boards}) | Q(**{way: None}) if way else Q()


# ── What is held ──


def held_now() -> list[Named]:
    """Everybody and everything a legal hold stands on."""
    holds = LegalHold.objects.standing().select_related("person", "business")
    return [subject_of(hold) for hold in holds]


def held(model: Model, subjects: Iterable[Named]) -> Q:
    """The condition "of one of `subjects`, or names one"; wider rather than narrower."""
    found, table = NOTHING, kept.table_of(model)
    for named in subjects:
        found |= linked(named, model) | worded(named, model, table.texts(to_show=True) if table else ())
    return found


def subject_of(hold: LegalHold) -> Named:
    """Whom a hold stands on."""
    if hold.business is not None:
        return organisation(hold.business)
    if hold.person is not None:
        return account(hold.person, hold.board_id)
    return somebody(hold.address, hold.board_id)
