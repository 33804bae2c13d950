"""What is typed into the directory."""

from django import forms
from django.utils.translation import gettext_lazy as _

from businesses.models import Business, Contact
from core.form_layout import laid_out, pair, section
from core.forms import AuditedModelForm


class BusinessForm(AuditedModelForm[Business]):
    """A business and what is known of it; only the name is needed."""

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
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("mission", "values", "giving_back")}

    helper = laid_out(
        section(_("Who they are"), "name", pair("kind", "sector"), pair("staff", "town"), pair("phone", "website")),
        section(_("What they care about"), "mission", "values", "giving_back", "expertise"),
    )


class ContactForm(AuditedModelForm[Contact]):
    """A person there; an address is kept in lower case and stands once in a business."""

    class Meta:
        model = Contact
        fields = ["name", "title", "part", "decides", "email", "phone"]

    helper = laid_out(pair("name", "title"), "part", "decides", pair("email", "phone"))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()
