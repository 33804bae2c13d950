"""What is sent about a file: the file, its columns, which part of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.form_layout import laid_out, section
from core.forms import CleanForm, bound
from engines.imports.kinds import Column, importers
from engines.imports.limits import LARGEST_FILE, too_large
from engines.imports.mapping import Mapping
from engines.imports.models import Import

TYPES = ".csv,.tsv,.txt,.xlsx"
NOT_THERE = "-"


class UploadForm(CleanForm):
    """What is in the file, and the file."""

    kind = forms.ChoiceField(label=_("What is in it"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with a line of headings, up to 30 MB and 100,000 rows. Nothing is written yet."),
        widget=forms.FileInput(attrs={"accept": TYPES}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        known = sorted(importers, key=lambda importer: importer.order)
        kind.choices = [(importer.name, importer.label) for importer in known]
        kind.widget.attrs = {"data-look": "cards", "data-notes": {i.name: i.lead for i in known}}
        self.initial.setdefault("kind", known[0].name)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(too_large())
        return file


class ColumnsForm(CleanForm):
    """For each column that is read, the heading of the file that stands for it."""

    def __init__(self, *args: Any, row: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.chosen = [column for column in row.importer.columns if not column.by_name_only]
        first = row.preview.get("first") or []
        headings = [
            (str(place), _example(heading or f"{place + 1}", first[place] if place < len(first) else ""))
            for place, heading in enumerate(row.headings)
        ]
        for n, column in enumerate(self.chosen):
            self.fields[f"column{n}"] = self._field(column, headings)
            bound(self.fields[f"column{n}"])
        names: dict[bool, list[str]] = {True: [], False: []}
        for n, column in enumerate(self.chosen):
            names[column.is_needed].append(f"column{n}")
        groups = ((_("Needed"), names[True]), (_("If the file has it"), names[False]))
        self.helper = laid_out(*(section(heading, *fields) for heading, fields in groups if fields))

    def _field(self, column: Column, headings: list[tuple[str, str]]) -> forms.ChoiceField:
        place = self.row.mapping.get(column.name)
        nothing = ("", "") if column.is_needed else (NOT_THERE, _("Not in this file"))
        return forms.ChoiceField(
            label=str(column.label),
            choices=[nothing, *headings],
            initial=str(place) if place is not None else nothing[0],
            required=column.is_needed,
        )

    def mapping(self) -> Mapping:
        """What was chosen, and what is found by its name only."""
        chosen = {column.name: self.cleaned_data[f"column{n}"] for n, column in enumerate(self.chosen)}
        by_name = {name: place for name, place in self.row.mapping.items() if name not in chosen}
        return by_name | {name: int(place) for name, place in chosen.items() if place not in ("", NOT_THERE)}


def _example(heading: str, cell: str) -> str:
    return f"{heading} ({cell})" if cell else heading


class PartForm(CleanForm):
    """Which part is written."""

    part = forms.ChoiceField(
        label=_("What is written"), choices=Import.Part.choices, initial=Import.Part.ALL, widget=forms.RadioSelect
    )
