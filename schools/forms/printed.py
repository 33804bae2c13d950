"""What is printed on one page has so many words; the form says so, and counts while one types (static/js/tandem.js)."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from schools.document_kinds import BUDGETS


def budget(field: str, help_text: Any = "") -> Any:
    """The hint of a printed text: `help_text`, and how many words of the document's `field` fit on its page."""
    fits = format_lazy(_("About {n} words fit on one page."), n=BUDGETS[field])
    return format_lazy("{help_text} {fits}", help_text=help_text, fits=fits) if help_text else fits


def counted(field: str, besides: int = 0) -> dict[str, Any]:
    """Attributes of the control whose words are counted; `besides` it so many stand on the page already."""
    return {
        "data-words": BUDGETS[field],
        "data-besides": besides,
        "data-fits": _("{n} of {most} words"),
        "data-over": _("{n} of {most} words. It may not fit on one page."),
    }


def printed(field: str, rows: int = 4) -> forms.Textarea:
    """The control of a printed text."""
    return forms.Textarea(attrs={"rows": rows, **counted(field)})
