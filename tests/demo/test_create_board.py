"""A board is made from nothing by one command, whole or not at all."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Event, Membership, User
from accounts.permissions import Role
from boards.models import Board, ClosedPeriod
from schools.ministry_file import SchoolRow
from schools.ministry_import import apply_board
from schools.models import School

pytestmark = pytest.mark.django_db
GOOD: dict[str, Any] = {"admin": "ruth@board.example", "admin_name": "Ruth Adeyemi"}


def test_a_board_its_calendar_and_its_administrator(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_board", "Maple Valley", **GOOD)
    board, ruth = Board.objects.get(), User.objects.get()
    membership = Membership.objects.get()
    assert (membership.user, membership.role, membership.board, membership.is_lead) == (
        ruth, Role.BOARD_ADMIN, board, True,
    )  # fmt: skip
    assert not ruth.has_usable_password()
    assert ClosedPeriod.objects.filter(board=board).count() > 20
    assert {event.subject_name for event in Event.objects.filter(board=board)} >= {"Maple Valley"}
    assert "ruth@board.example" in capsys.readouterr().out


def test_somebody_who_is_here_administers_one_more() -> None:
    call_command("create_board", "Maple Valley", **GOOD)
    call_command("create_board", "Grand-Érable", **GOOD, language="fr", zone="America/Montreal")
    assert User.objects.count() == 1
    assert Membership.objects.count() == 2


def test_its_schools_are_imported_into_it() -> None:
    """The ministry's number is what an import knows a board by; without it a second board would stand beside."""
    call_command("create_board", "Maple Valley", **GOOD, ministry_number="B28010")
    fields = {"name": "Hilltop", "language": "en"}
    apply_board([SchoolRow(2, "B28010", "Maple Valley DSB", "19186", fields, {}, [])], source="schools.csv")
    assert [school.board.name for school in School.objects.select_related("board")] == ["Maple Valley"]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("Maple Valley", {"admin": "nobody at all"}),
        ("Maple Valley", {"zone": "Mars/Olympus"}),
        (" ", {}),
        ("x" * 201, {}),
        ("here already", {}),
    ],
)
def test_a_mistake_writes_nothing(name: str, changes: dict[str, str]) -> None:
    Board.objects.create(name="Here already", language="en")
    with pytest.raises(CommandError):
        call_command("create_board", name, **GOOD | changes)
    assert Board.objects.count() == 1
    assert not User.objects.exists()
