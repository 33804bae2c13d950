"""What is typed about a partnership, its promises and its sessions."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from businesses.models import Contact
from core import clock
from core.form_layout import MayBeAnother, laid_out, pair, section
from core.forms import NO_STUDENT, AuditedModelForm, CleanForm
from core.search_text import search_key
from outreach.models import Prospect
from partnerships import actions
from partnerships.actions import COMES_FROM, Running, year_after
from partnerships.models import Commitment, Partnership, PartnershipYear, Session, Side
from partnerships.sessions import Count, refuse_day
from schools.amounts import Of, amount, part
from schools.forms.choices import only
from schools.models import Initiative, Need, School
from schools.needs_met import in_words
from schools.outline import school_leads, school_people
from schools.quantified_form import QuantifiedForm

LONGEST_YEAR = timedelta(days=400)
KIND = forms.ChoiceField(
    label=_("How you work together"), choices=Initiative.Kind.choices, required=False, widget=forms.RadioSelect
)
COUNTS_AS = forms.ChoiceField(
    label=_("What it counts as"), choices=Partnership.Class.choices, required=False, widget=forms.RadioSelect
)


def year_from(today: date) -> tuple[date, date]:
    """A first year to start from: from `today` to the next 30 June, or to the one after it if that is too near."""
    end = date(today.year, 6, 30)
    return today, end if end - today >= LONGEST_YEAR - timedelta(days=365) else date(today.year + 1, 6, 30)


def refuse_year(form: forms.Form) -> None:
    """Say at the field what is wrong with a year that ends before it starts, or lasts too long."""
    starts_on, ends_on = form.cleaned_data.get("starts_on"), form.cleaned_data.get("ends_on")
    if not starts_on or not ends_on:
        return
    if ends_on <= starts_on:
        form.add_error("ends_on", _("The year ends before it starts."))
    elif ends_on - starts_on > LONGEST_YEAR:
        form.add_error("ends_on", _("A year of a partnership lasts 13 months at most. More years are added later."))


class BeginForm(CleanForm):
    """How you work together, what it counts as, and the first year."""

    kind = KIND
    counts_as = COUNTS_AS
    shared_vision = forms.CharField(
        label=_("Shared vision"),
        max_length=200,
        required=False,
        help_text=_("One sentence that both sides wrote. It can follow."),
    )
    starts_on = forms.DateField(label=_("The first year, from"))
    ends_on = forms.DateField(label=_("To"))

    helper = laid_out("kind", "counts_as", "shared_vision", pair("starts_on", "ends_on"))

    def __init__(self, *args: Any, prospect: Prospect, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts_on, ends_on = year_from(clock.today(prospect.board.zone))
        self.initial.update(kind=prospect.initiative.kind, starts_on=starts_on, ends_on=ends_on)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_year(self)
        return cleaned


class AlreadyForm(CleanForm):
    """A partnership that runs already."""

    organisation = forms.CharField(
        label=_("With whom"), max_length=160, help_text=_("One of the directory is found by its name.")
    )
    title = forms.CharField(label=_("What you do together"), max_length=80, help_text=_("For example: Reading Buddies"))
    contact_name = forms.CharField(label=_("Whom you speak with"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Their e-mail"), max_length=254, required=False)
    starts_on = forms.DateField(label=_("This year, from"))
    ends_on = forms.DateField(label=_("To"))
    kind = KIND
    counts_as = COUNTS_AS

    helper = laid_out(
        "organisation",
        "title",
        pair("contact_name", "contact_email"),
        pair("starts_on", "ends_on"),
        section(_("If you know it"), "kind", "counts_as"),
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts_on, ends_on = year_from(clock.today(school.board.zone))
        self.initial.update(starts_on=starts_on, ends_on=ends_on)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_year(self)
        if cleaned.get("contact_email") and not cleaned.get("contact_name") and "contact_name" not in self.errors:
            self.add_error("contact_name", _("Whose e-mail is it?"))
        return cleaned

    def running(self) -> Running:
        """What was typed, for the action."""
        return Running(**self.cleaned_data)


class PartnershipForm(AuditedModelForm[Partnership]):
    """How you work together, and who leads on each side."""

    class Meta:
        model = Partnership
        fields = ["kind", "counts_as", "shared_vision", "champion", "backup", "partner_lead"]
        widgets = {"kind": forms.RadioSelect, "counts_as": forms.RadioSelect}

    helper = laid_out("kind", "counts_as", "shared_vision", pair("champion", "backup"), "partner_lead")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        school = self.instance.school
        only(self.fields["champion"], school_leads(school), _("Choose a champion or principal of your school."))
        only(self.fields["backup"], school_people(school), _("Choose somebody of your school."))
        people = Contact.objects.filter(business=self.instance.business_id)
        only(self.fields["partner_lead"], people, _("Choose somebody of this organisation."))
        self.fields["kind"].choices = Initiative.Kind.choices  # type: ignore[attr-defined]
        self.fields["counts_as"].choices = Partnership.Class.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("champion") and cleaned.get("champion") == cleaned.get("backup"):
            self.add_error("backup", _("The back-up is somebody else than the champion."))
        return cleaned


class YearForm(AuditedModelForm[PartnershipYear]):
    """From when to when a year lasts."""

    class Meta:
        model = PartnershipYear
        fields = ["starts_on", "ends_on"]

    helper = laid_out(pair("starts_on", "ends_on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = self.instance.number
        if self.instance.pk is None and (last := self.instance.partnership.years.last()):
            self.number = last.number + 1
            starts_on, ends_on = year_after(last)
            self.initial.update(starts_on=starts_on, ends_on=ends_on)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_year(self)
        if not self.errors:
            self._refuse_overlap(cleaned["starts_on"], cleaned["ends_on"])
        return cleaned

    def _refuse_overlap(self, starts_on: date, ends_on: date) -> None:
        others = self.instance.partnership.years.exclude(pk=self.instance.pk)
        if other := others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first():
            self.add_error("starts_on", _("These days belong to year %(n)d.") % {"n": other.number})
        if self.instance.pk is None:
            return
        outside = _("A session was logged on a day that would lie outside.")
        for name, days in (("starts_on", {"held_on__lt": starts_on}), ("ends_on", {"held_on__gt": ends_on})):
            if self.instance.sessions.filter(**days).exists():
                self.add_error(name, outside)


class CommitmentForm(QuantifiedForm[Commitment]):
    """What one side promises, exact enough to read back as a sentence."""

    class Meta(QuantifiedForm.Meta):
        model = Commitment
        fields = ["side", "need", *QuantifiedForm.Meta.fields, "details"]
        widgets = QuantifiedForm.Meta.widgets | {"side": forms.RadioSelect(attrs={"data-look": "pills"})}
        help_texts = QuantifiedForm.Meta.help_texts | {
            "what": _("As both sides should read it: A bus. Dual-language books."),
            "starts_on": _("The first day it counts."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partnership = self.instance.year.partnership
        names = [(side.value, partnership.name_of(side)) for side in Side]
        self.fields["side"].choices = names  # type: ignore[attr-defined]
        self.fields["kind"].label = _("What is promised?")
        needs = Need.objects.filter(initiative=partnership.initiative).exclude(state=Need.State.WITHDRAWN)
        needs = needs.select_related("initiative__school__board")
        only(self.fields["need"], needs, _("Choose a need of this initiative."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("side") == Side.SCHOOL and cleaned.get("need"):
            self.add_error("need", _("A need of the school is met by the partner’s promise."))
        return cleaned


class DeliveryForm(AuditedModelForm[Commitment]):
    """How much of a promise has arrived, in what its need counts."""

    how_much = forms.DecimalField(
        label=_("How much has arrived, all in all"),
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10_000_000))],
    )

    class Meta:
        model = Commitment
        fields: ClassVar[list[str]] = []

    helper = laid_out("how_much")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.instance.asked
        if amount(asked).of == Of.WHOLE:
            self.fields["how_much"].help_text = gettext("1 is all of it, 0.5 is half, 0 takes it back.")
        else:
            of = gettext("Out of %(all)s. 0 takes it back.")
            self.fields["how_much"].help_text = of % {"all": in_words(asked, amount(asked).number)}
        if not self.instance.delivered:
            self.initial["how_much"] = part(self.instance.facts, asked) or amount(asked).number

    def beyond(self, row: Commitment) -> dict[str, Any]:
        return {"how_much": row.delivered}

    @transaction.atomic
    def save(self, *, by: User, why: str = "") -> Commitment:  # type: ignore[override]
        """Keep what was said; raises Stale if somebody else saved the promise meanwhile."""
        self.claim_version()
        return actions.confirm_delivery(self.instance, self.cleaned_data["how_much"], by=by)


class WhyForm(CleanForm):
    """One sentence, if you like."""

    why = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("One sentence is enough."))


class AgreeForm(CleanForm):
    """Nothing is asked."""


class MoveForm(CleanForm):
    """Another state, of those that can be reached by hand."""

    WORDS = {
        Partnership.State.ACTIVE: _("Go on"),
        Partnership.State.PAUSED: _("Pause"),
        Partnership.State.ENDING: _("Bring it to a good end"),
        Partnership.State.ENDED: _("It has ended"),
    }
    to = forms.ChoiceField(label=_("What happens"), widget=forms.RadioSelect(attrs={"data-look": "pills"}))
    why = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("One sentence is enough."))

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = [to for to, states in COMES_FROM.items() if partnership.state in states and to in self.WORDS]
        self.fields["to"].choices = [(to.value, self.WORDS[to]) for to in possible]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ends = (Partnership.State.ENDING, Partnership.State.ENDED)
        if cleaned.get("to") in ends and not cleaned.get("why") and "why" not in self.errors:
            self.add_error("why", _("Give a reason. One sentence is enough."))
        return cleaned


class InviteForm(CleanForm):
    """Somebody of the partner, by their e-mail address."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Whom"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(business=partnership.business_id).exclude(email="")
        only(self.fields["contact"], people, _("Choose somebody of this organisation who has an e-mail address."))
        self.fields["contact"].label_from_instance = lambda one: f"{one.name}, {one.email}"  # type: ignore[attr-defined]


class ShareForm(InviteForm):
    """Who leads for the partner: the one who is invited first."""

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, partnership=partnership, **kwargs)
        self.fields["contact"].label = _("Who leads for the partner")
        self.initial.setdefault("contact", partnership.partner_lead_id)


class Counted(CleanForm):
    """Who came, in three numbers."""

    volunteers = forms.IntegerField(
        label=_("People of the partner"), validators=[MinValueValidator(0), MaxValueValidator(500)]
    )
    hours = forms.DecimalField(
        label=_("Their hours in all"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(4000))],
        help_text=_("Three people for two hours are 6."),
    )
    students = forms.IntegerField(
        label=_("Students"),
        validators=[MinValueValidator(0), MaxValueValidator(20000)],
        help_text=_("Only the number, never a name."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        people, hours = cleaned.get("volunteers"), cleaned.get("hours")
        if people is not None and hours is not None and hours > people * 24:
            self.add_error("hours", _("That is more than a day for each of them. Did you mean less?"))
        return cleaned

    def count(self) -> Count:
        """The numbers typed."""
        return Count(*(self.cleaned_data[name] for name in ("volunteers", "hours", "students")))


class CountForm(Counted):
    """Other numbers for a session."""

    note = forms.CharField(label=_("Why it differs"), max_length=200, required=False, help_text=NO_STUDENT)

    helper = laid_out(pair("volunteers", "hours", "students"), "note")


class SessionForm(MayBeAnother, Counted, AuditedModelForm[Session]):
    """What took place, when, and who came. One that reads like a session of that day is asked about once."""

    is_another = forms.BooleanField(label=_("It is another session of the same day"), required=False)

    class Meta:
        model = Session
        fields = ["title", "held_on", "place"]

    field_order = ["title", "held_on", "place", "volunteers", "hours", "students"]
    helper = laid_out("title", pair("held_on", "place"), pair("volunteers", "hours", "students"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["held_on"] = clock.today(self.instance.year.board.zone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if held_on := cleaned.get("held_on"):
            self.instance.held_on = held_on
            try:
                refuse_day(self.instance)
            except forms.ValidationError as refusal:
                self.add_error(None, refusal)
            if there := self._logged_already(held_on, cleaned.get("title", "")):
                link = format_html('<a href="{}">{}</a>', reverse("session", args=[there.pk]), there.title)
                self.ask_once(format_html(gettext("{} is logged for this day already. Is it the same one?"), link))
        return cleaned

    def _logged_already(self, held_on: date, title: str) -> Session | None:
        """The session of that day with the same title, accents and capitals aside."""
        held = self.instance.year.sessions.filter(held_on=held_on, state=Session.State.HELD)
        return next((session for session in held[:50] if search_key(session.title) == search_key(title)), None)


class AnswerForm(CleanForm):
    """Whose numbers count."""

    YES, KEEP = "yes", "keep"
    answer = forms.ChoiceField(
        label=_("Which numbers count?"),
        choices=[(YES, _("The partner’s")), (KEEP, _("Ours, as they are"))],
        widget=forms.RadioSelect(attrs={"data-look": "pills"}),
    )
