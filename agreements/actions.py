"""Writing down what was agreed, and the yes of both sides that puts it into force."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission, Role
from agreements import terms
from agreements.models import (
    AgreedObjective,
    AgreedPromise,
    AgreedRole,
    AgreementVersion,
    Clause,
    RecordedYes,
)
from agreements.wording import clauses
from core import clock, facts
from partnerships import actions as partnerships
from partnerships.dashboard import current
from partnerships.models import Partnership, Side

State = AgreementVersion.State


@transaction.atomic
def draft(partnership: Partnership, *, by: User) -> AgreementVersion:
    """Write down what was agreed so far as the next version; a draft that is there already is returned.

    Raises ValidationError before the partnership is agreed, and for one without a year.
    """
    partnership = Partnership.objects.select_for_update(of=("self",)).select_related(
        "school__board", "business", "prospect__initiative", "champion", "partner_lead"
    ).get(pk=partnership.pk)  # fmt: skip
    there = AgreementVersion.objects.filter(partnership=partnership, state=State.DRAFT).first()
    if there is not None:
        return there
    if not (partnership.state == Partnership.State.AGREEMENT or partnership.is_under_way):
        raise ValidationError(_("First agree with the partner, then write it down."))
    year = current(partnership.years.all(), clock.today(partnership.board.zone))
    if year is None:
        raise ValidationError(_("First add a year to the partnership."))
    last = AgreementVersion.objects.filter(partnership=partnership).last()
    version = AgreementVersion.objects.create(
        partnership=partnership,
        number=last.number + 1 if last else 1,
        language=partnership.school.language,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        drafted_by=by,
    )
    version.years.add(year)
    Clause.objects.bulk_create(_worded(version))
    facts.changed(version, by=by, verb="drafted")
    return version


def _worded(version: AgreementVersion) -> list[Clause]:
    partnership = version.partnership
    lead = partnership.partner_lead
    with translation.override(version.language):
        says = {
            "board": partnership.board.name,
            "school": partnership.school.name,
            "partner": partnership.business.name,
            "title": partnership.initiative.title,
            "school_lead": partnership.champion.name,
            "partner_lead": lead.name if lead else partnership.business.name,
            "ends_on": date_format(version.ends_on),
        }
    return [
        Clause(version_of=version, article=article, number=number, text=text.format(**says))
        for article, texts in clauses(version.language).items()
        for number, text in enumerate(texts, start=1)
    ]


def may_record(user: User, version: AgreementVersion, side: Side) -> bool:
    """Whether `user` may write down the yes of `side`.

    The school's: the principal; while no principal has an account, whoever writes the agreement (domain.md, "A school
    can start alone"). The partner's: whoever writes or decides for the school, or somebody of the partner.
    """
    access, partnership = user.access, version.partnership
    decides = access.may(Permission.AGREEMENT_DECIDE, partnership)
    writes = access.may(Permission.AGREEMENT_CHANGE, partnership)
    if side == Side.PARTNER:
        return decides or writes or speaks_for_partner(user, version)
    principals = partnership.school.memberships.current().filter(role=Role.PRINCIPAL, user__is_active=True)
    return decides or (writes and not principals.exists())


def speaks_for(user: User, version: AgreementVersion, side: Side) -> bool:
    """Whether a yes of `side` is `user`'s own to say."""
    if side == Side.PARTNER:
        return speaks_for_partner(user, version)
    return user.access.may(Permission.AGREEMENT_DECIDE, version.partnership)


def speaks_for_partner(user: User, version: AgreementVersion) -> bool:
    """Whether `user` is one of the partner's people."""
    return version.partnership.business_id in user.access.reach(Permission.AGREEMENT_VIEW).businesses


@transaction.atomic
def record_yes(
    version: AgreementVersion, side: Side, *, name: str, said_on: date, how: str, by: User
) -> AgreementVersion:
    """Write down that `side` said yes; the second yes puts the version into force and the partnership under way.

    Said already, nothing changes. Raises ValidationError for a day before the draft or one that has not come, for a
    version that is no draft, and for somebody who may not record it.
    """
    # Lock first: both sides may say yes at the same moment.
    version = AgreementVersion.objects.select_for_update(of=("self",)).select_related(
        "partnership__school__board", "partnership__prospect__initiative", "partnership__champion",
        "partnership__backup", "partnership__partner_lead", "partnership__business",
    ).get(pk=version.pk)  # fmt: skip
    if version.answers.filter(side=side).exists():
        return version
    if not version.is_draft:
        raise ValidationError(_("This version is closed. Draft a new one."))
    if not may_record(by, version, side):
        raise ValidationError(_("The principal records the school’s yes."))
    refuse_day(version, said_on)
    if not version.answers.exists():
        _keep(version)
    RecordedYes.objects.create(version=version, side=side, name=name, said_on=said_on, how=how, recorded_by=by)
    facts.changed(version, by=by, verb=f"yes of {side}", why=name)
    if version.answers.count() == len(Side):
        _put_into_force(version, by=by)
    return version


def refuse_day(version: AgreementVersion, said_on: date) -> None:
    """Raise ValidationError unless `said_on` lies between the draft's day and today."""
    zone = version.board.zone
    if said_on > clock.today(zone):
        raise ValidationError({"said_on": _("This day has not come yet.")})
    if said_on < version.drafted_at.astimezone(zone).date():
        raise ValidationError({"said_on": _("On this day the text was not written yet.")})


def refuse_once_agreed(version: AgreementVersion) -> None:
    """Raise ValidationError if somebody has said yes to `version`: what they said yes to stays as it is."""
    if not version.is_draft or version.answers.exists():
        raise ValidationError(
            _("Somebody has said yes to this text already. Withdraw this version and draft a new one to change it.")
        )


def _keep(version: AgreementVersion) -> None:
    """Copy what the partnership says now: it is what the yes is said to."""
    with translation.override(version.language):
        said = terms.of(version)
    AgreedPromise.objects.bulk_create(AgreedPromise(version=version, **vars(promise)) for promise in said.promises)
    AgreedObjective.objects.bulk_create(AgreedObjective(version=version, **vars(o)) for o in said.objectives)
    AgreedRole.objects.bulk_create(AgreedRole(version=version, **vars(role)) for role in said.roles)


def _put_into_force(version: AgreementVersion, *, by: User) -> None:
    """The version before is replaced, and the partnership is under way."""
    for old in AgreementVersion.objects.filter(partnership=version.partnership_id, state=State.IN_FORCE):
        _move(old, State.SUPERSEDED, by=by, verb="replaced")
    AgreementVersion.objects.filter(pk=version.pk).update(in_force_at=clock.now(), state=State.IN_FORCE)
    version.refresh_from_db(fields=["in_force_at", "state"])
    facts.changed(version, by=by, verb="in force")
    if version.partnership.state == Partnership.State.AGREEMENT:
        partnerships.move(version.partnership, to=Partnership.State.ACTIVE, by=by)


@transaction.atomic
def withdraw(version: AgreementVersion, *, by: User, why: str = "") -> None:
    """Take a draft back, whoever has said yes to it; it stays in the history. A second time changes nothing."""
    if AgreementVersion.objects.filter(pk=version.pk, state=State.DRAFT).exists():
        _move(version, State.VOID, by=by, verb="withdrawn", why=why)


def _move(version: AgreementVersion, to: State, *, by: User, verb: str, why: str = "") -> None:
    AgreementVersion.objects.filter(pk=version.pk).update(state=to, version=F("version") + 1)
    version.refresh_from_db(fields=["state", "version"])
    facts.changed(version, by=by, verb=verb, why=why)
