"""What a champion types while reaching out."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import within
from accounts.models import User
from accounts.permissions import Permission
from businesses.models import Business, Contact
from core import clock
from core.form_layout import laid_out, pair
from core.forms import LONGEST_KEY, AuditedModelForm, CleanForm, TimeInput, not_over
from outreach import actions, pasted
from outreach.models import CallPlan, FollowUp, Interaction, Meeting, Prospect, Stage
from schools.forms.choices import only
from schools.models import Initiative, Need, School

NEXT_STEP_LABEL = _("Next step")


class ProspectForm(CleanForm):
    """Make a business a prospect of one of your initiatives."""

    initiative = forms.ModelChoiceField(Initiative.objects.none(), label=_("For which initiative"), empty_label=None)
    next_step = forms.CharField(label=NEXT_STEP_LABEL, max_length=120, initial=_("Call them"))
    next_step_on = forms.DateField(label=_("By"))

    helper = laid_out("initiative", pair("next_step", "next_step_on"))

    def __init__(self, *args: Any, business: Business, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = within(user, Permission.PROSPECT_CHANGE, "school__")
        initiatives = Initiative.objects.filter(mine, school__board=business.board_id).select_related("school__board")
        only(self.fields["initiative"], initiatives, _("Choose an initiative of your own school."))
        not_over(self.fields["next_step_on"], business.board.zone)


class PasteForm(CleanForm):
    """Several businesses at once, by name or web address, as prospects of one initiative.

    What only looks like an organisation of the directory is asked about once, for all such lines together.
    """

    SAME, OTHERS = "same", "others"

    alike = forms.ChoiceField(
        label=_("Are they the same?"),
        required=False,
        choices=[(SAME, _("The same: take what is there")), (OTHERS, _("Others: add them"))],
        widget=forms.RadioSelect,
    )
    initiative = forms.ModelChoiceField(Initiative.objects.none(), label=_("For which initiative"), empty_label=None)
    lines = forms.CharField(
        label=_("Organisations, one a line"),
        help_text=_("A name or a web address. A town or a phone number may follow: Harbour Bakery, Hilltop."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    helper = laid_out("lines", "initiative")

    def __init__(self, *args: Any, school: School, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        self.found: list[pasted.Known] = []
        self.said = pasted.Pasted([], [], 0, [])
        initiatives = Initiative.objects.filter(school=school).select_related("school__board").order_by("-pk")
        only(self.fields["initiative"], initiatives, _("Choose an initiative of your own school."))
        if not self.is_bound:
            self.initial["initiative"] = self._newest(chosen)
        if self.data.get("alike"):
            self._show_question()

    def _newest(self, chosen: str) -> int | None:
        """The initiative `chosen` in the address, else the newest that asks for something."""
        asking = Initiative.objects.filter(school=self.school, needs__state=Need.State.OPEN)
        if chosen.isdecimal() and len(chosen) <= LONGEST_KEY:
            asking = Initiative.objects.filter(school=self.school, pk=chosen)
        return asking.order_by("-pk").values_list("pk", flat=True).first()

    def clean_lines(self) -> str:
        text = str(self.cleaned_data["lines"])
        self.said = pasted.read(text)
        if self.said.problems:
            raise forms.ValidationError(self.said.problems)
        if len(self.said.lines) > pasted.MOST_LINES:
            raise forms.ValidationError(
                _("%(most)d at a time; these are %(n)d. Paste the others afterwards."),
                params={"most": pasted.MOST_LINES, "n": len(self.said.lines)},
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.found = actions.beside_directory(self.said.lines, self.school.board_id)
        alike = [known for known in self.found if known.alike]
        if alike and not cleaned.get("alike") and not self.errors:
            self._show_question()
            for known in alike:
                self.add_error("alike", self._question(known))
        return cleaned

    def _question(self, known: pasted.Known) -> Any:
        there = known.alike or known.there
        return format_html(
            gettext("“{}” looks like {}, which is already there."),
            known.line.name,
            format_html('<a href="{}">{}</a>', reverse("business", args=[there.pk]), there.name) if there else "",
        )

    def _show_question(self) -> None:
        self.helper = laid_out("alike", *type(self).helper.layout.fields)

    def settled(self) -> tuple[list[pasted.Known], list[str]]:
        """Each line with the organisation it is, none for a new one; and the lines that stood there twice, those that
        name one organisation in two ways among them."""
        are_others = self.cleaned_data.get("alike") == self.OTHERS
        settled: list[pasted.Known] = []
        doubled = list(self.said.doubled)
        for known in self.found:
            there = known.there or (None if are_others else known.alike)
            if there and any(there == before.there for before in settled):
                doubled.append(known.line.typed)
            else:
                settled.append(pasted.Known(known.line, there=there))
        return settled, doubled


class NextStepForm(CleanForm):
    """The next step of a prospect, with its day."""

    next_step = forms.CharField(label=NEXT_STEP_LABEL, max_length=120)
    next_step_on = forms.DateField(label=_("By"))

    helper = laid_out(pair("next_step", "next_step_on"))

    def __init__(self, *args: Any, prospect: Prospect, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(next_step=prospect.next_step, next_step_on=prospect.next_step_on)
        not_over(self.fields["next_step_on"], prospect.board.zone, known=prospect.next_step_on)


class MoveForm(CleanForm):
    """Another stage; "not now" asks for a day."""

    to = forms.ChoiceField(label=_("Move to"), widget=forms.RadioSelect(attrs={"data-look": "pills"}))
    reason = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("One sentence is enough."))
    ask_again_on = forms.DateField(label=_("Ask again on"), required=False, help_text=_("Needed for “not now”."))

    def __init__(self, *args: Any, prospect: Prospect, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = [s for s in Stage if s not in (Stage.AGREED, prospect.stage)]
        self.fields["to"].choices = [(s.value, s.label) for s in stages]  # type: ignore[attr-defined]
        not_over(self.fields["ask_again_on"], prospect.board.zone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("to") == Stage.NOT_NOW and not cleaned.get("ask_again_on") and not self.errors:
            self.add_error("ask_again_on", _("Give a day to ask again."))
        if cleaned.get("to") == Stage.DECLINED and not cleaned.get("reason") and not self.errors:
            self.add_error("reason", _("Give a reason. One sentence is enough."))
        return cleaned


class LoggedForm(AuditedModelForm[Interaction]):
    """A call, e-mail, letter or visit, and what was said."""

    day = forms.DateField(label=_("Day"))
    at = forms.TimeField(label=_("Time"), widget=TimeInput, required=False)

    class Meta:
        model = Interaction
        fields = ["kind", "direction", "contact", "outcome", "notes"]
        widgets = {
            "kind": forms.RadioSelect(attrs={"data-look": "pills"}),
            "direction": forms.RadioSelect(attrs={"data-look": "pills"}),
            "notes": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"notes": _("Only your school reads this. One or two sentences are plenty.")}

    field_order = ["kind", "direction", "contact", "outcome", "day", "at", "notes", "next_step", "next_step_on"]
    SAID = (pair("kind", "direction"), pair("contact", "outcome"), pair("day", "at"), "notes")
    helper = laid_out(*SAID)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prospect = self.instance.prospect
        people = Contact.objects.filter(business=prospect.business_id)
        only(self.fields["contact"], people, _("Choose somebody of this organisation."))

    def beyond(self, row: Interaction) -> dict[str, Any]:
        local = row.happened_at.astimezone(row.prospect.board.zone)
        return {"day": local.date(), "at": local.time().replace(second=0, microsecond=0)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day = cleaned.get("day")
        if day:
            zone = self.instance.prospect.board.zone
            moment = datetime.combine(day, cleaned.get("at") or time(12), tzinfo=zone)
            if moment > clock.now() + timedelta(minutes=5) and day > clock.today(zone):
                self.add_error("day", _("This day has not come yet. Set a meeting or a next step instead."))
            self.instance.happened_at = moment
        return cleaned


class InteractionForm(LoggedForm):
    """What was said, and what comes next."""

    next_step = forms.CharField(label=NEXT_STEP_LABEL, max_length=120, required=False)
    next_step_on = forms.DateField(label=_("By"), required=False)

    helper = laid_out(*LoggedForm.SAID, pair("next_step", "next_step_on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.instance.prospect.board.zone
        not_over(self.fields["next_step_on"], zone)
        now = clock.now().astimezone(zone)
        self.initial.setdefault("day", now.date())
        self.initial.setdefault("at", now.time().replace(second=0, microsecond=0))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("next_step") and not cleaned.get("next_step_on") and "next_step_on" not in self.errors:
            self.add_error("next_step_on", _("Give the day by which it is done."))
        return cleaned


class CallPlanForm(AuditedModelForm[CallPlan]):
    """The words of a call. Gaps may stay: a sheet with gaps can be printed and filled by hand."""

    class Meta:
        model = CallPlan
        fields = ["who", "why", "how", "ask"]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in fields}
        help_texts = {
            "who": _("Your position and your school, in two sentences."),
            "why": _("Short, and why it matters. What is in [brackets] is yours to fill in."),
            "how": _("Ask rather than tell: how do they see it?"),
            "ask": _("A meeting, nothing more. You bring the page."),
        }


class MeetingForm(AuditedModelForm[Meeting]):
    """When, where, with whom."""

    day = forms.DateField(label=_("Day"))
    at = forms.TimeField(label=_("From"), widget=TimeInput)
    minutes = forms.IntegerField(
        label=_("Minutes"), initial=45, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )

    class Meta:
        model = Meeting
        fields = ["kind", "contact", "place", "is_principal_attending"]
        help_texts = {
            "place": _("You asked for the meeting, so go where it suits them. At the school they can see it.")
        }

    field_order = ["kind", "contact", "day", "at", "minutes", "place", "is_principal_attending"]
    helper = laid_out(pair("kind", "contact"), pair("day", "at", "minutes"), "place", "is_principal_attending")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(business=self.instance.prospect.business_id)
        only(self.fields["contact"], people, _("Choose somebody of this organisation."))

    def beyond(self, row: Meeting) -> dict[str, Any]:
        local = row.starts_local
        return {"day": local.date(), "at": local.time(), "minutes": row.minutes}

    def starts_at(self) -> datetime:
        """The moment typed, in the board's zone."""
        zone = self.instance.prospect.board.zone
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["at"], tzinfo=zone)


class CancelForm(CleanForm):
    """Call a meeting off."""

    why = forms.CharField(label=_("Why"), max_length=300, required=False)


class TickForm(CleanForm):
    """One of the four parts after a meeting."""

    part = forms.ChoiceField(choices=FollowUp.Part.choices, widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=FollowUp.Answer.choices, widget=forms.HiddenInput)
    what_happened = forms.CharField(
        label=_("What happened"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What they cared about, what they asked. Only your school reads this."),
    )
    decision_call_on = forms.DateField(label=_("Day of the decision call"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("answer") != FollowUp.Answer.DONE:
            return cleaned
        part = cleaned.get("part")
        if part == FollowUp.Part.WHAT_HAPPENED and not cleaned.get("what_happened"):
            self.add_error("what_happened", _("Write one sentence, or choose “not needed”."))
        is_call = part == FollowUp.Part.DECISION_CALL
        if is_call and not cleaned.get("decision_call_on") and "decision_call_on" not in self.errors:
            self.add_error("decision_call_on", _("Give the day of the call, or choose “not needed”."))
        return cleaned
