"""What a school types about itself and its improvement plan."""

from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from boards.models import StrategicGoal
from core.form_layout import PILLS, MayBeAnother, laid_out, pair, section
from core.forms import AuditedModelForm, PhoneField, RowsField
from core.picture_form import PictureForm
from core.search_text import of_the_same_name
from core.text import labelled
from schools import actions, publishing
from schools.forms.choices import drop_if_empty, only
from schools.ministry_file import LeftOut, parse_postal_code
from schools.models import ImprovementGoal, Initiative, School
from schools.publishing import Published, Told


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
            "home_languages",
            "year_runs",
            "street",
            "town",
            "postal_code",
            "region",
            "latitude",
            "longitude",
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
            "home_languages": _("For example: English, Arabic, Tagalog"),
            "region": _("For example: north end of Maple Valley"),
            "latitude": _("For example 43.65107. Businesses near you find you by it."),
            "longitude": _("For example −79.34702."),
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
            "home_languages",
            "year_runs",
        ),
        section(
            _("Where you are"),
            "street",
            pair("town", "postal_code"),
            "region",
            pair("latitude", "longitude"),
            pair("phone", "website"),
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        north, east = cleaned.get("latitude"), cleaned.get("longitude")
        if (north is None) != (east is None) and not {"latitude", "longitude"} & self.errors.keys():
            self.add_error("latitude" if north is None else "longitude", _("Enter both coordinates or none."))
            del self.cleaned_data["latitude" if east is None else "longitude"]  # said beside the field, and once
        return cleaned

    def clean_postal_code(self) -> str:
        """A Canadian one as the post writes it; of a school whose province nobody entered, whatever was typed."""
        code: str = self.cleaned_data["postal_code"]
        if not (code and self.instance.province):
            return code
        try:
            return parse_postal_code(code)
        except LeftOut:
            raise forms.ValidationError(_("Enter a postal code, for example K1A 0B1.")) from None


class SchoolPictureForm(PictureForm[School]):
    """The logo of a school, or a photo where its board switched photos on."""

    picture_field = "picture"
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=School.PictureKind.choices,
        initial=School.PictureKind.LOGO,
        help_text=_("No student may be recognisable in a photo."),
        widget=forms.RadioSelect(attrs=PILLS),
    )

    class Meta:
        model = School
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["kind", "picture", "remove"])
        if not self.instance.board.photos_are_on:
            del self.fields["kind"]

    def beyond(self, row: School) -> dict[str, Any]:
        return {"kind": row.picture_kind or School.PictureKind.LOGO}

    def is_photo(self) -> bool:
        return self.cleaned_data.get("kind") == School.PictureKind.PHOTO

    @transaction.atomic
    def save(self, *, by: User, why: str = "") -> School:  # type: ignore[override]
        """Take over what was sent, or remove what is there; raises Stale if somebody else was faster."""
        self.claim_version()
        actions.set_picture(self.instance, self.redrawn, is_photo=self.is_photo(), by=by)
        return self.instance


class NewSchoolForm(MayBeAnother, SchoolForm):
    """A school that no file brought. A name the board holds already is refused once: the two may be one."""

    is_another = forms.BooleanField(label=_("It is another school of the same name"), required=False)

    class Meta(SchoolForm.Meta):
        fields = ["name", "ministry_number", "level", "grades", "enrolment", "language", "town"]

    helper = laid_out(pair("name", "ministry_number"), pair("level", "grades"), pair("enrolment", "language"), "town")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        there = of_the_same_name(School.objects.filter(board=self.instance.board_id), cleaned.get("name") or "")
        if there is not None:
            self.ask_about(there, reverse("school", args=[there.pk]))
        return cleaned


class PublishForm(AuditedModelForm[Any]):
    """What of a profile others may read: a tick for each part that says something. What is public and says nothing
    at the moment stays so."""

    parts = forms.MultipleChoiceField(
        label=_("What others may read"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Partners of the board, and whoever looks for a school. Untick all to make nothing public."),
    )

    class Meta:
        model: type[Published] = School
        fields: ClassVar[list[str]] = []

    helper = laid_out("parts")

    def __init__(self, *args: Any, told: list[Told], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {part.key for part in told}
        parts: Any = self.fields["parts"]
        parts.choices = [(part.key, _said(part)) for part in told]

    def beyond(self, row: Published) -> dict[str, Any]:
        return {"parts": publishing.public_keys(row)}

    @transaction.atomic
    def save(self, *, by: User, why: str = "") -> Published:  # type: ignore[override]
        """Make public what is ticked; raises Stale if somebody else saved the row meanwhile."""
        is_newest = self.cleaned_data.get("version") == self.instance.version
        if "parts" in self.changed_data or not is_newest:
            self.claim_version()
            unsaid = set(self.instance.public_parts) - self.offered  # every open need says something
            publishing.publish(self.instance, unsaid | set(self.cleaned_data["parts"]), by=by)
        return self.instance


class InitiativePublishForm(PublishForm):
    """The same of an initiative, and a tick for each of its open needs."""

    class Meta(PublishForm.Meta):
        model = Initiative


def _said(part: Told) -> str:
    """A part and all it says: nobody makes public what they cannot read."""
    return labelled(part.label, " · ".join(part.lines))


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
