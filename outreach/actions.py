"""The steps of outreach: each moves its state in one place, whoever asks."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from boards.models import Board
from businesses.models import Business, Contact
from core import clock, facts, gates
from core.forms import AuditedModelForm
from core.search_text import search_key
from outreach import pasted
from outreach.models import OPEN_STAGES, FollowUp, Interaction, Meeting, Prospect, Stage
from schools.models import Initiative


@transaction.atomic
def make_prospect(
    business: Business,
    initiative: Initiative,
    *,
    by: User,
    champion: User,
    next_step: str,
    next_step_on: date,
) -> Prospect:
    """Begin to approach `business` for `initiative`; an existing prospect is returned, reopened if it was closed.

    Raises ValidationError for a business of another board.
    """
    if business.board_id != initiative.school.board_id:
        raise ValidationError(_("This organisation belongs to another board."))
    prospect, is_new = Prospect.objects.get_or_create(
        business=business,
        initiative=initiative,
        defaults={
            "school": initiative.school,
            "champion": champion,
            "next_step": next_step,
            "next_step_on": next_step_on,
        },
    )
    if is_new:
        facts.changed(prospect, by=by, verb="added")
    elif not prospect.is_open:
        move(prospect, to=Stage.IDENTIFIED, by=by)
        set_next_step(prospect, next_step, next_step_on, by=by)
    return prospect


CALLS_A_DAY = 3  # so many first calls are due on one school day; twenty at once would be none


@transaction.atomic
def approach(
    found: Iterable[pasted.Known], initiative: Initiative, *, by: User
) -> tuple[list[Prospect], list[Prospect]]:
    """Make the organisations that were pasted prospects of `initiative`, and add those that are new to the directory.

    Each has a call as its next step, three a school day from the next one on. Answers the new prospects and those that
    were prospects before, which are left as they are.
    """
    board = initiative.school.board
    today = clock.today(board.zone)
    made: list[Prospect] = []
    left: list[Prospect] = []
    for known in found:
        business = known.there or _add_business(known.line, board, by)
        there = Prospect.objects.filter(business=business, initiative=initiative).first()
        if there is not None:
            there.business = business
            left.append(there)
            continue
        on = board.calendar.school_days_after(today, 1 + len(made) // CALLS_A_DAY)
        made.append(make_prospect(business, initiative, by=by, champion=by, next_step=_("Call them"), next_step_on=on))
    return made, left


def _add_business(line: pasted.Line, board: Board, by: User) -> Business:
    known = {"name": line.name, "town": line.town, "phone": line.phone, "website": line.website}
    business = Business.objects.create(board=board, **known)
    facts.changed(business, by=by, verb="added")
    return business


def beside_directory(lines: Iterable[pasted.Line], board: int) -> list[pasted.Known]:
    """Each line beside the directory of `board`; one query."""
    lines = list(lines)
    near = models.Q(pk__in=[])
    for line in lines:
        near |= models.Q(search__startswith=search_key(line.name)[:3])
        if host := pasted.host_of(line.website):
            near |= models.Q(website__icontains=host)
    directory = list(Business.objects.filter(near, board=board).order_by("pk")) if lines else []
    return [pasted.beside(line, directory) for line in lines]


@transaction.atomic
def put_quarter_hour_away(user: User) -> None:
    """`user` knows the way, and finds the first quarter hour on Today no more."""
    user.knows_the_way = True
    user.save(update_fields=["knows_the_way"])
    facts.changed(user, by=user, verb="edited")


@transaction.atomic
def move(prospect: Prospect, *, to: Stage, by: User, reason: str = "", ask_again_on: date | None = None) -> Prospect:
    """Move `prospect` to stage `to`, in one step from any stage.

    Raises GateClosed where a gate stands (a prospect is agreed once its partnership has begun), and ValidationError
    for a "not now" without a day to ask again. What else is missing is shown and stops nobody.
    """
    # Lock first: a move by hand and a logged call may arrive together.
    prospect = Prospect.objects.select_for_update().get(pk=prospect.pk)
    gates.pass_through(prospect, to)
    if to == Stage.NOT_NOW and ask_again_on is None:
        raise ValidationError({"ask_again_on": _("Give a day to ask again.")})
    if prospect.stage == to and to != Stage.NOT_NOW:
        return prospect
    prospect.stage, prospect.stage_since = to, clock.now()
    prospect.closed_why = reason if to not in OPEN_STAGES else ""
    prospect.ask_again_on = ask_again_on if to == Stage.NOT_NOW else None
    if to != Stage.AGREED:
        prospect.off_board_at = None
    prospect.version += 1
    prospect.save(update_fields=["stage", "stage_since", "closed_why", "ask_again_on", "off_board_at", "version"])
    facts.changed(prospect, by=by, verb=f"moved to {to}", why=reason)
    return prospect


@transaction.atomic
def take_off_board(prospect: Prospect, *, by: User) -> None:
    """Its partnership is active: the prospect is history, without a next step. A second time changes nothing."""
    rows = Prospect.objects.filter(pk=prospect.pk, off_board_at=None)
    if rows.update(off_board_at=clock.now(), version=models.F("version") + 1) == 1:
        prospect.refresh_from_db(fields=["off_board_at", "version"])
        if prospect.next_step:
            set_next_step(prospect, "", None, by=by)
        else:
            facts.changed(prospect, by=by, verb="taken off the board")


@transaction.atomic
def finish_next_step(prospect: Prospect, *, by: User) -> None:
    """The next step is done, and none follows yet. A second time changes nothing."""
    prospect = Prospect.objects.select_for_update().get(pk=prospect.pk)
    if prospect.next_step:
        set_next_step(prospect, "", None, by=by)


@transaction.atomic
def set_next_step(prospect: Prospect, what: str, on: date | None, *, by: User) -> None:
    """Write the next step of `prospect`; an empty one means it is done."""
    prospect.next_step, prospect.next_step_on = what, on if what else None
    prospect.version = models.F("version") + 1
    prospect.save(update_fields=["next_step", "next_step_on", "version"])
    prospect.refresh_from_db(fields=["version"])
    facts.changed(prospect, by=by, verb="next step set" if what else "next step done")


@transaction.atomic
def log_interaction(
    interaction: Interaction, *, by: User, next_step: str = "", next_step_on: date | None = None
) -> Interaction:
    """Keep what was said. The first contact moves the prospect to "contacted"; a next step replaces the old one."""
    interaction.logged_by = by
    interaction.save()
    facts.changed(interaction, by=by, verb="logged")
    prospect = _reached(interaction, by)
    if next_step:
        set_next_step(prospect, next_step, next_step_on, by=by)
    return interaction


@transaction.atomic
def mend_interaction(form: AuditedModelForm[Interaction], *, by: User) -> None:
    """Keep what was logged as it is corrected in `form`, which is valid. Raises Stale."""
    _reached(form.save(by=by), by)


def _reached(interaction: Interaction, by: User) -> Prospect:
    """What follows for the prospect: when it was last in contact, and that it is contacted now."""
    prospect = Prospect.objects.select_for_update().get(pk=interaction.prospect_id)
    followed_up = prospect.meetings.filter(follow_ups__isnull=False)
    last = [prospect.interactions.aggregate(at=Max("happened_at")), followed_up.aggregate(at=Max("starts_at"))]
    prospect.last_contact_at = max(found["at"] for found in last if found["at"])
    prospect.save(update_fields=["last_contact_at"])
    reached = interaction.outcome != Interaction.Outcome.NO_ANSWER
    if reached and prospect.stage in (Stage.IDENTIFIED, Stage.RESEARCHED):
        prospect = move(prospect, to=Stage.CONTACTED, by=by)
    return prospect


@transaction.atomic
def set_meeting(meeting: Meeting, *, starts_at: datetime, minutes: int, by: User) -> Meeting:
    """Set or move `meeting`; a new one moves a prospect that is not further yet to "meeting set"."""
    is_new = meeting.pk is None
    meeting.starts_at, meeting.minutes = starts_at, minutes
    meeting.save()
    facts.changed(meeting, by=by, verb="set" if is_new else "moved")
    if is_new and meeting.prospect.stage in (Stage.IDENTIFIED, Stage.RESEARCHED, Stage.CONTACTED):
        move(meeting.prospect, to=Stage.MEETING_SET, by=by)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User, why: str) -> None:
    """Call `meeting` off; what was owed on it is settled. A second time changes nothing.

    A prospect whose only meeting it was has none set any more: it is back at "contacted".
    """
    now = clock.now()
    rows = Meeting.objects.filter(pk=meeting.pk, cancelled_at=None)
    if rows.update(cancelled_at=now, cancelled_by=by, version=models.F("version") + 1) != 1:
        return
    meeting.refresh_from_db(fields=["cancelled_at", "cancelled_by", "version"])
    facts.changed(meeting, by=by, verb="cancelled", why=why)
    prospect = meeting.prospect
    if prospect.stage == Stage.MEETING_SET and not prospect.meetings.filter(cancelled_at=None).exists():
        move(prospect, to=Stage.CONTACTED, by=by)


@transaction.atomic
def tick(
    meeting: Meeting,
    part: FollowUp.Part,
    *,
    answer: FollowUp.Answer,
    by: User,
    what_happened: str = "",
    decision_call_on: date | None = None,
) -> None:
    """Settle one of the four parts that follow `meeting`; said again it changes nothing.

    Raises ValidationError for a decision call "done" without its day and for a meeting that was cancelled.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.cancelled_at:
        raise ValidationError(_("This meeting was cancelled."))
    done = answer == FollowUp.Answer.DONE
    if part == FollowUp.Part.DECISION_CALL and done and decision_call_on is None:
        raise ValidationError({"decision_call_on": _("Give the day of the call.")})
    try:
        with transaction.atomic():
            FollowUp.objects.create(meeting=meeting, part=part, answer=answer, set_by=by, set_at=clock.now())
    except IntegrityError:
        return
    if part == FollowUp.Part.WHAT_HAPPENED and done:
        meeting.what_happened = what_happened
    if part == FollowUp.Part.DECISION_CALL and done:
        meeting.decision_call_on = decision_call_on
    meeting.version += 1
    meeting.save(update_fields=["what_happened", "decision_call_on", "version"])
    _hold(meeting, by)
    facts.changed(meeting, by=by, verb=f"{part} {answer}")


def _hold(meeting: Meeting, by: User) -> None:
    """Whoever follows a meeting up says that it was held: the prospect is in discussion and was in contact that day."""
    prospect = meeting.prospect
    Prospect.objects.filter(pk=prospect.pk).filter(
        models.Q(last_contact_at=None) | models.Q(last_contact_at__lt=meeting.starts_at)
    ).update(last_contact_at=meeting.starts_at)
    if prospect.stage == Stage.MEETING_SET:
        move(prospect, to=Stage.IN_DISCUSSION, by=by)


def main_contact(business: Business) -> Contact | None:
    """Who decides there; else who puts through."""
    return business.contacts.order_by("-decides", "pk").first()
