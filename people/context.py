"""What frames every page: whose it is, where one can go."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import Membership, User
from accounts.permissions import Permission, Role
from core import clock
from core.templatetags.tandem import initials
from engines.reminders.models import Reminder
from people.met_as import met_as
from people.models import SignOn
from people.support import moment_in_words

THEMES = ("light", "dark")
BOARD_ROLES = (Role.SUPERINTENDENT, Role.BOARD_ADMIN)


@dataclass(frozen=True)
class Place:
    """An entry of the main navigation."""

    url: str
    icon: str
    label: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Choice:
    """An entry of the role switch."""

    value: str
    role: str
    place: str
    is_chosen: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every template may ask for; worked out only if it does."""
    return {
        "shell": SimpleLazyObject(lambda: _shell(request)),
        "has_board_accounts": SignOn.objects.open().exists,
    }


def _shell(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")  # whoever chose none has the system's
    framed: dict[str, Any] = {"theme": theme if theme in THEMES else "", "side": "board", "places": []}
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        return framed
    access = met_as(request, user)
    first = access.first
    framed["side"] = side_of(first)
    framed["places"] = _places(user, request, access)
    framed["me"] = {
        "name": user.name,
        "role": _role_in_words(first, user),
        "initials": initials(user.name),
        "avatar_side": framed["side"],
    }
    framed["roles"] = _roles(access)
    framed["sees_schools"] = access.holds(Permission.SCHOOL_VIEW)
    framed["looking"] = [(grant, moment_in_words(grant)) for grant in access.looking]
    if first is not None:
        framed["where"] = _where(first)
        if first.school_id and access.holds(Permission.NEED_ADD):
            framed["log_url"] = reverse("need_add", args=[first.school_id])
    return framed


def side_of(membership: Membership | None) -> str:
    """The side whose colour the buttons wear."""
    if membership is None or membership.role in BOARD_ROLES:
        return "board"
    return "partner" if membership.role == Role.PARTNER else "school"


def _role_in_words(membership: Membership | None, user: User) -> str:
    if membership is None:
        return _("Operator") if user.is_operator else ""
    place = membership.school or membership.family or membership.business or membership.board
    return f"{membership.get_role_display()}, {place}"


def _where(membership: Membership) -> dict[str, str]:
    board = membership.board.short_name or membership.board.name
    place = membership.school or membership.family or membership.business
    name = place.name if place else membership.board.name
    sub = board if place and board != name else ""
    return {"name": name, "sub": sub, "initials": initials(name)}


def _roles(access: Access) -> list[Choice]:
    """The roles one can be met as, one at a time or all together; none if there is nothing to choose."""
    held = access.whole.memberships
    if len(held) < 2:
        return []
    chosen = access.first.pk if access.first and access is not access.whole else None
    every = Choice("", _("All your roles"), "", chosen is None)
    return [every, *(Choice(str(m.pk), m.get_role_display(), str(m.place), m.pk == chosen) for m in held)]


def _due(user: User, request: HttpRequest, access: Access) -> int:
    """How many things are due; a page that has counted them says so in `request.due_today`."""
    counted: int | None = getattr(request, "due_today", None)
    if counted is not None:
        return counted
    today = clock.today(access.first.board.zone) if access.first else clock.now().date()
    return Reminder.objects.visible_to(user).met_as(access).open().filter(due_on__lte=today).count()


def _places(user: User, request: HttpRequest, access: Access) -> list[Place]:
    path, first, due = request.path, access.first, _due(user, request, access)
    found = [_place("today", "sun", _("Today"), path, exact=True, count=due)]
    if access.holds(Permission.INITIATIVE_VIEW):
        found.append(
            _place("initiatives", "lightbulb", _("Initiatives"), path, also=("/goals/", "/measures/", "/needs/"))
        )
    if access.holds(Permission.PROSPECT_VIEW):
        found.append(_place("prospects", "signpost-split", _("Prospects"), path, also=("/meetings/",)))
    if access.holds(Permission.PARTNERSHIP_VIEW):
        label = _("Partnerships") if access.holds(Permission.INITIATIVE_VIEW) else _("Our partnership")
        also = ("/partnership-years/", "/promises/", "/sessions/", "/participations/")
        found.append(_place("partnerships", "people", label, path, also=also))
    if access.holds(Permission.DIRECTORY_VIEW):
        found.append(_place("businesses", "building", _("Organisations"), path, also=("/people/",)))
    elif first is not None and first.business_id:
        url = reverse("business", args=[first.business_id])
        found.append(Place(url, "building", _("Our organisation"), path.startswith((url, "/people/"))))
    if access.holds(Permission.SCHOOL_VIEW):
        # The trail is found on the page of the board, or of the school by those who have no board's.
        of_schools: tuple[str, ...] = ("/improvement-goals/",)
        if not access.holds(Permission.BOARD_CHANGE):
            of_schools += ("/trail/",)
        found.append(_place("schools", "mortarboard", _("Schools"), path, also=of_schools))
    elif access.holds(Permission.PUBLISHED_VIEW):
        needed = _("What schools need")
        found.append(_place("initiatives_public", "lightbulb", needed, path, also=("/initiatives/",)))
        found.append(_place("schools_public", "mortarboard", _("Schools"), path))
    if access.holds(Permission.SUPPORT_OPEN) and not access.looking:  # the note on every page leads there
        found.append(_place("support", "tools", _("Support"), path))
    if access.holds(Permission.PEOPLE_VIEW) and not access.holds(Permission.BOARD_CHANGE):
        found.append(_place("people", "person-badge", _("People"), path))
    if access.holds(Permission.BOARD_CHANGE):  # a board's people are found on its page: eight places are too many
        found.append(
            _place("boards", "compass", _("Board"), path, also=("/strategic-goals/", "/closed-days/", "/trail/"))
        )
    return found


def _place(
    name: str,
    icon: str,
    label: str,
    path: str,
    *,
    exact: bool = False,
    count: int = 0,
    also: tuple[str, ...] = (),
) -> Place:
    url = reverse(name)
    current = path == url if exact else path.startswith((url, *also))
    return Place(url, icon, label, current, count)
