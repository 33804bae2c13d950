"""Which operator looks at which board, why, and for how long."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import SupportGrant, User
from boards.models import Board
from core.form_layout import PILLS, laid_out
from core.forms import CleanForm
from people import support


class SupportForm(CleanForm):
    """Why, and for how long."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("One sentence. The board reads it, and it stays in its trail.")
    )
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        initial=support.HOURS[0],
        widget=forms.RadioSelect(attrs=PILLS),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours: Any = self.fields["hours"]
        hours.choices = [(n, ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}) for n in support.HOURS]

    def _refuse_a_second(self, field: str, operator: User, board: Board) -> None:
        if SupportGrant.objects.running().filter(operator=operator, board=board).exists():
            self.add_error(field, _("They are looking at this board already. End that first."))


class GiveSupportForm(SupportForm):
    """Which operator is to help a board, why, and for how long."""

    email = forms.EmailField(
        label=_("E-mail of who runs the site"), max_length=254, help_text=_("Whoever helps you tells you this address.")
    )
    helper = laid_out("email", "reason", "hours")
    field_order = ("email", "reason", "hours")

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board

    def clean_email(self) -> User:
        """The operator of that address; the same words whether or not somebody else has it."""
        operator = User.objects.filter(
            email__iexact=self.cleaned_data["email"], is_operator=True, is_active=True
        ).first()
        if operator is None:
            raise forms.ValidationError(_("Nobody who runs this site has this address."))
        return operator

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if operator := cleaned.get("email"):
            self._refuse_a_second("email", operator, self.board)
        return cleaned


class TakeSupportForm(SupportForm):
    """Which board an operator has to look at without having been asked, why, and for how long."""

    board = forms.CharField(
        label=_("Board"),
        max_length=200,
        help_text=_("Its whole name, its short name or its ministry number, as it stands in Tandem."),
    )
    helper = laid_out("board", "reason", "hours")
    field_order = ("board", "reason", "hours")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_board(self) -> Board:
        """The board that is called so."""
        found = support.boards_called(self.cleaned_data["board"])
        if not found:
            raise forms.ValidationError(_("No board is called this. Write it as the board does."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several boards are called this. Write the ministry number."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if board := cleaned.get("board"):
            self._refuse_a_second("board", self.by, board)
        return cleaned
