"""The written agreement, as one of the things a partnership needs."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import AgreementVersion
from partnerships.models import Partnership, Side
from partnerships.still_needed import Facts, Requirement, Source, Standing, requirements

State = AgreementVersion.State


def written(keys: list[int]) -> Source:
    """The versions that count, each with the sides that said yes to it."""
    rows = AgreementVersion.objects.filter(partnership__in=keys, state__in=[State.DRAFT, State.IN_FORCE])
    return Source(rows, of="partnership", what="state", side="answers__side")


def say_agreement(partnership: Partnership, facts: Facts) -> Standing:
    """Written, and whose yes is missing."""
    url = reverse("partnership", args=[partnership.pk]) + "#agreement"
    if any(fact.what == State.IN_FORCE for fact in facts):
        return Standing("ok", _("Yes from both"), url)
    if partnership.state in (Partnership.State.FORMING, Partnership.State.ENDED):
        return Standing("none", _("Once you agreed"))
    if not facts:
        return Standing("warn", _("Not written yet"), url)
    return Standing("warn", _missing_from(facts), url)


def _missing_from(draft: Facts) -> str:
    said = {fact.side for fact in draft}
    if Side.SCHOOL in said:
        return _("The partner’s yes is missing")
    if Side.PARTNER in said:
        return _("The school’s yes is missing")
    return _("A draft, without a yes")


def ask_partner(partnership: Partnership, facts: Facts) -> str:
    """Their yes, while a draft waits for it."""
    draft = [fact for fact in facts if fact.what == State.DRAFT]
    waits = bool(draft) and not any(fact.side == Side.PARTNER for fact in draft)
    return _("Your yes is asked for") if waits else ""


requirements.register("agreement", Requirement(gettext_lazy("Agreement"), 40, say_agreement, written, ask_partner))
