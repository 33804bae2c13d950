"""What a board types about its families of schools."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from core.forms import AuditedModelForm
from core.search_text import by_key, search_key
from schools import actions
from schools.models import Family, School

SCHOOLS_HELP = _("One a line, by name or ministry number. A school that stands in another family moves here.")
LINES_SAID = 5  # more faults than that are counted


class FamilyForm(AuditedModelForm[Family]):
    """The name of a family and its schools, one a line, so that a column of a spreadsheet can be pasted."""

    schools = forms.CharField(
        label=_("Schools"),
        max_length=60_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    class Meta:
        model = Family
        fields = ["name"]
        help_texts = {"name": _("For example: North")}

    def beyond(self, row: Family) -> dict[str, Any]:
        return {"schools": "\n".join(_named(self._of_board, row))}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["schools"].help_text = SCHOOLS_HELP  # a list of schools is no free text

    def clean_name(self) -> str:
        """No other family of the board has this name, accents and case aside."""
        name: str = self.cleaned_data["name"]
        others = Family.objects.filter(board=self.instance.board_id).exclude(pk=self.instance.pk)
        if search_key(name) in {search_key(other) for other in others.values_list("name", flat=True)}:
            raise forms.ValidationError(_("The board has a family of this name."))
        return name

    @property
    def _of_board(self) -> list[School]:
        rows = School.objects.filter(board=self.instance.board_id)
        return list(rows.only("name", "ministry_number", "family", "board"))

    def clean_schools(self) -> list[School]:
        """The schools that the lines name, each once; every line that names none or several is said."""
        by_name = by_key(self._of_board, lambda school: (school.name, school.ministry_number, _in_full(school)))
        found: dict[int, School] = {}
        faults = []
        for line in self.cleaned_data["schools"].splitlines():
            named = by_name.get(search_key(line), []) if line.strip() else None
            if named is not None and len(named) == 1:
                found[named[0].pk] = named[0]
            elif named is not None:
                faults.append(_two_called(line) if named else _none_called(line))
        if faults:
            raise forms.ValidationError(_shortened(faults))
        return list(found.values())

    @transaction.atomic
    def save(self, *, by: User, why: str = "") -> Family:  # type: ignore[override]
        """Write the name, put the schools in and take out those that are not named any more."""
        family = super().save(by=by, why=why)
        actions.settle_family(family, self.cleaned_data["schools"], by=by)
        return family


def _named(schools: list[School], family: Family) -> list[str]:
    """The schools of `family` as one types them: by name, and number where two have the same."""
    names = [search_key(school.name) for school in schools]
    mine = [school for school in schools if school.family_id == family.pk]
    return [school.name if names.count(search_key(school.name)) == 1 else _in_full(school) for school in mine]


def _in_full(school: School) -> str:
    return f"{school.name} ({school.ministry_number})" if school.ministry_number else school.name


def _none_called(line: str) -> Any:
    return _("No school of the board is called “%(name)s”.") % {"name": line.strip()[:80]}


def _two_called(line: str) -> Any:
    return _("More than one school is called “%(name)s”. Write its ministry number.") % {"name": line.strip()[:80]}


def _shortened(faults: list[Any]) -> list[Any]:
    left = len(faults) - LINES_SAID
    more = [ngettext("And %(n)d more line.", "And %(n)d more lines.", left) % {"n": left}] if left > 0 else []
    return faults[:LINES_SAID] + more
