"""What is typed about somebody who takes part in an initiative."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.form_layout import laid_out, pair
from core.forms import AuditedModelForm
from schools.forms.choices import only
from schools.models import KeyPerson
from schools.outline import school_people


class KeyPersonForm(AuditedModelForm[KeyPerson]):
    """Who, the part they play, and how much time they have."""

    class Meta:
        model = KeyPerson
        fields = ["user", "name", "part", "hours", "has_release", "release", "note"]
        help_texts = {
            "name": _("Staff only, never a student."),
            "part": _("For example: coaches the drive team"),
            "release": _("For example: one period a week"),
        }

    helper = laid_out("user", "name", pair("part", "hours"), "has_release", "release", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = school_people(self.instance.initiative.school)
        if self.instance.user_id:  # who has left meanwhile may stay named
            people = User.objects.filter(Q(pk__in=people.values("pk")) | Q(pk=self.instance.user_id))
        only(self.fields["user"], people, _("Choose somebody of your school."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        both = cleaned.get("user"), cleaned.get("name")
        if not {"user", "name"} & self.errors.keys() and bool(both[0]) == bool(both[1]):
            self.add_error("name", _("Choose somebody, or write a name: one of the two."))
        if cleaned.get("release"):
            cleaned["has_release"] = True
        return cleaned
