"""Coming in by a link: on one's own machine, or as somebody who was invited."""

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import links
from accounts.models import User
from accounts.policies import public
from core.pages import form_page
from people import invitations, rotation
from people.again import OWN_MACHINE
from people.forms.members import AcceptForm
from people.second_factor import PROVEN


@public
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link from the terminal of a LOCAL site: looking shows whose it is, the button signs in, once."""
    link = links.find_sign_in(token)
    if link is None or link.user is None:
        raise Http404
    if request.method != "POST":
        return render(request, "people/sign_in_link.html", {"person": link.user})
    if not links.use(link):
        raise Http404
    _sign_in(request, link.user, method=OWN_MACHINE)
    request.session[PROVEN] = True  # on one's own machine the link counts as both factors
    return redirect("today")


@public
def accept_invitation(request: HttpRequest, invitation: str) -> HttpResponse:
    """Looking shows who asks one in and as what; the button takes the role, once.

    Somebody new is signed in: they have read the mail. Whoever has an account already signs in their own way.
    """
    found = invitations.find(invitation)
    if found is None:
        return render(request, "people/invitation_gone.html", status=404)
    link, asked = found
    form = AcceptForm(request.POST or None, initial={"name": asked.name})
    is_known = User.objects.filter(email__iexact=asked.email).exists()

    def act() -> str:
        user = invitations.accept(link, asked, name=form.cleaned_data["name"])
        if not is_known:
            _sign_in(request, user, method="invitation")
        return reverse("today")

    return form_page(
        request, form, act, title=_("Come in to %(place)s") % {"place": asked.place},
        template="people/accept_invitation.html", submit_label=_("Accept the invitation"), invitation=asked,
        saved=_("Welcome. This is what waits for you."), is_known=is_known,
    )  # fmt: skip


def _sign_in(request: HttpRequest, user: User, *, method: str) -> None:
    """Sign `user` in by a link, and remember the browser as allauth does for its own ways in."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    rotation.note(request, user)
    record_authentication(request, user, method=method)
    UserSession.objects.create_from_request(request)
