"""The page that shows a form and, sent once or twice, acts once."""

import hashlib
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from core import clock
from core.forms import AuditedModelForm, Stale
from core.models import SubmittedForm

Act = Callable[[], str]


def once(request: HttpRequest, act: Act) -> str:
    """Run `act` in one transaction and return the URL it leads to; for a form already sent, return where it led.

    The token row is inserted first: a second click waits for it, or finds it.
    """
    token = _token(request)
    with transaction.atomic():
        sent, is_new = SubmittedForm.objects.get_or_create(token=token, defaults={"submitted_at": clock.now()})
        if not is_new:
            return sent.url
        url = act()
        SubmittedForm.objects.filter(pk=token).update(url=url)
    return url


def led_to(request: HttpRequest) -> str:
    """Where these very words led when this person sent them before; "" if they were not sent."""
    return SubmittedForm.objects.filter(token=_token(request)).values_list("url", flat=True).first() or ""


def led_on(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a view whose form takes its row away: a second click finds no row, and goes where the first led."""

    @wraps(view)
    def led(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if request.method == "POST" and (url := led_to(request)):
                return HttpResponseRedirect(url)
            raise

    return led


def form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Act,
    *,
    title: str,
    saved: str | Callable[[], str] = "",
    template: str = "form_page.html",
    **context: Any,
) -> HttpResponse:
    """Show `form`; when it is sent and valid, run `act` once and go to the URL it returns, saying `saved`, or what
    that answers then.

    What was typed stays on the page with every refusal, somebody else's save included.
    """
    if request.method == "POST" and form.is_valid():
        try:
            if isinstance(form, AuditedModelForm):
                form.refuse_without_version()
            url = once(request, act)
        except Stale as stale:
            if isinstance(form, AuditedModelForm):
                form.take_over(stale.theirs)
            else:
                form.add_error(
                    None, _("Somebody else saved this while you were writing. Look at it before you try again.")
                )
        except IntegrityError:
            form.add_error(
                None,
                _("Somebody saved the same thing at this moment. Look at the list before you try again."),
            )
        except forms.ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if words := saved() if callable(saved) else saved:
                messages.success(request, words)
            return HttpResponseRedirect(url)
    # What the first of two clicks saved can make the second one wrong: the name is taken now, by itself.
    elif request.method == "POST" and (url := led_to(request)):
        return HttpResponseRedirect(url)
    context |= {"form": form, "title": title, "form_token": request.POST.get("form_token") or uuid.uuid4()}
    context.setdefault("submit_label", _("Save"))
    return render(request, template, context, status=422 if form.errors else 200)


def _token(request: HttpRequest) -> uuid.UUID:
    """The token of what is sent: the form's own with who sends which words; a fresh one if the form has none of ours.

    Only the same words sent twice are one click too many. Whoever goes back, changes a word and sends again means it.
    """
    try:
        of_form = uuid.UUID(request.POST.get("form_token", ""))
    except ValueError:
        return uuid.uuid4()
    words = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = sorted((name, file.name, _hash(file)) for name, each in request.FILES.lists() for file in each)
    return uuid.uuid5(of_form, repr((request.user.pk, request.path, words, *files)))


def _hash(file: UploadedFile) -> str:
    """SHA-256 of what was uploaded; it can be read from its beginning afterwards."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
