"""Another address for one's account."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policies import Request, signed_in
from core.pages import form_page, led_to
from people import addresses, codes
from people.again import fresh
from people.forms.account import AddressForm, CodeForm

ADDRESS = "address"


@signed_in
@fresh
def address(request: Request) -> HttpResponse:
    """First the new address, then the code that was mailed to it; with ?other=1 the address once more."""
    if request.method == "POST" and (url := led_to(request)):
        return redirect(url)
    new = codes.sent_to(request, ADDRESS)
    if new and "other" not in request.GET:
        return _code(request, new)
    form = AddressForm(request.POST or None, me=request.user)

    def act() -> str:
        to = form.cleaned_data["email"]
        codes.send(request, ADDRESS, request.user, to, for_real=not addresses.is_taken(to, request.user))
        return reverse("address_of_me")

    return form_page(
        request, form, act, title=_("Change your address"), submit_label=_("Send a code there"),
        lead=_("You sign in with it, and mail goes there. A code shows that the new one is yours."),
        back_url=reverse("me"), back_label=_("Your account"),
    )  # fmt: skip


def _code(request: Request, new: str) -> HttpResponse:
    form = CodeForm(request.POST or None)

    def act() -> str:
        form.check(request, ADDRESS)
        addresses.change(request.user, new, session_key=request.session.session_key)
        return reverse("me")

    return form_page(
        request, form, act, title=_("Look in your mail"), submit_label=_("Change the address"),
        lead=_("We sent a code to %(email)s. It works for a few minutes.") % {"email": new},
        saved=_("Your address is changed. Other browsers were signed out."),
        remove_url=f"{reverse('address_of_me')}?other=1", remove_label=_("Take another address"),
        back_url=reverse("me"), back_label=_("Your account"),
    )  # fmt: skip
