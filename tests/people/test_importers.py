"""People from a file: invitations, by the same rules as by hand."""

from typing import Any

import pytest

from accounts.models import Event, User
from accounts.permissions import Role
from boards.models import Board
from engines.imports import actions
from engines.imports.models import Import
from engines.outbox.models import Message
from people import erasure, invitations, naming
from people.models import Invitation
from tests.factories import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
HEADINGS = "Name,E-mail,Role,School,Family of schools,Language"


class Desk:
    """A board with a family, two schools and its administrator."""

    def __init__(self) -> None:
        self.board: Board = rows.board()
        self.family = rows.family(self.board, "North")
        self.school = rows.school(self.board, "École du Lac", ministry_number="019186", language="fr")
        self.other = rows.school(self.board, "Riverbend", family=self.family)
        self.ruth: User = rows.user("Ruth")
        rows.member(self.ruth, Role.BOARD_ADMIN, self.board)

    def look(self, *lines: str, headings: str = HEADINGS) -> Import:
        data = "\n".join([headings, *lines, ""]).encode()
        row = actions.upload(self.board, "people", "people.csv", data, by=self.ruth)
        actions.work(row.pk)
        row.refresh_from_db()
        assert row.state == "previewed", row.because
        return row

    def take(self, *lines: str, headings: str = HEADINGS) -> Import:
        row = self.look(*lines, headings=headings)
        actions.apply(row, part="all", by=self.ruth)
        actions.work(row.pk)
        row.refresh_from_db()
        return row


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_each_gets_an_invitation_as_by_hand(desk: Desk) -> None:
    lines = (
        "Helen Park,Helen@Riverbend.example,Principal,Riverbend,,English",
        "Luc Roy,luc@lac.example,Enseignant,019186,,",
        "Amara Okafor,amara@board.example,superintendent,,North,",
        "Sam Desk,sam@board.example,Office,,,fr",
    )
    looked = desk.look(*lines)
    assert not Invitation.objects.exists()
    assert looked.preview["added"][0] == [2, "Helen Park · helen@riverbend.example", "Principal, Riverbend"]

    row = desk.take(*lines)
    assert (row.added, row.unchanged, row.refused) == (4, 0, 0)
    asked = Invitation.objects.order_by("pk").values_list("email", "role", "school__name", "family__name", "language")
    assert list(asked) == [
        ("helen@riverbend.example", "principal", "Riverbend", None, "en"),
        ("luc@lac.example", "staff", "École du Lac", None, "fr"),
        ("amara@board.example", "superintendent", None, "North", "en"),
        ("sam@board.example", "office", None, None, "fr"),
    ]
    assert set(Invitation.objects.values_list("invited_by", flat=True)) == {desk.ruth.pk}
    assert Event.objects.filter(verb="invited", by=desk.ruth).count() == 4
    assert Message.objects.filter(kind="invitation").count() == 4


def test_who_is_in_or_asked_is_left_alone(desk: Desk) -> None:
    helen = rows.user("Helen", email="helen@riverbend.example")
    rows.member(helen, Role.PRINCIPAL, desk.board, school=desk.other)
    asked = Invitation(
        board=desk.board, school=desk.other, role="staff", email="luc@lac.example", name="Luc", language="en"
    )
    invitations.invite(asked, by=desk.ruth)

    row = desk.take(
        "Helen,HELEN@riverbend.example,principal,Riverbend,,", "Luc,luc@lac.example,staff,Riverbend,,",
        "Luc,luc@lac.example,champion,Riverbend,,",
    )  # fmt: skip

    assert (row.added, row.unchanged, row.refused) == (1, 2, 0)
    assert [what for _line, _who, what in row.preview["unchanged"]] == [
        "has this role here already",
        "is invited already",
    ]
    asked.refresh_from_db()
    assert asked.withdrawn_at is None
    assert Message.objects.filter(kind="invitation").count() == 2


def test_a_second_run_invites_nobody_again(desk: Desk) -> None:
    line = "Luc,luc@lac.example,staff,Riverbend,,"
    desk.take(line)
    assert (desk.take(line).unchanged, Invitation.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (",a@b.example,staff,Riverbend,,", "Name", "Write something here."),
        ("A,nobody,staff,Riverbend,,", "E-mail", "Enter an e-mail address, for example name@example.org."),
        ("A\u202eB,a@b.example,staff,Riverbend,,", "Name", "This holds a character that cannot be seen or printed"),
        ("A 123456789,a@b.example,staff,Riverbend,,", "Name", "“123456789” looks like a student number"),
        ("A,a@b.example,king,Riverbend,,", "Role", "there is no role “king”"),
        ("A,a@b.example,partner,,,", "Role", "partners are invited from the page of their partnership"),
        ("A,a@b.example,staff,,,", "School", "this role needs a school"),
        ("A,a@b.example,staff,Hogwarts,,", "School", "there is no school “Hogwarts” in the board"),
        ("A,a@b.example,superintendent,,South,", "Family of schools", "there is no family “South” in the board"),
        ("A,a@b.example,superintendent,Riverbend,,", "Family of schools", "this role needs a family of schools"),
        ("A,a@b.example,assistant,,,", "School", "this role needs either a school or a family of schools"),
        ("A,a@b.example,board administrator,Riverbend,,", "Role", "this role is the whole board’s"),
        ("A,a@b.example,staff,Riverbend,,Cree", "Language", "“Cree” is neither English nor French"),
    ],
)
def test_a_row_that_cannot_be_used_says_where_and_why(line: str, column: str, reason: str, desk: Desk) -> None:
    row = desk.take(line, "B,b@b.example,staff,Riverbend,,")
    ((number, where, why, _who),) = row.preview["refused"]
    assert (number, where) == (2, column)
    assert why.startswith(reason)
    assert list(Invitation.objects.values_list("name", flat=True)) == ["B"]


def test_two_schools_of_one_name_want_a_number(desk: Desk) -> None:
    rows.school(desk.board, "Riverbend", ministry_number="000002")
    row = desk.look("A,a@b.example,staff,Riverbend,,", "B,b@b.example,staff,2,,")
    assert row.preview["refused"] == [[2, "School", "2 are called “Riverbend”: give the number", "A"]]
    assert row.added == 1


def test_a_school_of_another_board_is_not_there(desk: Desk) -> None:
    rows.school(rows.board("Elsewhere"), "Far away")
    assert desk.look("A,a@b.example,staff,Far away,,").refused == 1


def test_french_headings_and_words(desk: Desk) -> None:
    row = desk.take(
        "Luc Roy;luc@lac.example;Direction;École du Lac;Français;oui",
        headings="Nom;Courriel;Rôle;École;Langue;Responsable",
    )
    assert (row.added, row.refused) == (1, 0)
    asked = Invitation.objects.get()
    assert (asked.role, asked.language, asked.is_lead) == ("principal", "fr", True)


def test_somebody_twice_in_the_file_is_invited_once(desk: Desk) -> None:
    row = desk.take("A,a@b.example,staff,Riverbend,,", "A,A@B.example,staff,Riverbend,,")
    assert (row.added, row.refused) == (1, 1)
    assert row.preview["refused"][0][2] == "the same stands on line 2 already"


def test_what_is_refused_when_it_is_written_is_said_too(desk: Desk, monkeypatch: Any) -> None:
    from django.core.exceptions import ValidationError

    def refuses(invitation: Invitation, *, by: User) -> Invitation:
        raise ValidationError({"email": "Not now."})

    row = desk.look("A,a@b.example,staff,Riverbend,,")
    monkeypatch.setattr(invitations, "invite", refuses)
    actions.apply(row, part="all", by=desk.ruth)
    actions.work(row.pk)
    row.refresh_from_db()
    assert (row.state, row.added, row.refused, row.done) == ("applied", 0, 1, 1)
    assert row.preview["refused"] == [[2, "", "Not now.", "A"]]
    assert row.refused_file is not None


def test_whoever_is_to_be_forgotten_is_in_no_file_any_more(desk: Desk) -> None:
    row = desk.look("Iris Chen,iris@chen.example,staff,Riverbend,,")
    other = desk.look("Luc,luc@lac.example,staff,Riverbend,,")
    erasure.erase(naming.somebody("iris@chen.example", desk.board.pk), by=desk.ruth)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.file, row.preview, row.state) == (None, {}, "stopped")
    assert other.file is not None
