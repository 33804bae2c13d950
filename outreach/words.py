"""How outreach reads on a page."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from outreach.models import OPEN_STAGES, Interaction, Meeting, Prospect


@dataclass(frozen=True)
class Entry:
    """One thing that happened: whose side acted, and how it reads."""

    at: datetime
    side: str
    icon: str
    text: str
    note: str
    by: str
    edit_url: str = ""


ICONS = {"call": "telephone", "email": "envelope", "letter": "send", "visit": "people"}


def timeline(interactions: list[Interaction], meetings: list[Meeting]) -> list[Entry]:
    """Calls, messages and meetings, newest first."""
    entries = [_said(interaction) for interaction in interactions]
    for meeting in meetings:
        entries += _met(meeting)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _said(interaction: Interaction) -> Entry:
    text = str(interaction)
    if interaction.contact:
        text = _("%(what)s (%(who)s)") % {"what": text, "who": interaction.contact.name}
    return Entry(
        interaction.happened_at,
        interaction.side,
        ICONS[interaction.kind],
        text,
        interaction.notes,
        interaction.logged_by.name,
        reverse("interaction_edit", args=[interaction.pk]),
    )


def _met(meeting: Meeting) -> list[Entry]:
    kind = meeting.get_kind_display()
    if meeting.cancelled_at:
        text = _("%(kind)s cancelled") % {"kind": kind}
        by = meeting.cancelled_by.name if meeting.cancelled_by else ""
        return [Entry(meeting.cancelled_at, "school", "calendar-x", text, "", by)]
    found = [Entry(meeting.starts_at, "shared", "calendar-check", _("%(kind)s, %(place)s") % {
        "kind": kind, "place": meeting.place}, meeting.what_happened, "")]  # fmt: skip
    for follow_up in meeting.follow_ups.all():
        if follow_up.part == "thank_you" and follow_up.answer == "done":
            text = _("Thank-you note sent")
            found.append(Entry(follow_up.set_at, "school", "envelope-heart", text, "", follow_up.set_by.name))
    return found


def stage_steps(prospect: Prospect) -> list[dict[str, str]]:
    """The six stages with where the prospect stands, for components/steps.html."""
    if not prospect.is_open:
        return []
    now = OPEN_STAGES.index(prospect.stage)  # type: ignore[arg-type]
    days = (clock.now() - prospect.stage_since).days
    note = ngettext("for %(n)d day", "for %(n)d days", days) % {"n": days} if days else _("since today")
    return [
        {
            "label": str(stage.label),
            "state": "done" if i < now else "now" if i == now else "",
            "note": note if i == now else "",
        }
        for i, stage in enumerate(OPEN_STAGES)
    ]
