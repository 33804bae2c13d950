"""A document: being made, ready, or refused in words; its file and its HTML twin."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.text import slugify

from accounts import links
from accounts.policies import Request, policy, public
from core import stored_files
from engines.documents.models import Document

ONLY_HERE = ("localhost", "127.0.0.1", "::1")  # where a printed code leads nobody else
TWIN_SHEETS = ("print/document.css", "print/screen.css")


@policy(None, on=Document, related=("asked_by",))
def document(request: Request, document: Document) -> HttpResponse:
    """Where a document stands; while it is being made the page asks again by itself."""
    template = "engines/_document_state.html" if request.headers.get("HX-Request") else "engines/document.html"
    subject, kind = document.subject, document.of_kind
    context = {"document": document, "subject": subject, "kind": kind, "url": kind.url(subject) if kind.url else ""}
    context["is_only_here"] = urlsplit(settings.SITE_URL).hostname in ONLY_HERE
    return render(request, template, context)


@policy(None, on=Document, related=("pdf",))
def pdf(request: Request, document: Document) -> HttpResponse:
    """The very bytes that were made."""
    if document.pdf is None:
        raise Http404
    response = HttpResponse(stored_files.read(document.pdf), content_type="application/pdf")
    name = f"{slugify(str(document.of_kind.label))}-{slugify(str(document.subject))}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@policy(None, on=Document, related=("html",))
def twin(request: Request, document: Document) -> HttpResponse:
    """The same words as a page, for whoever reads better there than in a PDF."""
    return _text_of(document)


@public
def by_link(request: HttpRequest, link: str) -> HttpResponse:
    """The text of the newest document behind a printed code; its holder needs no account."""
    found = links.find_reading(link)
    document = Document.objects.behind(found).select_related("html").first() if found else None
    if document is None:
        raise Http404
    response = _text_of(document)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _text_of(document: Document) -> HttpResponse:
    if document.html is None:
        raise Http404
    sheets = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    sheets += "".join(f'<link rel="stylesheet" href="{static(name)}">' for name in TWIN_SHEETS)
    html = stored_files.read(document.html).decode()
    return HttpResponse(html.replace("</head>", f"{sheets}</head>", 1))
