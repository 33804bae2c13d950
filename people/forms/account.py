"""What somebody types about their own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from core import facts
from core.form_layout import PILLS, laid_out, pair
from core.forms import CleanForm
from engines.reminders import actions as reminders
from people import codes


class MeForm(CleanForm):
    """One's name, title and language. The address has a page of its own."""

    name = forms.CharField(label=_("Name"), max_length=120)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect(attrs=PILLS))

    mail_wish = forms.ChoiceField(
        label=_("Mail about what waits for you"),
        choices=User.MailWish.choices,
        help_text=_("Codes, invitations and what you ask for come in any case."),
        widget=forms.RadioSelect(attrs=PILLS),
    )

    knows_the_way = forms.BooleanField(label=_("I know the way: no first quarter hour on Today"), required=False)

    helper = laid_out(pair("name", "title"), "language", "mail_wish", "knows_the_way")

    def __init__(self, *args: Any, me: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me = me
        if not me.access.holds(Permission.CONVERSATION_CHANGE):  # nobody else is shown it
            del self.fields["knows_the_way"]
        self.initial = {name: getattr(me, name) for name in self.fields}
        if not reminders.reads_daily(me):  # whose role is mailed on Mondays alone
            wish = User.MailWish
            choices = [(wish.WHEN_DUE, wish.MONDAYS.label), (wish.NEVER, wish.NEVER.label)]
            self.fields["mail_wish"].choices = choices  # type: ignore[attr-defined]
            self.initial["mail_wish"] = wish.NEVER if me.mail_wish == wish.NEVER else wish.WHEN_DUE

    def save(self) -> None:
        """Write the row; its Event says that it was edited, and by whom."""
        for name, value in self.cleaned_data.items():
            setattr(self.me, name, value)
        with transaction.atomic():
            self.me.save(update_fields=list(self.cleaned_data))
            facts.changed(self.me, by=self.me, verb="edited")
            if "mail_wish" in self.changed_data:
                reminders.remail(self.me)


class AddressForm(CleanForm):
    """The address one wants to sign in with."""

    email = forms.EmailField(label=_("New e-mail address"), max_length=254)

    helper = laid_out("email")

    def __init__(self, *args: Any, me: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me = me

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if email == self.me.email.lower():
            raise forms.ValidationError(_("This is your address already."))
        return email


class CodeForm(CleanForm):
    """A code that was mailed."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Capitals or small letters, both work."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    helper = laid_out("code")

    def check(self, request: HttpRequest, purpose: str) -> None:
        """Raise ValidationError unless it is the code that was mailed for `purpose`."""
        if not codes.fits(request, purpose, self.cleaned_data["code"]):
            raise forms.ValidationError(
                {"code": _("This code does not fit, or is too old. Type it once more, or take a new one.")}
            )
