"""Money as people of each language write it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import CURRENCIES, money, sign
from core.text import no_student_number

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        (6500, "CAD", "$6,500", f"6{NBSP}500{NBSP}$"),
        (Decimal("6500.00"), "CAD", "$6,500", f"6{NBSP}500{NBSP}$"),
        (Decimal("6500.5"), "CAD", "$6,500.50", f"6{NBSP}500,50{NBSP}$"),
        (0, "CAD", "$0", f"0{NBSP}$"),
        (Decimal("0.05"), "CAD", "$0.05", f"0,05{NBSP}$"),
        (1234567, "USD", "US$1,234,567", f"1{NBSP}234{NBSP}567{NBSP}${NBSP}US"),
        (6500, "EUR", "€6,500", f"6{NBSP}500{NBSP}€"),
        (35, "GBP", "£35", f"35{NBSP}£"),
        (35, "CHF", f"CHF{NBSP}35", f"35{NBSP}CHF"),
        (35, "AUD", "A$35", f"35{NBSP}${NBSP}AU"),
        (35, "NZD", "NZ$35", f"35{NBSP}${NBSP}NZ"),
    ],
)
def test_money(amount: Decimal | int, currency: str, english: str, french: str) -> None:
    assert money(amount, currency, "en") == money(amount, currency, "en-ca") == english
    assert money(amount, currency, "fr") == money(amount, currency, "fr-ca") == french


def test_another_language_has_the_english_form() -> None:
    assert money(6500, "CAD", "de") == "$6,500"


def test_a_currency_that_is_not_ours_is_refused() -> None:
    with pytest.raises(KeyError):
        money(1, "XYZ", "en")


@given(st.decimals(0, 10_000_000, places=2), st.sampled_from(sorted(CURRENCIES)), st.sampled_from(["en", "fr"]))
def test_the_figure_can_be_read_back(amount: Decimal, currency: str, language: str) -> None:
    figure = money(amount, currency, language).replace(sign(currency, language), "").replace(NBSP, "")
    plain = figure.replace(",", "") if language == "en" else figure.replace(",", ".")
    assert Decimal(plain) == amount


@pytest.mark.parametrize("text", ["€ 123456789", "£123456789", "CHF 123456789", "123456789 £", "123456789 CHF"])
def test_a_sum_of_money_is_no_students_number(text: str) -> None:
    no_student_number(text)
