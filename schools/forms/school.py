"""What a school types about itself and its improvement plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.models import StrategicGoal
from core.form_layout import laid_out, pair, section
from core.forms import AuditedModelForm, PhoneField, RowsField
from schools.forms.choices import drop_if_empty, only
from schools.ministry_file import LeftOut, parse_postal_code
from schools.models import ImprovementGoal, School


class SchoolForm(AuditedModelForm[School]):
    """The profile of a school, as the guide asks for it."""

    class Meta:
        model = School
        fields = [
            "name",
            "level",
            "grades",
            "enrolment",
            "language",
            "strength",
            "challenge",
            "accomplishments",
            "demographic_figure",
            "demographic_label",
            "demographics",
            "year_runs",
            "street",
            "town",
            "postal_code",
            "phone",
            "website",
        ]
        field_classes = {"phone": PhoneField}
        widgets = {"language": forms.RadioSelect(attrs={"data-look": "pills"})}
        help_texts = {
            "enrolment": _("How many attend."),
            "demographics": _("Counts and shares only, never a student’s name."),
            "demographic_figure": _("For example: 38 %"),
            "demographic_label": _("For example: new to Canada"),
            "strength": _("A few words. They stand large on the one-page summary."),
            "challenge": _("A few words. The biggest limit on what students can do today."),
            "year_runs": _("When are exams, when is it quiet? Businesses often do not know."),
        }

    helper = laid_out(
        section(_("The school"), "name", pair("level", "grades"), pair("enrolment", "language")),
        section(
            _("Who you are"),
            "strength",
            "challenge",
            "accomplishments",
            pair("demographic_figure", "demographic_label"),
            "demographics",
            "year_runs",
        ),
        section(_("Where you are"), "street", pair("town", "postal_code"), pair("phone", "website")),
    )

    def clean_postal_code(self) -> str:
        """A Canadian one as the post writes it; of a school whose province nobody entered, whatever was typed."""
        code: str = self.cleaned_data["postal_code"]
        if not (code and self.instance.province):
            return code
        try:
            return parse_postal_code(code)
        except LeftOut:
            raise forms.ValidationError(_("Enter a postal code, for example K1A 0B1.")) from None


class ImprovementGoalForm(AuditedModelForm[ImprovementGoal]):
    """A goal of the improvement plan, and the strategic goals it serves."""

    class Meta:
        model = ImprovementGoal
        fields = ["title", "strategic_goals"]
        field_classes = {"strategic_goals": RowsField}
        widgets = {"strategic_goals": forms.CheckboxSelectMultiple}
        help_texts = {"title": _("For example: raise enrolment in senior mathematics")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals = StrategicGoal.objects.filter(board=self.instance.school.board_id)
        only(self.fields["strategic_goals"], goals, _("Choose goals of your own board."))
        drop_if_empty(self, "strategic_goals", goals)
