"""How what is done with partnerships reads in the trail."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads, small
from partnerships.models import Partnership

for state in Partnership.State:
    reads(f"moved to {state}", format_lazy(_("moved to {state}"), state=small(state.label)), Group.MOVED)
reads("begun", _("began"), Group.MOVED)
reads("shared", _("shared with the partner"), Group.MOVED)
reads("added from before", _("entered what ran before"), Group.WRITTEN)
reads("given an account", _("gave an account to"), Group.PEOPLE)
reads("corrected", _("corrected"), Group.WRITTEN)
reads("confirmed", _("confirmed"), Group.AGREED)
reads("kept as logged", _("kept as it was logged"), Group.AGREED)
