"""Who takes over an initiative."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.form_layout import laid_out
from core.forms import CleanForm
from schools.forms.choices import only
from schools.models import Initiative
from schools.outline import school_leads


class HandOverForm(CleanForm):
    """The new champion, and a word to both if you like. `seen` is who led it when the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who takes over"),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_("A champion or principal. Anybody else is made a champion on the People page first."),
    )
    why = forms.CharField(
        label=_("A word to both"), max_length=300, required=False, help_text=_("It stands in the mail to both.")
    )

    helper = laid_out("to", "why")

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.led_by = initiative.champion_id
        self.initial["seen"] = str(self.led_by or "")
        others = school_leads(initiative.school).exclude(pk=self.led_by or 0)
        only(self.fields["to"], others, _("Choose a champion or principal of your school."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("seen") != str(self.led_by or ""):
            self.add_error(None, _("Somebody else has handed it over meanwhile. Look at it before you try again."))
        return cleaned
