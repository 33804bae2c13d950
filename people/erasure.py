"""Forgetting a person: what they are called and what they said goes; how many, and who signed, stays."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Membership, User
from boards.models import Board
from core.kept import Erasure, Table, tables
from engines.documents import actions as documents
from engines.documents.models import Document
from engines.imports import actions as imports
from engines.imports.models import Import
from people import invitations, naming
from people.models import Invitation
from people.naming import Named
from people.retention import counted_on, emptied

ADDRESS = "erased-{pk}@erased.invalid"  # a domain that can never be one


class Refused(ValidationError):
    """Somebody who may not be forgotten now; the messages say why."""


def in_the_way(named: Named) -> list[str]:
    """Why the person cannot be forgotten now; empty when nothing is in the way."""
    reasons = []
    if not named.words or named.business is not None:
        reasons.append(_("Only a person can be erased."))
    roles = Membership.objects.filter(user__in=named.users)
    if roles.filter(ended_at=None).exists() or User.objects.filter(pk__in=named.users, is_operator=True).exists():
        reasons.append(_("They hold a role. End it first, and hand over what they carry."))
    if roles.exclude(board__in=named.boards).exists():
        reasons.append(_("They worked for another board too, which has to agree. Speak with whoever runs the site."))
    subjects = naming.held_now()
    if subjects and any(_is_held(named, table, subjects) for table in tables):
        reasons.append(_("A legal hold stands on them, or on rows that name them. Lift it first."))
    return reasons


def _is_held(named: Named, table: Table, subjects: list[Named]) -> bool:
    rows = table.model._base_manager.filter(naming.held(table.model, subjects))
    theirs = naming.linked(named, table.model) & naming.in_boards(table.model, named.boards)
    return rows.filter(theirs).exists() or rows.filter(pk__in=naming.rows_saying(named, table, table.texts())).exists()


@transaction.atomic
def erase(named: Named, *, by: User, also: Iterable[str] = ()) -> int:
    """Forget the person; answers how many rows lost something. `also` are other words that mean them.

    Their account stays as a name-less row that nobody can sign in to, so that counts and signatures keep their place.
    Raises Refused while they hold a role, worked for another board too, or a legal hold stands in the way.
    """
    named = replace(named, names=named.names | {word for word in also if word})
    if reasons := in_the_way(named):
        raise Refused(reasons)
    board = Board.objects.filter(pk__in=named.boards, joined_to=None).order_by("pk")[0]
    with translation.override(board.language):
        called, erased = _("Erased person"), _("[erased]")
    # An invitation that waits would let them in again; its Event is one of those that lose their words below.
    for waiting in Invitation.objects.waiting().filter(naming.own(named, Invitation)):
        invitations.withdraw(waiting, by=by)
    _end_sessions(named)
    gone = documents.forget(documents.saying(documents.passing(_documents(named)), naming.says(named)))
    gone += imports.forget(imports.saying(Import.objects.filter(board__in=named.boards), naming.says(named)))
    # Whose is whose is told by the names and addresses that go: the rows are found before the first of them changes.
    theirs = {table: _their_rows(named, table) for table in tables}
    touched: dict[Table, set[Any]] = {}
    for table in tables:
        if table.forget is not None:
            saying = naming.rows_saying(named, table, table.texts())
            gone += table.forget(table.model._base_manager.filter(pk__in={*theirs[table], *saying}))
        else:
            touched[table] = _forget_words(named, table, theirs[table], erased)
    for table in touched:
        if table.is_deleted:
            gone += table.model._base_manager.filter(pk__in=theirs[table]).delete()[0]
        else:
            touched[table] |= _forget_rows(table, theirs[table], called)
    _close(named)
    _say_so(touched, by=by)
    return gone + sum(len(rows) for rows in touched.values())


def _say_so(touched: dict[Table, set[Any]], *, by: User) -> None:
    """An Event for every row that lost something and stays, by the name it has now."""
    for table, pks in touched.items():
        if hasattr(table.model, "chain") or table.model is User:
            events.write_many(table.model._base_manager.filter(pk__in=pks), verb="erased", by=by)


def _documents(named: Named) -> "models.QuerySet[Document]":
    return Document.objects.filter(naming.in_boards(Document, named.boards))


def _their_rows(named: Named, table: Table) -> list[Any]:
    """The keys of the rows that belong to them and are no part of a signature."""
    rows = table.model._base_manager.filter(naming.own(named, table.model))
    if table.model is not User:  # a colleague of another board has the same name and no account
        rows = rows.filter(naming.in_boards(table.model, named.boards))
    if table.stays is not None:
        rows = rows.exclude(pk__in=table.model._base_manager.filter(table.stays).values("pk"))
    return list(rows.order_by().values_list("pk", flat=True))


def _forget_words(named: Named, table: Table, theirs: list[Any], erased: str) -> set[Any]:
    """Put `erased` for their name in the words of every row: notes, plans, reasons, mail to others. Answers which.

    Who somebody else is called stays, the same name or not.
    """
    fields = [name for name in table.texts() if name not in table.of]
    rows = table.model._base_manager.filter(pk__in=naming.rows_saying(named, table, fields))
    if table.stays is not None:
        rows = rows.exclude(pk__in=table.model._base_manager.filter(table.stays).values("pk"))
    found, touched = naming.pattern(named.words), set()
    for pk, *texts in list(rows.order_by().values_list("pk", *fields)):
        cut = {
            name: found.sub(erased, text)[: _length(table, name)]
            for name, text in zip(fields, texts, strict=True)
            if text and not (name == table.called and (pk in theirs or found.fullmatch(text)))
        }
        if any(cut[name] != text for name, text in zip(fields, texts, strict=True) if name in cut):
            table.model._base_manager.filter(pk=pk).update(**cut, **counted_on(table.model))
            touched.add(pk)
    return touched


def _forget_rows(table: Table, theirs: list[Any], called: str) -> set[Any]:
    """Empty the rows that belong to them, and put a placeholder for who they are, as is declared. Answers which."""
    blank = tuple(name for name, kept_ in table.fields.items() if kept_.erasure == Erasure.BLANK)
    written = [name for name in (table.called, *table.of) if name and name in table.texts() and name not in blank]
    if not blank and not written:
        return set()
    for row in table.model._base_manager.filter(pk__in=theirs):
        values = {name: _placeholder(table, name, row.pk, called) for name in written if getattr(row, name)}
        table.model._base_manager.filter(pk=row.pk).update(**values, **emptied(table.model, blank))
    return set(theirs)


def _placeholder(table: Table, name: str, pk: Any, called: str) -> str:
    return called if name == table.called else ADDRESS.format(pk=pk)


def _length(table: Table, name: str) -> int | None:
    return getattr(table.model._meta.get_field(name), "max_length", None)


def _end_sessions(named: Named) -> None:
    """End every session of theirs, and of whoever was about to sign in with their address."""
    keys = {str(pk) for pk in named.users}
    for session in Session.objects.iterator(chunk_size=500):
        data = session.get_decoded()
        if str(data.get("_auth_user_id", "")) in keys or any(word in repr(data).lower() for word in named.addresses):
            session.delete()


def _close(named: Named) -> None:
    """Nobody signs in to the account any more."""
    for user in User.objects.filter(pk__in=named.users):
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
