"""How what is done with documents reads in the trail."""

from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads

reads("asked", _("asked for a document"), Group.WRITTEN)
