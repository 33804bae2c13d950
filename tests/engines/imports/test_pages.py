"""The pages of imported files, and the list of schools as a file."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from boards.models import Board
from core import csv_lines, workbook_lines
from engines.imports import actions
from engines.imports.models import Import
from schools import exports
from schools.models import School
from tests.factories import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]


@pytest.fixture
def board() -> Board:
    return rows.board("Algoma DSB", ministry_number="B28010")


@pytest.fixture
def ruth(board: Board) -> User:
    person = rows.user("Ruth")
    rows.member(person, Role.BOARD_ADMIN, board)
    return person


@pytest.fixture
def desk(ruth: User, signed_in: SignIn) -> Client:
    return signed_in(ruth)


def upload(desk: Client, board: Board, data: bytes, kind: str = "schools", token: str = "", name: str = "a.csv") -> Any:
    sent = {"kind": kind, "file": SimpleUploadedFile(name, data), "form_token": token}
    return desk.post(reverse("imports", args=[board.pk]), sent)


def many(n: int) -> bytes:
    lines = "".join(f"{number:06},School {number}\n" for number in range(1, n + 1))
    return f"School Number,School Name\n{lines},Without a number\n".encode()


def test_from_the_upload_to_what_came_of_it(desk: Client, board: Board) -> None:
    answer = upload(desk, board, many(2))
    row = Import.objects.get()
    page = reverse("import", args=[row.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    reading = desk.get(page).content.decode()
    assert "Being read" in reading
    assert 'hx-trigger="every 1s"' in reading
    assert f'href="{page}"' in reading  # without a script one looks again by a link

    part = desk.get(page, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part.headers
    actions.work(row.pk)
    assert desk.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    shown = desk.get(page).content.decode()
    assert all(words in shown for words in ("School 1", "it has no school number", "Nothing is written yet."))

    desk.post(reverse("import_apply", args=[row.pk]), {"part": "all"})
    assert "0 of 2 rows" in desk.get(page).content.decode()
    actions.work(row.pk)
    assert "All is done: 2 of 2 usable rows" in desk.get(page).content.decode()
    assert School.objects.count() == 2
    assert row.name in desk.get(reverse("imports", args=[board.pk])).content.decode()


def test_a_double_click_uploads_once_and_another_file_from_the_same_form_is_another(desk: Client, board: Board) -> None:
    token = "00000000-0000-4000-8000-000000000001"
    first, second = upload(desk, board, many(2), token=token), upload(desk, board, many(2), token=token)
    assert first["Location"] == second["Location"]
    assert upload(desk, board, many(3), token=token)["Location"] != first["Location"]
    assert Import.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"kind": "schools"}, "file", "Choose a file."),
        ({"kind": "nothing", "file": SimpleUploadedFile("a.csv", b"A\n1\n")}, "kind", "Choose one of these."),
        ({"kind": "schools", "file": SimpleUploadedFile("a.csv", b"")}, "file", "This file is empty."),
        ({"kind": "schools", "file": "no file at all"}, "file", "Choose a file."),
    ],
)
def test_what_is_no_upload_is_said(sent: Any, field: str, says: str, desk: Client, board: Board) -> None:
    answer = desk.post(reverse("imports", args=[board.pk]), sent)
    assert answer.status_code == 422
    assert says in str(answer.context["form"].errors[field])
    assert not Import.objects.exists()


def test_a_file_above_the_limit_is_refused_with_it(desk: Client, board: Board, monkeypatch: Any) -> None:
    monkeypatch.setattr("engines.imports.forms.LARGEST_FILE", 10)
    answer = upload(desk, board, many(2))
    assert answer.status_code == 422
    assert "30 MB, which is the limit" in answer.content.decode()


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\u202eb.csv", "x" * 400 + ".csv", "\n", "<script>.csv"])
def test_the_name_of_a_file_is_only_a_name(name: str, desk: Client, board: Board) -> None:
    assert upload(desk, board, many(1), name=name).status_code in (302, 422)
    for row in Import.objects.all():
        shown = desk.get(reverse("import", args=[row.pk])).content.decode()
        assert "<script>.csv" not in shown
        assert len(row.name) <= 200
        assert "\u202e" not in row.name


def test_columns_are_matched_on_the_page(desk: Client, board: Board) -> None:
    upload(desk, board, "Code;Désignation\n000001;École du Lac\n".encode())
    row = Import.objects.get()
    actions.work(row.pk)
    page, columns = reverse("import", args=[row.pk]), reverse("import_columns", args=[row.pk])
    assert desk.get(page)["Location"] == columns
    form = desk.get(columns).context["form"]
    assert ("1", "Désignation (École du Lac)") in form.fields["column0"].choices
    assert desk.post(columns, {"column0": "", "column1": "1"}).status_code == 422
    sent = dict.fromkeys(form.fields, "-") | {"column0": "0", "column1": "1"}
    assert desk.post(columns, sent)["Location"] == page
    row.refresh_from_db()
    assert row.mapping == {"School Number": 0, "School Name": 1}
    assert row.state == "reading"


def test_the_refused_rows_are_a_file(desk: Client, board: Board) -> None:
    upload(desk, board, many(1), name="Écoles 2026.csv")
    row = Import.objects.get()
    assert desk.get(reverse("import_refused", args=[row.pk])).status_code == 404
    actions.work(row.pk)
    assert '<b class="t-strong">Without a number</b>' in desk.get(reverse("import", args=[row.pk])).content.decode()
    answer = desk.get(reverse("import_refused", args=[row.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="ecoles-2026-refused.csv"'
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1] == ["3", "School Number", "it has no school number", "", "Without a number"]


@pytest.mark.parametrize("part", ["everything", "", "\x00", "changed,added"])
def test_a_part_there_is_not_writes_nothing(part: str, desk: Client, board: Board) -> None:
    upload(desk, board, many(2))
    row = Import.objects.get()
    actions.work(row.pk)
    answer = desk.post(reverse("import_apply", args=[row.pk]), {"part": part}, follow=True)
    assert "Choose which part is written. Nothing was." in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, School.objects.count()) == ("previewed", 0)


def test_whoever_comes_too_late_is_shown_where_it_stands(desk: Client, board: Board, ruth: User) -> None:
    upload(desk, board, many(1))
    row = Import.objects.get()
    for page in ("import_stop", "import_stop", "import_apply"):
        answer = desk.post(reverse(page, args=[row.pk]), {"form_token": ""}, follow=True)
        assert answer.status_code == 200
    assert "has gone on meanwhile" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "stopped"


# ── The list as a file ──

HOSTILE = ["=1+1", "+1", "-1", "@x", "\tx", "＝1", "'=1", '<b>&"', "a\x0bb"]


def test_the_list_goes_out_as_it_is_seen(desk: Client, board: Board) -> None:
    place = {"street": "250 Mark St", "town": "Ajax", "postal_code": "P6A 3M7"}
    rows.school(board, "École Élan", ministry_number="000001", enrolment=190, grades="JK–8", **place)
    rows.school(board, "Ben", town="Oshawa")
    rows.school(rows.board("Elsewhere"), "Far away", town="Ajax")

    csv_file = desk.get(reverse("schools_csv"), {"q": "ajax"}).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(csv_file)))
    assert [line[:8] for line in lines[1:]] == [
        ["000001", "École Élan", "250 Mark St", "Ajax", "P6A 3M7", "", "JK–8", "190"]
    ]

    book = openpyxl.load_workbook(io.BytesIO(desk.get(reverse("schools_xlsx")).content))
    found = list(book.active.iter_rows(values_only=True))
    assert [line[1] for line in found[1:]] == ["Ben", "École Élan"]
    assert found[2][7] == 190


def test_no_cell_of_either_is_a_formula(desk: Client, board: Board) -> None:
    for name in HOSTILE:
        rows.school(board, name, town=name)
    lines = list(csv.reader(io.StringIO(desk.get(reverse("schools_csv")).content.decode("utf-8-sig"))))
    assert len(lines) == len(HOSTILE) + 1
    assert not [cell for line in lines for cell in line if cell.startswith(csv_lines.BEGINS_A_FORMULA)]
    book = openpyxl.load_workbook(io.BytesIO(desk.get(reverse("schools_xlsx")).content))
    cells = [cell for line in book.active.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert "=1+1" in {cell.value for cell in cells}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_went_out_comes_in_unchanged(language: str, desk: Client, board: Board, ruth: User) -> None:
    User.objects.filter(pk=ruth.pk).update(language=language)
    ruth.refresh_from_db()
    place = {"street": "250 Mark St", "town": "Ajax", "postal_code": "P6A 3M7"}
    rows.school(board, "=Élan", ministry_number="000001", level="elementary", phone="+1 905 555 0100", **place)
    for page in ("schools_csv", "schools_xlsx"):
        row = actions.upload(board, "schools", page, desk.get(reverse(page)).content, by=ruth)
        actions.work(row.pk)
        row.refresh_from_db()
        assert (row.state, row.unchanged, row.refused, row.changed) == ("previewed", 1, 0, 0), row.preview
        assert {"Street", "City", "Postal Code", "School Level"} <= set(row.mapping)


def test_more_than_a_file_may_hold_is_said(desk: Client, board: Board, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    rows.school(board)
    rows.school(board)
    answer = desk.get(reverse("schools_csv"), follow=True)
    assert "A file holds at most 1 schools" in answer.content.decode()


def test_a_sheet_has_a_name_that_a_workbook_takes() -> None:
    made = workbook_lines.workbook("a/b[c]:*?'\"<&" + "x" * 60, [["A", None, 1, "x\x00y"]])
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert len(book.sheetnames[0]) <= 31
    assert next(book.active.iter_rows(values_only=True)) == ("A", None, 1, "x y")
