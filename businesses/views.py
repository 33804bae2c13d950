"""The directory of a board's businesses."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policies import Request, policy
from boards.models import Board
from businesses.forms import BusinessForm, ContactForm
from businesses.models import Business, Contact
from core import keyset, panels, text
from core.pages import form_page

P = Permission


@policy(P.DIRECTORY_VIEW)
def businesses(request: Request) -> HttpResponse:
    """The businesses of the board, found by name and town."""
    q = text.query(request.GET.get("q", ""))
    page = keyset.page(Business.objects.visible_to(request.user).matching(q), "name", request.GET)
    writes_for = [m.board for m in request.user.access.holding(P.DIRECTORY_CHANGE)]
    return render(request, "businesses/businesses.html", {"page": page, "q": q, "writes_for": writes_for})


@policy(P.DIRECTORY_CHANGE, on=Board)
def business_add(request: Request, board: Board) -> HttpResponse:
    form = BusinessForm(request.POST or None, instance=Business(board=board))

    def act() -> str:
        return reverse("business", args=[form.save(by=request.user).pk])

    return form_page(
        request, form, act, title=_("Add an organisation"), saved=_("Organisation saved."),
        submit_label=_("Save the organisation"), back_url=reverse("businesses"), back_label=_("Organisations"),
        lead=_("The name is enough to begin. Their “About us” page tells the rest."),
    )  # fmt: skip


@policy(None, on=Business, related=("board",))
def business(request: Request, business: Business) -> HttpResponse:
    """What is known of a business, its people, and what other rooms add."""
    access = request.user.access
    context = {
        "business": business,
        "contacts": list(business.contacts.all()),
        "may_list": access.holds(P.DIRECTORY_VIEW),
        "may_change": access.may(P.DIRECTORY_CHANGE, business) or access.may(P.DIRECTORY_CHANGE_OWN, business),
        "panels": panels.at("business", request, business),
    }
    return render(request, "businesses/business.html", context)


@policy(P.DIRECTORY_CHANGE, on=Business, or_own=P.DIRECTORY_CHANGE_OWN)
def business_edit(request: Request, business: Business) -> HttpResponse:
    form = BusinessForm(request.POST or None, instance=business)
    here = reverse("business", args=[business.pk])

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=_("Edit the organisation"), saved=_("Organisation saved."),
        submit_label=_("Save the organisation"), back_url=here, back_label=business.name,
    )  # fmt: skip


@policy(P.DIRECTORY_CHANGE, on=Business, or_own=P.DIRECTORY_CHANGE_OWN)
def contact_add(request: Request, business: Business) -> HttpResponse:
    return _contact_page(request, Contact(business=business), _("Add a person"))


@policy(P.DIRECTORY_CHANGE, on=Contact, related=("business",), or_own=P.DIRECTORY_CHANGE_OWN)
def contact_edit(request: Request, contact: Contact) -> HttpResponse:
    return _contact_page(request, contact, contact.name)


def _contact_page(request: Request, contact: Contact, title: str) -> HttpResponse:
    form = ContactForm(request.POST or None, instance=contact)
    here = reverse("business", args=[contact.business_id])

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=title, saved=_("Person saved."), submit_label=_("Save this person"),
        back_url=here, back_label=contact.business.name,
        lead=_("In a local business speak to the manager. In a larger company, to an executive or their assistant; "
               "if you cannot find one, try marketing or public relations."),
    )  # fmt: skip
