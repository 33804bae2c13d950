"""A school that began on its own joins a board, its history unchanged (docs/decisions/0019)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import events, links
from accounts.models import AccessLink, Event, Membership, User
from accounts.permissions import Permission, Role
from boards.models import Board, CalendarFile, ClosedPeriod, Rate, StrategicGoal, YearPart
from businesses.models import Business, Contact
from core import clock, facts, kept
from engines.documents.models import Document
from engines.outbox.models import Message
from engines.reminders import actions as reminders
from engines.reminders.models import Reminder
from outreach.models import Prospect
from partnerships.models import Partnership
from people import invitations, memberships
from people.models import AccessRequest, Invitation, LegalHold, SignOn
from schools.models import Family, Goal, ImprovementGoal, Initiative, Joining, School, SchoolFigure

GOOD_FOR = timedelta(days=7)
Rows = "models.QuerySet[Any]"


# ── What becomes of each key ──


class Fate(StrEnum):
    """What becomes of a key to a board, or to a row that stays with the one that is left."""

    COMES = "the row comes along: the key is the new board's"
    EMPTIED = "the row comes along without it"
    TEXT = "the row comes along, and what the key led to stays as text"
    STAYS = "the row stays with the board that was left"
    KEPT = "the row is written once, or names both boards"


# Every key to these is decided about; a test finds those that nobody decided about.
OF_A_BOARD = (Board, Family, StrategicGoal, Rate, ClosedPeriod, YearPart, CalendarFile, Joining)
FATES: dict[str, Fate] = {
    "schools.School.board": Fate.COMES,
    "schools.School.family": Fate.EMPTIED,  # until the board puts the school into one
    "businesses.Business.board": Fate.COMES,
    "accounts.Membership.board": Fate.COMES,  # of the school and its partners; the board's own are ended
    "accounts.Membership.family": Fate.STAYS,
    "people.Invitation.board": Fate.COMES,  # of the school and its partners; the board's own are withdrawn
    "people.Invitation.family": Fate.STAYS,
    "people.LegalHold.board": Fate.COMES,  # what is held stays held
    "people.AccessRequest.board": Fate.COMES,
    "imports.Import.board": Fate.STAYS,  # files of the board that was
    "people.SignOn.board": Fate.STAYS,  # switched off: from now on the sign-in of the new board counts
    "accounts.SupportGrant.board": Fate.STAYS,  # who looked at the board that was
    "accounts.AccessLink.board": Fate.COMES,
    "outbox.Message.board": Fate.COMES,
    "outbox.Message.family": Fate.EMPTIED,
    "documents.Document.board": Fate.COMES,
    "documents.Document.family": Fate.EMPTIED,
    "reminders.Reminder.board": Fate.COMES,
    "reminders.Reminder.family": Fate.EMPTIED,
    "schools.Goal_strategic_goals.strategicgoal": Fate.TEXT,
    "schools.ImprovementGoal_strategic_goals.strategicgoal": Fate.TEXT,
    "schools.Family.board": Fate.STAYS,
    "boards.StrategicGoal.board": Fate.STAYS,
    "boards.ClosedPeriod.board": Fate.STAYS,
    "boards.Rate.board": Fate.STAYS,
    "boards.YearPart.board": Fate.STAYS,
    "boards.CalendarFile.board": Fate.STAYS,
    "accounts.ChainCheck.board": Fate.STAYS,
    "accounts.Seal.board": Fate.KEPT,
    "accounts.Event.board": Fate.KEPT,
    "accounts.Event.family": Fate.KEPT,
    "boards.Board.joined_to": Fate.KEPT,
    "schools.Joining.board": Fate.KEPT,
    "schools.Joining.came_from": Fate.KEPT,
}
# Rows whose change is told by an Event of their own; the engines' follow from facts.
TOLD: tuple[type[models.Model], ...] = (
    Business, Membership, Invitation, LegalHold, AccessRequest, AccessLink, Document,
)  # fmt: skip
UNTOLD: tuple[type[models.Model], ...] = (Message, Reminder)
# What hangs on an imported row that nobody did anything with.
OF_AN_IMPORT: tuple[type[models.Model], ...] = (SchoolFigure, Event)


def of_the_school(model: type[models.Model], left: Board) -> Any:
    """The rows of `model` that carry the board `left` and come along."""
    rows = model._base_manager.filter(board=left)
    if model in (Membership, Invitation):
        return rows.filter(Q(school__isnull=False) | Q(business__isnull=False))
    if kept.has_subject(model):
        return rows.exclude(pk__in=list(rows.filter(_about_what_stays(left)).values_list("pk", flat=True)))
    return rows


def _about_what_stays(left: Board) -> Q:
    """The condition "about the board itself, or a row that stays with it"."""
    about = kept.about(Board, [left.pk])
    for model in (Family, StrategicGoal, Rate, ClosedPeriod, YearPart, CalendarFile, Joining):
        about |= kept.about(model, list(model._base_manager.filter(board=left).values_list("pk", flat=True)))
    own = Q(board=left, school=None, business=None)
    for scoped in (Membership, Invitation):
        about |= kept.about(scoped, list(scoped._base_manager.filter(own).values_list("pk", flat=True)))
    return about


# ── Asking and accepting ──


class NotPossible(ValidationError):
    """A school that cannot join now; the messages say why."""


@transaction.atomic
def ask(joining: Joining, *, by: User) -> Joining:
    """Ask a school on its own to join `joining.board`: a link, good once in seven days, for whoever administers it.

    Raises NotPossible for a board that joined another meanwhile.
    """
    if Board.objects.filter(pk=joining.board_id, joined_to__isnull=False).exists():
        raise NotPossible(_("This board has joined another one itself."))
    joining.asked_by, joining.asked_at, joining.expires_at = by, clock.now(), clock.now() + GOOD_FOR
    joining.save()
    facts.changed(joining, by=by, verb="asked to join")
    token = links.joining_token(joining)
    links.make(joining, AccessLink.Purpose.JOIN, expires_at=joining.expires_at, by=by, token=token)
    return joining


@transaction.atomic
def withdraw(joining: Joining, *, by: User) -> None:
    """Its link lets no school join any more. Nothing happens once it is used."""
    if Joining.objects.waiting().filter(pk=joining.pk).update(withdrawn_at=clock.now()) == 1:
        joining.refresh_from_db(fields=["withdrawn_at"])
        links.revoke(joining, AccessLink.Purpose.JOIN, by=by)
        facts.changed(joining, by=by, verb="withdrawn")


def find(token: str) -> tuple[AccessLink, Joining] | None:
    """The usable link of `token` with its joining, if there is one; looking uses nothing up."""
    link = links.find(token, AccessLink.Purpose.JOIN)
    waiting = Joining.objects.waiting().select_related("board", "asked_by")
    joining = waiting.filter(pk=link.subject_id or 0).first() if link else None
    return (link, joining) if link and joining else None


def schools_of(user: User) -> list[School]:
    """The schools on their own that `user` administers."""
    boards = user.access.reach(Permission.BOARD_CHANGE).boards
    alone = School.objects.filter(board__in=boards, board__joined_to=None).annotate(
        schools=models.Count("board__schools")
    )
    return list(alone.filter(schools=1).select_related("board").order_by("name", "pk"))


@transaction.atomic
def accept(link: AccessLink, joining: Joining, school: School, *, by: User) -> School:
    """Use the link and let `school` join. Raises NotPossible if the link was used or withdrawn meanwhile, and as join
    does."""
    gone = _("This link was used already, or withdrawn. Ask for a new one.")
    if not links.use(link, by=by):
        raise NotPossible(gone)
    return join(joining, school, by=by)


# ── Whether it can be ──


def in_the_way(school: School, board: Board) -> list[str]:
    """Why `school` cannot join `board` now; empty when nothing is in the way."""
    left, reasons = school.board, []
    if left.pk == board.pk:
        return [_("%(school)s is in this board already.") % {"school": school}]
    if board.joined_to_id is not None:
        reasons.append(_("This board has joined another one itself."))
    others = list(School.objects.filter(board=left).exclude(pk=school.pk).values_list("name", flat=True)[:3])
    if others or left.has_joined_here:
        told = _("%(board)s has more than one school. Only a school on its own can join another board.")
        reasons.append(told % {"board": left})
    namesake = namesake_of(school, board)
    if namesake is not None and (hanging := hanging_on(namesake)):
        told = _(
            "%(board)s has a school with the ministry number %(number)s, and something hangs on it: %(what)s. Which of "
            "the two goes on is for the board to say."
        )
        what = {"board": board, "number": namesake.ministry_number, "what": ", ".join(hanging)}
        reasons.append(told % what)
    return reasons


def namesake_of(school: School, board: Board) -> School | None:
    """The row of the same ministry number that `board` has, as a rule an imported one."""
    if not school.ministry_number:
        return None
    return School.objects.filter(board=board, ministry_number=school.ministry_number).exclude(pk=school.pk).first()


def hanging_on(school: School) -> list[str]:
    """What hangs on a school beyond what an import writes, by the names of the tables."""
    found = []
    for relation in School._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if not (relation.auto_created and not relation.concrete) or model in OF_AN_IMPORT:
            continue
        if model._base_manager.filter(**{relation.field.name: school}).exists():  # type: ignore[union-attr]
            table = kept.table_of(model)
            found.append(str(table.title if table else model._meta.verbose_name_plural))
    if Event.objects.filter(school=school).exclude(by=None).exists():
        found.append(_("what somebody wrote of it"))
    return sorted(set(found))


# ── What will happen ──


@dataclass(frozen=True)
class Outlook:
    """What whoever is about to let `school` join is told, from the rows as they are."""

    school: School
    board: Board
    counts: list[str]
    goals: list[str]
    ends: list[User]  # who administers now and holds a role at the school
    leaves: list[User]  # whose only roles end
    gives_way: School | None


def outlook(school: School, board: Board) -> Outlook:
    left = school.board
    people = of_the_school(Membership, left).filter(ended_at=None)
    found = [
        Initiative.objects.filter(school=school).count(),
        Prospect.objects.filter(school=school).count(),
        Partnership.objects.filter(school=school).count(),
        Business.objects.filter(board=left).count(),
        Contact.objects.filter(business__board=left).count(),
        people.values("user").distinct().count(),
    ]
    goals = StrategicGoal.objects.filter(board=left)
    tied = goals.filter(Q(goals__initiative__school=school) | Q(improvement_goals__school=school)).distinct()
    ending = _of_the_board_itself(left).select_related("user").order_by("user__name", "pk")
    stay = set(people.values_list("user", flat=True))
    held = {membership.user_id: membership for membership in ending}
    return Outlook(
        school,
        board,
        _counted(*found),
        [str(goal) for goal in tied],
        [membership.user for pk, membership in held.items() if pk in stay],
        [m.user for pk, m in held.items() if pk not in stay and m.role != Role.OFFICE],
        namesake_of(school, board),
    )


def _counted(
    initiatives: int, prospects: int, partnerships: int, organisations: int, there: int, here: int
) -> list[str]:
    """How many of each there are, in words; nothing of what there is none of."""
    told = [
        (initiatives, ngettext("%(n)d initiative", "%(n)d initiatives", initiatives)),
        (prospects, ngettext("%(n)d prospect", "%(n)d prospects", prospects)),
        (partnerships, ngettext("%(n)d partnership", "%(n)d partnerships", partnerships)),
        (organisations, ngettext("%(n)d organisation", "%(n)d organisations", organisations)),
        (there, ngettext("%(n)d person at organisations", "%(n)d people at organisations", there)),
        (here, ngettext("%(n)d person with a role", "%(n)d people with a role", here)),
    ]
    return [words % {"n": n} for n, words in told if n]


def _of_the_board_itself(left: Board) -> "models.QuerySet[Membership]":
    """The roles that are held in the board that is left, or in a family of it, and in no school or organisation."""
    return Membership.objects.current().filter(board=left, school=None, business=None)


# ── Joining ──


@transaction.atomic
def join(joining: Joining, school: School, *, by: User) -> School:
    """Move `school`, and all that hangs on it, under `joining.board`; the board it leaves is closed.

    Raises NotPossible if something is in the way, or the joining was used or withdrawn meanwhile.
    """
    pair = {joining.board_id, school.board_id}
    # Lock first: both boards, always in the same order, and the school.
    boards = {board.pk: board for board in Board.objects.select_for_update().filter(pk__in=pair).order_by("pk")}
    left, board = boards[school.board_id], boards[joining.board_id]
    school = School.objects.select_for_update(of=("self",)).select_related("board").get(pk=school.pk)
    if school.board_id != left.pk or left.joined_to_id is not None:
        raise NotPossible(_("%(school)s has joined a board already.") % {"school": school})
    if reasons := in_the_way(school, board):
        raise NotPossible(reasons)
    _claim(joining, school, left, board, by=by)
    namesake = namesake_of(school, board)
    if namesake is not None:
        _give_up_number(namesake, to=school, by=by)
    _keep_goals_as_text(school, by=by)
    _close(left, school, why=board.name, by=by)
    facts.changed(school, by=by, verb="left for another board", why=board.name)
    _move((School, *TOLD, *UNTOLD), left, board, by=by)
    if namesake is not None:
        School.objects.filter(pk=namesake.pk).update(board=left, family=None, version=F("version") + 1)
    school = School.objects.get(pk=school.pk)
    facts.changed(school, by=by, verb="joined the board", why=left.name)
    reminders.replan_at(school.pk)
    return school


@transaction.atomic
def bring_the_rest(left: Board) -> int:
    """Bring along what somebody wrote into `left` in the very moment its school was leaving, and end what they began
    there; answers how many rows came. As a rule there are none."""
    row = Joining.objects.select_related("board", "school", "joined_by").get(came_from=left)
    assert row.school is not None  # joining_says_who_came_from_where
    assert row.joined_by is not None
    _close(left, row.school, why=row.board.name, by=row.joined_by)
    return _move((*TOLD, *UNTOLD), left, row.board, by=row.joined_by)


def _claim(joining: Joining, school: School, left: Board, board: Board, *, by: User) -> None:
    """Exactly one row changed is the only yes: of the joining, and of the board that is left."""
    now = clock.now()
    says = {"joined_at": now, "joined_by": by, "school": school, "came_from": left}
    if Joining.objects.waiting().filter(pk=joining.pk).update(**says) != 1:
        raise NotPossible(_("This link was used already, or withdrawn. Ask for a new one."))
    closes = {"joined_to": board, "joined_at": now, "version": F("version") + 1}
    if Board.objects.filter(pk=left.pk, joined_to=None).update(**closes) != 1:
        raise NotPossible(_("%(school)s has joined a board already.") % {"school": school})
    Board.objects.filter(pk=board.pk).update(has_joined_here=True)
    joining.refresh_from_db()
    facts.changed(joining, by=by, verb="joined the board", why=f"{left} → {board}")


def _give_up_number(namesake: School, *, to: School, by: User) -> None:
    """The imported row lets go of its number. The trail of its import is written once and keeps a key to it, so it
    cannot be deleted: it takes the place of the school in the board that is left, where nobody looks."""
    namesake.ministry_number = ""
    namesake.save(update_fields=["ministry_number", "search"])
    facts.changed(namesake, by=by, verb="gave way", why=to.name)


def _keep_goals_as_text(school: School, *, by: User) -> None:
    """What flowed into goals of the board that is left says so in words from now on."""
    mine: tuple[Any, ...] = (
        ImprovementGoal.objects.filter(school=school),
        Goal.objects.filter(initiative__school=school),
    )
    with translation.override(school.language):
        for goals in mine:
            for goal in goals.filter(strategic_goals__isnull=False).distinct().prefetch_related("strategic_goals"):
                lines = [*goal.flowed_into.splitlines(), *(str(one) for one in goal.strategic_goals.all())]
                goal.flowed_into = "\n".join(dict.fromkeys(lines))
                goal.version += 1
                goal.save(update_fields=["flowed_into", "version"])
                goal.strategic_goals.clear()
                facts.changed(goal, by=by, verb="kept as text")


def _close(left: Board, school: School, *, why: str, by: User) -> None:
    """Nobody works in the board itself any more: what is held or offered there ends. Its office is the school's."""
    for invitation in Invitation.objects.waiting().filter(board=left, school=None, business=None):
        invitations.withdraw(invitation, by=by)
    for joining in Joining.objects.waiting().filter(board=left):
        withdraw(joining, by=by)
    for sign_on in SignOn.objects.filter(board=left, is_on=True):  # its domain is free for the board that goes on
        closed = {"is_on": False, "verified_at": None, "check_due_at": None, "version": F("version") + 1}
        SignOn.objects.filter(pk=sign_on.pk).update(**closed)
        facts.changed(sign_on, by=by, verb="switched off")
    for membership in _of_the_board_itself(left).select_related("user"):
        memberships.end(membership, by=by, why=f"→ {why}", board_ends=True)
        if membership.role == Role.OFFICE:
            office = Membership(role=Role.OFFICE, is_lead=membership.is_lead, board=left, school=school)
            facts.changed(invitations.take_role(membership.user, office), by=by, verb="joined")


def _move(these: Iterable[type[models.Model]], left: Board, board: Board, *, by: User) -> int:
    """Give `board` every row of `these` that comes along; answers how many. Versions count on: a form opened before
    does not bring the old board back."""
    moved = 0
    for model in these:
        pks = list(of_the_school(model, left).order_by().values_list("pk", flat=True))
        for some in _in_batches(pks):
            rows = model._base_manager.filter(pk__in=some)
            moved += rows.update(**_moved(model, board))
            if model in TOLD:
                events.write_many(rows.all(), verb="came along", by=by, why=f"{left} → {board}")
    return moved


def _moved(model: type[models.Model], board: Board) -> dict[str, Any]:
    names = {field.name for field in model._meta.concrete_fields}
    values: dict[str, Any] = {"board": board}
    if FATES.get(f"{model._meta.label}.family") == Fate.EMPTIED:
        values["family"] = None
    return values | ({"version": F("version") + 1} if "version" in names else {})


def _in_batches(pks: list[int], size: int = 500) -> Iterable[list[int]]:
    return (pks[start : start + size] for start in range(0, len(pks), size))
