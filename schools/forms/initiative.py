"""What a school types about an initiative, its goals and its measures."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from boards.models import StrategicGoal
from core import clock
from core.form_layout import laid_out, pair, section
from core.forms import NO_STUDENT, AuditedModelForm, RowsField
from schools.forms.choices import drop_if_empty, only, school_people
from schools.models import Goal, ImprovementGoal, Initiative, Measure, Measurement

GUIDE_BENEFITS = _(
    "Involvement in the community\nYour organisation known to more people\nEmployees who are proud of where they work"
)


def counted(words: int, rows: int = 3) -> forms.Textarea:
    """A text of which about `words` words fit on the one page; they are counted while it is typed."""
    return forms.Textarea(attrs={"rows": rows, "data-words": words, "data-words-said": _("{n} of {most} words")})


class InitiativeForm(AuditedModelForm[Initiative]):
    """An initiative in the guide's order: what, why, learning, what is in it for the partner, who."""

    class Meta:
        model = Initiative
        fields = [
            "title",
            "summary",
            "description",
            "why",
            "learning",
            "benefits",
            "ask",
            "kind",
            "starts_on",
            "ends_on",
            "champion",
            "backup",
        ]
        widgets = {
            "summary": counted(28),
            "description": counted(52),
            "why": counted(58),
            "learning": counted(40),
            "benefits": counted(56, 4),
            "ask": counted(33),
        }
        help_texts = {
            "summary": _("What students do, and that you look for a partner. About 28 words fit on one page."),
            "description": _("About 52 words fit on one page."),
            "why": _("About 58 words fit on one page."),
            "learning": _("About 40 words fit on one page."),
            "benefits": _("One a line, four at most are printed. The first three are the guide’s; make them yours."),
            "ask": _("For example: one hour of your time. About 33 words fit on one page."),
            "champion": _("The one person the partner speaks with."),
        }

    helper = laid_out(
        section(_("What"), "title", "summary", "description"),
        section(_("Why"), "why", "learning"),
        section(_("For the partner"), "benefits", "ask", "kind"),
        section(_("When and who"), pair("starts_on", "ends_on"), pair("champion", "backup")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = school_people(self.instance.school)
        for name in ("champion", "backup"):
            only(self.fields[name], people, _("Choose somebody of your school."))
        if self.instance.pk is None:
            self.initial["benefits"] = GUIDE_BENEFITS  # the guide's three, to start from

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("champion") and cleaned.get("champion") == cleaned.get("backup"):
            self.add_error("backup", _("The back-up is somebody else than the champion."))
        return cleaned


class WhyForm(AuditedModelForm[Initiative]):
    """The three sentences without which the one page says nothing: why, what students learn, what the partner gains."""

    class Meta:
        model = Initiative
        fields = ["why", "learning", "benefits"]
        widgets = {"why": counted(58), "learning": counted(40), "benefits": counted(56, 4)}
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
        school = self.instance.initiative.school
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
