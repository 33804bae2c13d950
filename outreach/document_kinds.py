"""The executive summary for one meeting: addressed to the person one is going to meet."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engines.documents.actions import reading_address
from engines.documents.kinds import Content, document
from outreach.models import Meeting
from schools.document_kinds import PROMISES, TEMPLATE, summary_of


@document(
    "summary_for_meeting",
    for_model=Meeting,
    template=TEMPLATE,
    label=_("Executive summary"),
    url=lambda meeting: reverse("prospect", args=[meeting.prospect_id]),
    **PROMISES,
)
def summary_for_meeting(meeting: Meeting) -> Content:
    """The page of the initiative, naming business, contact and the day of the meeting."""
    prospect = meeting.prospect
    return summary_of(
        prospect.initiative,
        address=reading_address(meeting),
        business=prospect.business.name,
        contact=meeting.contact.name if meeting.contact else "",
        meeting_on=meeting.starts_local.date(),
    )
