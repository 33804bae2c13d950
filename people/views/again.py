"""It is still you, by a code that is mailed: for whoever has neither a password nor a second factor at hand."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from people import codes
from people.again import is_fresh
from people.forms.account import CodeForm

AGAIN = "again"


class AgainForm(CodeForm):
    """The code that was mailed to one's own address."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        if "code" in self.cleaned_data:
            self.check(self.request, AGAIN)
        return super().clean()


class AgainByCode(BaseReauthenticateView):
    """A button mails a code to one's own address; the code is typed here."""

    form_class = AgainForm
    template_name = "account/again_by_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" in request.POST:
            codes.send(request, AGAIN, self.request.user, self.request.user.email)
            return redirect(request.get_full_path())
        if is_fresh(request) and not codes.sent_to(request, AGAIN):  # a second click: the first was enough
            return redirect(self.get_success_url())
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sent_to": codes.sent_to(self.request, AGAIN)}

    def form_valid(self, form: AgainForm) -> HttpResponse:
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)
        return super().form_valid(form)
