"""What a school types about itself, its goals and its needs."""

from typing import Any

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission, Role
from boards.models import StrategicGoal
from core.form_layout import laid_out, pair, section
from core.forms import AuditedModelForm, CleanForm, PhoneField, RowsField
from schools.actions import initiative_named
from schools.ministry_file import LeftOut, parse_postal_code
from schools.models import Goal, ImprovementGoal, Initiative, Measure, Need, School
from schools.quantified_form import QuantifiedForm
from schools.sentences import sentence

GUIDE_BENEFITS = _(
    "Involvement in the community\nYour organisation known to more people\nEmployees who are proud of where they work"
)


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


def school_people(school: School) -> "models.QuerySet[User]":
    """Who may be champion or back-up: the principals, champions and staff of the school."""
    return User.objects.filter(
        is_active=True,
        memberships__in=school.memberships.current().filter(role__in=[Role.PRINCIPAL, Role.CHAMPION, Role.STAFF]),
    ).distinct()


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


class NeedForm(QuantifiedForm[Need]):
    """A need, exact enough to read back as a sentence. `initiative_title` names an old or a new initiative."""

    initiative_title = forms.CharField(
        label=_("New or existing initiative"),
        max_length=80,
        required=False,
        help_text=_("Left empty, the need becomes a small initiative of its own."),
        widget=forms.TextInput(attrs={"list": "initiative-titles", "autocomplete": "off"}),
    )

    class Meta(QuantifiedForm.Meta):
        model = Need
        fields = [*QuantifiedForm.Meta.fields, "details"]
        widgets = QuantifiedForm.Meta.widgets | {"details": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        if self.instance.pk is not None:
            del self.fields["initiative_title"]

    @property
    def written_in(self) -> str:
        return self.school.language

    @transaction.atomic
    def save(self, *, by: User, why: str = "") -> Need:  # type: ignore[override]
        """Write the need, and the small initiative of its own name if it has none.

        A staff member's need waits for the principal's or champion's yes.
        """
        need = self.instance
        if need.pk is None:
            need.initiative = self._initiative(by)
            need.created_by = by
            may_open = by.access.may(Permission.INITIATIVE_CHANGE, self.school)
            need.state = Need.State.OPEN if may_open else Need.State.PROPOSED
        return super().save(by=by, why=why)

    def _initiative(self, by: User) -> Initiative:
        if self.instance.initiative_id:
            return self.instance.initiative
        title = self.cleaned_data.get("initiative_title") or sentence(self.instance.facts, self.school.language)[:80]
        return initiative_named(self.school, title, by=by)


class WithdrawForm(CleanForm):
    """A need is asked for no more."""

    why = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("One sentence is enough."))


def only(field: forms.Field, rows: "models.QuerySet[Any]", refusal: Any) -> None:
    """Let `field` choose among `rows`; anything else is refused in words, as if it did not exist."""
    field.queryset = rows  # type: ignore[attr-defined]
    for code in ("invalid_choice", "invalid_pk_value"):
        field.error_messages[code] = refusal


def drop_if_empty(form: forms.Form, name: str, rows: "models.QuerySet[Any]") -> None:
    """A choice among nothing is not asked."""
    if not form.is_bound and not rows.exists():
        del form.fields[name]
