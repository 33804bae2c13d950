"""What is typed at a board's privacy desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.form_layout import laid_out, pair
from core.forms import AuditedModelForm, CleanForm
from people.models import AccessRequest, LegalHold


def _only_one(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """A person or an organisation, and not both."""
    if bool(cleaned.get("about")) == bool(cleaned.get("business")) and not {"about", "business"} & set(form.errors):
        form.add_error("about", _("Name a person or choose an organisation, not both."))


class AccessRequestForm(AuditedModelForm[AccessRequest]):
    """Of whom, and of which days."""

    class Meta:
        model = AccessRequest
        fields = ["about", "business", "since", "until"]
        help_texts = {"since": _("Leave both empty for everything.")}

    helper = laid_out(pair("about", "business"), pair("since", "until"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _of_the_board(self.fields["business"], by, self.instance.board_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _only_one(self, cleaned)
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This ends before it starts."))
        return cleaned


class LegalHoldForm(CleanForm):
    """On whom, and why."""

    about = forms.EmailField(label=_("The person’s e-mail address"), max_length=254, required=False)
    business = forms.ModelChoiceField(User.objects.none(), label=_("Organisation"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("The case or the letter that asks for it."))

    helper = laid_out(pair("about", "business"), "reason")

    def __init__(self, *args: Any, by: User, board: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _of_the_board(self.fields["business"], by, board.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _only_one(self, cleaned)
        return cleaned


def _of_the_board(field: Any, user: User, board: int) -> None:
    """Let `field` choose among the organisations of a board's directory."""
    businesses: Any = LegalHold._meta.get_field("business").related_model
    field.queryset = businesses.objects.visible_to(user).filter(board=board)


class EraseForm(CleanForm):
    """That it is meant."""

    also = forms.CharField(
        label=_("Other words that mean this person"),
        max_length=200,
        required=False,
        help_text=_("A surname alone, a nickname: separated by commas. They are taken out of every text of the board."),
    )
    is_meant = forms.BooleanField(label=_("I have looked at what is kept. Erase it; there is no way back."))

    def words(self) -> list[str]:
        """The words typed."""
        return [word.strip() for word in self.cleaned_data["also"].split(",") if word.strip()]
