from datetime import date

import pytest
from django.template import Context, Template
from django.utils.formats import date_format
from django.utils.translation import override


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", date(2026, 9, 1), "1er septembre 2026"),
        ("fr", date(2026, 9, 2), "2 septembre 2026"),
        ("fr", date(2026, 9, 11), "11 septembre 2026"),
        ("en", date(2026, 9, 1), "1 September 2026"),
    ],
)
def test_the_first_of_a_month(language: str, day: date, written: str) -> None:
    with override(language):
        assert date_format(day) == written
        assert Template("{{ day|date }}").render(Context({"day": day})) == written
