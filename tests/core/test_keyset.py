"""Pages by key: every row once, forwards and backwards, whatever the key."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from boards.models import Board
from core import keyset


def walk(newest_first: bool = False, size: int = 3) -> tuple[list[str], list[str]]:
    """All names met going forwards, then going back to the first page."""
    rows = Board.objects.all()
    page = keyset.page(rows, "name", {}, size=size, newest_first=newest_first)
    forwards, pages = [board.name for board in page.rows], [page]
    while page.after:
        page = keyset.page(rows, "name", {"after": page.after}, size=size, newest_first=newest_first)
        forwards += [board.name for board in page.rows]
        pages.append(page)
    backwards = [board.name for board in page.rows]
    while page.before:
        page = keyset.page(rows, "name", {"before": page.before}, size=size, newest_first=newest_first)
        backwards = [board.name for board in page.rows] + backwards
    return forwards, backwards


class EveryRowOnce(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        names=st.lists(st.sampled_from(["Algoma", "École", "zz", "B", "b"]), max_size=14), newest_first=st.booleans()
    )
    def test_forwards_and_backwards(self, names: list[str], newest_first: bool) -> None:
        for name in names:
            Board.objects.create(name=name, language="en")
        forwards, backwards = walk(newest_first)
        order = ("-name", "-pk") if newest_first else ("name", "pk")
        assert forwards == backwards == list(Board.objects.order_by(*order).values_list("name", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "junk", "Y:x:z", "W10:1u:2", "\x00", "a" * 5000])
def test_a_key_that_is_not_ours_is_the_first_page(key: str) -> None:
    Board.objects.create(name="Algoma", language="en")
    assert [b.name for b in keyset.page(Board.objects.all(), "name", {"after": key}).rows] == ["Algoma"]
