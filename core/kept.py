"""What is kept, of what kind, what for, how long, and what becomes of it when a person is to be forgotten.

Each room declares every field of its models in its `privacy.py`; a field that nobody declared fails a test
(tests/test_privacy.py). The page *What is kept*, a person's file, erasure and retention read these declarations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.registry import Registry

Words = str | Promise


class Kind(TextChoices):
    NONE = "none", _("Nothing about a person")
    TECHNICAL = "technical", _("What Tandem needs to work")
    ORGANISATION = "organisation", _("About a school or an organisation")
    CONTACT = "contact", _("How a person is reached at work")
    PERSONAL = "personal", _("About a person")
    SENSITIVE = "sensitive", _("About a person, and sensitive")


class Erasure(TextChoices):
    """What becomes of a field when a person is to be forgotten: in their own rows, and where their name stands in
    the words of other rows (which is replaced unless it is to stay)."""

    KEEP = "keep", _("stays")
    BLANK = "blank", _("is emptied")
    REPLACE = "replace", _("a placeholder takes its place")
    DELETE = "delete", _("the row is deleted")


@dataclass(frozen=True)
class Term:
    """How long something is kept. One with a number of days (`after`) is kept to by a rule of the retention job."""

    words: Words
    after: timedelta | None = None


WITH_ROW = Term(_("as long as what it belongs to"))
WITH_ACCOUNT = Term(_("while the account exists"))
WITH_ORGANISATION = Term(_("while the board’s directory lists the organisation"))
WITH_BOARD = Term(_("while the board works with Tandem"))
AT_ITS_END = Term(_("until it ends, two weeks at most"), timedelta())
DAYS_2 = Term(_("2 days"), timedelta(days=2))
DAYS_30 = Term(_("30 days"), timedelta(days=30))
DAYS_90 = Term(_("90 days"), timedelta(days=90))
YEARS_2 = Term(_("2 years"), timedelta(days=2 * 365))
YEARS_7 = Term(_("7 years"), timedelta(days=7 * 365))


@dataclass(frozen=True)
class Kept:
    """The answer for a field. What is secret (a password, a token) is named in a person's file and not shown."""

    kind: Kind
    purpose: Words
    term: Term
    erasure: Erasure
    is_secret: bool = False

    @property
    def erasure_words(self) -> Words:
        """What becomes of it, in words."""
        return self.erasure.label

    def on(self, *fields: str, words: Words = "") -> "Fields":
        """The same answer for `fields`; `words` name them to whoever reads the page or their file."""
        return Fields(self, fields, words)


TECHNICAL = Kept(Kind.TECHNICAL, _("So that Tandem works."), WITH_ROW, Erasure.KEEP)
SECRET = Kept(Kind.TECHNICAL, _("So that nobody else comes in."), WITH_ROW, Erasure.DELETE, is_secret=True)
WHO_DID_IT = Kept(Kind.PERSONAL, _("So that it can be seen who did what."), WITH_ROW, Erasure.KEEP)
OF_A_PLACE = Kept(Kind.ORGANISATION, _("To find partners and to work with them."), WITH_BOARD, Erasure.KEEP)
WORDS = Kept(Kind.ORGANISATION, _("To find partners and to work with them."), WITH_BOARD, Erasure.REPLACE)
SIGNED = Kept(Kind.CONTACT, _("As evidence of what was agreed, and by whom."), WITH_BOARD, Erasure.KEEP)
COUNTS = Kept(Kind.NONE, _("To see what comes of it."), WITH_BOARD, Erasure.KEEP)


@dataclass(frozen=True)
class Fields:
    """Fields of one table with one answer."""

    kept: Kept
    names: tuple[str, ...]
    words: Words = ""


@dataclass(frozen=True, eq=False)
class Table:
    """The declaration of a model.

    `of` names the fields by which a row belongs to a person: a key to their account, their address, a key to another
    row of theirs, or "subject_id" for a row about another one. `called` is the field with the person's name, in a
    table that says who somebody is. `when` is the field that says from what day a row is. `stays` holds for the
    rows that are part of a signature and never change. `forget` takes the words of rows away where they are not
    simply written over. `beside` is the key to the row whose words a row of this table holds: whatever is true of that
    one is true of it, and a reader is shown both as one. `is_shown`: whoever it belongs to is shown it in their own
    file, even where no page would; what a school wrote of a talk belongs to the person talked with when it is erased,
    and stays the school's to read.
    """

    model: type[models.Model]
    title: Words
    groups: tuple[Fields, ...]
    of: tuple[str, ...] = ()
    called: str = ""
    when: str = ""
    stays: models.Q | None = None
    forget: Callable[["models.QuerySet[Any]"], int] | None = None
    beside: str = ""
    is_shown: bool = True

    @property
    def fields(self) -> dict[str, Kept]:
        return {name: group.kept for group in self.groups for name in group.names}

    @property
    def is_deleted(self) -> bool:
        """Whether the rows of a person go as a whole."""
        return any(group.kept.erasure == Erasure.DELETE for group in self.groups)

    def texts(self, *, to_show: bool = False) -> list[str]:
        """The fields with words in which somebody may be named: those that erasure looks through, or, `to_show`,
        those a person's file looks through, which are more: a signature stays and is shown."""
        return [
            name
            for name, kept in self.fields.items()
            if isinstance(self.model._meta.get_field(name), models.CharField | models.TextField)
            and not kept.is_secret
            and (kept.kind != Kind.TECHNICAL if to_show else kept.erasure != Erasure.KEEP)
        ]


tables: Registry[Table] = Registry("privacy")


def keep(model: type[models.Model], title: Words, *groups: Fields, **says: Any) -> Table:
    """Declare what is kept in `model`."""
    return tables.register(model._meta.label, Table(model, title, groups, **says))


def beside(table: Table) -> list[tuple[Table, str]]:
    """The tables that hold the words of the rows of `table`, each with the name under which a row has them."""
    found = []
    for other in tables:
        key: Any = other.model._meta.get_field(other.beside) if other.beside else None
        if key is not None and key.related_model is table.model:
            found.append((other, key.remote_field.get_accessor_name()))
    return found


def table_of(model: type[models.Model]) -> Table | None:
    """The declaration of `model`, if there is one."""
    return dict(tables.items()).get(model._meta.label)


# ── What is past its term ──


@dataclass(frozen=True)
class Past:
    """What the retention job does to the rows of `model` that are past `term`: it empties the fields `blank`, or does
    `do`, or, with neither, deletes the rows. `rows` answers those of before a moment, none that is done already."""

    name: str
    model: type[models.Model]
    term: Term
    rows: Callable[[datetime], "models.QuerySet[Any]"]
    title: Words
    blank: tuple[str, ...] = ()
    do: Callable[["models.QuerySet[Any]"], int] | None = None

    @property
    def ends(self) -> tuple[str, ...]:
        """The fields whose term it keeps to; empty for all of them."""
        return self.blank


past: Registry[Past] = Registry("privacy")


def ends(name: str, model: type[models.Model], term: Term, title: Words, **how: Any) -> Callable[..., Any]:
    """Declare the decorated function as the rows of `model` that were past `term` at the moment it is handed."""

    def declare(rows: Callable[[datetime], "models.QuerySet[Any]"]) -> Callable[[datetime], "models.QuerySet[Any]"]:
        past.register(name, Past(name, model, term, rows, title, **how))
        return rows

    return declare


# ── Ways from a row ──


def way(model: type[models.Model], to: type[models.Model]) -> str:
    """The keys that lead from a row of `model` to one of `to`, in the form of a lookup; "" if none does. Keys that are
    never empty are preferred."""
    return _walk(model, to, may_be_null=False) or _walk(model, to, may_be_null=True)


def _walk(model: type[models.Model], to: type[models.Model], *, may_be_null: bool) -> str:
    seen, ahead = {model}, [(model, "")]
    while ahead:
        here, path = ahead.pop(0)
        if here is to:
            return path.removesuffix("__") or "pk"
        for field in here._meta.concrete_fields:
            target = field.related_model if isinstance(field, models.ForeignKey) else None
            if isinstance(target, type) and target not in seen and (may_be_null or not field.null):
                seen.add(target)
                ahead.append((target, f"{path}{field.name}__"))
    return ""


def has_subject(model: type[models.Model]) -> bool:
    """Whether rows of `model` are about a row of any kind."""
    names = {field.name for field in model._meta.concrete_fields}
    return {"subject_type", "subject_id"} <= names


def about(model: type[models.Model], pks: Any) -> models.Q:
    """The condition "about one of the rows `pks` of `model`", for a row with any kind of subject."""
    if model._meta.auto_created:  # nothing is about a line between two rows, and asking would write its ContentType
        return models.Q(pk__in=[])
    return models.Q(subject_type=ContentType.objects.get_for_model(model), subject_id__in=pks)
