"""How the fields of a long form stand: in sections with a heading, and side by side where they belong together."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row


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


def pair(*names: str) -> Row:
    """Fields side by side; one under another on a phone."""
    return Row(*names)
