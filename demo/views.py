"""Beginning with nothing, and the page that shows every component."""

from decimal import Decimal

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.policies import Request, public, signed_in
from core import charts
from core.pages import form_page
from demo import school_alone
from demo.forms import BeginForm, EveryControl


@public
def begin(request: HttpRequest) -> HttpResponse:
    """Two questions, then Today. Only on a LOCAL site where nobody is yet."""
    if not settings.LOCAL:
        raise Http404
    if not school_alone.is_untouched():
        if request.method == "POST":  # the second of two clicks
            return HttpResponseRedirect(reverse("today"))
        raise Http404
    form = BeginForm(request.POST or None)

    def act() -> str:
        language = (get_language() or "en")[:2]
        user = school_alone.begin(**form.cleaned_data, language=language)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return reverse("today")

    return form_page(
        request, form, act, title=_("Who are you, and which school?"), template="demo/begin.html",
        submit_label=_("Begin"),
        lead=_("You begin as the champion: the one person partners speak with. Others can join later."),
    )  # fmt: skip


@signed_in
def components(request: Request) -> HttpResponse:
    """Every component in use, in its states."""
    faulty = EveryControl({"text": "\u202e", "number": "many", "pills": "never", "tiles": ""})
    faulty.is_valid()
    hours = [("Oct", Decimal(14)), ("Nov", Decimal(32)), ("Dec", Decimal(24))]
    context = {"form": EveryControl(), "form_errors": faulty, "bars": charts.bars(hours)}
    return render(request, "components.html", context)
