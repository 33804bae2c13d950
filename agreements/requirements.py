"""The written agreement, as one of the things a partnership needs."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import AgreementVersion, RecordedYes
from partnerships.models import Partnership, Side
from partnerships.still_needed import Requirement, Standing, requirements

State = AgreementVersion.State


def written() -> dict[str, Any]:
    versions = AgreementVersion.objects.filter(partnership=OuterRef("pk")).order_by()
    answers = RecordedYes.objects.filter(version__partnership=OuterRef("pk"), version__state=State.DRAFT).order_by()
    return {
        "agreement_in_force": Exists(versions.filter(state=State.IN_FORCE)),
        "agreement_drafted": Exists(versions.filter(state=State.DRAFT)),
        "school_said_yes": Exists(answers.filter(side=Side.SCHOOL)),
        "partner_said_yes": Exists(answers.filter(side=Side.PARTNER)),
    }


def say_agreement(partnership: Any) -> Standing:
    """Written, and whose yes is missing."""
    url = reverse("partnership", args=[partnership.pk]) + "#agreement"
    if partnership.agreement_in_force:
        return Standing("ok", _("Yes from both"), url)
    if partnership.state in (Partnership.State.FORMING, Partnership.State.ENDED):
        return Standing("none", _("Once you agreed"))
    if not partnership.agreement_drafted:
        return Standing("warn", _("Not written yet"), url)
    if partnership.school_said_yes:
        return Standing("warn", _("The partner’s yes is missing"), url)
    if partnership.partner_said_yes:
        return Standing("warn", _("The school’s yes is missing"), url)
    return Standing("warn", _("A draft, without a yes"), url)


def ask_partner(partnership: Any) -> str:
    """Their yes, while a draft waits for it."""
    return _("Your yes is asked for") if partnership.agreement_drafted and not partnership.partner_said_yes else ""


requirements.register("agreement", Requirement(gettext_lazy("Agreement"), 40, say_agreement, written, ask_partner))
