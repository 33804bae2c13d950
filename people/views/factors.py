"""What confirms that it is really you: the app on a phone, passkeys. allauth's own views, where they fit in here."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy

from people.again import fresh
from people.second_factor import PROVEN


@fresh
def factor_on(request: HttpRequest) -> HttpResponseBase:
    """The app; whoever has just typed what it shows has proven to be there, and is shown the recovery codes without
    being asked again."""
    response = totp.activate_totp(request)
    _is_there(request, response, "totp")
    return response


def factor_off(request: HttpRequest) -> HttpResponseBase:
    """No app any more; where a second factor is needed, the next page asks for another one."""
    response = totp.deactivate_totp(request)
    if request.method == "POST":
        request.session.pop(PROVEN, None)
    return response


@fresh
def passkey_on(request: HttpRequest) -> HttpResponseBase:
    """A passkey; whoever has just made it has proven to be there, as with the app."""
    response = webauthn.add_webauthn(request)
    _is_there(request, response, "webauthn")
    return response


class PasskeyOff(webauthn.RemoveWebAuthnView):
    """One passkey less; where a second factor is needed and none is left, the next page asks for another one."""

    pk_url_kwarg = "passkey"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: object) -> HttpResponse:
        self.request.session.pop(PROVEN, None)
        return super().form_valid(form)


class PasskeyAgain(webauthn.ReauthenticateWebAuthnView):
    """It is still you, by passkey; one that does not fit may be tried again."""

    def form_invalid(self, form: object) -> HttpResponse:
        super().form_invalid(form)  # says what is wrong
        return redirect(self.request.get_full_path())


def _is_there(request: HttpRequest, response: HttpResponseBase, kind: str) -> None:
    """Remember that the second factor of `kind` that was just set up has been used."""
    if request.method == "POST" and response.status_code == 302 and is_mfa_enabled(request.user, types=[kind]):
        record_authentication(request, request.user, method="mfa", type=kind, reauthenticated=True)
