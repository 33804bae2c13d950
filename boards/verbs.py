"""How what is done with a board's calendar reads in the trail."""

from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads

reads("taken over", _("took over the days of"), Group.WRITTEN)
