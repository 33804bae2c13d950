"""How what is done with initiatives and schools reads in the trail."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads, small
from schools.models import Initiative

for state in Initiative.State:
    reads(f"moved to {state}", format_lazy(_("moved to {state}"), state=small(state.label)), Group.MOVED)
reads("put into a family", _("put into a family of schools:"), Group.MOVED)
reads("taken out of a family", _("took out of a family of schools:"), Group.MOVED)
reads("made public", _("chose what is public of"), Group.MOVED)
reads("made private", _("made nothing public of"), Group.MOVED)
reads("copied", _("made a copy:"), Group.WRITTEN)
reads("translated", _("translated"), Group.WRITTEN)
