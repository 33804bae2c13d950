"""What must have happened here before a prospect moves on."""

from django.utils.translation import gettext as _

from core.gates import Gate, gates
from outreach.models import Prospect, Stage
from partnerships.models import Partnership


def partnership_begun(prospect: Prospect) -> str:
    """A prospect is agreed once its partnership has begun."""
    if Partnership.objects.filter(prospect=prospect).exclude(state=Partnership.State.ENDED).exists():
        return ""
    return _("Begin the partnership first, then agree.")


gates.register("partnership_begun", Gate(Prospect, Stage.AGREED, partnership_begun))
