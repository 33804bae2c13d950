"""What becomes of a file: uploaded, read by the worker, looked at by a person, written by the worker, in parts.

The row is the queue (docs/decisions/0003): the worker claims it with a lease, and a sweep finds what a dead one left.
Rows are written batch by batch, each in one transaction with the count of what is done, so that a worker that goes on
where another died writes nothing twice and the row says at every moment what is in.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from boards.models import Board
from core import clock, facts, stored_files
from core.models import StoredFile
from engines.imports import mapping as mappings
from engines.imports import reading, refused_file
from engines.imports.kinds import Fate, Importer, Outcome, Usable
from engines.imports.limits import Unreadable
from engines.imports.models import Import
from engines.imports.refused_file import Refused
from engines.imports.sorting import Sorted, cells_of, in_batches, sort_rows

log = logging.getLogger("tandem.imports")
State, Part = Import.State, Import.Part
LEASE = timedelta(minutes=6)  # longer than the longest reading
MOST_TRIES = 3
TELL_EVERY = 0.5  # seconds between two looks at how far it is
AT_A_STRETCH = 100.0  # seconds of writing before others have their turn
SHOWN = 10  # rows of each kind in a preview
SHOWN_REFUSED = 50
LOOKED_AT_ONCE = 500
CSV = "text/csv; charset=utf-8"


class NotNow(Exception):
    """Somebody else has moved the import on meanwhile."""


# ── What a person does ────────────────────────────────────────────────────────


@transaction.atomic
def upload(board: Board, kind: str, name: str, data: bytes, *, by: User) -> Import:
    """Take a file; the worker reads it. The bell rings on commit."""
    file = stored_files.store(data, content_type="application/octet-stream")
    made = Import.objects.create(board=board, kind=kind, name=name[:200], file=file, by=by)
    facts.changed(made, by=by, verb="uploaded")
    _ring(made)
    return made


@transaction.atomic
def match(row: Import, chosen: mappings.Mapping, *, by: User) -> None:
    """Read the file anew with its columns matched so; raises NotNow."""
    _move(row, (State.MAPPING, State.PREVIEWED), State.READING, mapping=chosen, by=by, done=0)
    facts.changed(row, by=by, verb="matched the columns of")
    _ring(row)


@transaction.atomic
def apply(row: Import, *, part: str, by: User) -> None:
    """Write what was looked at, or go on where the writing stopped; raises NotNow. `by` is whose doing it is."""
    if row.can_go_on:
        _move(row, (State.STOPPED, State.FAILED), State.APPLYING, by=by, because="", ended_at=None)
    else:
        fresh = dict.fromkeys(("done", "upto_line", "added", "changed", "unchanged", "skipped"), 0)
        _move(row, (State.PREVIEWED,), State.APPLYING, by=by, part=part, begun_at=clock.now(), late=[], **fresh)
    facts.changed(row, by=by, verb="began to import")
    _ring(row)


@transaction.atomic
def stop(row: Import, *, by: User) -> None:
    """Nothing more of it is read or written; what is in stays in. Raises NotNow."""
    states = (State.READING, State.MAPPING, State.PREVIEWED, State.APPLYING)
    _move(row, states, State.STOPPED, ended_at=clock.now())
    if row.begun_at is None:
        Import.objects.filter(pk=row.pk).update(done=0, added=0, changed=0, unchanged=0)
    facts.changed(row, by=by, verb="stopped importing")


def _move(row: Import, states: tuple[Import.State, ...], to: Import.State, **values: Any) -> None:
    """Compare and set; raises NotNow."""
    waits = clock.now() if to in (State.READING, State.APPLYING) else None
    values |= {"state": to, "next_try_at": waits, "tries": 0}
    if Import.objects.filter(pk=row.pk, state__in=states).update(**values) != 1:
        raise NotNow
    row.refresh_from_db()


def _ring(row: Import) -> None:
    from engines.imports.tasks import work

    transaction.on_commit(lambda: work.delay([row.pk]), robust=True)


# ── What the worker does ──────────────────────────────────────────────────────


def work(pk: int) -> None:
    """Read or write the import `pk` unless somebody else does."""
    row = _claim(pk)
    if row is None:
        return
    try:
        with translation.override(row.by.language):
            _work(row)
    except NotNow:
        log.info("import %s was moved on by somebody else", pk)


def _work(row: Import) -> None:
    if row.tries > MOST_TRIES:
        _end(row, State.FAILED, because=row.because or _("The worker stopped three times."))
        return
    try:
        _read(row) if row.state == State.READING else _write(row)
    except NotNow:
        raise
    except Unreadable as problem:
        _end(row, State.FAILED, because=str(problem))
    except stored_files.FileDamaged:
        _end(row, State.FAILED, because=_("The file is gone."))
    except Exception as error:  # whatever went wrong, the row must say so
        log.exception("import %s stopped", row.pk)
        _put_off(row, f"{type(error).__name__}: {error}")


def _claim(pk: int) -> Import | None:
    """Take the lease; exactly one worker gets the row."""
    now = clock.now()
    taken = Import.objects.filter(pk=pk, next_try_at__lte=now).update(next_try_at=now + LEASE, tries=F("tries") + 1)
    return Import.objects.select_related("board", "by", "file").get(pk=pk) if taken == 1 else None


def _put_off(row: Import, because: str) -> None:
    """Try once more in a minute; after the third time it has failed, in the open."""
    if row.tries >= MOST_TRIES:
        _end(row, State.FAILED, because=because)
    else:
        soon = {"because": because[:300], "next_try_at": clock.now() + timedelta(minutes=1)}
        Import.objects.filter(pk=row.pk, state=row.state).update(**soon)


def _end(row: Import, state: Import.State, **values: Any) -> None:
    """Set it down in `state`; raises NotNow if somebody moved it meanwhile."""
    if "because" in values:
        values["because"] = values["because"][:300]
    if state in (State.APPLIED, State.FAILED):
        values["ended_at"] = clock.now()
    values |= {"state": state, "next_try_at": None}
    if Import.objects.filter(pk=row.pk, state=row.state).update(**values) != 1:
        raise NotNow
    row.refresh_from_db()


def _teller(row: Import, *, counts: bool = True) -> Callable[[int], None]:
    """Says now and then on the row how many rows were looked at, and keeps the lease."""
    told = time.monotonic()

    def tell(looked_at: int) -> None:
        nonlocal told
        if time.monotonic() - told < TELL_EVERY:
            return
        told = time.monotonic()
        says: dict[str, Any] = {"rows": looked_at} if counts else {}
        if Import.objects.filter(pk=row.pk, state=row.state).update(next_try_at=clock.now() + LEASE, **says) != 1:
            raise NotNow

    return tell


def _table(row: Import) -> reading.Table:
    if row.file is None:
        raise Unreadable(_("The file is gone."))
    return reading.table(stored_files.read(row.file))


# ── Reading ──


def _read(row: Import) -> None:
    """Match the columns, and work out what would become of every row."""
    importer, table = row.importer, _table(row)
    row.headings, row.headings_key = table.headings, mappings.headings_key(table.headings)
    row.mapping = row.mapping or _remembered(row) or mappings.by_name(importer.columns, table.headings)
    seen = {"headings": row.headings, "headings_key": row.headings_key, "mapping": row.mapping}
    example = {"first": [cell[:40] for cell in table.first], "sheet": table.sheet}
    tell = _teller(row)
    if mappings.missing(importer.columns, row.mapping):
        for n, _record in enumerate(table.records, start=1):  # a row too many is said before anybody chooses anything
            tell(n)
        _end(row, State.MAPPING, preview=example, **seen)
        return
    found = sort_rows(importer, row.board, row.by, table, row.mapping, tell)
    outcomes: list[Outcome] = []
    for rows in in_batches(found.usable, LOOKED_AT_ONCE):
        outcomes += importer.foresee(row.board, row.by, rows)
        tell(found.rows)
    found.refused += _refused_late(row, [o for o in outcomes if o.fate == Fate.REFUSED])
    shown = _preview(found, outcomes) | {"refused": _shown_refused(row, found.refused)}
    fates = Counter(outcome.fate for outcome in outcomes)
    _end(
        row,
        State.PREVIEWED,
        **seen,
        **{fate.value: fates[fate] for fate in (Fate.ADDED, Fate.CHANGED, Fate.UNCHANGED)},
        preview=shown | example,
        rows=found.rows,
        total=len(outcomes) - fates[Fate.REFUSED],
        refused=len(found.refused),
        elsewhere=found.elsewhere.total(),
        refused_file=_kept(row, found.refused, found.between),
    )


def _remembered(row: Import) -> mappings.Mapping:
    """How a file with the same headings was matched in this board before; nothing if none was."""
    alike = Import.objects.filter(board=row.board_id, kind=row.kind, headings_key=row.headings_key).exclude(pk=row.pk)
    known = alike.exclude(mapping={}).exclude(state=State.MAPPING).values_list("mapping", flat=True)
    return dict(known.first() or {})


def _refused_late(row: Import, refused: list[Outcome]) -> list[Refused]:
    """Rows that could be read and cannot be used all the same, with their cells."""
    cells = cells_of(_table(row), {outcome.line for outcome in refused}) if refused else {}
    return [
        Refused(o.line, mappings.heading(o.column, row.headings, row.mapping), o.says, cells.get(o.line, []))
        for o in refused
    ]


def _preview(found: Sorted, outcomes: list[Outcome]) -> dict[str, Any]:
    """What the page shows: the first rows of each kind, and how many there are."""
    shown: dict[str, list[Any]] = {fate.value: [] for fate in Fate}
    for outcome in outcomes:
        rows = shown[outcome.fate]
        if len(rows) < SHOWN:
            rows.append([outcome.line, outcome.title, outcome.says[:300]])
    return shown | {
        "left_out": [[line, column[:80], why[:300]] for line, column, why in found.left_out[:SHOWN_REFUSED]],
        "left_out_count": len(found.left_out),
        "elsewhere": [[place, n] for place, n in found.elsewhere.most_common(SHOWN)],
        "elsewhere_count": len(found.elsewhere),
    }


def _shown_refused(row: Import, refused: list[Refused]) -> list[list[Any]]:
    """The first of them: line, heading, reason, and what the row is called."""
    return [[r.line, r.column[:80], r.reason[:300], _called(row, r.cells)] for r in sorted(refused)[:SHOWN_REFUSED]]


def _called(row: Import, cells: list[str]) -> str:
    """What a row that is refused is called; "" where its cells do not stand under their headings."""
    if len(cells) != len(row.headings):
        return ""
    names = (cells[row.mapping[column]].strip() for column in row.importer.called if column in row.mapping)
    return next(filter(None, names), "")[:80]


def _kept(row: Import, refused: list[Refused], between: str) -> StoredFile | None:
    if not refused:
        return None
    language = row.by.language[:2]
    rows = sorted(refused, key=lambda r: r.line)
    content = refused_file.written(row.headings, rows, language=language, between=between)
    return stored_files.store(content, content_type=CSV)


# ── Writing ──


def _write(row: Import) -> None:
    """Write what is not written yet, batch by batch."""
    if not row.by.access.may(Permission.BOARD_CHANGE, row.board):
        raise Unreadable(_("Whoever began this import does not administer the board any more."))
    importer, began = row.importer, time.monotonic()
    found = sort_rows(importer, row.board, row.by, _table(row), row.mapping, _teller(row, counts=False))
    to_do = [usable for usable in found.usable if usable.line > row.upto_line]
    _count(row, found, to_do)
    for rows in in_batches(to_do, importer.batch):
        if time.monotonic() - began > AT_A_STRETCH:
            _rest(row)
            return
        _write_batch(row, importer, rows)
    _finish(row, found)


def _count(row: Import, found: Sorted, to_do: list[Usable]) -> None:
    """Say how many there are, before the first is written."""
    counts = {"rows": found.rows, "total": row.done + len(to_do), "elsewhere": found.elsewhere.total()}
    if Import.objects.filter(pk=row.pk, state=State.APPLYING, done=row.done).update(**counts) != 1:
        raise NotNow


@transaction.atomic
def _write_batch(row: Import, importer: Importer, rows: list[Usable]) -> None:
    """Write some rows and say so, both or neither; raises NotNow if another worker or a person was faster."""
    # First the claim, which holds the row: a second worker waits here, and then finds another count.
    held = Import.objects.filter(pk=row.pk, state=State.APPLYING, done=row.done, upto_line=row.upto_line)
    if held.update(next_try_at=clock.now() + LEASE, tries=1) != 1:
        raise NotNow
    chosen = _of_part(row, importer, rows)
    outcomes = importer.write(row.board, row.by, chosen, row.name) if chosen else []
    fates = Counter(outcome.fate for outcome in outcomes)
    row.done, row.upto_line = row.done + len(rows), rows[-1].line
    row.added, row.changed = row.added + fates[Fate.ADDED], row.changed + fates[Fate.CHANGED]
    row.unchanged = row.unchanged + fates[Fate.UNCHANGED]
    row.skipped += len(rows) - len(chosen)
    row.late += [[o.line, o.column, o.says[:300]] for o in outcomes if o.fate == Fate.REFUSED]
    row.save(update_fields=["done", "upto_line", "added", "changed", "unchanged", "skipped", "late"])


def _of_part(row: Import, importer: Importer, rows: list[Usable]) -> list[Usable]:
    """Those of `rows` that belong to the part that was asked for. What is unchanged is counted with any."""
    if row.part == Part.ALL:
        return rows
    other = Fate.CHANGED if row.part == Part.ADDED else Fate.ADDED
    left = {o.line for o in importer.foresee(row.board, row.by, rows) if o.fate == other}
    return [usable for usable in rows if usable.line not in left]


def _rest(row: Import) -> None:
    """Let others have their turn; the bell calls the worker back."""
    if Import.objects.filter(pk=row.pk, state=State.APPLYING).update(next_try_at=clock.now(), tries=0) == 1:
        _ring(row)


def _finish(row: Import, found: Sorted) -> None:
    late = [Outcome(line, Fate.REFUSED, "", says, column) for line, column, says in row.late]
    refused = found.refused + _refused_late(row, late)
    told = {"refused": _shown_refused(row, refused)}
    with transaction.atomic():
        _end(
            row,
            State.APPLIED,
            refused=len(refused),
            refused_file=_kept(row, refused, found.between),
            preview=row.preview | told,
        )
        why = _("%(added)s added, %(changed)s changed") % {"added": row.added, "changed": row.changed}
        facts.changed(row, by=row.by, verb="imported", why=why)


# ── What is forgotten ─────────────────────────────────────────────────────────


def saying(rows: "models.QuerySet[Import]", names: Callable[[str], bool]) -> "models.QuerySet[Import]":
    """Those of `rows` whose files, or what is kept of their rows, `names` holds for."""
    found = [row.pk for row in rows.exclude(file=None, refused_file=None).iterator() if names(_words(row))]
    return rows.filter(pk__in=found)


def _words(row: Import) -> str:
    words = [repr(row.preview), repr(row.late)]
    for file in filter(None, (row.file, row.refused_file)):
        try:
            table = reading.table(stored_files.read(file))
            words += [" ".join(table.headings), *(" ".join(record.cells) for record in table.records)]
        except (Unreadable, stored_files.FileDamaged):
            continue
    return "\n".join(words)


@transaction.atomic
def forget(rows: "models.QuerySet[Import]") -> int:
    """Take the files of `rows` away and what was kept of their cells; how many rows came in stays. One that is not at
    its end is stopped."""
    rows = Import.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    files = {pk for pair in rows.values_list("file", "refused_file") for pk in pair if pk}
    open_ones = rows.filter(state__in=(State.READING, State.MAPPING, State.PREVIEWED, State.APPLYING))
    open_ones.update(state=State.STOPPED, next_try_at=None, ended_at=clock.now())
    gone = rows.update(file=None, refused_file=None, preview={}, late=[], because="")
    for file in StoredFile.objects.filter(pk__in=files):
        stored_files.forget(file)
    return gone
