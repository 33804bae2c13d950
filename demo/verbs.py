"""How what is done when a school joins a board reads in the trail."""

from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads

reads("asked to join", _("asked a school to join"), Group.MOVED)
reads("joined the board", _("let a school join the board"), Group.MOVED)
reads("left for another board", _("took a school to another board"), Group.MOVED)
reads("came along", _("brought along"), Group.MOVED)
reads("gave way", _("took the number from an imported school"), Group.MOVED)
reads("kept as text", _("kept as text where a goal led"), Group.WRITTEN)
