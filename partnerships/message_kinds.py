"""The invitation of a partner's contact: who shares what, and how to come in without a password."""

from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from engines.outbox.kinds import Mail, MessageKind, kinds
from engines.outbox.models import Message
from partnerships.models import Partnership

INVITATION = "partner_invitation"


def write(message: Message) -> Mail | None:
    """Written when it is sent; nothing if the reader's account was closed meanwhile."""
    partnership = Partnership.objects.select_related("school", "champion", "prospect__initiative").get(
        pk=message.subject_id
    )
    if message.reader is None or not message.reader.is_active:
        return None
    context = {
        "partnership": partnership,
        "reader": message.reader,
        "address": settings.SITE_URL + reverse("partnership", args=[partnership.pk]),
    }
    title = _("%(school)s shares “%(title)s” with you") % {
        "school": partnership.school.name, "title": partnership.initiative.title
    }  # fmt: skip
    return Mail(title=title, body=render_to_string("emails/partner_invitation.txt", context))


kinds.register(INVITATION, MessageKind(write=write, is_transactional=True, lasts=timedelta(days=7)))
