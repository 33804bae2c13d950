"""The fields by which a row gets its picture, and loses it."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core import pictures
from core.forms import AuditedModelForm, Row


class PictureForm(AuditedModelForm[Row]):
    """A picture is sent, or the one that is there removed. A subclass names the key to it."""

    picture_field: ClassVar[str]
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("PNG, JPEG or WebP, 5 MB at most. Where and with what it was taken is not kept."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove = forms.BooleanField(label=_("Remove the one that is there"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if getattr(self.instance, f"{self.picture_field}_id") is None:
            del self.fields["remove"]
            self.fields["picture"].required = True

    def is_photo(self) -> bool:
        """Whether what is sent is a photo; a logo is none."""
        return False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        file = cleaned.get("picture")
        self.redrawn: pictures.Picture | None = None
        if file and cleaned.get("remove"):
            self.add_error("remove", _("Send another picture or remove the one that is there, not both."))
        elif file:
            try:
                # One byte more than is allowed tells a file that is too large, whatever its head says.
                content = file.read(pictures.LARGEST + 1)
                self.redrawn = pictures.redrawn(content, file.name, is_photo=self.is_photo())
            except pictures.Refused as refused:
                self.add_error("picture", str(refused))
        elif not cleaned.get("remove") and "picture" not in self.errors and "remove" not in self.errors:
            self.add_error("picture", _("Choose a file."))
        return cleaned
