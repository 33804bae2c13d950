"""The printed texts of a school or an initiative beside what they say in the other language, and what lacks one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from core.text import labelled
from schools.models import Goal, ImprovementGoal, Initiative, Measure, Need, School, Translated
from schools.models.translated import OTHER, lacks

IN = {"en": _("in English"), "fr": _("in French")}
HEADINGS: dict[type[Translated], str | Promise] = {
    School: _("The school"),
    ImprovementGoal: _("Improvement goals"),
    Initiative: _("The initiative"),
    Goal: _("Goals"),
    Measure: _("Measures"),
    Need: _("Needs"),
}
# What of a school stands on the executive summary of its initiatives.
ON_THE_SUMMARY = ("strength", "challenge", "demographic_label")


@dataclass(frozen=True)
class Text:
    """One printed text of a row, as it was written."""

    row: Translated
    field: str

    @property
    def name(self) -> str:
        """What a form calls it."""
        return f"{self.row._meta.model_name}_{self.row.pk}_{self.field}"

    @property
    def label(self) -> str:
        return str(capfirst(str(self.column.verbose_name)))

    @property
    def column(self) -> Any:
        return self.row._meta.get_field(self.field)

    @property
    def heading(self) -> str | Promise:
        return HEADINGS[type(self.row)]

    @property
    def written(self) -> str:
        return str(getattr(self.row, self.field))

    @property
    def translated(self) -> str:
        return str(self.row.in_other_language.get(self.field, ""))

    def in_short(self) -> str:
        return labelled(self.label, Truncator(self.written).chars(60))


def texts_of(of: School | Initiative) -> list[Text]:
    """Every printed text of `of` and of what hangs on it, in the order of the page, the empty ones too."""
    found: list[Translated] = [of]
    if isinstance(of, School):
        found += of.improvement_goals.all()
    else:
        found += of.goals.all()
        found += Measure.objects.filter(goal__initiative=of).select_related("goal__initiative__school")
        found += of.needs.exclude(state=Need.State.WITHDRAWN)
    return _texts(found)


def missing_on_summary(initiative: Initiative, language: str) -> list[Text]:
    """What of the executive summary of `initiative` would not stand in `language`."""
    school = initiative.school
    own = ImprovementGoal.objects.filter(goals__initiative=initiative).distinct().select_related("school")
    of_school = [Text(school, name) for name in ON_THE_SUMMARY]
    found = [*texts_of(initiative), *of_school, *_texts(own)]
    return [text for text in found if _is_printed(text) and lacks(text.row, text.field, language)]


def speaks_both(initiative: Initiative) -> bool:
    """Whether a document of `initiative` may be wanted in either language: something is translated, or its board
    speaks both."""
    both = len(initiative.school.board.speaks) > 1
    return both or bool(initiative.in_other_language or initiative.school.in_other_language)


def other_of(of: Translated) -> str:
    """The language `of` was not written in."""
    return OTHER[of.written_in]


def _texts(rows: Iterable[Translated]) -> list[Text]:
    return [Text(row, name) for row in rows for name in row.PRINTED]


def _is_printed(text: Text) -> bool:
    """Whether it stands on the summary: of a need what is asked for while it is open, of a measure not its source."""
    row = text.row
    if isinstance(row, Need):
        return row.state == Need.State.OPEN and text.field != "details"
    return not (isinstance(row, Measure) and text.field == "source")
