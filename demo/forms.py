"""The two questions of a school that starts on its own, and a form that shows every control."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import AuditedModelForm, CleanForm
from schools.models import Joining


class BeginForm(CleanForm):
    """Who are you, and which school?"""

    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("Your e-mail"), max_length=254)
    school_name = forms.CharField(label=_("Your school"), max_length=200)
    town = forms.CharField(label=_("Its town"), max_length=120, required=False)


class JoiningForm(AuditedModelForm[Joining]):
    """Which school on its own is asked to join."""

    class Meta:
        model = Joining
        fields = ["meant_for"]


class JoinForm(CleanForm):
    """The yes of whoever administers a school on its own, once they have read what it changes."""

    yes = forms.BooleanField(label=_("I have read what changes"))


class EveryControl(CleanForm):
    """One field of each kind, for the components page."""

    text = forms.CharField(label=_("What exactly"), help_text=_("As a business should read it."), max_length=60)
    number = forms.IntegerField(
        label=_("How many students"),
        min_value=1,
        max_value=20000,
        widget=forms.NumberInput(attrs={"data-look": "stepper"}),
    )
    day = forms.DateField(label=_("Day"), required=False)
    choice = forms.ChoiceField(
        label=_("Kind"), choices=[("a", _("Call")), ("b", _("E-mail")), ("c", _("Letter"))], required=False
    )
    pills = forms.ChoiceField(
        label=_("How often"),
        choices=[("once", _("Once")), ("weekly", _("Once a week")), ("monthly", _("Once a month"))],
        widget=forms.RadioSelect(attrs={"data-look": "pills"}),
    )
    tiles = forms.ChoiceField(
        label=_("What do you need?"),
        choices=[("mentors", _("Mentors")), ("transportation", _("Transportation"))],
        widget=forms.RadioSelect(
            attrs={
                "data-look": "tiles",
                "data-icons": {"mentors": "person-arms-up", "transportation": "bus-front"},
            }
        ),
    )
    several = forms.MultipleChoiceField(
        label=_("Flows into"),
        choices=[("1", "SP1"), ("2", "SP2")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    tick = forms.BooleanField(label=_("The principal attends"), required=False)
    words = forms.CharField(label=_("What was said"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
