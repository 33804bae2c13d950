"""What of the trail is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import LONGEST_KEY, CleanForm
from core.verbs import Group
from people import trail


class TrailForm(CleanForm):
    """What of the trail is shown. A field that cannot be read is said so, and narrows nothing down."""

    person = forms.CharField(label=_("Who"), max_length=200, required=False)
    done = forms.ChoiceField(label=_("What was done"), required=False)
    kind = forms.ChoiceField(label=_("To what"), required=False)
    school = forms.IntegerField(
        label=_("School"), widget=forms.Select, required=False, min_value=1, max_value=10**LONGEST_KEY - 1
    )
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = ("", _("Anything"))
        self.fields["done"].choices = [anything, *Group.choices]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [anything, *trail.kinds()]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What was asked for and can be read."""
        self.is_valid()
        return self.cleaned_data

    def choose_school(self, schools: list[tuple[int, str]]) -> None:
        """Let the page choose among `schools`; with none to choose from there is no such field."""
        if not schools:
            del self.fields["school"]
            return
        self.fields["school"].widget.choices = [("", _("Any school")), *schools]
