"""The logo of a board, the logo or photo of a school: sent, shown, replaced, removed, and printed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Event, User
from accounts.permissions import Role
from boards.models import Board
from core import stored_files
from core.models import StoredFile
from core.pictures import for_paper
from engines.documents.kinds import kinds
from schools import publishing
from schools.logos import logo_of
from schools.models import School
from tests.factories import rows
from tests.factories.sent import with_token
from tests.factories.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
SignIn = Callable[[User], Client]


@pytest.fixture
def board() -> Board:
    return rows.board("Maple Valley")


@pytest.fixture
def school(board: Board) -> School:
    return rows.school(board, "Riverbend")


@pytest.fixture
def ruth(board: Board, signed_in: SignIn) -> Client:
    return signed_in(rows.member(rows.user("Ruth"), Role.BOARD_ADMIN, board).user)


def send(browser: Client, page: str, row: Any, shade: int | None = 1, **typed: Any) -> Any:
    row.refresh_from_db()
    file = {} if shade is None else {"picture": SimpleUploadedFile("logo.png", rows.picture(shade))}
    return browser.post(reverse(page, args=[row.pk]), with_token({"version": row.version} | typed | file))


PAGES = [("board_logo_edit", "board_logo", "logo"), ("school_picture_edit", "school_picture", "picture")]


@pytest.mark.parametrize(("edit", "shows", "key"), PAGES)
def test_it_is_sent_shown_replaced_and_removed(
    edit: str, shows: str, key: str, board: Board, school: School, ruth: Client
) -> None:
    row: Any = board if key == "logo" else school
    page = reverse(shows, args=[row.pk])
    assert ruth.get(page).status_code == 404
    assert send(ruth, edit, row, 1).status_code == 302
    row.refresh_from_db()
    first = getattr(row, key)
    answer = ruth.get(page)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert answer.content == stored_files.read(first)
    home = ruth.get(reverse("board" if key == "logo" else "school", args=[row.pk])).content.decode()
    assert f'src="{page}" alt="{row.name}"' in home
    assert send(ruth, edit, row, 2).status_code == 302
    row.refresh_from_db()
    assert not StoredFile.objects.filter(pk=first.pk).exists()
    assert ruth.get(page).content == stored_files.read(getattr(row, key)) != answer.content
    assert send(ruth, edit, row, None, remove="on").status_code == 302
    assert ruth.get(page).status_code == 404
    assert StoredFile.objects.count() == 0
    told = Event.objects.filter(subject_type__model=type(row).__name__.lower(), verb="edited")
    assert told.count() == 3


def test_the_same_logo_of_two_is_kept_while_one_shows_it(board: Board, school: School, ruth: Client) -> None:
    send(ruth, "board_logo_edit", board, 1)
    send(ruth, "school_picture_edit", school, 1)
    send(ruth, "board_logo_edit", board, None, remove="on")
    assert ruth.get(reverse("school_picture", args=[school.pk])).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG is not taken"),
        ("logo.png", b"School Number,School Name", "This is no picture that can be read."),
        ("logo.png", rows.picture() + bytes(5 * 1024 * 1024), "larger than 5 MB"),
        ("logo.png", b"", "This file is empty."),
    ],
)
@pytest.mark.parametrize(("edit", "shows", "key"), PAGES)
def test_what_is_refused_says_why_and_changes_nothing(
    edit: str, shows: str, key: str, name: str, content: bytes, says: str, board: Board, school: School, ruth: Client
) -> None:
    row: Any = board if key == "logo" else school
    sent = {"version": row.version, "picture": SimpleUploadedFile(name, content)}
    answer = ruth.post(reverse(edit, args=[row.pk]), with_token(sent))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["picture"]
    assert says in str(answer.context["form"].errors["picture"])
    assert StoredFile.objects.count() == 0
    row.refresh_from_db()
    assert (getattr(row, key), row.version) == (None, 1)


@pytest.mark.parametrize(("edit", "shows", "key"), PAGES)
def test_nothing_sent_both_sent_and_a_stale_version(
    edit: str, shows: str, key: str, board: Board, school: School, ruth: Client
) -> None:
    row: Any = board if key == "logo" else school
    assert list(send(ruth, edit, row, None).context["form"].errors) == ["picture"]
    assert send(ruth, edit, row, 1).status_code == 302
    assert list(send(ruth, edit, row, 2, remove="on").context["form"].errors) == ["remove"]
    file = SimpleUploadedFile("logo.png", rows.picture(3))
    late = ruth.post(reverse(edit, args=[row.pk]), with_token({"version": 1, "picture": file}))
    assert late.status_code == 422
    assert "Somebody else saved this" in late.content.decode()
    row.refresh_from_db()
    assert (row.version, StoredFile.objects.count()) == (2, 1)


def test_a_photo_waits_for_the_boards_yes(board: Board, school: School, ruth: Client) -> None:
    page = reverse("school_picture_edit", args=[school.pk])
    assert "kind" not in ruth.get(page).context["form"].fields
    send(ruth, "school_picture_edit", school, 1, kind="photo")
    school.refresh_from_db()
    assert school.picture_kind == "logo"  # whatever is sent, a school of this board has no photos
    Board.objects.filter(pk=board.pk).update(photos_are_on=True)
    assert "No student may be recognisable in a photo." in ruth.get(page).content.decode()
    send(ruth, "school_picture_edit", school, 1, kind="photo")
    school.refresh_from_db()
    shown = reverse("school_picture", args=[school.pk])
    assert (school.picture_kind, ruth.get(shown)["Content-Type"]) == ("photo", "image/jpeg")
    Board.objects.filter(pk=board.pk).update(photos_are_on=False)
    assert ruth.get(shown).status_code == 404
    assert f'src="{shown}"' not in ruth.get(reverse("school", args=[school.pk])).content.decode()


def test_others_see_it_once_it_is_public(world: World, signed_in: SignIn) -> None:
    school, partner = world.places["own"].school, signed_in(world.user("partner"))
    picture, page = reverse("school_picture", args=[school.pk]), reverse("school_public", args=[school.pk])
    publishing.publish(school, ["strength"], by=world.user("principal"))
    assert partner.get(picture).status_code == 404
    assert picture not in partner.get(page).content.decode()
    publishing.publish(school, ["picture"], by=world.user("principal"))
    assert partner.get(picture).status_code == 200
    assert f'src="{picture}" alt="{school.name}"' in partner.get(page).content.decode()
    School.objects.filter(pk=school.pk).update(picture_kind="photo")
    assert partner.get(picture).status_code == 404
    assert picture not in partner.get(page).content.decode()
    Board.objects.update(photos_are_on=True)
    assert partner.get(picture).status_code == 200
    assert signed_in(world.user("partner", "far")).get(picture).status_code == 404


@pytest.mark.parametrize("role", ["staff", "office_school", "superintendent"])
def test_who_reads_a_school_does_not_give_it_a_picture(role: str, world: World, signed_in: SignIn) -> None:
    school = world.places["own"].school
    before = school.picture_id
    assert send(signed_in(world.user(role)), "school_picture_edit", school, 9).status_code == 403
    school.refresh_from_db()
    assert school.picture_id == before


def test_a_document_shows_the_schools_logo_else_the_boards(school: School) -> None:
    assert (logo_of(school).of, logo_of(school).files) == ("", {})
    school.board.logo = rows.stored_picture(1)
    assert (logo_of(school).of, list(logo_of(school).files)) == ("Maple Valley", ["logo.png"])
    school.picture, school.picture_kind = rows.stored_picture(2), "photo"
    assert logo_of(school).of == "Maple Valley"
    school.picture_kind = "logo"
    assert logo_of(school).of == "Riverbend"
    assert logo_of(school).files == {"logo.png": for_paper(rows.picture(2))}


def test_a_document_goes_without_a_logo_that_is_damaged(school: School, caplog: pytest.LogCaptureFixture) -> None:
    school.board.logo = rows.stored_picture(1)
    school.board.logo.sha256 = "0" * 64
    assert (logo_of(school).of, logo_of(school).files) == ("", {})
    assert "The logo of Maple Valley is damaged" in caplog.text


@pytest.mark.parametrize("kind", ["executive_summary", "memorandum"])
def test_a_document_is_handed_the_logo_it_asks_for(kind: str, world: World) -> None:
    told = kinds[kind]
    with translation.override("en"):
        content = told.content(world.places["own"].rows[told.model])
    assert content.context["logo_of"] == world.places["own"].school.name
    assert content.files["logo.png"].startswith(b"\x89PNG")
