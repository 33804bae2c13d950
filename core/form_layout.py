"""How the fields of a long form stand: in sections with a heading, and side by side where they belong together."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext

PILLS = {"data-look": "pills"}  # of a widget with few choices: side by side, each with a frame


def laid_out(*parts: Any) -> FormHelper:
    """A helper that draws `parts` in this order, inside the form and the save bar of form_page.html."""
    helper = FormHelper()
    helper.form_tag = False
    helper.render_hidden_fields = True
    helper.layout = Layout(*parts)
    return helper


def section(heading: Any, *parts: Any) -> Fieldset:
    """Fields under a heading."""
    return Fieldset(heading, *parts)


class MayBeAnother(forms.Form):
    """A form whose row looks like one that is there: it asks once, and a tick says that it is another one.

    A subclass labels the field `is_another`, which stands first, and only once it was asked.
    """

    is_another = forms.BooleanField(required=False)
    helper: FormHelper

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("is_another"):
            self._show_tick()

    def ask_once(self, question: Any) -> None:
        """Refuse what was sent with `question`, unless it was ticked."""
        if not self.cleaned_data.get("is_another"):
            self.add_error(None, question)
            self._show_tick()

    def ask_about(self, there: Any, page: str) -> None:
        """Ask whether what was typed is `there`, whose page is `page`."""
        link = format_html('<a href="{}">{}</a>', page, there.name)
        self.ask_once(format_html(gettext("{} is already there. Is it the same one?"), link))

    def _show_tick(self) -> None:
        self.helper = laid_out("is_another", *type(self).helper.layout.fields)


def pair(*names: str) -> Row:
    """Fields side by side; one under another on a phone."""
    return Row(*names)
