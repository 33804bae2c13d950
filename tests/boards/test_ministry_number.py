"""The ministry's number of a board in its settings: as the ministry writes it, and of one board only."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from tests.factories import rows
from tests.factories.sent import as_shown, with_token

pytestmark = pytest.mark.django_db
FORM = "Enter a B and five digits, for example B66052."
TAKEN = "Another board here has this number. Look at it once more, or ask us."


@pytest.mark.parametrize(
    ("before", "typed", "after", "said"),
    [
        ("", "", "", ""),
        ("", "B66052", "B66052", ""),
        ("", " b 66052 ", "B66052", ""),
        ("", "66052", "B66052", ""),
        ("B66052", "", "", ""),
        ("OLD-1", "OLD-1", "OLD-1", ""),
        ("", "B6605", "", FORM),
        ("", "B660521", "", FORM),
        ("", "BB66052", "", FORM),
        ("", "Toronto", "", FORM),
        ("B66052", "B28010", "B66052", TAKEN),
        ("", "b28010", "", TAKEN),
    ],
)
def test_the_number(before: str, typed: str, after: str, said: str, signed_in: Callable[[User], Client]) -> None:
    rows.board("Algoma DSB", ministry_number="B28010")
    board = rows.board("Maple Valley", ministry_number=before)
    browser = signed_in(rows.member(rows.user("Ruth"), Role.BOARD_ADMIN, board).user)
    page = reverse("board_edit", args=[board.pk])

    answer = browser.post(page, with_token(as_shown(browser.get(page).context["form"]) | {"ministry_number": typed}))

    board.refresh_from_db()
    assert board.ministry_number == after
    assert answer.status_code == (422 if said else 302)
    assert not said or dict(answer.context["form"].errors) == {"ministry_number": [said]}
