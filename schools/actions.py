"""The steps of an outline: a state moves in one place, whoever asks."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Prefetch, ProtectedError, Q
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from core import facts, stored_files
from core.pictures import Picture
from core.search_text import search_key
from engines.reminders import actions as reminders
from people.handover import hand_over_work
from schools import publishing
from schools.message_kinds import tell
from schools.models import (
    Family,
    Goal,
    Initiative,
    KeyPerson,
    Measure,
    Need,
    Quantified,
    School,
    Translated,
)
from schools.models.translated import written_for
from schools.outline import school_leads, school_people

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
def copy_initiative(
    source: Initiative, *, to: School, starts_on: date | None, ends_on: date | None, by: User
) -> Initiative:
    """A draft of `source` at `to` for the period from `starts_on` to `ends_on`: its texts, its goals with what they
    flow into there, its measures and its open needs. Never partners, prospects, what is public, or people who are not
    of that school. Its Event says where it comes from."""
    texts = written_for(source, to.language) | {"kind": source.kind}
    leads, people = school_leads(to).in_bulk(), school_people(to).in_bulk()
    copy = Initiative.objects.create(
        school=to, **texts, starts_on=starts_on, ends_on=ends_on,
        champion=leads.get(source.champion_id or 0), backup=people.get(source.backup_id or 0),
    )  # fmt: skip
    facts.changed(copy, by=by, verb="copied", why=f"{source.title}, {source.school.name}")
    measures = Prefetch("measures", Measure.objects.with_latest())
    for goal in source.goals.prefetch_related("improvement_goals", "strategic_goals", measures):
        _copy_goal(goal, copy, by)
    years = _years_between(source.starts_on, starts_on)
    for need in source.needs.filter(state=Need.State.OPEN):
        same = {field.name: getattr(need, field.name) for field in Quantified._meta.fields}
        same |= written_for(need, to.language) | {"starts_on": years_on(need.starts_on, years)}
        made = Need.objects.create(initiative=copy, **same, created_by=by)
        facts.changed(made, by=by, verb="added")
    return copy


def _copy_goal(goal: Goal, to: Initiative, by: User) -> None:
    """`goal` with its measures at `to`: each begins where the last one stands, and has no day yet."""
    language = to.school.language
    copy = Goal.objects.create(initiative=to, **written_for(goal, language))
    copy.improvement_goals.set([own for own in goal.improvement_goals.all() if own.school_id == to.school_id])
    copy.strategic_goals.set([aim for aim in goal.strategic_goals.all() if aim.board_id == to.school.board_id])
    facts.changed(copy, by=by, verb="added")
    for measure in goal.measures.all():
        same = {name: getattr(measure, name) for name in ("direction", "target", "confidence")}
        same |= written_for(measure, language) | {"baseline": _where_it_stands(measure)}
        made = Measure.objects.create(goal=copy, **same)
        facts.changed(made, by=by, verb="added")


def _where_it_stands(measure: Measure) -> Decimal:
    """The latest number of `measure`, read with it; where it began if none was logged or the target is reached."""
    now: Decimal | None = measure.now  # type: ignore[attr-defined]
    if now is None:
        return measure.baseline
    is_up = measure.direction == Measure.Direction.UP
    return now if (now < measure.target if is_up else now > measure.target) else measure.baseline


def years_on(day: date | None, years: int | None) -> date | None:
    """The same day `years` years later, 28 February for a 29th; None where either is unknown."""
    if day is None or years is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _years_between(old: date | None, new: date | None) -> int | None:
    """By how many whole years a period moved, to the nearest; None where it does not say."""
    return None if old is None or new is None else round((new - old).days / 365.25)


@transaction.atomic
def translate(row: Translated, texts: dict[str, str], *, by: User) -> None:
    """Let the printed fields of `row` say `texts` in the other language, by their names; empty ones say nothing. Where
    they do so already, nothing changes. Raises KeyError for a field that is not printed."""
    if unknown := texts.keys() - set(row.PRINTED):
        raise KeyError(*unknown)
    rows: Any = type(row)._base_manager
    held = rows.select_for_update(no_key=True).get(pk=row.pk)
    said = {name: text for name, text in (held.in_other_language | texts).items() if text}
    if said != held.in_other_language:
        rows.filter(pk=row.pk).update(in_other_language=said, version=F("version") + 1)
        row.refresh_from_db(fields=["in_other_language", "version"])
        facts.changed(row, by=by, verb="translated")


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
def hand_over(initiative: Initiative, to: User, *, by: User, why: str = "") -> Initiative:
    """Make `to` the champion of `initiative`: its prospects and partnerships go along, and what is owed on them. Both
    are told. Whoever leads it already changes nothing.

    Raises ValidationError for somebody who may not write at the school, and once it is completed or archived.
    """
    # Lock first: of two who hand it over, the later one finds to whom it went.
    initiative = Initiative.objects.select_for_update(of=("self",)).select_related("school", "champion").get(
        pk=initiative.pk
    )  # fmt: skip
    was = initiative.champion
    if was == to:
        return initiative
    if initiative.state in (Initiative.State.COMPLETED, Initiative.State.ARCHIVED):
        raise ValidationError(_("This initiative is over; nothing of it is owed any more."))
    if not school_leads(initiative.school).filter(pk=to.pk).exists():
        raise ValidationError({"to": _("Choose a champion or principal of your school.")})
    if was is None:
        _name_champion(initiative, to, by=by, why=why)
    else:
        leads = Membership(user=was, school=initiative.school, board_id=initiative.school.board_id)
        hand_over_work(initiative.pk, leads, to, by=by, why=why)
        reminders.replan_owed_by(was)
    initiative.refresh_from_db()
    tell(initiative, was=was, now=to, why=why, by=by)
    return initiative


def _name_champion(initiative: Initiative, to: User, *, by: User, why: str) -> None:
    """Nobody led it: what others lead in it stays theirs."""
    initiative.champion = to
    if initiative.backup_id == to.pk:
        initiative.backup = None
    initiative.version += 1
    initiative.save(update_fields=["champion", "backup", "version"])
    facts.changed(initiative, by=by, verb="handed over", why=f"→ {to}" + (f": {why}" if why else ""))


@transaction.atomic
def remove_key_person(person: KeyPerson, *, by: User) -> None:
    """Take `person` off the key people."""
    _remove(person, by)


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


@transaction.atomic
def set_picture(school: School, picture: Picture | None, *, is_photo: bool, by: User) -> None:
    """Show `picture` as the logo of `school`, or as its photo, or none; the file of the one before is forgotten."""
    before, kind = school.picture, ""
    school.picture = None
    if picture is not None:
        school.picture = stored_files.store(picture.content, content_type=picture.content_type)
        kind = School.PictureKind.PHOTO if is_photo else School.PictureKind.LOGO
    school.picture_kind = kind
    School.objects.filter(pk=school.pk).update(picture=school.picture, picture_kind=kind)
    if before is not None and before != school.picture:
        stored_files.forget(before)
    facts.changed(school, by=by, verb="edited")


def _remove(row: Goal | Measure | KeyPerson, by: User) -> None:
    """Delete a row without a history of its own: its Event keeps what it said, and who took it away.

    Whatever is history hangs on it by a foreign key that protects.
    """
    facts.changed(row, by=by, verb="removed")
    try:
        row.delete()
    except ProtectedError:
        raise ValidationError(_("Something was written down about it already, so it stays.")) from None
