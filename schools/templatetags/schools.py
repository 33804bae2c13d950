"""How texts of a school read."""

from django import template

from schools.models import Translated
from schools.models.translated import read_in, text_in

register = template.Library()


@register.filter
def text(row: Translated, field: str) -> str:
    """A printed text in the language one reads in, where it is translated."""
    return text_in(row, field, read_in())
