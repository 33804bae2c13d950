"""Who takes over an initiative."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.form_layout import laid_out
from core.forms import AuditedModelForm
from schools import actions
from schools.forms.choices import only, school_people
from schools.models import Initiative


class HandOverForm(AuditedModelForm[Initiative]):
    """The new champion, and a word to them if you like."""

    to = forms.ModelChoiceField(
        User.objects.none(), label=_("Who takes over"), widget=forms.RadioSelect, empty_label=None
    )
    why = forms.CharField(
        label=_("A word to both"), max_length=300, required=False, help_text=_("It stands in the mail to both.")
    )

    class Meta:
        model = Initiative
        fields: ClassVar[list[str]] = []

    helper = laid_out("to", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = school_people(self.instance.school).exclude(pk=self.instance.champion_id or 0)
        only(self.fields["to"], others, _("Choose somebody of your school."))

    def save(self, *, by: User, why: str = "") -> Initiative:  # type: ignore[override]
        """Hand it over; raises Stale if somebody else saved the initiative meanwhile."""
        if self.cleaned_data.get("version") != self.instance.version:
            self.claim_version()
        return actions.hand_over(self.instance, self.cleaned_data["to"], by=by, why=self.cleaned_data["why"])
