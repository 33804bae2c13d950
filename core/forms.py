"""The forms every room builds on: clean text, sane dates, one row and one Event for a save."""

from datetime import date, time
from decimal import Decimal
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.utils.formats import date_format, time_format
from django.utils.functional import lazy
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock, error_words, facts, numbers
from core.templatetags.tandem import said
from core.text import no_hidden_characters, no_student_number, normalise, one_line, phone_number

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
LONGEST_TEXT = 4000
LONGEST_KEY = 18  # digits; every number of so many fits a BIGINT
CHOOSE = _("Choose")
SMALLEST = Decimal("0.01")  # what is "more than nothing" in a number of two decimals


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
        _say_why_no_student(self.fields)

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
    """Give `field` the limits every field of its kind has here, and our words for what is wrong with it."""
    error_words.put_on(field)
    if isinstance(field, forms.CharField):
        field.validators.append(no_hidden_characters)
        if not isinstance(field, NO_FREE_TEXT):
            field.validators.append(no_student_number)
        if isinstance(field.widget, forms.Textarea):
            if field.max_length is None:
                field.max_length = LONGEST_TEXT
                field.validators.append(forms.CharField(max_length=LONGEST_TEXT).validators[0])
        else:
            field.validators.append(one_line)
    elif isinstance(field, forms.IntegerField):  # a DecimalField is one
        numbers.put_on(field)
        _say_limits(field)
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


def _say_why_no_student(fields: dict[str, forms.Field]) -> None:
    """Say it once on a form: at the first field that takes more than a line."""
    for field in fields.values():
        if isinstance(field.widget, forms.Textarea):
            field.help_text = f"{field.help_text} {NO_STUDENT}".strip()
            return


NO_STUDENT = _("Of students only how many, never a name or a number: Tandem keeps nothing about a single student.")


def _say_limits(field: forms.IntegerField) -> None:
    """Keep the tightest limit on each side of a number, and say it in our words."""
    for kind, tightest, words in ((MinValueValidator, max, _least), (MaxValueValidator, min, _most)):
        limits = [validator.limit_value for validator in field.validators if isinstance(validator, kind)]
        if limits:
            limit = tightest(limits)
            others = [validator for validator in field.validators if not isinstance(validator, kind)]
            field.validators = [*others, kind(limit, words(limit))]


_least = lazy(
    lambda limit: (
        gettext("Enter a number above 0.")
        if 0 < limit <= SMALLEST
        else gettext("Enter %(n)s or more.") % {"n": said(limit)}
    ),
    str,
)
_most = lazy(lambda limit: gettext("Enter %(n)s or less.") % {"n": said(limit)}, str)


def not_over(field: forms.Field, zone: ZoneInfo, known: date | None = None) -> None:
    """Let `field` take no day that has passed in `zone`; the one that was saved before (`known`) may stay."""

    def check(day: date) -> None:
        if day < clock.today(zone) and day != known:
            raise forms.ValidationError(_("This day has passed. Choose today or later."))

    field.validators.append(check)


class PhoneField(forms.CharField):
    """A telephone number, as people write it."""

    default_validators = [phone_number]
    widget = forms.TextInput(attrs={"type": "tel"})


# What is checked by a rule of its own and may hold nine digits.
NO_FREE_TEXT = (forms.EmailField, forms.URLField, PhoneField)


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

    An edited row is compared and set by its `version`, which travels in the form, as does what the form showed: when
    somebody else was faster, it tells what this person changed from what merely stood there.
    """

    instance: Row
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in self.instance._meta.fields:
            field = self.fields.get(column.name)
            if isinstance(field, forms.IntegerField):  # the row has limits of its own; Django would say them
                field.validators += column.validators
                _say_limits(field)
        if self.instance.pk is None:
            del self.fields["version"]
        else:
            self.initial.update(self.beyond(self.instance))
            self.initial["version"] = getattr(self.instance, "version", None)
            for name, field in self.fields.items():
                field.show_hidden_initial = name != "version"

    def beyond(self, row: Any) -> dict[str, Any]:
        """What fields that the model has not show of a saved row."""
        return {}

    def as_shown(self) -> SafeString:
        """Hidden inputs that remember what the form showed when it was opened."""
        sent: Any = self.data
        kept: list[tuple[str, str]] = []
        for name, field in self.fields.items():
            if field.show_hidden_initial:
                key = self.add_initial_prefix(name)
                values = sent.getlist(key) if self.is_bound else _as_sent(field, self.initial.get(name))
                kept += [(key, value) for value in values]
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', kept)

    def validate_unique(self) -> None:
        """Check every constraint of the row, also those that name a field which is not on the form.

        Django leaves those out, and the database would then answer a duplicate with a 500. What is wrong is said at the
        last field of the form that the constraint names; of the whole form where it shows none of them.
        """
        failed = {name for name in self.errors if name != NON_FIELD_ERRORS}
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=failed)
                except forms.ValidationError as error:
                    self._say_at(self._last_of(fields_of(constraint)), error.messages)

    def _last_of(self, names: set[str]) -> str | None:
        """The last field of `names` that a person sees on this form."""
        seen = [name for name, field in self.fields.items() if name in names and not field.widget.is_hidden]
        return seen[-1] if seen else None

    def _say_at(self, name: str | None, messages: list[str]) -> None:
        """Say `messages` at a field, once, and no longer of the whole form, where Django may have said them already."""
        whole = self.errors.get(NON_FIELD_ERRORS)
        if name and whole:
            whole.data = [fault for fault in whole.as_data() if not set(fault.messages) & set(messages)]
            if not whole.data:
                del self.errors[NON_FIELD_ERRORS]
        known = set(self.errors.get(name or NON_FIELD_ERRORS, ()))
        for message in messages:
            if message not in known:
                self.add_error(name, message)

    def save(self, *, by: AbstractBaseUser, why: str = "") -> Row:  # type: ignore[override]
        """Write the row and its Event in one transaction; raises Stale if somebody else saved it meanwhile."""
        with transaction.atomic():
            adding = self.instance.pk is None
            if not adding:
                self.claim_version()
            row: Row = super().save()
            facts.changed(row, by=by, verb="added" if adding else "edited", why=why)
        return row

    def refuse_without_version(self) -> None:
        """Raise Stale for an edit that does not say what it saw: no page of ours sends one."""
        if "version" in self.fields and not self.cleaned_data.get("version"):
            raise Stale(type(self.instance)._base_manager.get(pk=self.instance.pk))

    def claim_version(self) -> None:
        """Compare and set: count the version on, or raise Stale. An action that saves the row itself calls it first."""
        model, seen = type(self.instance), self.cleaned_data.get("version")
        rows = model._base_manager.filter(pk=self.instance.pk, version=seen or 0)
        if rows.update(version=F("version") + 1) != 1:
            raise Stale(model._base_manager.get(pk=self.instance.pk))
        self.instance.version = (seen or 0) + 1  # type: ignore[attr-defined]

    def take_over(self, theirs: models.Model) -> None:
        """Bring in what somebody else saved, and name the fields both changed; the next save wins knowingly.

        A field this person left as it was shows the other's value from here on; one that only this person changed
        keeps it.
        """
        saved = model_to_dict(theirs, self._meta.fields) | self.beyond(theirs)
        changed = set(self.changed_data)
        sent: Any = self.data.copy()  # type: ignore[attr-defined]
        self.data = sent
        for name, field in self.fields.items():
            if name not in saved:
                continue
            shown = sent.getlist(self.add_initial_prefix(name))
            now = _as_sent(field, saved[name])
            if name not in changed:
                sent.setlist(self.add_prefix(name), now)
            elif _differs(field, now, shown) and field.has_changed(saved[name], self[name].data):
                text = _in_words(field, saved[name])
                self.add_error(name, _BOTH_CHANGED % {"text": text} if text else _EMPTIED)
            sent.setlist(self.add_initial_prefix(name), now)
        sent["version"] = str(getattr(theirs, "version", ""))
        if not self.errors:
            self.add_error(None, _NOTHING_DIFFERS)


def fields_of(constraint: models.BaseConstraint) -> set[str]:
    """The fields of its row that a constraint speaks of: those that are unique together, or those it compares."""
    named = set(getattr(constraint, "fields", ()))
    is_unique = isinstance(constraint, models.UniqueConstraint)
    terms: Any = getattr(constraint, "expressions" if is_unique else "condition", ())
    for term in terms if is_unique else [terms]:
        if isinstance(term, Q):
            named |= term.referenced_base_fields
        else:
            parts = term.flatten() if hasattr(term, "flatten") else [term]
            named |= {part.name.split("__")[0] for part in parts if isinstance(part, F)}  # type: ignore[attr-defined]
    return named


_NOTHING_DIFFERS = _(
    "Somebody else saved this while you were writing. What they changed stands here now, beside your words. Save again."
)
_BOTH_CHANGED = _("Somebody else saved “%(text)s” here while you were writing. Save again to keep yours.")
_EMPTIED = _("Somebody else emptied this while you were writing. Save again to keep yours.")


def _as_sent(field: forms.Field, value: Any) -> list[str]:
    """A saved value as a browser would send it."""
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"] if value else []
    drawn = field.widget.format_value(field.prepare_value(value))
    values = drawn if isinstance(drawn, list) else [drawn]
    return [str(value) for value in values if value not in (None, "")]


def _differs(field: forms.Field, now: list[str], shown: list[str]) -> bool:
    """Whether what is saved now is something else than what was shown; a number may be written otherwise."""
    if isinstance(field, forms.IntegerField) and now and shown:
        try:
            return field.has_changed(field.to_python(now[0]), shown[0])
        except forms.ValidationError:
            return True
    return now != shown


def _in_words(field: forms.Field, value: Any) -> str:
    """A saved value as the person reads it; "" if there is none."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, time):
        return time_format(value)
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        chosen = set(_as_sent(field, value))
        choices: Any = field.choices
        return ", ".join(str(label) for key, label in choices if str(key) in chosen and str(key))
    if isinstance(field, forms.IntegerField):
        return " ".join(_as_sent(field, value))
    return "" if value is None else str(value)
