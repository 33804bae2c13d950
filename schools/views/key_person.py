"""Who takes part in an initiative, and with how much time."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policies import Request, policy
from core.forms import LONGEST_KEY, CleanForm
from core.pages import form_page, led_on
from core.text import query
from schools import actions
from schools.forms.key_person import KeyPersonForm
from schools.models import Initiative, KeyPerson
from schools.outline import school_people
from schools.views.outline import carried, way_back

P = Permission
ROWS = ("initiative__school__board", "user")


@policy(P.INITIATIVE_CHANGE, on=Initiative, related=("school__board",))
def key_person_add(request: Request, initiative: Initiative) -> HttpResponse:
    """Somebody more; with ?user= it begins from that person of the school."""
    asked = query(request.GET.get("user", ""))
    known = asked.isdecimal() and len(asked) <= LONGEST_KEY
    user = school_people(initiative.school).filter(pk=int(asked)).first() if known else None
    return _page(request, KeyPerson(initiative=initiative), _("Name a key person"), user=user)


@policy(P.INITIATIVE_CHANGE, on=KeyPerson, related=ROWS)
def key_person_edit(request: Request, person: KeyPerson) -> HttpResponse:
    return _page(
        request, person, _("Key person"),
        remove_url=reverse("key_person_remove", args=[person.pk]) + carried(request),
        remove_label=_("Take this person off"),
    )  # fmt: skip


def _page(request: Request, person: KeyPerson, title: str, user: User | None = None, **context: str) -> HttpResponse:
    form = KeyPersonForm(request.POST or None, instance=person, initial={"user": user} if user else None)
    here = way_back(request, person.initiative, "people")

    def act() -> str:
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=title, saved=_("Saved."), submit_label=_("Save this person"),
        lead=_("Who takes part, and how much time they have for it. A partner asks that first."),
        back_url=here, back_label=person.initiative.title, **context,
    )  # fmt: skip


@led_on
@policy(P.INITIATIVE_CHANGE, on=KeyPerson, related=ROWS)
def key_person_remove(request: Request, person: KeyPerson) -> HttpResponse:
    """Ask once more before they are taken off."""
    form = CleanForm(request.POST if request.method == "POST" else None)  # nothing is asked
    of, title = person.initiative, _("Take this person off")
    here = way_back(request, of, "people")

    def act() -> str:
        actions.remove_key_person(person, by=request.user)
        return here

    return form_page(
        request, form, act, title=title, saved=_("Taken off."), submit_label=title, lead=str(person),
        keep_label=_("Leave it as it is"), back_url=here, back_label=of.title,
    )  # fmt: skip
