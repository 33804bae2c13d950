"""What becomes of a file: read, looked at, written in parts by whichever worker is alive."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event, User
from accounts.permissions import Role
from boards.models import Board
from core import clock, stored_files
from engines.imports import actions, tasks
from engines.imports.kinds import importers
from engines.imports.models import Import
from schools.models import Family, School
from tests.factories import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
LIST = "School Number,School Name,City\n"


@pytest.fixture
def board() -> Board:
    return rows.board("Algoma DSB", ministry_number="B28010")


@pytest.fixture
def ruth(board: Board) -> User:
    person = rows.user("Ruth")
    rows.member(person, Role.BOARD_ADMIN, board)
    return person


@pytest.fixture
def take(board: Board, ruth: User) -> Callable[..., Import]:
    """Upload a file and let the worker read it."""

    def take(text: str | bytes, kind: str = "schools", name: str = "list.csv") -> Import:
        data = text if isinstance(text, bytes) else text.encode()
        return worked(actions.upload(board, kind, name, data, by=ruth))

    return take


def worked(row: Import) -> Import:
    """The import after the worker had it in hand once."""
    actions.work(row.pk)
    return Import.objects.get(pk=row.pk)


def applied(row: Import, by: User, part: str = "all") -> Import:
    actions.apply(row, part=part, by=by)
    return worked(row)


def counts(row: Import) -> tuple[int, ...]:
    return row.added, row.changed, row.unchanged, row.refused


def many(n: int) -> str:
    return LIST + "".join(f"{number:06},School {number},Ajax\n" for number in range(1, n + 1))


# ── Reading ──


def test_a_file_is_looked_at_and_nothing_is_written(take: Any) -> None:
    before = School.objects.count()
    row = take(LIST + "019186,Anna McCrea,Ajax\n,No number,Ajax\n19186,Twice,Ajax\n000002,Two\n")

    assert (row.state, row.rows, row.total) == ("previewed", 4, 2)
    assert counts(row) == (2, 0, 0, 2)
    assert School.objects.count() == before
    assert row.preview["added"][0] == [2, "Anna McCrea", "019186 · Ajax"]
    assert row.preview["refused"] == [
        [3, "School Number", "it has no school number", "No number"],
        [5, "", "it has 2 columns, the header has 3", ""],
    ]
    assert Event.objects.filter(verb="uploaded", subject_id=row.pk).count() == 1


@pytest.mark.parametrize(
    ("line", "called"),
    [
        (",No number,Ajax", "No number"),
        ("000001,,Ajax", "000001"),
        (",,Ajax", ""),
        ("000001,Two", ""),
        ("000001,One,Ajax,more", ""),
    ],
)
def test_a_refused_row_is_called_by_its_name_or_number(line: str, called: str, take: Any) -> None:
    row = take(LIST + f"019186,Anna McCrea,Ajax\n{line}\n")
    ((number, _column, _reason, said),) = row.preview["refused"]
    assert (number, said) == (3, called)


def test_every_refused_row_is_in_the_file_with_line_column_and_reason_and_can_be_mended(take: Any, ruth: User) -> None:
    row = take(LIST + "000001,One,Ajax\n," + '"=Two ""B""",Ajax\n' + "000003\n")
    refused = stored_files.read(row.refused_file).decode("utf-8-sig")
    applied(row, ruth)

    found = list(csv.reader(io.StringIO(refused)))
    assert found[0] == ["Tandem: line", "Tandem: column", "Tandem: reason", "School Number", "School Name", "City"]
    assert found[1] == ["3", "School Number", "it has no school number", "", '\'=Two "B"', "Ajax"]
    assert [line[:2] for line in found[1:]] == [["3", "School Number"], ["4", ""]]

    found[1][3], found[2][3:] = "000002", ["000003", "Three", "Ajax"]
    out = io.StringIO()
    csv.writer(out).writerows(found)
    mended = take("\ufeff" + out.getvalue())
    assert (mended.state, counts(mended)) == ("previewed", (2, 0, 0, 0))
    applied(mended, ruth)
    assert set(School.objects.values_list("name", flat=True)) == {"One", '=Two "B"', "Three"}


@pytest.mark.parametrize(
    ("before", "between", "after"),
    [("", ",", ","), ("", ";", ";"), ("", "\t", "\t"), ("sep=;\n", ";", ";"), ("sep=|\n", "|", ",")],
)
def test_the_file_of_refused_rows_is_separated_as_the_file_was(
    before: str, between: str, after: str, take: Any
) -> None:
    row = take(before + (LIST + "000001,One,Ajax\n,Two,Ajax\n").replace(",", between))
    assert (row.added, row.refused) == (1, 1)
    lines = stored_files.read(row.refused_file).decode("utf-8-sig").splitlines()
    last = next(csv.reader(lines[1:], delimiter=after))
    assert last == [str(2 + bool(before) + 1), "School Number", "it has no school number", "", "Two", "Ajax"]


def test_a_file_that_breaks_a_limit_says_so(take: Any) -> None:
    row = take("A\n" * 100_002)
    assert (row.state, row.next_try_at) == ("failed", None)
    assert "100,000 rows, which is the limit" in row.because


def test_reasons_are_said_in_the_language_of_whoever_uploaded(take: Any, ruth: User) -> None:
    User.objects.filter(pk=ruth.pk).update(language="fr")
    ruth.refresh_from_db()
    assert take("").because == "Ce fichier est vide."


# ── Columns ──


def test_other_headings_wait_for_a_person_and_are_remembered(take: Any, ruth: User) -> None:
    text = "Code;Désignation;Lieu\n000007;École du Lac;Sudbury\n"
    row = take(text)
    assert (row.state, row.headings) == ("mapping", ["Code", "Désignation", "Lieu"])
    assert row.preview["first"] == ["000007", "École du Lac", "Sudbury"]

    actions.match(row, {"School Number": 0, "School Name": 1, "City": 2}, by=ruth)
    row = worked(row)
    assert (row.state, counts(row)) == ("previewed", (1, 0, 0, 0))
    applied(row, ruth)
    assert School.objects.values_list("name", "town").get() == ("École du Lac", "Sudbury")

    again = take(text)
    assert (again.state, counts(again)) == ("previewed", (0, 0, 1, 0))


def test_a_mapping_of_another_board_is_not_remembered(take: Any, ruth: User) -> None:
    other = rows.board("Elsewhere")
    known = {"headings_key": take("Code,Nom\n1,A\n").headings_key, "mapping": {"School Number": 0, "School Name": 1}}
    rows.imported(other, ruth, **known)
    assert take("Code,Nom\n1,A\n").state == "mapping"


# ── Writing ──


def test_what_is_written_is_said_and_a_second_run_doubles_nothing(take: Any, ruth: User, board: Board) -> None:
    row = applied(take(many(3)), ruth)

    assert (row.state, row.done, row.total) == ("applied", 3, 3)
    assert counts(row) == (3, 0, 0, 0)
    added = Event.objects.filter(verb="added", board=board, by=ruth)
    assert set(added.values_list("words__subject_name", flat=True)) == {"School 1", "School 2", "School 3"}
    assert set(added.values_list("words__why", flat=True)) == {"list.csv"}
    assert Event.objects.get(verb="imported").words.why == "3 added, 0 changed"

    again = applied(take(many(3)), ruth)
    assert (again.done, counts(again)) == (3, (0, 0, 3, 0))
    assert School.objects.count() == 3
    assert Event.objects.filter(verb="added").count() == 3


def test_an_import_that_is_applied_twice_is_applied_once(take: Any, ruth: User) -> None:
    row = take(many(3))
    stale = Import.objects.get(pk=row.pk)
    applied(row, ruth)
    with pytest.raises(actions.NotNow):
        actions.apply(stale, part="all", by=ruth)
    actions.work(row.pk)
    assert School.objects.count() == 3


@pytest.mark.parametrize(("part", "names", "skipped"), [("added", {"Old", "New"}, 1), ("changed", {"Renamed"}, 1)])
def test_a_part_is_written_and_the_rest_counted(
    part: str, names: set[str], skipped: int, take: Any, ruth: User, board: Board
) -> None:
    rows.school(board, "Old", ministry_number="000001")
    row = applied(take("School Number,School Name\n000001,Renamed\n000002,New\n"), ruth, part)
    assert set(School.objects.values_list("name", flat=True)) == names
    assert (row.done, row.total, row.skipped) == (2, 2, skipped)


@contextmanager
def importing(**changes: Any) -> Iterator[None]:
    """The importer of schools with something about it changed."""
    known = importers["schools"]
    importers._declared["schools"] = replace(known, **changes)
    try:
        yield
    finally:
        importers._declared["schools"] = known


@pytest.fixture
def small_batches() -> Iterator[None]:
    with importing(batch=2):
        yield


class Killed(BaseException):
    """As if the process ended here."""


@pytest.mark.usefixtures("small_batches")
def test_a_worker_that_is_killed_leaves_whole_batches_and_the_next_one_goes_on(
    take: Any, ruth: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = take(many(7))
    actions.apply(row, part="all", by=ruth)
    write = importers["schools"].write
    calls: list[int] = []

    def dies_in_the_third(board: Board, by: User, these: Any, source: str) -> Any:
        calls.append(len(these))
        found = write(board, by, these, source)
        if len(calls) == 3:
            raise Killed
        return found

    with importing(write=dies_in_the_third), pytest.raises(Killed):
        actions.work(row.pk)
    row.refresh_from_db()
    assert (row.state, row.done, row.total, row.upto_line) == ("applying", 4, 7, 5)
    assert School.objects.count() == 4

    actions.work(row.pk)  # its lease still holds
    assert School.objects.count() == 4
    with clock.standing_at(rows.NOW + actions.LEASE):
        tasks.sweep()
    row.refresh_from_db()
    assert (row.state, row.done, row.total, counts(row)) == ("applied", 7, 7, (7, 0, 0, 0))
    assert School.objects.count() == 7
    assert Event.objects.filter(verb="added").count() == 7


@pytest.mark.usefixtures("small_batches")
def test_what_goes_wrong_three_times_is_said_with_what_is_in_and_can_go_on(take: Any, ruth: User) -> None:
    row = take(many(5))
    actions.apply(row, part="all", by=ruth)
    write = importers["schools"].write

    def breaks(board: Board, by: User, these: Any, source: str) -> Any:
        if any(usable.line == 4 for usable in these):
            raise OSError("the disk is full")
        return write(board, by, these, source)

    with importing(write=breaks):
        for n in range(4):
            with clock.standing_at(rows.NOW + n * actions.LEASE):
                tasks.sweep()
    row.refresh_from_db()
    assert (row.state, row.done, row.total, row.upto_line) == ("failed", 2, 5, 3)
    assert "the disk is full" in row.because
    assert row.can_go_on

    row = applied(row, ruth)
    assert (row.state, row.done, counts(row)) == ("applied", 5, (5, 0, 0, 0))
    assert School.objects.count() == 5


@pytest.mark.usefixtures("small_batches")
def test_whoever_stops_it_stops_it_between_two_batches(take: Any, ruth: User) -> None:
    row = take(many(5))
    actions.apply(row, part="all", by=ruth)
    write = importers["schools"].write

    def stopped(board: Board, by: User, these: Any, source: str) -> Any:
        found = write(board, by, these, source)
        Import.objects.filter(pk=row.pk).update(state="stopped", next_try_at=None)
        return found

    with importing(write=stopped):
        actions.work(row.pk)
    row.refresh_from_db()
    assert (row.state, row.done, School.objects.count()) == ("stopped", 2, 2)
    assert applied(row, ruth).done == School.objects.count() == 5


def test_a_file_that_nobody_wants_is_set_aside(take: Any, ruth: User) -> None:
    row = take(many(2))
    actions.stop(row, by=ruth)
    assert (row.state, row.can_go_on, School.objects.count()) == ("stopped", False, 0)
    with pytest.raises(actions.NotNow):
        actions.stop(row, by=ruth)


def test_whoever_administers_the_board_no_more_imports_no_more(take: Any, ruth: User) -> None:
    row = take(many(2))
    actions.apply(row, part="all", by=ruth)
    ruth.memberships.update(ended_at=rows.NOW)
    row = worked(row)
    assert (row.state, School.objects.count()) == ("failed", 0)
    assert "does not administer" in row.because


def test_two_workers_read_it_once(take: Any, board: Board, ruth: User) -> None:
    row = actions.upload(board, "schools", "a.csv", many(2).encode(), by=ruth)
    assert actions._claim(row.pk) is not None
    assert actions._claim(row.pk) is None


def test_the_sweep_finds_what_the_bell_missed_and_costs_one_look_when_there_is_nothing(
    board: Board, ruth: User
) -> None:
    row = actions.upload(board, "schools", "a.csv", many(2).encode(), by=ruth)
    tasks.sweep()
    row.refresh_from_db()
    assert row.state == "previewed"
    with CaptureQueriesContext(connection) as queries:
        tasks.sweep()
    assert len(queries) == 1


# ── What is forgotten ──


def test_files_are_found_by_who_is_in_them_and_taken_away(
    take: Any, ruth: User, django_capture_on_commit_callbacks: Any
) -> None:
    row = take(LIST + "000001,Named after Iris Chen,Ajax\n,refused,Ajax\n")
    other = take(many(2))
    found = actions.saying(Import.objects.all(), lambda words: "Iris Chen" in words)
    assert list(found) == [row]
    file = row.file
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.forget(found) == 1
    row.refresh_from_db()
    assert (row.state, row.file, row.refused_file, row.preview) == ("stopped", None, None, {})
    with pytest.raises(stored_files.FileDamaged):
        stored_files.read(file)
    other.refresh_from_db()
    assert (other.state, stored_files.read(other.file)) == ("previewed", many(2).encode())


def test_families_stay_as_they_are(take: Any, ruth: User, board: Board) -> None:
    family = Family.objects.create(board=board, name="North")
    school = rows.school(board, "Old", ministry_number="000001", family=family)
    applied(take("School Number,School Name,Family\n000001,Renamed,South\n"), ruth)
    school.refresh_from_db()
    assert (school.name, school.family) == ("Renamed", family)
