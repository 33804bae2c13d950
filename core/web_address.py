"""A web address people type, with or without its scheme."""

from typing import Any

from django import forms
from django.db import models


class WebAddress(models.URLField):
    """A URL; "www.school.ca" is taken as https."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"assume_scheme": "https", **kwargs})
