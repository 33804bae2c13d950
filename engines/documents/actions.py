"""Asking for a document, and making it: in the worker, once for the same words, by one worker at a time."""

import base64
import hashlib
import html as markup
import logging
import mimetypes
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts import links
from accounts.models import User
from boards.models import Board
from core import clock, facts, stored_files
from core.chain import Owned
from core.models import StoredFile
from engines.documents import rendering
from engines.documents.jobs import Job, Refused, Rendered
from engines.documents.kinds import Content, DocumentKind, kinds
from engines.documents.models import Document
from engines.documents.printable import without_emoji

log = logging.getLogger("tandem.documents")
LEASE = timedelta(minutes=2)
MOST_TRIES = 3
State = Document.State


@transaction.atomic
def ask(kind: str, subject: Owned, *, by: User, language: str) -> Document:
    """Write down that a document is wanted; the worker makes it. The bell rings on commit."""
    chain, board = subject.chain(), Board.objects.get(pk=subject.chain().board or 0)
    document = Document.objects.create(
        board=board,
        family_id=chain.family,
        school_id=chain.school,
        kind=kind,
        subject_type=ContentType.objects.get_for_model(kinds[kind].model),
        subject_id=subject.pk,
        language=language[:2],
        paper=board.paper,
        asked_by=by,
    )
    facts.changed(document, by=by, verb="asked")
    if kinds[kind].is_read_by_link:
        links.let_read(subject, by=by)
    transaction.on_commit(lambda: _ring(document.pk), robust=True)
    return document


def reading_address(subject: models.Model) -> str:
    """Where whoever holds the printed code of a document on `subject` reads its text."""
    return settings.SITE_URL + reverse("document_by_link", args=[links.reading_token(subject)])


def _ring(pk: int) -> None:
    from engines.documents.tasks import make

    make.delay([pk])


def make(pk: int) -> bool:
    """Make the document `pk` unless somebody else does. True if it is ready now."""
    document = _claim(pk)
    if document is None:
        return False
    if document.tries > MOST_TRIES:
        _end(document, State.FAILED, because=document.because or "Its maker died.")
        return False
    try:
        _make(document)
    except Exception as error:  # whatever went wrong, the row must say so
        log.exception("document %s not made", pk)
        _put_off(document, f"{type(error).__name__}: {error}")
    return document.state == State.READY


def _claim(pk: int) -> Document | None:
    """Take the lease; exactly one worker gets the row."""
    now = clock.now()
    taken = Document.objects.filter(pk=pk, next_try_at__lte=now).update(
        next_try_at=now + LEASE, tries=models.F("tries") + 1
    )
    return Document.objects.get(pk=pk) if taken == 1 else None


def _make(document: Document) -> None:
    kind = document.of_kind
    with translation.override(document.language):
        content = kind.content(document.subject)
        html = render_to_string(kind.template, content.context | {"language": document.language})
    document.fingerprint = fingerprint(html, content, document.paper)
    made = Document.objects.filter(fingerprint=document.fingerprint, state=State.READY).first()
    if made is not None:
        _end(document, State.READY, html=made.html, pdf=made.pdf, step=made.step)
        return
    answer = rendering.render(_job(document, kind, html, content))
    if isinstance(answer, Refused):
        _end(document, State.REFUSED, cuts=dict(answer.cuts))
    else:
        _keep(document, with_pictures(html, content), answer)


def _job(document: Document, kind: DocumentKind, html: str, content: Content) -> Job:
    before = Document.objects.filter(kind=kind.name, subject_id=document.subject_id, state=State.READY).first()
    return Job(
        html=without_emoji(html),
        paper=document.paper,  # type: ignore[arg-type]
        files=content.files,
        one_page=kind.pages == 1,
        budgets=kind.budgets,
        hint=before.step if before else None,
    )


def _keep(document: Document, html: str, answer: Rendered) -> None:
    with transaction.atomic():
        _end(
            document,
            State.READY,
            html=stored_files.store(html.encode(), content_type="text/html; charset=utf-8"),
            pdf=stored_files.store(answer.pdf, content_type="application/pdf"),
            step=answer.step,
        )


def _end(
    document: Document,
    state: State,
    *,
    html: StoredFile | None = None,
    pdf: StoredFile | None = None,
    step: int | None = None,
    cuts: dict[str, int] | None = None,
    because: str = "",
) -> None:
    document.state, document.because, document.next_try_at = state, because[:300], None
    document.html, document.pdf, document.step, document.cuts = html, pdf, step, cuts or {}
    document.made_at = clock.now() if state == State.READY else None
    document.save(
        update_fields=[
            *("state", "because", "next_try_at", "html", "pdf", "step", "cuts", "made_at", "fingerprint"),
        ]
    )


def _put_off(document: Document, because: str) -> None:
    """Try once more in a minute; after the third time it has failed, in the open."""
    if document.tries >= MOST_TRIES:
        _end(document, State.FAILED, because=because)
    else:
        Document.objects.filter(pk=document.pk).update(
            because=because[:300], next_try_at=clock.now() + timedelta(minutes=1)
        )


def passing(documents: "models.QuerySet[Document]") -> "models.QuerySet[Document]":
    """Those of `documents` that are no part of a signature."""
    staying = []
    for kind in kinds:
        for document in documents.filter(kind=kind.name):
            subject = kind.model._default_manager.filter(pk=document.subject_id).first()
            if subject is not None and kind.stays(subject):
                staying.append(document.pk)
    return documents.exclude(pk__in=staying)


def saying(documents: "models.QuerySet[Document]", names: Callable[[str], bool]) -> "models.QuerySet[Document]":
    """Those of `documents` whose words `names` holds for. A PDF says what its twin says."""
    found = []
    for document in documents.exclude(html=None).select_related("html").iterator(chunk_size=200):
        try:
            twin = stored_files.read(document.html) if document.html else b""
        except stored_files.FileDamaged:
            continue
        if names(markup.unescape(twin.decode(errors="replace"))):
            found.append(document.pk)
    return documents.filter(pk__in=found)


@transaction.atomic
def forget(documents: "models.QuerySet[Document]") -> int:
    """Delete `documents` and the files nobody else holds; answers how many documents went."""
    rows = Document.objects.filter(pk__in=list(documents.values_list("pk", flat=True)))
    files = {pk for pair in rows.values_list("html", "pdf") for pk in pair if pk}
    gone, _each = rows.delete()
    for file in StoredFile.objects.filter(pk__in=files):
        stored_files.forget(file)
    return gone


def with_pictures(html: str, content: Content) -> str:
    """The HTML twin: `html` with the pictures it refers to as `job:name` inside it."""
    for name, picture in content.files.items():
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        inside = f"data:{kind};base64,{base64.b64encode(picture).decode()}"
        html = html.replace(f'"job:{name}"', f'"{inside}"')
    return html


def fingerprint(html: str, content: Content, paper: str) -> str:
    """SHA-256 of everything a document is made from: the same words on the same paper are made once."""
    parts = hashlib.sha256(f"{paper}\n{html}".encode())
    for name in sorted(content.files):
        parts.update(f"\n{name}\n".encode())
        parts.update(content.files[name])
    return parts.hexdigest()
