"""How what is done with prospects reads in the trail."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads, small
from outreach.models import FollowUp, Stage

for stage in Stage:
    reads(f"moved to {stage}", format_lazy(_("moved to {state}"), state=small(stage.label)), Group.MOVED)
for part in FollowUp.Part:
    for answer in FollowUp.Answer:
        words = format_lazy(_("ticked “{part}”, {answer}"), part=part.label, answer=small(answer.label))
        reads(f"{part} {answer}", words, Group.WRITTEN)
reads("taken off the board", _("took off the board"), Group.MOVED)
reads("next step set", _("set the next step"), Group.WRITTEN)
reads("next step done", _("did the next step"), Group.WRITTEN)
reads("set", _("set a day for"), Group.WRITTEN)
reads("moved", _("changed the day or place of"), Group.WRITTEN)
