"""How what is done about people reads in the trail."""

from django.utils.translation import gettext_lazy as _

from core.verbs import Group, reads

reads("sent again", _("invited once more"), Group.PEOPLE)
reads("accepted", _("accepted"), Group.PEOPLE)
reads("joined", _("began the role"), Group.PEOPLE)
reads("ended", _("ended the role"), Group.PEOPLE)
reads("leads", _("gave the lead to"), Group.PEOPLE)
reads("leads no more", _("took the lead from"), Group.PEOPLE)
reads("handed over", _("handed over"), Group.PEOPLE)
reads("entered", _("entered days away"), Group.PEOPLE)
reads("called off", _("called off days away"), Group.PEOPLE)
reads("address changed", _("changed the address of"), Group.PEOPLE)
reads("switched off", _("switched off"), Group.TRUST)
reads("domain verified", _("saw that the domain is the board’s:"), Group.TRUST)
reads("runs the site", _("let run the site"), Group.TRUST)
reads("runs the site no more", _("let no longer run the site"), Group.TRUST)
reads("support given", _("allowed"), Group.TRUST)
reads("support taken", _("opened in an emergency"), Group.TRUST)
reads("support ended", _("put an end to"), Group.TRUST)
reads("support ran out", _("noted the end of"), Group.TRUST)
reads("placed", _("placed"), Group.TRUST)
reads("lifted", _("lifted"), Group.TRUST)
reads("erased", _("took a person out of"), Group.TRUST)
reads("retention", _("ended what was past its term in"), Group.TRUST)
