"""The form of what can be asked for and promised, with the sentence it makes."""

from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from boards.models import Board
from core.forms import AuditedModelForm
from core.money import sign
from schools.estimate import value_of
from schools.models import Quantified
from schools.models.quantified import NEED_ICONS
from schools.sentences import NeedFacts, marked, sentence, totals

MOST_TIMES = {"weeks": 52, "months": 24, "semesters": 8}
# In what a rhythm cannot be counted, and what to do instead.
TOO_SHORT = {
    Quantified.Frequency.MONTHLY: ({"weeks"}, _("Say for how many months or semesters.")),
    Quantified.Frequency.EACH_SEMESTER: ({"weeks", "months"}, _("Say for how many semesters.")),
}
NO_RHYTHM = ("", _("No fixed rhythm"))  # says again what was left unsaid before another was chosen
Row = TypeVar("Row", bound=Quantified)


class QuantifiedForm(AuditedModelForm[Row]):
    """Kind, what, how much, how often; refused where a sentence could not be read back."""

    class Meta:
        fields = ["kind", "what", "quantity", "unit", "people", "hours", "frequency", "times", "times_unit"]
        fields += ["starts_on", "value"]
        widgets = {
            "kind": forms.RadioSelect(attrs={"data-look": "tiles", "data-icons": NEED_ICONS}),
            "frequency": forms.RadioSelect(attrs={"data-look": "pills"}),
            "times_unit": forms.RadioSelect(attrs={"data-look": "pills"}),
            "people": forms.NumberInput(attrs={"data-look": "stepper"}),
            "times": forms.NumberInput(attrs={"data-look": "stepper"}),
            "what": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "what": _("As a business should read it: A bus. Dual-language books."),
            "people": _("Students it serves each time."),
            "unit": _("Only if the number alone does not say it: evening, set."),
            "starts_on": _("The first day it is needed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Quantified.Kind.choices  # type: ignore[attr-defined]
        self.fields["frequency"].choices = [*Quantified.Frequency.choices, NO_RHYTHM]  # type: ignore[attr-defined]
        money = sign(self.board.currency, get_language() or "en")
        self.fields["quantity"].help_text = _("For funding, the amount in %(sign)s.") % {"sign": money}
        told = _("In %(sign)s, if you know it. Left empty, your board’s rates say it where the hours are known.")
        self.fields["value"].help_text = told % {"sign": money}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["what"] = cleaned.get("what", "").rstrip(" .")  # the sentence has its own end
        self._check_times(cleaned)
        self._check_what(cleaned)
        return cleaned

    def _check_times(self, cleaned: dict[str, Any]) -> None:
        times, unit = cleaned.get("times"), cleaned.get("times_unit") or "weeks"
        if times and times > MOST_TIMES[unit]:
            self.add_error("times", _("%(times)d %(unit)s is longer than an agreement lasts. Did you mean less?") % {
                "times": times, "unit": Quantified.TimesUnit(unit).label})  # fmt: skip
        frequency = cleaned.get("frequency")
        if frequency == Quantified.Frequency.ONCE:
            cleaned["times"] = None
        elif frequency and not times and "times" not in self.errors:
            self.add_error("times", _("Enter a number, for example 15."))
        units, told = TOO_SHORT.get(frequency, ((), ""))  # type: ignore[arg-type]
        if unit in units:
            self.add_error("times_unit", told)

    def _check_what(self, cleaned: dict[str, Any]) -> None:
        kind = cleaned.get("kind")
        named_by_kind = {
            "volunteers",
            "mentors",
            "work_placement",
            "internship",
            "job_shadowing",
            "guest_speaker",
        }
        if kind and not cleaned.get("what") and kind not in named_by_kind and "what" not in self.errors:
            self.add_error("what", _("Say what exactly, for example a bus."))
        elif kind and not cleaned.get("what") and not cleaned.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("Enter a number, for example 4."))

    def facts(self) -> NeedFacts:
        """What stands in the form, as far as it makes sense: for the sentence that reads it back."""
        names = ("kind", "what", "quantity", "unit", "people", "hours", "frequency", "times", "times_unit")
        typed = {name: self._typed(name) for name in names}
        texts = {name: typed[name] or "" for name in ("what", "unit", "frequency")}
        return NeedFacts(
            kind=typed["kind"] or "other",
            quantity=Decimal(typed["quantity"]) if typed["quantity"] is not None else None,
            people=typed["people"],
            hours=typed["hours"],
            times=typed["times"] if typed["frequency"] != "once" else None,
            times_unit=typed["times_unit"] or "weeks",
            currency=self.board.currency,
            **texts,
        )

    def _typed(self, name: str) -> Any:
        """What stands in a field, typed or shown, as a value; None where it makes no sense."""
        try:
            return self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None

    def read_back(self) -> dict[str, Any]:
        """The sentence, whole and in `pieces`, and totals of what stands in the form, in the language of its words; its
        worth in that of the page and its icon. None before anything does."""
        facts = self.facts()
        if not (facts.what or self["kind"].value()):
            return {"sentence": "", "totals": "", "worth": None, "icon": "three-dots"}
        spoken = self.written_in if facts.what else (get_language() or "en")
        worth = value_of(facts, self._typed("value"), self.board)
        return {
            "sentence": sentence(facts, spoken),
            "pieces": marked(facts, spoken),
            "totals": totals(facts, spoken),
            "worth": worth,
            "icon": NEED_ICONS[facts.kind],
        }

    @property
    def board(self) -> Board:
        """The board whose currency and rates hold."""
        return self.instance.board

    @property
    def written_in(self) -> str:
        """The language in which words are typed here."""
        return self.instance.written_in
