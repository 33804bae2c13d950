"""Numbers are read as people write them, and shown as they read them."""

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import number_format
from hypothesis import given
from hypothesis import strategies as st

from core.forms import CleanForm
from core.numbers import plain, shown

NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"
D = Decimal


class Numbers(CleanForm):
    amount = forms.DecimalField(required=False, max_digits=12, decimal_places=3)
    many = forms.IntegerField(required=False)
    share = forms.FloatField(required=False)
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    chosen = forms.IntegerField(required=False, widget=forms.Select(choices=[("7", "Seven")]))


AS_TYPED: list[tuple[str, str | None, str | None]] = [  # in English, in French; None is refused
    ("6500", "6500", "6500"),
    (" 6500 ", "6500", "6500"),
    ("6 500", "6500", "6500"),
    (f"6{NBSP}500", "6500", "6500"),
    (f"6{NARROW}500", "6500", "6500"),
    (f"1{THIN}234{THIN}567", "1234567", "1234567"),
    ("1 234,5", "1234.5", "1234.5"),
    ("1 234.5", "1234.5", "1234.5"),
    ("6,500", "6500", "6.5"),
    ("1,234,567", "1234567", None),
    ("1,234.50", "1234.50", None),
    ("2,5", "2.5", "2.5"),
    ("2,50", "2.50", "2.50"),
    ("6500,50", "6500.50", "6500.50"),
    ("6.5", "6.5", "6.5"),
    (".5", "0.5", "0.5"),
    (",5", "0.5", "0.5"),
    ("5.", "5", "5"),
    ("$6,500", "6500", "6.5"),
    ("$ 6500", "6500", "6500"),
    ("CA$6500", "6500", "6500"),
    ("CAD 6500", "6500", "6500"),
    ("cad 6500", "6500", "6500"),
    ("US$6,500.50", "6500.50", None),
    ("€6500", "6500", "6500"),
    (f"6{NBSP}500{NBSP}$", "6500", "6500"),
    ("6 500,50 $", "6500.50", "6500.50"),
    (f"6500{NBSP}${NBSP}US", "6500", "6500"),
    ("6500 $ CA", "6500", "6500"),
    ("6500 CHF", "6500", "6500"),
    ("-5", "-5", "-5"),
    ("-$5", "-5", "-5"),
    ("$-5", "-5", "-5"),
    ("+5", "5", "5"),
    ("٣", "3", "3"),
    ("0,500", None, "0.5"),  # a half, or a slip: nobody knows
    ("1234,567", None, "1234.567"),
    ("1,234,5", None, None),
    ("12,34,567", None, None),
    ("1.234,5", None, None),
    ("65 00", None, None),
    ("4 5", None, None),
    ("1e5", None, None),
    ("1_000", None, None),
    ("--5", None, None),
    ("$", None, None),
    ("$abc", None, None),
    ("NaN", None, None),
    ("Infinity", None, None),
    (",", None, None),
    ("1\x00", None, None),
    ("many", None, None),
]


@pytest.mark.parametrize(("typed", "english", "french"), AS_TYPED)
def test_a_number_is_read_as_it_is_written(typed: str, english: str | None, french: str | None) -> None:
    for language, expected in (("en", english), ("fr", french)):
        with translation.override(language):
            form = Numbers({"amount": typed})
            read = form.cleaned_data["amount"] if form.is_valid() else None
            assert read == (None if expected is None else D(expected))
            assert form["amount"].value() == typed
            if expected is None:
                assert [fault.code for fault in form.errors.as_data()["amount"]] == ["invalid"]


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(["en", "fr", "fr-ca"]))
def test_what_django_writes_is_read_back(number: Decimal, language: str) -> None:
    with translation.override(language):
        written = number_format(number, use_l10n=True, force_grouping=True)
    assert D(plain(written, language) or "nothing") == number


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ({"many": "1,200"}, {"many": 1200}),
        ({"many": "4.0"}, {"many": 4}),
        ({"share": "2,5"}, {"share": 2.5}),
        ({"many": ""}, {"many": None}),
        ({"key": "12"}, {"key": 12}),
    ],
)
def test_every_kind_of_number_reads_so(typed: dict[str, str], read: dict[str, Any]) -> None:
    form = Numbers(typed)
    assert form.is_valid(), form.errors
    assert read.items() <= form.cleaned_data.items()


@pytest.mark.parametrize("typed", [{"key": "1,200"}, {"key": "$12"}, {"chosen": "$7"}, {"many": "2,5"}])
def test_what_nobody_types_is_taken_as_it_is(typed: dict[str, str]) -> None:
    assert set(Numbers(typed).errors) == set(typed)


@pytest.mark.parametrize(
    ("language", "was", "typed", "changed"),
    [
        ("en", "6500", "$6,500", False),
        ("en", "4.00", "4", False),
        ("en", "6500", "6.5", True),
        ("fr", "2,5", "2.50", False),
        ("fr", "6500", "6 500 $", False),
        ("fr", "6500", "6,500", True),
        ("en", "6500", "many", True),
    ],
)
def test_the_same_number_is_no_change(language: str, was: str, typed: str, changed: bool) -> None:
    with translation.override(language):
        form = Numbers({"amount": typed, "initial-amount": was})
        form.fields["amount"].show_hidden_initial = True
        assert ("amount" in form.changed_data) is changed
        assert Numbers({"amount": typed}, initial={"amount": D(was.replace(",", "."))}).has_changed() is changed


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (D("4.00"), "4", "4"),
        (D("212.00"), "212", "212"),
        (D("2.50"), "2.5", "2,5"),
        (D("6500.00"), "6500", "6500"),
        (D("6.5E+3"), "6500", "6500"),
        (D("0.00"), "0", "0"),
        (D("-79.610000"), "-79.61", "-79,61"),
        (0.25, "0.25", "0,25"),
        (1200, "1200", "1200"),
        ("4.00", "4.00", "4.00"),  # typed
        (None, None, None),
    ],
)
def test_a_field_shows_a_number_as_people_read_it(number: Any, english: str | None, french: str | None) -> None:
    for language, expected in (("en", english), ("fr", french)):
        with translation.override(language):
            form = Numbers(initial={"amount": number, "share": number, "key": number})
            assert [form[name].value() for name in ("amount", "share", "key")] == [expected, expected, number]


@given(st.decimals(-(10**9), 10**9, places=6), st.sampled_from(["en", "fr", "fr-ca"]))
def test_what_a_field_shows_is_read_back(number: Decimal, language: str) -> None:
    assert D(plain(shown(number, language), language) or "nothing") == number
