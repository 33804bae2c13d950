"""The pages of an agreement: read it, mend a clause, print it, say yes."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.policies import Request, policy
from agreements import actions, terms
from agreements.forms import ClauseForm, YesForm
from agreements.models import AgreementVersion, Clause
from core.pages import form_page, once
from engines.documents import actions as documents
from partnerships.forms import WhyForm
from partnerships.models import Partnership, Side
from people.again import fresh

P = Permission
OF_PARTNERSHIP = (
    "school__board", "business", "prospect__initiative__school", "champion", "backup", "partner_lead",
)  # fmt: skip
VERSION_ROWS = tuple(f"partnership__{path}" for path in OF_PARTNERSHIP)


@require_POST
@policy(P.AGREEMENT_CHANGE, on=Partnership, related=OF_PARTNERSHIP)
def agreement_draft(request: Request, partnership: Partnership) -> HttpResponse:
    """One click: what was agreed, written down."""

    def act() -> str:
        return reverse("agreement", args=[actions.draft(partnership, by=request.user).pk])

    return redirect(once(request, act))


@policy(P.AGREEMENT_VIEW, on=AgreementVersion, related=VERSION_ROWS)
def agreement(request: Request, version: AgreementVersion) -> HttpResponse:
    """What was agreed, article by article, and whose yes is missing."""
    said = terms.of(version)
    missing = [side for side in Side if side not in said.answers] if version.is_draft else []
    context = {
        "version": version,
        "partnership": version.partnership,
        "terms": said,
        "sides": [(side, version.partnership.name_of(side), said.answers.get(side)) for side in Side],
        "may_withdraw": version.is_draft and request.user.access.may(P.AGREEMENT_CHANGE, version),
        "may_change": version.is_draft and not said.answers and request.user.access.may(P.AGREEMENT_CHANGE, version),
        "may_say_yes": any(actions.may_record(request.user, version, side) for side in missing),
        "form_token": uuid.uuid4(),
    }
    return render(request, "agreements/agreement.html", context)


@require_POST
@policy(P.AGREEMENT_VIEW, on=AgreementVersion, related=VERSION_ROWS)
def agreement_pdf(request: Request, version: AgreementVersion) -> HttpResponse:
    """One click: the memorandum on paper, in its own language."""

    def act() -> str:
        document = documents.ask("memorandum", version, by=request.user, language=version.language)
        return reverse("document", args=[document.pk])

    return redirect(once(request, act))


@policy(P.AGREEMENT_VIEW, on=AgreementVersion, related=VERSION_ROWS)
@fresh
def agreement_yes(request: Request, version: AgreementVersion) -> HttpResponse:
    """Write down who said yes, when and how."""
    here = reverse("agreement", args=[version.pk])
    sides = [side for side in Side if actions.may_record(request.user, version, side)]
    if not sides:
        raise PermissionDenied
    said = set(version.answers.values_list("side", flat=True))
    missing = [side for side in sides if side not in said] or sides
    roles = {role.part: role.name for role in terms.roles_of(version)}
    names: dict[str, str] = {Side.SCHOOL: roles.get("principal", ""), Side.PARTNER: roles.get("partner_lead", "")}
    if actions.speaks_for_partner(request.user, version):
        names[Side.PARTNER] = request.user.name
    form = YesForm(request.POST or None, version=version, sides=missing, names=names, by=request.user)

    def act() -> str:
        typed = form.cleaned_data
        actions.record_yes(
            version, Side(typed["side"]), name=typed["name"], said_on=typed["said_on"], how=typed["how"],
            by=request.user,
        )  # fmt: skip
        return here

    return form_page(
        request, form, act, title=_("Say yes to version %(n)d") % {"n": version.number},
        saved=_("The yes is recorded."), submit_label=_("Record the yes"), back_url=here, back_label=str(version),
        lead=_("Who said yes to what is written, when and how. With the yes of both sides it is in force."),
    )  # fmt: skip


@policy(P.AGREEMENT_CHANGE, on=AgreementVersion, related=VERSION_ROWS)
def agreement_withdraw(request: Request, version: AgreementVersion) -> HttpResponse:
    """Take a draft back, to write another one."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    here = reverse("partnership", args=[version.partnership_id])

    def act() -> str:
        actions.withdraw(version, by=request.user, why=form.cleaned_data["why"])
        return here

    return form_page(
        request, form, act, title=_("Withdraw this version"), saved=_("Withdrawn. Draft a new version when you like."),
        submit_label=_("Withdraw this version"), keep_label=_("Leave it as it is"),
        back_url=reverse("agreement", args=[version.pk]), back_label=str(version),
    )  # fmt: skip


@policy(P.AGREEMENT_CHANGE, on=Clause, related=tuple(f"version_of__{path}" for path in VERSION_ROWS))
def clause_edit(request: Request, clause: Clause) -> HttpResponse:
    """Another wording, while it is a draft and nobody has said yes to it."""
    version = clause.version_of
    if not version.is_draft:
        raise PermissionDenied
    form = ClauseForm(request.POST or None, instance=clause)
    here = reverse("agreement", args=[version.pk])

    def act() -> str:
        actions.refuse_once_agreed(version)
        form.save(by=request.user)
        return here

    return form_page(
        request, form, act, title=_("Edit the clause"), saved=_("Clause saved."), submit_label=_("Save this clause"),
        back_url=here, back_label=str(version),
    )  # fmt: skip
