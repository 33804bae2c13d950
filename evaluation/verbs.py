"""How looking back reads in the trail."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads, small
from evaluation.models import Choice
from partnerships.models import Side

reads("answered", _("answered"), Group.WRITTEN)
reads("answered anew", _("answered anew"), Group.WRITTEN)
reads("looked back on", _("looked back on"), Group.WRITTEN)
CHOSE = {
    Side.SCHOOL: _("chose “{decision}” for the school"),
    Side.PARTNER: _("chose “{decision}” for the partner"),
}
for side, words in CHOSE.items():
    for decision in Choice.Decision:
        chose = format_lazy(words, decision=small(decision.label))
        reads(f"{side} chose {decision}", chose, Group.AGREED)
