import pytest

from engines.documents.printable import without_emoji


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Robots 🤖 at Riverbend", "Robots at Riverbend"),
        ("👩‍🏫 Reading", "Reading"),
        ("Yes ✔️", "Yes "),
        ("1️⃣ first", "1first"),
        ("Zoë, 李, Ołena & œuvres – “all” … 38 % €", "Zoë, 李, Ołena & œuvres – “all” … 38 % €"),
        ("", ""),
    ],
)
def test_what_is_printed(typed: str, printed: str) -> None:
    assert without_emoji(typed) == printed
