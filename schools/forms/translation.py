"""What a school types in the other language."""

from typing import Any

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import AuditedModelForm, CleanForm
from schools import actions
from schools.models import Initiative, School, Translated
from schools.translations import Text, texts_of


class TranslationForm(AuditedModelForm[Any]):
    """A field for each printed text that says something, of the row and of what hangs on it."""

    def __init__(self, *args: Any, instance: Any, **kwargs: Any) -> None:
        every = texts_of(instance)
        self.texts = [text for text in every if text.written]
        self.unwritten = [text for text in every if not text.written and text.row == instance]
        # Before the form is made: every field gets its limits, and the hidden word for what it showed.
        self.base_fields = {**self.base_fields, **{t.name: _field(t) for t in self.texts}}  # type: ignore[misc]
        super().__init__(*args, instance=instance, **kwargs)

    def beyond(self, row: Any) -> dict[str, Any]:
        return {text.name: text.translated for text in texts_of(row)}

    def beside(self) -> list[tuple[Text, Any]]:
        """Each text with its field, as the page shows them."""
        return [(text, self[text.name]) for text in self.texts]

    @transaction.atomic
    def save(self, *, by: User, why: str = "") -> Any:  # type: ignore[override]
        """Write what is translated; raises Stale if somebody else saved the row meanwhile."""
        if not self.changed_data and self.cleaned_data.get("version") == self.instance.version:
            return self.instance
        self.claim_version()
        rows: dict[Translated, dict[str, str]] = {}
        for text in self.texts:
            rows.setdefault(text.row, {})[text.field] = self.cleaned_data[text.name]
        for row, said in rows.items():
            actions.translate(row, said, by=by)
        return self.instance


class SchoolTranslationForm(TranslationForm):
    class Meta:
        model = School
        fields: list[str] = []


class InitiativeTranslationForm(TranslationForm):
    class Meta:
        model = Initiative
        fields: list[str] = []


class LanguageForm(CleanForm):
    """In which language a document is made."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", _("English")), ("fr", _("French"))],
        widget=forms.RadioSelect(attrs={"data-look": "pills"}),
    )  # fmt: skip


def _field(text: Text) -> forms.CharField:
    """As long as what it stands for, and with the same control."""
    is_long = isinstance(text.column, models.TextField)
    widget = forms.Textarea(attrs={"rows": 4}) if is_long else forms.TextInput()
    return forms.CharField(label=text.label, max_length=text.column.max_length, required=False, widget=widget)
