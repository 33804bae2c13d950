"""The forms every room builds on: clean text, sane dates, one row and one Event for a save."""

from datetime import date
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core import facts
from core.text import no_hidden_characters, normalise, one_line

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
LONGEST_TEXT = 4000
LONGEST_KEY = 18  # digits; every number of so many fits a BIGINT
CHOOSE = _("Choose")


class Stale(Exception):
    """Somebody else saved the row since this form was opened."""

    def __init__(self, theirs: models.Model) -> None:
        super().__init__(str(theirs))
        self.theirs = theirs


class CleanForm(forms.Form):
    """A form whose texts are normalised and bounded, and whose dates a calendar can hold."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Before anything is checked: some letters grow when they are normalised, and a length is a length in the row.
        self.data = normalised(self.data)
        for field in self.fields.values():
            bound(field)

    def clean(self) -> dict[str, Any]:
        return super().clean() or self.cleaned_data


def normalised(data: Any) -> Any:
    """What was sent, a QueryDict or a dict, with every text normalised."""
    if isinstance(data, QueryDict):
        tidy = data.copy()
        for name, values in data.lists():
            tidy.setlist(name, [normalise(value) for value in values])
        return tidy
    return {name: normalise(value) if isinstance(value, str) else value for name, value in data.items()}


def bound(field: forms.Field) -> None:
    """Give `field` the limits every field of its kind has here."""
    if isinstance(field, forms.CharField):
        field.validators.append(no_hidden_characters)
        if isinstance(field.widget, forms.Textarea):
            if field.max_length is None:
                field.max_length = LONGEST_TEXT
                field.validators.append(forms.CharField(max_length=LONGEST_TEXT).validators[0])
        else:
            field.validators.append(one_line)
    elif isinstance(field, forms.ModelChoiceField):
        if field.empty_label:
            field.empty_label = CHOOSE
    elif isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.Select):
        field.choices = [(value, label if value else CHOOSE) for value, label in list(field.choices)]  # type: ignore[arg-type]
    elif isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.RadioSelect) and field.required:
        field.choices = [(value, label) for value, label in list(field.choices) if value]  # type: ignore[arg-type]
    elif isinstance(field, forms.DateField):
        too = _("Enter a date between 1990 and 2099.")
        field.validators += [MinValueValidator(EARLIEST, too), MaxValueValidator(LATEST, too)]
        if not isinstance(field.widget, forms.HiddenInput):
            field.widget = DateInput(attrs=field.widget.attrs)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by their keys; one that no key can be is no valid choice, whatever the database says to it."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not (str(key).isdecimal() and len(str(key)) <= LONGEST_KEY):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(key)[:40]}
                )
        return super().clean(value)


class DateInput(forms.DateInput):
    """A browser's own date field; it speaks ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """A browser's own time field."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


Row = TypeVar("Row", bound=models.Model)


class AuditedModelForm(CleanForm, forms.ModelForm, Generic[Row]):
    """Plain create or edit of one row that a board owns; `save(by=)` is the only way it is written.

    An edited row is compared and set by its `version`, which travels in the form.
    """

    instance: Row
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["version"]
        else:
            self.initial["version"] = getattr(self.instance, "version", None)

    def validate_unique(self) -> None:
        """Check every constraint of the row, also those that name a field which is not on the form.

        Django leaves those out, and the database would then answer a duplicate with a 500.
        """
        failed = {name for name in self.errors if name != NON_FIELD_ERRORS}
        try:
            self.instance.validate_constraints(exclude=failed)
        except forms.ValidationError as error:
            said = set(self.non_field_errors())
            for message in error.messages:
                if message not in said:
                    self.add_error(None, message)

    def save(self, *, by: AbstractBaseUser, why: str = "") -> Row:  # type: ignore[override]
        """Write the row and its Event in one transaction; raises Stale if somebody else saved it meanwhile."""
        with transaction.atomic():
            adding = self.instance.pk is None
            if not adding:
                self.claim_version()
            row: Row = super().save()
            facts.changed(row, by=by, verb="added" if adding else "edited", why=why)
        return row

    def claim_version(self) -> None:
        """Compare and set: count the version on, or raise Stale. An action that saves the row itself calls it first."""
        model, seen = type(self.instance), self.cleaned_data.get("version")
        rows = model._base_manager.filter(pk=self.instance.pk, version=seen or 0)
        if rows.update(version=F("version") + 1) != 1:
            raise Stale(model._base_manager.get(pk=self.instance.pk))
        self.instance.version = (seen or 0) + 1  # type: ignore[attr-defined]

    def differences(self, theirs: models.Model) -> list[tuple[str, str]]:
        """Label and saved text of each field in which the row of somebody else differs from what was typed here."""
        found = []
        for name, field in self.fields.items():
            if name == "version" or not hasattr(theirs, name) or name not in self.cleaned_data:
                continue
            saved = getattr(theirs, name)
            if not isinstance(saved, models.Manager) and saved != self.cleaned_data[name]:
                found.append((str(field.label), shown(saved)))
        return found


def shown(value: object) -> str:
    """A saved value in words."""
    if isinstance(value, date):
        return date_format(value)
    return "" if value is None else str(value)
