"""Free text refuses what looks like a student number, says why, and takes every other number people write."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from core.forms import NO_STUDENT, CleanForm, PhoneField
from core.text import no_student_number

STUDENTS = [
    "123456789",
    "Ayaan is 123456789.",
    "OEN 123-456-789",
    "123 456 789",
    "123\u00a0456\u00a0789, who reads well",
    "123.456.789",
    "(123456789)",
    "n° 123456789;",
    "046 454 286",  # a social insurance number has the same shape
    "Grade 9 123-456-789",
    "paid $40; 123456789",
    "id:123456789/2",
]
OTHERS = [
    "Call 905 555 0100",
    "905-555-0100 ext. 12",
    "9055550100",
    "+1 905 555 0100",
    "+44 123 456 789",
    "+33123456789",
    "1-800-555-0199",
    "$123456789",
    "$ 123 456 789",
    "123 456 789 $",
    "123456789\u00a0$",
    "$123,456,789.00",
    "123 456 789 dollars",
    "123456789.50",
    "123 456 789 012",
    "0.123456789",
    "school 891234 of board B66052",
    "L1H 7K4, 123456",
    "charity 123456789 RR 0001",
    "123456789RC0001",
    "https://example.org/a/123456789",
    "from 2026-03-11 to 2026-06-30",
    "12345678",
    "1234567890",
    "18 students, 15 weeks, 270 hours",
]


@pytest.mark.parametrize("text", STUDENTS)
def test_nine_digits_are_refused(text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        no_student_number(text)
    assert refusal.value.code == "student_number"
    assert "only how many there are" in refusal.value.messages[0]


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_are_taken(text: str) -> None:
    no_student_number(text)


class Told(CleanForm):
    title = forms.CharField()
    notes = forms.CharField(widget=forms.Textarea, required=False, help_text="What they said.")
    more = forms.CharField(widget=forms.Textarea, required=False)
    phone = PhoneField(required=False)
    email = forms.EmailField(required=False)


def test_every_free_text_of_a_form_refuses_one() -> None:
    number = "123456789"
    form = Told({"title": number, "notes": number, "more": number, "phone": number, "email": f"{number}@example.org"})
    assert set(form.errors) == {"title", "notes", "more"}


def test_a_form_says_why_once() -> None:
    form = Told()
    assert [name for name, field in form.fields.items() if str(NO_STUDENT) in str(field.help_text)] == ["notes"]
    assert form.fields["notes"].help_text == f"What they said. {NO_STUDENT}"
