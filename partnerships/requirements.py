"""What this room wants of a partnership."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import Commitment, Partnership, Side
from partnerships.still_needed import Facts, Requirement, Source, Standing, requirements


def say_kind(partnership: Partnership, facts: Facts) -> Standing:
    """Kind and class: said, or to be said."""
    url = reverse("partnership_edit", args=[partnership.pk])
    if partnership.kind and partnership.counts_as:
        return Standing("ok", _("Chosen"), url)
    return Standing("warn", _("To be chosen"), url)


def promised(keys: list[int]) -> Source:
    """The sides that have promised something."""
    rows = Commitment.objects.filter(year__partnership__in=keys, withdrawn_at=None)
    return Source(rows, of="year__partnership", side="side")


def say_promises(partnership: Partnership, facts: Facts) -> Standing:
    """Both sides promised something, or who has not."""
    url = reverse("partnership", args=[partnership.pk]) + "#promises"
    sides = {fact.side for fact in facts}
    if sides == set(Side):
        return Standing("ok", _("From both"), url)
    return Standing("warn", _("From one side only") if sides else _("None yet"), url)


def say_shared(partnership: Partnership, facts: Facts) -> Standing:
    """Whether the partner sees the page."""
    if partnership.shared_at:
        return Standing("ok", _("Shared"))
    return Standing("warn", _("Not shared yet"), reverse("partnership_share", args=[partnership.pk]))


requirements.register("kind", Requirement(gettext_lazy("Kind"), 10, say_kind))
requirements.register("promises", Requirement(gettext_lazy("Promises"), 20, say_promises, promised))
requirements.register("shared", Requirement(gettext_lazy("With the partner"), 30, say_shared))
