"""What this room wants of a partnership."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import Commitment, Side
from partnerships.still_needed import Requirement, Standing, requirements


def _promised(side: Side) -> Exists:
    return Exists(Commitment.objects.filter(year__partnership=OuterRef("pk"), side=side, withdrawn_at=None).order_by())


def promised() -> dict[str, Any]:
    return {"school_promised": _promised(Side.SCHOOL), "partner_promised": _promised(Side.PARTNER)}


def say_kind(partnership: Any) -> Standing:
    """Kind and class: said, or to be said."""
    url = reverse("partnership_edit", args=[partnership.pk])
    if partnership.kind and partnership.counts_as:
        return Standing("ok", _("Chosen"), url)
    return Standing("warn", _("To be chosen"), url)


def say_promises(partnership: Any) -> Standing:
    """Both sides promised something, or who has not."""
    url = reverse("partnership", args=[partnership.pk]) + "#promises"
    if partnership.school_promised and partnership.partner_promised:
        return Standing("ok", _("From both"), url)
    if partnership.school_promised or partnership.partner_promised:
        return Standing("warn", _("From one side only"), url)
    return Standing("warn", _("None yet"), url)


def say_shared(partnership: Any) -> Standing:
    """Whether the partner sees the page."""
    if partnership.shared_at:
        return Standing("ok", _("Shared"))
    return Standing("warn", _("Not shared yet"), reverse("partnership_share", args=[partnership.pk]))


requirements.register("kind", Requirement(gettext_lazy("Kind"), 10, say_kind))
requirements.register("promises", Requirement(gettext_lazy("Promises"), 20, say_promises, promised))
requirements.register("shared", Requirement(gettext_lazy("With the partner"), 30, say_shared))
