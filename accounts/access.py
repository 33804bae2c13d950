"""What a person's memberships and support grants let them reach: the union of them, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.permissions import (
    ASSISTANT_AT_FAMILY,
    ASSISTANT_AT_SCHOOL,
    BOARD_WIDE,
    GRANTS,
    OPERATOR,
    SUPPORT,
    Permission,
    Role,
)
from core.chain import Owned

if TYPE_CHECKING:
    from accounts.models import Membership, SupportGrant, User


FIRST = {
    role: rank
    for rank, role in enumerate((Role.PRINCIPAL, Role.CHAMPION, Role.STAFF, Role.ASSISTANT, Role.SUPERINTENDENT))
}


@dataclass(frozen=True)
class Reach:
    """The scopes in which one permission is held, by id."""

    boards: frozenset[int] = frozenset()
    families: frozenset[int] = frozenset()
    schools: frozenset[int] = frozenset()
    businesses: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.boards or self.families or self.schools or self.businesses)


class Access:
    """The memberships of one person, and what an operator looks at as support (`looking`), asked many times in a
    request and read once."""

    def __init__(
        self,
        memberships: "list[Membership]",
        *,
        looking: "Sequence[SupportGrant]" = (),
        is_operator: bool = False,
        whole: "Access | None" = None,
    ) -> None:
        self.memberships = memberships
        self.looking = tuple(looking)
        self.whole = whole or self  # with all their roles, where this is one of them
        self._is_operator = is_operator
        self._reach: dict[Permission, Reach] = {}
        self._joined_here: dict[int, list[int]] = {}

    def reach(self, permission: Permission) -> Reach:
        """Where `permission` is held."""
        if permission not in self._reach:
            self._reach[permission] = self._work_out(permission)
        return self._reach[permission]

    def may(self, permission: Permission, subject: Owned) -> bool:
        """Whether `permission` is held over `subject`."""
        if self._is_operator and permission in OPERATOR:
            return True
        reach, chain = self.reach(permission), subject.chain()
        return (
            chain.board in reach.boards
            or chain.family in reach.families
            or chain.school in reach.schools
            or chain.business in reach.businesses
        )

    def holds(self, permission: Permission) -> bool:
        """Whether `permission` is held anywhere."""
        return (self._is_operator and permission in OPERATOR) or bool(self.reach(permission))

    def met_as(self, chosen: int | None) -> "Access":
        """The same person met as their membership `chosen` alone: never more than they hold. As they are if it is
        not theirs, or not any more."""
        held = [membership for membership in self.whole.memberships if membership.pk == chosen]
        if not held:
            return self.whole
        return Access(held, looking=self.looking, is_operator=self._is_operator, whole=self.whole)

    @cached_property
    def first(self) -> "Membership | None":
        """The membership a person is met as: a school's before a family's before a board's."""
        return min(self.memberships, key=lambda m: (FIRST.get(Role(m.role), len(FIRST)), m.pk), default=None)

    @cached_property
    def to_act(self) -> "Access":
        """The same person without what they look at as support: a grant lets nobody send anything."""
        return Access(self.memberships, is_operator=self._is_operator) if self.looking else self

    def only_looks_at(self, subject: Owned) -> bool:
        """Whether `subject` belongs to a board in which this person is support and nothing else."""
        board = subject.chain().board
        if board not in {grant.board_id for grant in self.looking}:
            return False
        return board not in {membership.board_id for membership in self.memberships}

    def holding(self, permission: Permission) -> "list[Membership]":
        """One's own memberships that carry `permission`, with their board and school; no query."""
        return [membership for membership in self.memberships if permission in grants(membership)]

    def has_role(self, *roles: Role) -> bool:
        """Whether one of `roles` is held anywhere."""
        return any(membership.role in roles for membership in self.memberships)

    def joined_here(self, permission: Permission) -> frozenset[int]:
        """The boards, left by their schools, that joined one in which `permission` is held; a query only if one did."""
        reached = self.reach(permission).boards
        boards = {m.board_id: m.board for m in self.holding(permission) if m.board_id in reached}
        return frozenset(pk for board in boards.values() if board.has_joined_here for pk in self._that_joined(board))

    def _that_joined(self, board: Any) -> list[int]:
        if board.pk not in self._joined_here:
            self._joined_here[board.pk] = list(board.joined_here.order_by().values_list("pk", flat=True))
        return self._joined_here[board.pk]

    def _work_out(self, permission: Permission) -> Reach:
        holding = self.holding(permission)
        looked_at = _ids(grant.board_id for grant in self.looking if permission in SUPPORT)
        if permission in BOARD_WIDE:
            return Reach(boards=looked_at | _ids(m.board_id for m in holding))
        return Reach(
            boards=looked_at | _ids(m.board_id for m in holding if not (m.family_id or m.school_id or m.business_id)),
            families=_ids(m.family_id for m in holding),
            schools=_ids(m.school_id for m in holding),
            businesses=_ids(m.business_id for m in holding),
        )


def grants(membership: "Membership") -> frozenset[Permission]:
    """What one membership carries."""
    if membership.role == Role.ASSISTANT:
        return ASSISTANT_AT_SCHOOL if membership.school_id else ASSISTANT_AT_FAMILY
    return GRANTS[Role(membership.role)]


def within(user: "User", permission: Permission, school: str) -> Q:
    """The condition "in the scope in which `user` holds `permission`".

    `school` is the path from the filtered row to its School, ending in "__"; "self" for School itself; empty for
    a row that carries board, family and school of its own.
    """
    reach = user.access.reach(permission)
    own = {"self": "pk", "": "school_id"}.get(school, f"{school}pk")
    path = "" if school == "self" else school
    found = Q(pk__in=[])
    if reach.boards:
        found |= Q(**{f"{path}board_id__in": reach.boards})
    if reach.families:
        found |= Q(**{f"{path}family_id__in": reach.families})
    if reach.schools:
        found |= Q(**{f"{own}__in": reach.schools})
    return found


def _ids(ids: Iterable[int | None]) -> frozenset[int]:
    return frozenset(i for i in ids if i is not None)
