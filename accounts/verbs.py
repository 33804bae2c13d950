"""How what is done with links reads in the trail."""

from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads

reads("made", _("made"), Group.WRITTEN)
reads("used", _("used"), Group.PEOPLE)
reads("revoked", _("let no longer count"), Group.TAKEN_BACK)
