"""The nine questions, and what comes next."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CleanForm, bound
from evaluation.actions import Said
from evaluation.models import Answer, Choice, Question

CANNOT_JUDGE = "0"
RATINGS = [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5"), (CANNOT_JUDGE, _("cannot judge"))]


class AnswerForm(CleanForm):
    """A rating for each question, and what would help where it is low. It begins from what was `answers`ed before."""

    is_meant_now = forms.BooleanField(
        label=_("We look back early"),
        error_messages={"required": _("Tick this if you both want to look back early.")},
    )

    def __init__(
        self, *args: Any, questions: list[Question], side: str, is_early: bool, answers: Iterable[Answer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_early:
            del self.fields["is_meant_now"]
        before = {answer.question_id: answer for answer in answers}
        for question in questions:
            rating = forms.ChoiceField(
                label=question.text_for(side),
                choices=RATINGS,
                widget=forms.RadioSelect(attrs={"data-look": "pills"}),
                error_messages={"required": _("Choose a number, or “cannot judge”.")},
            )
            help_text = forms.CharField(
                label=_("What would help?"), max_length=300, required=False,
                # The sheet tells by the placeholder whether something is written here.
                widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": " "}),
            )  # fmt: skip
            for name, field in ((f"q{question.key}", rating), (f"help{question.key}", help_text)):
                bound(field)
                self.fields[name] = field
            if said := before.get(question.pk):
                rated = CANNOT_JUDGE if said.rating is None else str(said.rating)
                self.initial.update({f"q{question.key}": rated, f"help{question.key}": said.help})
        self.keys = [question.key for question in questions]

    def said(self) -> dict[str, Said]:
        """The answers by the key of their question."""
        typed = self.cleaned_data
        return {key: Said(int(typed[f"q{key}"]) or None, typed.get(f"help{key}", "")) for key in self.keys}

    def asked(self) -> list[tuple[Any, Any]]:
        """Each question with its field for help, as the page shows them."""
        return [(self[f"q{key}"], self[f"help{key}"]) for key in self.keys]


class ChoiceForm(CleanForm):
    """What next, and why."""

    NOTES = {
        "renew": _("Same goals, same effort"),
        "grow": _("More students, more people or a new goal"),
        "adjust": _("Keep going, change how"),
        "pause": _("Rest for a while, with a date to talk again"),
        "end_well": _("Thank each other and close with care"),
    }
    decision = forms.ChoiceField(
        label=_("What our side wants"), choices=Choice.Decision.choices,
        widget=forms.RadioSelect(attrs={"data-look": "cards", "data-notes": NOTES}),
    )  # fmt: skip
    why = forms.CharField(label=_("Why, in a sentence"), max_length=300, required=False)
