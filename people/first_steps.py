"""The first steps of a board that people add: a protected account, who else comes in, the board's own sign-in."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership, User
from accounts.permissions import Role
from boards.first_steps import of_one_school
from core.first_steps import Asked, FirstStep, first_steps, how_many
from people.models import Invitation, SignOn

# What comes later than its own step: the people of schools and partners.
COLLEAGUES = (Role.BOARD_ADMIN, Role.OFFICE)


def asked_in(board: str, user: User, **which: Any) -> Any:
    """The number of those who are in or were asked in as `which`, `user` aside; two of one person count twice."""
    held = Membership.objects.current().exclude(user=user).filter(**which)
    return how_many(held, board) + how_many(Invitation.objects.waiting().filter(**which), board)


def people_in_words(n: int) -> str:
    """How many were invited, also those who have come; "" for nobody."""
    return ngettext("%(n)d person invited", "%(n)d people invited", n) % {"n": n} if n else ""


def _protected(user: User) -> dict[str, Any]:
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return {"has_second_factor": Exists(factors)} | _signs_in(user) | of_one_school(user)


def _signs_in(user: User) -> dict[str, Any]:
    return {"has_own_sign_in": Exists(SignOn.objects.open().filter(board=OuterRef("pk")))}


def _factor_asked(board: Any, user: User) -> Asked:
    """As `second_factor.needs_one` will ask it as soon as somebody else is in."""
    may_be_left = not settings.SECOND_FACTOR_REQUIRED or board.has_own_sign_in or board.is_of_one_school
    return Asked.OPTIONAL if may_be_left else Asked.NEEDED


def _left_to_boards(board: Any, user: User) -> Asked:
    """What a board may leave, and a school on its own hears nothing of."""
    return Asked.NOT_HERE if board.is_of_one_school else Asked.OPTIONAL


first_steps.register(
    "second_factor",
    FirstStep(
        gettext_lazy("Protect your account"),
        gettext_lazy("An app on your phone or a passkey confirms that it is you, before anybody else comes in."),
        "lock-fill", _protected, lambda board: board.has_second_factor, lambda board, user: reverse("mfa_index"),
        _factor_asked, order=10,
    ),
)  # fmt: skip
first_steps.register(
    "colleague",
    FirstStep(
        gettext_lazy("Invite a colleague"),
        gettext_lazy("A second administrator, or the board’s office: a board should not hang on one person."),
        "person-plus",
        lambda user: {"colleagues": asked_in("board", user, role__in=COLLEAGUES, school=None)} | of_one_school(user),
        lambda board: people_in_words(board.colleagues), lambda board, user: reverse("invite"),
        _left_to_boards, order=60,
    ),
)  # fmt: skip
first_steps.register(
    "own_sign_in",
    FirstStep(
        gettext_lazy("Switch on the board’s own sign-in"),
        gettext_lazy("People come in with the account they have at the board."),
        "building-check", lambda user: _signs_in(user) | of_one_school(user), lambda board: board.has_own_sign_in,
        lambda board, user: reverse("sign_ons", args=[board.pk]), _left_to_boards, order=80,
    ),
)  # fmt: skip
