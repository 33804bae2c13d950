"""How what is done with files reads in the trail."""

from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads

reads("uploaded", _("uploaded"), Group.WRITTEN)
reads("matched the columns of", _("matched the columns of"), Group.WRITTEN)
reads("began to import", _("began to import"), Group.WRITTEN)
reads("imported", _("imported"), Group.WRITTEN)
reads("stopped importing", _("stopped importing"), Group.TAKEN_BACK)
