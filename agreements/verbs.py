"""How what is done with agreements reads in the trail."""

from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads

reads("drafted", _("drafted"), Group.WRITTEN)
reads("yes of school", _("recorded the school’s yes to"), Group.AGREED)
reads("yes of partner", _("recorded the partner’s yes to"), Group.AGREED)
reads("in force", _("put into force"), Group.AGREED)
reads("replaced", _("replaced by a later one"), Group.AGREED)
