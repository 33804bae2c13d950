"""The steps of an outline: a state moves in one place, whoever asks."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, ProtectedError, Q
from django.utils.translation import gettext as _

from accounts.models import User
from core import facts
from core.search_text import search_key
from schools import publishing
from schools.models import Family, Goal, Initiative, Measure, Need, School

# Where a need may come from to get there.
COMES_FROM = {
    Need.State.OPEN: (Need.State.PROPOSED, Need.State.WITHDRAWN),
    Need.State.WITHDRAWN: (Need.State.PROPOSED, Need.State.OPEN),
}


@transaction.atomic
def move_need(need: Need, *, to: Need.State, by: User, why: str = "") -> None:
    """Open `need` (the yes that a teacher's waits for, or asked for again) or withdraw it; a second time changes
    nothing. One that is withdrawn is public no more. Raises KeyError for "proposed", to which nothing goes back."""
    rows = Need.objects.filter(pk=need.pk, state__in=COMES_FROM[to])
    if rows.update(state=to, is_published=False, version=F("version") + 1) == 1:
        need.refresh_from_db(fields=["state", "is_published", "version"])
        publishing.settle(need.initiative)
        facts.changed(need, by=by, verb="opened" if to == Need.State.OPEN else "withdrawn", why=why)


@transaction.atomic
def move_initiative(initiative: Initiative, *, to: Initiative.State, by: User) -> None:
    """Move `initiative` to the state `to`; where it is already, nothing changes."""
    rows = Initiative.objects.filter(pk=initiative.pk).exclude(state=to)
    if rows.update(state=to, version=F("version") + 1) == 1:
        initiative.refresh_from_db(fields=["state", "version"])
        facts.changed(initiative, by=by, verb=f"moved to {to}")


@transaction.atomic
def initiative_named(school: School, title: str, *, by: User, champion: User | None = None) -> Initiative:
    """The initiative of `school` with that title, accents and case aside; a small new one if there is none."""
    key = search_key(title)
    for initiative in Initiative.objects.filter(school=school).order_by("-pk")[:500]:
        if search_key(initiative.title) == key:
            return initiative
    initiative = Initiative.objects.create(school=school, title=title, champion=champion)
    facts.changed(initiative, by=by, verb="added")
    return initiative


@transaction.atomic
def remove_goal(goal: Goal, *, by: User) -> None:
    """Take `goal` away. Raises ValidationError while a measure counts towards it or another row holds it."""
    # Lock first: a measure added at this moment would go with it.
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    if goal.measures.exists():
        raise ValidationError(_("Its measures count towards it. Remove them first, or tie them to another goal."))
    _remove(goal, by)


@transaction.atomic
def remove_measure(measure: Measure, *, by: User) -> None:
    """Take `measure` away. Raises ValidationError if another row holds it."""
    _remove(measure, by)


@transaction.atomic
def settle_family(family: Family, schools: Iterable[School], *, by: User) -> None:
    """Put `schools`, all of the family's board, into `family`, and take out those it has besides. What a school's
    people did before stays where it was written."""
    wanted = {school.pk for school in schools}
    of_board = School.objects.select_for_update(no_key=True).filter(board=family.board_id)
    for school in of_board.filter(Q(pk__in=wanted) | Q(family=family)).order_by("pk"):
        into = family.pk if school.pk in wanted else None
        if school.family_id != into:
            school.family_id = into
            school.save(update_fields=["family"])
            facts.changed(school, by=by, verb="put into a family" if into else "taken out of a family", why=family.name)


def _remove(row: Goal | Measure, by: User) -> None:
    """Delete a row without a history of its own: its Event keeps what it said, and who took it away.

    Whatever is history hangs on it by a foreign key that protects.
    """
    facts.changed(row, by=by, verb="removed")
    try:
        row.delete()
    except ProtectedError:
        raise ValidationError(_("Something was written down about it already, so it stays.")) from None
