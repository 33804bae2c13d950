"""A picture that is kept, as an answer to a browser."""

from django.http import Http404, HttpResponse

from core import stored_files
from core.models import StoredFile
from core.pictures import type_of


def picture_response(stored: StoredFile | None) -> HttpResponse:
    """The bytes of `stored`; raises Http404 where there is none, or none any more."""
    if stored is None:
        raise Http404
    try:
        content = stored_files.read(stored)
    except stored_files.FileDamaged:
        raise Http404 from None
    return HttpResponse(content, content_type=type_of(content))
