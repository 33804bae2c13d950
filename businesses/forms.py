"""What is typed into the directory."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from businesses.models import Business, Contact
from core.form_layout import MayBeAnother, laid_out, pair, section
from core.forms import AuditedModelForm, PhoneField
from core.search_text import of_the_same_name


class BusinessForm(MayBeAnother, AuditedModelForm[Business]):
    """A business and what is known of it; only the name is needed.

    A name the board's directory holds already is refused once: the two may be one.
    """

    is_another = forms.BooleanField(label=_("It is another organisation of the same name"), required=False)

    class Meta:
        model = Business
        fields = [
            "name",
            "kind",
            "sector",
            "staff",
            "town",
            "phone",
            "website",
            "mission",
            "values",
            "giving_back",
            "expertise",
        ]
        field_classes = {"phone": PhoneField}
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("mission", "values", "giving_back")}

    helper = laid_out(
        section(_("Who they are"), "name", pair("kind", "sector"), pair("staff", "town"), pair("phone", "website")),
        section(_("What they care about"), "mission", "values", "giving_back", "expertise"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            del self.fields["is_another"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk is None and cleaned.get("name"):
            there = of_the_same_name(Business.objects.filter(board=self.instance.board_id), cleaned["name"])
            if there is not None:
                self.ask_about(there, reverse("business", args=[there.pk]))
        return cleaned


class ContactForm(AuditedModelForm[Contact]):
    """A person there; an address is kept in lower case and stands once in a business."""

    class Meta:
        model = Contact
        fields = ["name", "title", "part", "decides", "email", "phone"]
        field_classes = {"phone": PhoneField}
        help_texts = {"decides": _("Otherwise they put you through to somebody who does.")}

    helper = laid_out(pair("name", "title"), "part", "decides", pair("email", "phone"))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()
