"""The gate of signing: a partnership is under way once both sides have said yes to what is written."""

from django.utils.translation import gettext as _

from agreements.models import AgreementVersion
from core.gates import Gate, gates
from partnerships.models import Partnership


def both_said_yes(partnership: Partnership) -> str:
    """Open for one that was there before Tandem, and for one that was under way already."""
    if partnership.is_from_before:
        return ""
    in_force = AgreementVersion.objects.filter(partnership=partnership, state=AgreementVersion.State.IN_FORCE)
    return "" if in_force.exists() else _("First both sides say yes to the written agreement.")


gates.register("both_said_yes", Gate(Partnership, Partnership.State.ACTIVE, both_said_yes))
