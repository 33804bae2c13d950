"""The first steps of a board that schools add: that they are there, say who they are, and who speaks for them."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.permissions import Role
from boards.first_steps import not_at_one_school, of_one_school
from core.first_steps import Asked, FirstStep, first_steps, how_many
from people.first_steps import asked_in, people_in_words
from schools.models import Family, School


def _schools(user: User) -> dict[str, Any]:
    return {"schools_in": how_many(School.objects.all(), "board")} | of_one_school(user)


def _schools_in_words(board: Any) -> str:
    n = board.schools_in
    return ngettext("%(n)d school", "%(n)d schools", n) % {"n": n} if n else ""


def _families(user: User) -> dict[str, Any]:
    return {"families_in": how_many(Family.objects.all(), "board")} | of_one_school(user)


def _families_in_words(board: Any) -> str:
    n = board.families_in
    return ngettext("%(n)d family", "%(n)d families", n) % {"n": n} if n else ""


def _families_asked(board: Any, user: User) -> Asked:
    """A small board may do without."""
    return Asked.NOT_HERE if board.is_of_one_school else Asked.OPTIONAL


def _profiles(user: User) -> dict[str, Any]:
    written = School.objects.filter(board=OuterRef("pk")).exclude(demographics="", strength="", challenge="")
    return {"has_profile": Exists(written)} | of_one_school(user)


def _principals(user: User) -> dict[str, Any]:
    return {"principals": asked_in("board", user, role=Role.PRINCIPAL)} | _schools(user)


def _to_files(board: Any, user: User) -> str:
    """Most boards have their schools in a file; the page of schools has the others."""
    return f"{reverse('imports', args=[board.pk])}?kind=schools"


def _to_principals(board: Any, user: User) -> str:
    """The people of a school are asked in on its page."""
    return reverse("schools") if board.schools_in else ""


def _superintendents(user: User) -> dict[str, Any]:
    return {
        "superintendents": asked_in("board", user, role=Role.SUPERINTENDENT),
    } | _families(user)


def _superintendents_asked(board: Any, user: User) -> Asked:
    """A superintendent looks after a family of schools; where there is none, there is nobody to ask in."""
    return Asked.NEEDED if board.families_in else Asked.NOT_HERE


def _only_at_one_school(board: Any, user: User) -> Asked:
    return Asked.NEEDED if board.is_of_one_school else Asked.NOT_HERE


def _left_at_one_school(board: Any, user: User) -> Asked:
    """Until a principal signs in, her decisions are entered as recorded; a board asks for all of them elsewhere."""
    return Asked.OPTIONAL if board.is_of_one_school else Asked.NOT_HERE


def _own_school(board: Any, user: User) -> int | None:
    """The key of the school of `board` where `user` works."""
    return next((m.school_id for m in user.access.whole.memberships if m.school_id and m.board_id == board.pk), None)


first_steps.register(
    "schools",
    FirstStep(
        gettext_lazy("Bring in the schools"),
        gettext_lazy("From the ministry’s file or a list of your own; one by one, by hand; or joined by a link."),
        "building", _schools, _schools_in_words, _to_files, not_at_one_school, order=50,
    ),
)  # fmt: skip
first_steps.register(
    "families",
    FirstStep(
        gettext_lazy("Put the schools into families"),
        gettext_lazy("One superintendent looks after the schools of a family."),
        "mortarboard", _families, _families_in_words, lambda board, user: reverse("families", args=[board.pk]),
        _families_asked, order=55,
    ),
)  # fmt: skip
first_steps.register(
    "profile",
    FirstStep(
        gettext_lazy("Write the school’s profile"),
        gettext_lazy("What a business asks first: who you are, what you are proud of, what is hard."),
        "mortarboard", _profiles, lambda board: board.has_profile,
        lambda board, user: reverse("school_edit", args=[_own_school(board, user)]), _only_at_one_school, order=50,
    ),
)  # fmt: skip
first_steps.register(
    "principals",
    FirstStep(
        gettext_lazy("Invite the principals"),
        gettext_lazy("A principal decides for the school, and asks in its champion and its staff."),
        "person-badge", _principals, lambda board: people_in_words(board.principals), _to_principals,
        not_at_one_school, gettext_lazy("After the schools"), order=70,
    ),
)  # fmt: skip
first_steps.register(
    "principal",
    FirstStep(
        gettext_lazy("Invite your principal"),
        gettext_lazy("A principal decides for the school, and asks in its champion and its staff."),
        "person-badge", _principals, lambda board: people_in_words(board.principals),
        lambda board, user: f"{reverse('invite')}?school={_own_school(board, user)}", _left_at_one_school, order=70,
    ),
)  # fmt: skip
first_steps.register(
    "superintendents",
    FirstStep(
        gettext_lazy("Invite the superintendents"),
        gettext_lazy("Each looks after a family of schools and sees what its partnerships need."),
        "person-badge", _superintendents, lambda board: people_in_words(board.superintendents),
        lambda board, user: reverse("invite"), _superintendents_asked, order=75,
    ),
)  # fmt: skip
