"""The pages of a partnership."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.policies import Request, policy
from core import clock, keyset, panels
from core.pages import form_page, once
from outreach.models import Prospect
from partnerships import actions, dashboard, sessions
from partnerships.forms import (
    AgreeForm,
    AlreadyForm,
    AnswerForm,
    BeginForm,
    CommitmentForm,
    CountForm,
    DeliveryForm,
    InviteForm,
    MoveForm,
    PartnershipForm,
    SessionForm,
    ShareForm,
    WhyForm,
    YearForm,
)
from partnerships.models import Commitment, Participation, Partnership, PartnershipYear, Session, Side
from partnerships.still_needed import in_order, standings
from people import memberships
from schools.models import School
from schools.year_in_words import year_of_school

P = Permission
ROWS = ("school__board", "business", "prospect__initiative", "champion", "backup", "partner_lead")
PAGE_ROWS = ("school__board", "business", "prospect__initiative", "partner_lead")  # its people are read by themselves
YEAR_ROWS = tuple(f"partnership__{path}" for path in ("school__board", "business", "prospect__initiative"))
OF_YEAR_ROWS = tuple(f"year__{path}" for path in YEAR_ROWS)


@policy(P.PARTNERSHIP_VIEW)
def partnerships(request: Request) -> HttpResponse:
    """The partnerships this person may know of, those that moved last first, and what each still needs."""
    state = request.GET.get("state", "")
    rows = Partnership.objects.visible_to(request.user).select_related("school", "business", "prospect__initiative")
    if state in Partnership.State.values:
        rows = rows.filter(state=state)
    reach = request.user.access.reach(P.PARTNERSHIP_VIEW)
    page = keyset.page(rows, "state_since", request.GET, newest_first=True)
    needed = standings(page.rows) if request.user.access.holds(P.INITIATIVE_VIEW) else {}
    context = {
        "page": page,
        "rows": [(partnership, needed.get(partnership.pk, [])) for partnership in page.rows],
        "columns": in_order() if needed else [],
        "state": state,
        "states": Partnership.State.choices,
        "writes_for": [m.school for m in request.user.access.holding(P.PARTNERSHIP_CHANGE) if m.school],
        "several": reach.boards or reach.families or len(reach.schools) > 1,
    }
    return render(request, "partnerships/partnerships.html", context)


@policy(P.PARTNERSHIP_VIEW, on=Partnership, related=PAGE_ROWS)
def partnership(request: Request, partnership: Partnership) -> HttpResponse:
    """The page both sides see; what only the school may do stands on it for the school alone."""
    context = dashboard.of(partnership, request.user, request.GET.get("year", "")) | {
        "panels": panels.at("partnership", request, partnership),
        "form_token": uuid.uuid4(),
    }
    return render(request, "partnerships/partnership.html", context)


@policy(P.PARTNERSHIP_CHANGE, on=Prospect, related=("school__board", "initiative", "business"))
def partnership_begin(request: Request, prospect: Prospect) -> HttpResponse:
    """Begin a partnership: how you work together, what it counts as, and its first year."""
    begun = actions.begun_of(prospect)
    if begun is not None and request.method != "POST":
        return redirect(_page(begun))
    form = BeginForm(request.POST or None, prospect=prospect)
    here = reverse("prospect", args=[prospect.pk])

    def act() -> str:
        return _page(actions.begin(prospect, by=request.user, **form.cleaned_data))

    return form_page(
        request, form, act, title=_("Begin a partnership with %(name)s") % {"name": prospect.business.name},
        saved=_("The partnership takes shape. Only your school and its board see it."),
        submit_label=_("Begin the partnership"), back_url=here, back_label=prospect.business.name,
        lead=_("Write down what you both want. %(name)s sees nothing until you share it.")
        % {"name": prospect.business.name},
    )  # fmt: skip


@policy(P.PARTNERSHIP_CHANGE, on=School, related=("board",))
def already_with_us(request: Request, school: School) -> HttpResponse:
    """A partnership that runs already, entered in two minutes."""
    form = AlreadyForm(request.POST or None, school=school)

    def act() -> str:
        return _page(actions.already_with_us(school, form.running(), by=request.user))

    return form_page(
        request, form, act, title=_("Already with us"), saved=_("Entered. What is still open stands beside it."),
        submit_label=_("Enter the partnership"), back_url=reverse("partnerships"), back_label=_("Partnerships"),
        lead=_("A partnership that was there before Tandem. Who, what, until when: the rest can follow."),
    )  # fmt: skip


@policy(P.PARTNERSHIP_CHANGE, on=Partnership, related=ROWS)
def partnership_edit(request: Request, partnership: Partnership) -> HttpResponse:
    form = PartnershipForm(request.POST or None, instance=partnership)
    return _form_page(
        request, partnership, form, lambda: form.save(by=request.user), title=_("How you work together"),
        saved=_("Saved."), submit_label=_("Save"),
    )  # fmt: skip


@policy(P.PARTNERSHIP_CHANGE, on=Partnership, related=ROWS)
def partnership_agree(request: Request, partnership: Partnership) -> HttpResponse:
    """Both sides want it."""
    form = AgreeForm(request.POST if request.method == "POST" else None)
    return _form_page(
        request, partnership, form, lambda: actions.agree(partnership, by=request.user),
        title=_("Agreed with %(name)s?") % {"name": partnership.business.name},
        saved=_("Agreed. Now write down what you agreed."), submit_label=_("We agreed"), keep_label=_("Not yet"),
        lead=_("You both want this. What each side promises is written next, and both say yes to it."),
        template="partnerships/agree.html", silent=dashboard.silent_sides(partnership), of=partnership,
    )  # fmt: skip


@policy(P.PARTNERSHIP_CHANGE, on=Partnership, related=ROWS)
def partnership_move(request: Request, partnership: Partnership) -> HttpResponse:
    """Pause, go on, or come to an end."""
    form = MoveForm(request.POST or None, partnership=partnership)

    def act() -> None:
        typed = form.cleaned_data
        actions.move(partnership, to=Partnership.State(typed["to"]), by=request.user, why=typed["why"])

    return _form_page(
        request, partnership, form, act, title=_("What happens with it?"), saved=_("Saved."), submit_label=_("Save"),
    )  # fmt: skip


@policy(P.PARTNERSHIP_CHANGE, on=Partnership, related=ROWS)
def partnership_share(request: Request, partnership: Partnership) -> HttpResponse:
    """From here on the partner sees the page; the person who leads for the partner is invited."""
    form = ShareForm(request.POST or None, partnership=partnership)
    return _form_page(
        request, partnership, form,
        lambda: actions.share(partnership, lead=form.cleaned_data["contact"], by=request.user),
        title=_("Share with the partner"), saved=_("Shared. The invitation is on its way."),
        submit_label=_("Share and invite"), template="partnerships/share.html", partnership=partnership,
        contacts=list(partnership.business.contacts.all()),
    )  # fmt: skip


@policy(P.PARTNERSHIP_CHANGE, on=Partnership, related=ROWS)
def partnership_invite(request: Request, partnership: Partnership) -> HttpResponse:
    """Let somebody else of the partner in, or write to them once more."""
    form = InviteForm(request.POST or None, partnership=partnership)
    return _form_page(
        request, partnership, form,
        lambda: actions.invite(partnership, form.cleaned_data["contact"], by=request.user),
        title=_("Invite somebody of %(name)s") % {"name": partnership.business.name},
        saved=_("The invitation is on its way."), submit_label=_("Send the invitation"),
        lead=_("They see this partnership, need no password, and nobody else’s page opens to them."),
        template="partnerships/invite.html", partnership=partnership, inside=actions.people_of_partner(partnership),
    )  # fmt: skip


@require_POST
@policy(P.PARTNERSHIP_CHANGE, on=Partnership, related=ROWS)
def partner_person_end(request: Request, partnership: Partnership) -> HttpResponse:
    """Somebody of the partner sees nothing of its partnerships any more."""
    asked = request.POST.get("membership", "")
    leaving = next((m for m in actions.people_of_partner(partnership) if str(m.pk) == asked), None)

    def act() -> str:
        if leaving is not None:
            memberships.end(leaving, by=request.user)
        return reverse("partnership_invite", args=[partnership.pk])

    return redirect(once(request, act))


@policy(P.PARTNERSHIP_CHANGE, on=Partnership, related=ROWS)
def year_add(request: Request, partnership: Partnership) -> HttpResponse:
    """The next year of a partnership."""
    form = YearForm(request.POST or None, instance=PartnershipYear(partnership=partnership))

    def act() -> None:
        typed = form.cleaned_data
        actions.add_year(partnership, starts_on=typed["starts_on"], ends_on=typed["ends_on"], by=request.user)

    return _form_page(
        request, partnership, form, act, title=_("Add year %(n)d") % {"n": form.number}, saved=_("Year added."),
        submit_label=_("Add this year"),
    )  # fmt: skip


@policy(P.PARTNERSHIP_CHANGE, on=PartnershipYear, related=YEAR_ROWS)
def year_edit(request: Request, year: PartnershipYear) -> HttpResponse:
    form = YearForm(request.POST or None, instance=year)
    return _form_page(
        request, year.partnership, form, lambda: form.save(by=request.user),
        title=_("Year %(n)d") % {"n": year.number}, saved=_("Year saved."), submit_label=_("Save this year"),
    )  # fmt: skip


@policy(P.PARTNERSHIP_VIEW, on=Partnership, related=("school__board", "prospect__initiative"))
def partnership_year_runs(request: Request, partnership: Partnership) -> HttpResponse:
    """How the school's year runs, for both sides: a partner reads no other page of a school."""
    school = partnership.school
    is_inside = request.user.access.may(P.SCHOOL_VIEW, school)
    context = {
        "school": school,
        "year": year_of_school(school, clock.today(school.board.zone)),
        "partnership": partnership,
        "heading": "" if is_inside else _("How the school’s year runs"),
    }
    return render(request, "schools/year.html", context)


# ── Promises ──


@policy(P.PARTNERSHIP_CHANGE, on=PartnershipYear, related=YEAR_ROWS)
def commitment_add(request: Request, year: PartnershipYear) -> HttpResponse:
    """What one side promises; with ?need= it begins from that need, with ?side= from that side."""
    side = Side.SCHOOL if request.GET.get("side") == Side.SCHOOL else Side.PARTNER
    need = dashboard.need_asked_for(year.partnership, request.GET.get("need", ""))
    promised = Commitment(year=year, side=side, need=need)
    form = CommitmentForm(request.POST or None, instance=promised, initial=dashboard.as_asked_for(need))
    return _commitment_page(request, form, _("Write down a promise"))


@policy(P.PARTNERSHIP_CHANGE, on=Commitment, related=OF_YEAR_ROWS)
def commitment_edit(request: Request, commitment: Commitment) -> HttpResponse:
    form = CommitmentForm(request.POST or None, instance=commitment)
    return _commitment_page(request, form, _("Edit the promise"))


def _commitment_page(request: Request, form: CommitmentForm, title: str) -> HttpResponse:
    year = form.instance.year

    def act() -> str:
        form.save(by=request.user)
        return reverse("commitment_add", args=[year.pk]) if "another" in request.POST else _page(year.partnership)

    return form_page(
        request, form, act, title=title, saved=_("Promise saved."), submit_label=_("Save this promise"),
        template="partnerships/commitment_form.html", school=year.partnership.school,
        back_url=_page(year.partnership), back_label=year.partnership.initiative.title, **form.read_back(),
        needs=[] if form.instance.pk or form.is_bound else dashboard.open_needs(year.partnership),
        lead=_("As exact as the need it meets: how many, how often, for how long."),
    )  # fmt: skip


@policy(P.PARTNERSHIP_CHANGE, on=Commitment, related=OF_YEAR_ROWS)
def commitment_withdraw(request: Request, commitment: Commitment) -> HttpResponse:
    """It is promised no more; it stays in the history."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    return _form_page(
        request, commitment.year.partnership, form,
        lambda: actions.withdraw(commitment, by=request.user, why=form.cleaned_data["why"]),
        title=_("Withdraw this promise"), lead=f"{commitment.sentence}.", saved=_("The promise is withdrawn."),
        submit_label=_("Withdraw this promise"), keep_label=_("Leave it as it is"),
    )  # fmt: skip


@policy(P.PARTNERSHIP_CHANGE, on=Commitment, related=(*OF_YEAR_ROWS, "need__initiative__school"))
def commitment_deliver(request: Request, commitment: Commitment) -> HttpResponse:
    """The school says how much of it has arrived or taken place; it may be corrected."""
    form = DeliveryForm(request.POST or None, instance=commitment)
    return _form_page(
        request, commitment.year.partnership, form, lambda: form.save(by=request.user),
        title=_("How much has arrived?"), lead=f"{commitment.sentence}.",
        saved=_("Saved. Thank them while it is fresh."), submit_label=_("Confirm what arrived"),
    )  # fmt: skip


# ── Sessions ──


@policy(P.PARTNERSHIP_VIEW, on=PartnershipYear, related=YEAR_ROWS)
def sessions_of_year(request: Request, year: PartnershipYear) -> HttpResponse:
    """Everything that took place in a year, 25 a page."""
    access, partnership = request.user.access, year.partnership
    page = keyset.page(dashboard.held_in(year), "held_on", request.GET, newest_first=True)
    shown = Session.objects.filter(pk__in=[session.pk for session in page.rows])
    may_log = access.may(P.SESSION_LOG, partnership)
    context = {
        "year": year,
        "partnership": partnership,
        "page": page,
        "held": dashboard.with_words(shown, sees_small=may_log),
        "may_log": may_log and partnership.is_under_way,
    }
    return render(request, "partnerships/sessions.html", context)


@policy(P.SESSION_LOG, on=PartnershipYear, related=YEAR_ROWS)
def session_add(request: Request, year: PartnershipYear) -> HttpResponse:
    """What took place, in half a minute."""
    form = SessionForm(request.POST or None, instance=Session(year=year))
    side = sessions.side_of(request.user, year.partnership)
    return _form_page(
        request, year.partnership, form,
        lambda: sessions.log(form.instance, form.count(), by=request.user),
        title=_("Log a session"), submit_label=_("Save this session"),
        saved=_("Session saved.") if side == Side.SCHOOL else _("Session saved. The school says yes to the numbers."),
    )  # fmt: skip


@policy(P.PARTNERSHIP_VIEW, on=Session, related=(*OF_YEAR_ROWS, "logged_by"))
def session(request: Request, session: Session) -> HttpResponse:
    """One session: each side's word on who came, and which counts."""
    return render(request, "partnerships/session.html", dashboard.of_session(session, request.user))


@policy(P.SESSION_LOG, on=Session, related=OF_YEAR_ROWS)
def session_correct(request: Request, session: Session) -> HttpResponse:
    """Other numbers: the school's count at once, the partner's once the school says yes."""
    form = CountForm(request.POST or None, initial=dashboard.counted_of(session))
    side = sessions.side_of(request.user, session.year.partnership)

    def act() -> str:
        sessions.correct(session, form.count(), by=request.user, note=form.cleaned_data["note"])
        return reverse("session", args=[session.pk])

    return form_page(
        request, form, act, title=_("Correct the numbers"), submit_label=_("Save the correction"),
        saved=_("Corrected.") if side == Side.SCHOOL else _("Thank you. The school says yes to it, or asks you."),
        back_url=reverse("session", args=[session.pk]), back_label=session.title,
    )  # fmt: skip


@policy(P.SESSION_CONFIRM, on=Session, related=OF_YEAR_ROWS)
def session_cancel(request: Request, session: Session) -> HttpResponse:
    """It did not take place after all."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    return _form_page(
        request, session.year.partnership, form,
        lambda: sessions.cancel(session, by=request.user, why=form.cleaned_data["why"]),
        title=_("It did not take place"), lead=session.title, saved=_("The session counts no more."),
        submit_label=_("It did not take place"), keep_label=_("Leave it as it is"),
    )  # fmt: skip


@policy(P.SESSION_CONFIRM, on=Participation, related=tuple(f"session__{path}" for path in OF_YEAR_ROWS))
def participation_answer(request: Request, participation: Participation) -> HttpResponse:
    """The partner's numbers: say yes, or keep the school's."""
    session = participation.session
    counted = session.participations.filter(counts=True).first()
    form = AnswerForm(request.POST or None)

    def act() -> str:
        sessions.answer(participation, counts=form.cleaned_data["answer"] == AnswerForm.YES, by=request.user)
        return reverse("session", args=[session.pk])

    return form_page(
        request, form, act, title=_("The partner’s numbers"), saved=_("Saved."), submit_label=_("Save the answer"),
        template="partnerships/answer.html", back_url=reverse("session", args=[session.pk]), back_label=session.title,
        word=participation, theirs=sessions.who_came(participation, sees_small=True),
        ours=sessions.who_came(counted, sees_small=True) if counted else "",
    )  # fmt: skip


def _page(partnership: Partnership) -> str:
    return reverse("partnership", args=[partnership.pk])


def _form_page(request: Request, partnership: Partnership, form: Any, do: Any, /, **page: Any) -> HttpResponse:
    """A form that leads back to the page of `partnership` once `do` is done."""
    here = _page(partnership)

    def act() -> str:
        do()
        return here

    return form_page(request, form, act, back_url=here, back_label=partnership.initiative.title, **page)
