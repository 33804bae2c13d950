"""What a school types about an initiative, its goals and its measures."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from boards.models import StrategicGoal
from core import clock
from core.form_layout import laid_out, pair
from core.forms import NO_STUDENT, AuditedModelForm, CleanForm, RowsField, not_over
from schools.actions import years_on
from schools.forms.choices import drop_if_empty, only
from schools.forms.printed import budget, counted, printed
from schools.models import Goal, ImprovementGoal, Initiative, Measure, Measurement, School
from schools.outline import school_leads, school_people

GUIDE_BENEFITS = _(
    "Involvement in the community\nYour organisation known to more people\nEmployees who are proud of where they work"
)


class NewInitiativeForm(AuditedModelForm[Initiative]):
    """The title alone; the parts of the outline follow in any order."""

    class Meta:
        model = Initiative
        fields = ["title"]
        help_texts = {"title": _("For example: FIRST Robotics")}


class WhatForm(AuditedModelForm[Initiative]):
    """What happens, and when."""

    class Meta:
        model = Initiative
        fields = ["title", "summary", "description", "starts_on", "ends_on"]
        widgets = {"summary": printed("summary", rows=3), "description": printed("initiative")}
        help_texts = {
            "summary": budget("summary", _("What students do, and that you look for a partner.")),
            "description": budget("initiative"),
        }

    helper = laid_out("title", "summary", "description", pair("starts_on", "ends_on"))


class WhyForm(AuditedModelForm[Initiative]):
    class Meta:
        model = Initiative
        fields = ["why"]
        widgets = {"why": printed("why", rows=6)}
        help_texts = {"why": budget("why")}


class LearningForm(AuditedModelForm[Initiative]):
    class Meta:
        model = Initiative
        fields = ["learning"]
        widgets = {"learning": printed("learning", rows=6)}
        help_texts = {"learning": budget("learning")}


class PartnerForm(AuditedModelForm[Initiative]):
    """What is in it for the partner, and what it is asked for."""

    class Meta:
        model = Initiative
        fields = ["benefits", "ask", "kind"]
        widgets = {"benefits": printed("benefit"), "ask": printed("ask", rows=3)}
        help_texts = {
            "benefits": budget(
                "benefit",
                _("One a line, four at most are printed. The first three are the guide’s; make them yours."),
            ),
            "ask": budget("ask", _("For example: one hour of your time.")),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.benefits:
            self.initial["benefits"] = GUIDE_BENEFITS  # the guide's three, to start from


class PeopleForm(AuditedModelForm[Initiative]):
    """Who speaks with the partner."""

    class Meta:
        model = Initiative
        fields = ["champion", "backup"]
        help_texts = {"champion": _("The one person the partner speaks with.")}

    helper = laid_out(pair("champion", "backup"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        school = self.instance.school
        only(self.fields["champion"], school_leads(school), _("Choose a champion or principal of your school."))
        only(self.fields["backup"], school_people(school), _("Choose somebody of your school."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("champion") and cleaned.get("champion") == cleaned.get("backup"):
            self.add_error("backup", _("The back-up is somebody else than the champion."))
        return cleaned


# By the key of the part of the outline that is typed.
PART_FORMS: dict[str, type[AuditedModelForm[Initiative]]] = {
    "what": WhatForm,
    "why": WhyForm,
    "learning": LearningForm,
    "partner": PartnerForm,
    "people": PeopleForm,
}


class ThreeSentencesForm(AuditedModelForm[Initiative]):
    """The three sentences without which the one page says nothing: why, what students learn, what the partner gains."""

    class Meta:
        model = Initiative
        fields = ["why", "learning", "benefits"]
        widgets = {
            "why": printed("why", rows=3),
            "learning": printed("learning", rows=3),
            "benefits": printed("benefit"),
        }
        labels = {"learning": _("What students learn"), "benefits": _("What the partner gains")}
        help_texts = {
            "why": _("Begin like this: “Without this, our students …”"),
            "learning": _("Begin like this: “They learn to …, and they find out that …”"),
            "benefits": _("One a line, four at most are printed. The first three are the guide’s; make them yours."),
        }

    helper = laid_out("why", "learning", "benefits")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = not field.widget.is_hidden
        if not self.instance.benefits:
            self.initial["benefits"] = str(GUIDE_BENEFITS)


class GoalForm(AuditedModelForm[Goal]):
    """A goal of the initiative, and where it leads."""

    class Meta:
        model = Goal
        fields = ["title", "improvement_goals", "strategic_goals"]
        field_classes = {"improvement_goals": RowsField, "strategic_goals": RowsField}
        widgets = {
            "improvement_goals": forms.CheckboxSelectMultiple,
            "strategic_goals": forms.CheckboxSelectMultiple,
        }
        help_texts = {"title": _("For example: start a FIRST Robotics program")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        initiative, school = self.instance.initiative, self.instance.initiative.school
        others = Goal.objects.filter(initiative=initiative).exclude(pk=self.instance.pk)
        besides = sum(len(title.split()) for title in others.values_list("title", flat=True))
        self.fields["title"].widget.attrs |= counted("goals", besides)
        improvement = ImprovementGoal.objects.filter(school=school)
        strategic = StrategicGoal.objects.filter(board=school.board_id)
        only(self.fields["improvement_goals"], improvement, _("Choose goals of your own school."))
        only(self.fields["strategic_goals"], strategic, _("Choose goals of your own board."))
        drop_if_empty(self, "improvement_goals", improvement)
        drop_if_empty(self, "strategic_goals", strategic)


class MeasureForm(AuditedModelForm[Measure]):
    """How success is counted."""

    class Meta:
        model = Measure
        fields = [
            "label",
            "goal",
            "direction",
            "baseline",
            "target",
            "unit",
            "due_on",
            "source",
            "confidence",
        ]
        widgets = {
            "direction": forms.RadioSelect(attrs={"data-look": "pills"}),
            "confidence": forms.RadioSelect(attrs={"data-look": "pills"}),
        }

    helper = laid_out(
        "label",
        "goal",
        "direction",
        pair("baseline", "target"),
        pair("unit", "due_on"),
        "source",
        "confidence",
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals = Goal.objects.filter(initiative=initiative)
        only(self.fields["goal"], goals, _("Choose a goal of this initiative."))
        self.fields["goal"].empty_label = None  # type: ignore[attr-defined]
        not_over(self.fields["due_on"], initiative.board.zone, known=self.instance.due_on)


class MeasurementForm(AuditedModelForm[Measurement]):
    """What a measure stands at on a day; today's, unless said otherwise."""

    class Meta:
        model = Measurement
        fields = ["value", "day", "confidence", "note"]
        widgets = {"confidence": forms.RadioSelect(attrs={"data-look": "pills"})}
        help_texts = {"note": NO_STUDENT}

    helper = laid_out(pair("value", "day"), "confidence", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = self.instance.as_told if self.instance.pk else ""
        if not self.instance.pk:
            self.initial["day"] = clock.today(self.instance.measure.initiative.board.zone)
        if unit := self.instance.measure.unit:
            self.fields["value"].help_text = unit

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > clock.today(self.instance.measure.initiative.board.zone):
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def save(self, *, by: User, why: str = "") -> Measurement:  # type: ignore[override]
        """Keep it; of a correction the trail keeps both what stood there and what stands there now."""
        if not self.instance.pk:
            self.instance.logged_by = by
        return super().save(by=by, why=f"{self.before} → {self.instance.as_told}" if self.before else why)


class CopyForm(CleanForm):
    """Where a copy of an initiative goes, and for which period: a year after its own unless one says otherwise."""

    school = forms.ModelChoiceField(label=_("School"), queryset=School.objects.none(), empty_label=None)
    starts_on = forms.DateField(label=_("Starts"), required=False)
    ends_on = forms.DateField(label=_("Ends"), required=False)

    helper = laid_out("school", pair("starts_on", "ends_on"))

    def __init__(self, *args: Any, of: Initiative, by: User, **kwargs: Any) -> None:
        days = {name: years_on(getattr(of, name), 1) for name in ("starts_on", "ends_on")}
        super().__init__(*args, initial={"school": of.school_id, **days}, **kwargs)
        schools = School.objects.in_scope(by, Permission.INITIATIVE_CHANGE)
        only(self.fields["school"], schools, _("Choose a school for which you may write initiatives."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The initiative ends before it starts."))
        return cleaned
