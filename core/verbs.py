"""What the verb of a change reads like in the trail: "Helen Park · moved to in discussion · FIRST Robotics".

Each room declares the verbs it writes in its `verbs.py`; those that several rooms write stand here. A verb that is
written somewhere in the code and has no words fails a test (tests/accounts/test_verbs.py).
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from core.registry import Registry


class Group(TextChoices):
    """What the trail can be narrowed down to."""

    WRITTEN = "written", _("Written and changed")
    MOVED = "moved", _("Moved on")
    AGREED = "agreed", _("Agreed and chosen")
    TAKEN_BACK = "taken_back", _("Taken back, ended, called off")
    PEOPLE = "people", _("People and what they hold")
    TRUST = "trust", _("Privacy and what is kept")


@dataclass(frozen=True)
class Verb:
    """How a verb reads between who and what, and the group it belongs to."""

    words: str | Promise
    group: Group


verbs: Registry[Verb] = Registry("verbs")


def reads(verb: str, words: str | Promise, group: Group) -> None:
    """Declare that `verb` reads `words`."""
    verbs.register(verb, Verb(words, group))


def in_words(verb: str) -> str:
    """How `verb` reads in the page's language; as it is written where nobody declared it."""
    declared = dict(verbs.items()).get(verb)
    return str(declared.words) if declared else verb


def of_group(group: str) -> list[str]:
    """The verbs of `group`."""
    return [verb for verb, declared in verbs.items() if declared.group == group]


# In the middle of a line a label begins small.
small = lazy(lambda label: str(label)[:1].lower() + str(label)[1:], str)

reads("added", _("added"), Group.WRITTEN)
reads("edited", _("changed"), Group.WRITTEN)
reads("logged", _("logged"), Group.WRITTEN)
reads("opened", _("opened"), Group.MOVED)
reads("removed", _("removed"), Group.TAKEN_BACK)
reads("withdrawn", _("withdrew"), Group.TAKEN_BACK)
reads("cancelled", _("called off, it did not take place"), Group.TAKEN_BACK)
reads("invited", _("invited"), Group.PEOPLE)
