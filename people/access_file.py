"""Everything that names somebody, as a file for a program (JSON) and for a reader (HTML).

Each row is looked for by the declarations of what is kept; a reader is shown those they may know of, and told how many
others there are.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock, kept
from core.kept import Fields, Kind, Table, tables
from people import naming
from people.naming import Named

# Places whose name stands beside their key; so do accounts and whoever a table calls by name.
PLACES = {"boards.Board", "schools.Family", "schools.School", "businesses.Business"}


@dataclass(frozen=True)
class Section:
    """The rows of one table."""

    table: Table
    rows: list[Any]

    @property
    def title(self) -> str:
        return str(self.table.title)

    def lines(self) -> Iterator[list[tuple[str, str]]]:
        """Each row as a reader reads it: what the fields are, and what stands in them."""
        for row in self.rows:
            parts = [(part, group) for table, part in _parts(self.table, row) for group in table.groups]
            yield [(str(group.words), text) for part, group in parts if (text := _in_words(part, group))]


@dataclass(frozen=True)
class AccessFile:
    """What is kept of somebody, or of an organisation, as one reader may see it."""

    about: str
    made_at: datetime
    sections: list[Section]
    not_shown: int
    since: date | None = None
    until: date | None = None

    @property
    def found(self) -> int:
        return sum(len(section.rows) for section in self.sections)

    def as_json(self) -> str:
        """The file for a program; field names are those of the database."""
        told = {
            "about": self.about,
            "made_at": self.made_at,
            "from": self.since,
            "to": self.until,
            "not_shown": self.not_shown,
            "kept": [
                {
                    "table": section.table.model._meta.label,
                    "what": section.title,
                    "rows": [_as_values(section.table, row) for row in section.rows],
                }
                for section in self.sections
            ],
        }
        return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def of_me(user: User) -> AccessFile:
    """Everything that names `user` and is theirs, or that they may see."""
    named = naming.me(user)

    def may_see(table: Table) -> Q:
        theirs = naming.own(named, table.model) if table.is_shown else naming.NOTHING
        return theirs | _visible_to(user, table)

    return _file(user.name, named, may_see, everywhere=True)


def of_somebody(
    about: str, named: Named, reader: User, since: date | None = None, until: date | None = None
) -> AccessFile:
    """Everything that names somebody in their boards and that `reader` may see, from one day to another.

    Of an account itself the reader is shown who it is; what protects it is for its owner alone.
    """

    def may_see(table: Table) -> Q:
        return naming.own(named, User) if table.model is User else _visible_to(reader, table)

    return _file(about, named, may_see, since=since, until=until)


def _visible_to(user: User, table: Table) -> Q:
    """The condition "the reader may know of it"; nothing of a table that has no such rule."""
    manager: Any = table.model._default_manager
    if not hasattr(manager, "visible_to"):
        return naming.NOTHING
    return Q(pk__in=manager.visible_to(user).order_by().values("pk"))


def _file(
    about: str,
    named: Named,
    may_see: Any,
    *,
    everywhere: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> AccessFile:
    sections, not_shown = [], 0
    for table in tables:
        if table.beside or all(group.kept.kind == Kind.TECHNICAL for group in table.groups):
            continue
        where = Q() if everywhere else naming.in_boards(table.model, named.boards)
        saying = naming.rows_saying(named, table, table.texts(to_show=True))
        for other, _name in kept.beside(table):
            key = other.model._meta.get_field(other.beside).attname  # type: ignore[union-attr]
            rows_beside = naming.rows_saying(named, other, other.texts(to_show=True))
            saying += other.model._base_manager.filter(pk__in=rows_beside).values_list(key, flat=True)
        naming_them = Q(pk__in=saying) | (naming.linked(named, table.model) & where)
        rows = table.model._base_manager.filter(naming_them).filter(_between(table, since, until))
        shown = list(rows.filter(may_see(table)).select_related(*_beside(table)).order_by(*_order(table)))
        not_shown += rows.count() - len(shown)
        if shown:
            sections.append(Section(table, shown))
    return AccessFile(about, clock.now(), sections, not_shown, since, until)


def _between(table: Table, since: date | None, until: date | None) -> Q:
    """The condition "of these days"; what has no day is as it stands today."""
    if not table.when:
        return Q()
    is_moment = isinstance(table.model._meta.get_field(table.when), models.DateTimeField)
    day, found = f"{table.when}__date" if is_moment else table.when, Q()
    if since is not None:
        found &= Q(**{f"{day}__gte": since})
    if until is not None:
        found &= Q(**{f"{day}__lte": until})
    return (found | Q(**{table.when: None})) if since or until else found


def _order(table: Table) -> tuple[str, ...]:
    return (table.when, "pk") if table.when else ("pk",)


def _beside(table: Table) -> list[str]:
    """The keys whose rows are read along, so that a file costs as many queries for one row as for a thousand."""
    keys = [field.name for field in table.model._meta.concrete_fields if _is_named(field)]
    return [*keys, *(name for _table, name in kept.beside(table))]


def _parts(table: Table, row: Any) -> list[tuple[Table, Any]]:
    """The row, and what stands beside it."""
    return [(table, row), *((other, getattr(row, name)) for other, name in kept.beside(table))]


# ── How a value reads ──


def _as_values(table: Table, row: Any) -> dict[str, Any]:
    return {
        name: _("kept, not shown") if kept.is_secret else _value(part, name)
        for of, part in reversed(_parts(table, row))  # where both have a field of one name, the row's own stands
        for name, kept in of.fields.items()
    }


def _value(row: Any, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if value is None or not isinstance(field, models.ForeignKey):
        return value
    if not _is_named(field):
        return value
    return {"key": value, "name": str(getattr(row, name))}


def _in_words(row: Any, group: Fields) -> str:
    """What stands in the fields of `group`; "" if nothing does, or nothing that a reader is told."""
    if not group.words or group.kept.is_secret:
        return ""
    return " · ".join(text for name in group.names if (text := _text(row, name)))


def _text(row: Any, name: str) -> str:
    field: Any = row._meta.get_field(name)
    if name == "subject_id" or (field.is_relation and not _is_named(field)):
        return ""  # a number that says nothing to a reader
    value = getattr(row, name)
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value)
    if field.choices:
        return str(getattr(row, f"get_{name}_display")())
    return str(value)


def _is_named(field: Any) -> bool:
    if not isinstance(field, models.ForeignKey):
        return False
    table = kept.table_of(field.related_model)
    return field.related_model._meta.label in PLACES or bool(table and table.called)
