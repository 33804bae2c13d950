"""The steps of a partnership: begun, agreed, shared, active, ended. A state moves in one place, whoever asks."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.permissions import Role
from businesses.models import Business, Contact
from core import clock, facts, gates
from core.search_text import search_key
from core.templatetags.tandem import said
from engines.outbox import actions as outbox
from engines.reminders import actions as reminders
from outreach import actions as outreach
from outreach.models import Prospect, Stage
from partnerships.message_kinds import INVITATION
from partnerships.models import Commitment, Partnership, PartnershipYear, Side
from schools.actions import initiative_named, move_initiative
from schools.models import Initiative, School

State = Partnership.State
# Where a partnership may come from to get there (domain.md, "states").
COMES_FROM: dict[State, tuple[State, ...]] = {
    State.FORMING: (State.ENDED,),
    State.AGREEMENT: (State.FORMING,),
    State.ACTIVE: (State.FORMING, State.AGREEMENT, State.PAUSED),
    State.PAUSED: (State.ACTIVE,),
    State.ENDING: (State.ACTIVE, State.PAUSED),
    State.ENDED: (State.FORMING, State.AGREEMENT, State.ENDING),
}


@transaction.atomic
def begin(
    prospect: Prospect, *, kind: str, counts_as: str, shared_vision: str, starts_on: date, ends_on: date, by: User
) -> Partnership:
    """Begin the partnership of `prospect` with its first year: it takes shape, and only the school sees it.

    One that had ended takes shape again with a further year. Raises ValidationError for one that has begun and not
    ended, while the prospect is not in discussion, or for a year that overlaps one before it.
    """
    # Lock first: of two who begin at the same moment one finds what the other began.
    prospect = Prospect.objects.select_for_update(of=("self",)).select_related("school", "business").get(pk=prospect.pk)
    if begun_of(prospect) is not None:
        raise ValidationError(_("This partnership has begun already. Nothing of what you typed here is saved."))
    if prospect.stage != Stage.IN_DISCUSSION:
        raise ValidationError(_("A partnership begins once you are in discussion. Move the prospect there first."))
    about = {"kind": kind, "counts_as": counts_as, "shared_vision": shared_vision}
    partnership, is_new = Partnership.objects.get_or_create(
        prospect=prospect,
        defaults=about
        | {
            "school": prospect.school,
            "business": prospect.business,
            "champion": prospect.champion,
            "partner_lead": outreach.main_contact(prospect.business),
        },
    )
    if is_new:
        facts.changed(partnership, by=by, verb="begun")
    else:
        partnership = move(partnership, to=State.FORMING, by=by)
    add_year(partnership, starts_on=starts_on, ends_on=ends_on, by=by)
    return partnership


def begun_of(prospect: Prospect) -> Partnership | None:
    """The partnership of `prospect` that has not ended."""
    return Partnership.objects.filter(prospect=prospect).exclude(state=State.ENDED).first()


def year_after(year: PartnershipYear) -> tuple[date, date]:
    """The days of the year that follows: from the day after `year` to the same day of the next calendar year."""
    last = year.ends_on
    day = min(last.day, 28) if last.month == 2 else last.day
    return last + timedelta(days=1), date(last.year + 1, last.month, day)


@transaction.atomic
def add_year(partnership: Partnership, *, starts_on: date, ends_on: date, by: User) -> PartnershipYear:
    """Add the next year; raises ValidationError if it starts before the last one is over."""
    last = partnership.years.select_for_update().last()
    if last is not None and starts_on <= last.ends_on:
        raise ValidationError({"starts_on": _("Year %(n)d lasts until then. Begin after it.") % {"n": last.number}})
    year = PartnershipYear.objects.create(
        partnership=partnership, number=last.number + 1 if last else 1, starts_on=starts_on, ends_on=ends_on
    )
    facts.changed(year, by=by, verb="added")
    return year


@transaction.atomic
def move(partnership: Partnership, *, to: State, by: User, why: str = "") -> Partnership:
    """Move `partnership` to the state `to`; where it is already, nothing changes.

    Raises ValidationError for a move the table of states does not know, GateClosed where a gate stands.
    """
    # Lock first: two people may decide at the same moment.
    partnership = (
        Partnership.objects.select_for_update(of=("self",))
        .select_related("prospect__initiative")
        .get(pk=partnership.pk)
    )
    if partnership.state == to:
        return partnership
    if partnership.state not in COMES_FROM[to]:
        says = {"from": partnership.get_state_display(), "to": to.label}
        raise ValidationError(_("A partnership does not go from “%(from)s” to “%(to)s”.") % says)
    gates.pass_through(partnership, to)
    partnership.state, partnership.state_since = to, clock.now()
    partnership.version += 1
    partnership.save(update_fields=["state", "state_since", "version"])
    facts.changed(partnership, by=by, verb=f"moved to {to}", why=why)
    _replan_years(partnership)
    if to == State.ACTIVE:
        outreach.take_off_board(partnership.prospect, by=by)
        move_initiative(partnership.initiative, to=Initiative.State.UNDER_WAY, by=by)
    return partnership


def _replan_years(partnership: Partnership) -> None:
    """What is owed on a year hangs on the state of its partnership, and on whether it is shared."""
    for year in partnership.years.select_related("partnership"):
        reminders.replan(year)


@transaction.atomic
def agree(partnership: Partnership, *, by: User) -> Partnership:
    """Both sides want it: the prospect is agreed, and what was promised can be written. Agreed once, it stays so."""
    partnership = Partnership.objects.select_for_update(of=("self",)).select_related("prospect").get(pk=partnership.pk)
    if partnership.state != State.FORMING:
        return partnership
    outreach.move(partnership.prospect, to=Stage.AGREED, by=by)
    return move(partnership, to=State.AGREEMENT, by=by)


@transaction.atomic
def withdraw(commitment: Commitment, *, by: User, why: str = "") -> None:
    """It is promised no more; it stays in the history. A second time changes nothing."""
    rows = Commitment.objects.filter(pk=commitment.pk, withdrawn_at=None)
    if rows.update(withdrawn_at=clock.now(), version=F("version") + 1) == 1:
        commitment.refresh_from_db(fields=["withdrawn_at", "version"])
        facts.changed(commitment, by=by, verb="withdrawn", why=why)


@transaction.atomic
def confirm_delivery(commitment: Commitment, how_much: Decimal, *, by: User) -> Commitment:
    """The school's word on how much of a partner's promise has arrived, in what the need counts; said again, it is
    corrected, and 0 takes it back. The same number again changes nothing.

    Raises ValidationError for a promise of the school, one that is withdrawn, and before both sides have agreed.
    """
    # Lock first: of two who say how much, the later one corrects what the earlier one said.
    commitment = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("year__partnership__school", "need")
        .get(pk=commitment.pk)
    )
    refuse_undeliverable(commitment)
    before = commitment.delivered
    if how_much == before:
        return commitment
    commitment.delivered = how_much
    commitment.delivered_at, commitment.delivered_by = (clock.now(), by) if how_much else (None, None)
    commitment.version += 1
    commitment.save(update_fields=["delivered", "delivered_at", "delivered_by", "version"])
    why = f"{said(before)} → {said(how_much)}" if before else said(how_much)
    facts.changed(commitment, by=by, verb="corrected" if before else "confirmed", why=why)
    return commitment


def refuse_undeliverable(commitment: Commitment) -> None:
    """Raise ValidationError unless it can be said how much of `commitment` has arrived."""
    if commitment.side != Side.PARTNER:
        raise ValidationError(_("What arrives is the partner’s promise."))
    if commitment.withdrawn_at is not None:
        raise ValidationError(_("This promise is withdrawn."))
    if commitment.year.partnership.state == State.FORMING:
        raise ValidationError(_("First agree with the partner. Until then it is an offer."))


# ── The partner comes in ──


@transaction.atomic
def share(partnership: Partnership, *, lead: Contact, by: User) -> None:
    """Let the partner's people see the partnership from now on, and invite `lead`, who leads for the partner.

    Raises ValidationError for somebody of another business or without an e-mail address.
    """
    refuse_unreachable(partnership, lead)
    now = clock.now()
    rows = Partnership.objects.filter(pk=partnership.pk)
    if rows.filter(shared_at=None).update(shared_at=now, shared_by=by) == 1:
        facts.changed(partnership, by=by, verb="shared")
    rows.update(partner_lead=lead, version=F("version") + 1)
    partnership.refresh_from_db(fields=["shared_at", "shared_by", "partner_lead", "version"])
    invite(partnership, lead, by=by)
    _replan_years(partnership)


@transaction.atomic
def invite(partnership: Partnership, contact: Contact, *, by: User) -> User:
    """Give `contact` an account without a password, let them in for their business, and write to them.

    Raises ValidationError as `share` does, and while the partnership is not shared: there would be nothing to see.
    """
    refuse_unreachable(partnership, contact)
    if partnership.shared_at is None:
        raise ValidationError(_("Share the partnership first; until then there is nothing to see."))
    user = _account_of(contact, partnership.school, by=by)
    _let_in(user, contact.business, by=by)
    nudge = f"{clock.now():%Y%m%d%H%M%S}"
    outbox.plan(INVITATION, partnership, nudge=nudge, to=user, chain=partnership.chain())
    facts.changed(partnership, by=by, verb="invited", why=contact.name)
    return user


def people_of_partner(partnership: Partnership) -> list[Membership]:
    """Who is in for the partner, those who came first before the others."""
    rows = Membership.objects.current().filter(business=partnership.business_id, role=Role.PARTNER)
    return list(rows.select_related("user"))


def refuse_unreachable(partnership: Partnership, contact: Contact) -> None:
    """Raise ValidationError unless `contact` is one of the partner's people and can be written to."""
    if contact.business_id != partnership.business_id:
        raise ValidationError(_("Choose somebody of this organisation."))
    if not contact.email:
        raise ValidationError(_("%(name)s has no e-mail address yet. Add it first.") % {"name": contact.name})


def _account_of(contact: Contact, school: School, *, by: User) -> User:
    """The account of `contact`: theirs, that of their address, or a new one in the language of the school."""
    if contact.user is not None:
        return contact.user
    user = User.objects.filter(email__iexact=contact.email).first()
    if user is None:
        user = User.objects.create_user(contact.email, contact.name, title=contact.title, language=school.language)
    contact.user = user
    contact.version += 1
    contact.save(update_fields=["user", "version"])
    facts.changed(contact, by=by, verb="given an account")
    return user


def _let_in(user: User, business: Business, *, by: User) -> None:
    current = Membership.objects.current().filter(business=business, role=Role.PARTNER)
    if current.filter(user=user).exists():
        return
    membership = Membership.objects.create(
        user=user,
        role=Role.PARTNER,
        board_id=business.board_id,
        business=business,
        is_lead=not current.filter(is_lead=True).exists(),
    )
    facts.changed(membership, by=by, verb="added")


# ── Already with us ──


@dataclass(frozen=True)
class Running:
    """A partnership that runs already: what two minutes are enough to say of it."""

    organisation: str
    title: str
    starts_on: date
    ends_on: date
    contact_name: str = ""
    contact_email: str = ""
    kind: str = ""
    counts_as: str = ""


@transaction.atomic
def already_with_us(school: School, running: Running, *, by: User) -> Partnership:
    """Enter a partnership that was there before Tandem: active, with its open points listed.

    Behind it stand the organisation (found by its name, or new), a small initiative and an agreed prospect, which
    never were on the board. Raises ValidationError if these two are partners in an initiative of that title already.
    """
    business = _organisation(school, running.organisation, by)
    contact = _contact(business, running, by)
    initiative = initiative_named(school, running.title, by=by, champion=by)
    prospect, is_new = Prospect.objects.get_or_create(
        initiative=initiative,
        business=business,
        defaults={"school": school, "champion": by, "stage": Stage.AGREED, "off_board_at": clock.now()},
    )
    if not is_new:
        raise ValidationError(_("You are in touch with them about this already; open it under Prospects."))
    facts.changed(prospect, by=by, verb="added")
    partnership = Partnership.objects.create(
        prospect=prospect,
        school=school,
        business=business,
        champion=by,
        partner_lead=contact,
        kind=running.kind,
        counts_as=running.counts_as,
        is_from_before=True,
    )
    facts.changed(partnership, by=by, verb="added from before")
    add_year(partnership, starts_on=running.starts_on, ends_on=running.ends_on, by=by)
    return move(partnership, to=State.ACTIVE, by=by)


def _organisation(school: School, name: str, by: User) -> Business:
    key = search_key(name)
    for business in Business.objects.filter(board=school.board_id).matching(name).order_by("pk")[:50]:
        if search_key(business.name) == key:
            return business
    business = Business.objects.create(board=school.board, name=name)
    facts.changed(business, by=by, verb="added")
    return business


def _contact(business: Business, running: Running, by: User) -> Contact | None:
    if not running.contact_name:
        return outreach.main_contact(business)
    email = running.contact_email.lower()
    known = business.contacts.filter(email=email) if email else business.contacts.filter(name=running.contact_name)
    contact = known.first()
    if contact is None:
        contact = Contact.objects.create(business=business, name=running.contact_name, email=email)
        facts.changed(contact, by=by, verb="added")
    return contact
