"""Who may do what: the table of domain.md, "Who may see and do what", as code. This is its only place.

A grant holds within the scope of the membership that carries the role. What is BOARD_WIDE reaches the rows of
the whole board from any membership in it (the directory of businesses, the board's goals and calendar).
"""

from enum import StrEnum, auto

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    PRINCIPAL = "principal", _("Principal")
    CHAMPION = "champion", _("Champion")
    STAFF = "staff", _("Staff")
    OFFICE = "office", _("Office")
    SUPERINTENDENT = "superintendent", _("Superintendent")
    ASSISTANT = "assistant", _("Assistant")
    BOARD_ADMIN = "board_admin", _("Board administrator")
    PARTNER = "partner", _("Partner")


class Permission(StrEnum):
    BOARD_VIEW = auto()  # the board's name, goals, calendar
    BOARD_CHANGE = auto()
    PEOPLE_VIEW = auto()
    PEOPLE_CHANGE = auto()  # invite, change, end; whom: INVITES
    SCHOOL_VIEW = auto()  # profile and improvement goals
    SCHOOL_CHANGE = auto()
    SCHOOL_PUBLISH = auto()  # say what of the profile, the initiatives and needs is public
    PUBLISHED_VIEW = auto()  # what schools of the board made public
    INITIATIVE_VIEW = auto()  # initiatives, goals, measures, needs
    INITIATIVE_CHANGE = auto()
    NEED_ADD = auto()
    NEED_CHANGE_OWN = auto()
    DIRECTORY_VIEW = auto()  # businesses and their contacts
    DIRECTORY_CHANGE = auto()
    DIRECTORY_CHANGE_OWN = auto()  # a partner's own business
    PROSPECT_VIEW = auto()  # stage, next step
    PROSPECT_CHANGE = auto()
    CONVERSATION_VIEW = auto()  # calls, messages, meeting notes
    CONVERSATION_CHANGE = auto()
    PARTNERSHIP_VIEW = auto()  # for a partner only what was shared with it
    PARTNERSHIP_CHANGE = auto()  # begin, promises, share, invite
    SESSION_LOG = auto()  # what a partner logs or corrects waits for the school's yes
    SESSION_CONFIRM = auto()
    AGREEMENT_VIEW = auto()
    AGREEMENT_CHANGE = auto()
    AGREEMENT_DECIDE = auto()  # the school's yes
    EVALUATION_VIEW = auto()  # the report
    EVALUATION_ANSWER = auto()  # one's own side
    AUDIT_VIEW = auto()
    OUTBOX_VIEW = auto()
    PRIVACY_MANAGE = auto()  # legal holds, access requests, erasure
    SUPPORT_MANAGE = auto()  # let an operator look at the board, and end it
    SUPPORT_OPEN = auto()  # look at a board as its support, in an emergency


P = Permission

BOARD_WIDE = frozenset({P.BOARD_VIEW, P.PUBLISHED_VIEW, P.DIRECTORY_VIEW, P.DIRECTORY_CHANGE})

_SEES_OUTLINE = frozenset(
    {P.BOARD_VIEW, P.PUBLISHED_VIEW, P.SCHOOL_VIEW, P.INITIATIVE_VIEW, P.DIRECTORY_VIEW, P.PARTNERSHIP_VIEW}
)
_WORKS_FOR_SCHOOL = _SEES_OUTLINE | {
    P.SCHOOL_CHANGE,
    P.SCHOOL_PUBLISH,
    P.INITIATIVE_CHANGE,
    P.NEED_ADD,
    P.DIRECTORY_CHANGE,
    P.PROSPECT_VIEW,
    P.PROSPECT_CHANGE,
    P.CONVERSATION_VIEW,
    P.CONVERSATION_CHANGE,
    P.PARTNERSHIP_CHANGE,
    P.SESSION_LOG,
    P.SESSION_CONFIRM,
    P.AGREEMENT_VIEW,
    P.AGREEMENT_CHANGE,
    P.EVALUATION_VIEW,
    P.EVALUATION_ANSWER,
    P.OUTBOX_VIEW,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.PRINCIPAL: _WORKS_FOR_SCHOOL | {P.PEOPLE_VIEW, P.PEOPLE_CHANGE, P.AUDIT_VIEW, P.AGREEMENT_DECIDE},
    Role.CHAMPION: _WORKS_FOR_SCHOOL | {P.PEOPLE_VIEW},
    Role.STAFF: _SEES_OUTLINE
    | {
        P.NEED_ADD,
        P.NEED_CHANGE_OWN,
        P.PROSPECT_VIEW,
        P.SESSION_LOG,
        P.SESSION_CONFIRM,
        P.EVALUATION_VIEW,
    },
    Role.OFFICE: _SEES_OUTLINE,
    Role.SUPERINTENDENT: _SEES_OUTLINE
    | {P.PEOPLE_VIEW, P.PROSPECT_VIEW, P.AUDIT_VIEW, P.AGREEMENT_VIEW, P.EVALUATION_VIEW},
    Role.BOARD_ADMIN: _SEES_OUTLINE
    | {
        P.BOARD_CHANGE,
        P.PEOPLE_VIEW,
        P.PEOPLE_CHANGE,
        P.SCHOOL_CHANGE,
        P.DIRECTORY_CHANGE,
        P.PROSPECT_VIEW,
        P.AUDIT_VIEW,
        P.OUTBOX_VIEW,
        P.AGREEMENT_VIEW,
        P.EVALUATION_VIEW,
        P.PRIVACY_MANAGE,
        P.SUPPORT_MANAGE,
    },
    Role.PARTNER: frozenset(
        {
            P.PUBLISHED_VIEW,
            P.PEOPLE_VIEW,
            P.PEOPLE_CHANGE,
            P.DIRECTORY_CHANGE_OWN,
            P.PARTNERSHIP_VIEW,
            P.SESSION_LOG,
            P.AGREEMENT_VIEW,
            P.EVALUATION_VIEW,
            P.EVALUATION_ANSWER,
        }
    ),
}
# Whom a role lets in, changes and ends within its scope (domain.md, "people of the scope").
INVITES: dict[Role, frozenset[Role]] = {
    Role.BOARD_ADMIN: frozenset(Role),
    Role.PRINCIPAL: frozenset({Role.CHAMPION, Role.STAFF, Role.ASSISTANT}),
    Role.PARTNER: frozenset({Role.PARTNER}),
}
INVITES[Role.ASSISTANT] = INVITES[Role.PRINCIPAL]  # where an assistant holds PEOPLE_CHANGE: at a school
# An assistant has what the one assisted has, and never decides, signs or publishes.
DECISIONS: frozenset[Permission] = frozenset({P.AGREEMENT_DECIDE, P.SCHOOL_PUBLISH})
ASSISTANT_AT_SCHOOL = GRANTS[Role.PRINCIPAL] - DECISIONS
ASSISTANT_AT_FAMILY = GRANTS[Role.SUPERINTENDENT] - DECISIONS

# What an operator holds without any board (User.is_operator): the way to a support grant.
OPERATOR: frozenset[Permission] = frozenset({P.SUPPORT_OPEN})
# What a support grant shows of its board while it runs. It is looked at and never acted on (accounts.policies). Left
# out of what a board's administrator reads: the trail and its words, the outbox, who asked what is kept of whom, and
# who was invited; a look at the pages is enough to help, and those tell of people (docs/decisions/0018).
SUPPORT: frozenset[Permission] = _SEES_OUTLINE | {P.PEOPLE_VIEW, P.PROSPECT_VIEW, P.AGREEMENT_VIEW, P.EVALUATION_VIEW}
