"""What the site itself keeps."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from core.kept import AT_ITS_END, DAYS_2, TECHNICAL, Erasure, Kept, Kind, ends, keep
from core.models import ClockShift, StoredFile, SubmittedForm

FOR_2_DAYS = Kept(Kind.TECHNICAL, _("So that a second click does nothing twice."), DAYS_2, Erasure.KEEP)
OF_A_SESSION = Kept(Kind.PERSONAL, _("So that you stay signed in."), AT_ITS_END, Erasure.DELETE, is_secret=True)

keep(ClockShift, _("The clock"), TECHNICAL.on("id", "seconds"))
keep(SubmittedForm, _("Forms that were sent"), FOR_2_DAYS.on("token", "url", "submitted_at"))
keep(StoredFile, _("Files"), TECHNICAL.on("id", "sha256", "size", "content_type", "stored_at"))
keep(
    Session,
    _("Signed in"),
    OF_A_SESSION.on("session_key", "session_data", "expire_date", words=_("that you are signed in")),
)
keep(ContentType, _("Kinds of rows"), TECHNICAL.on("id", "app_label", "model"))
keep(Group, _("Not used"), TECHNICAL.on("id", "name"))
keep(Group.permissions.through, _("Not used"), TECHNICAL.on("id", "group", "permission"))
keep(Permission, _("Not used"), TECHNICAL.on("id", "name", "content_type", "codename"))


@ends("forms", SubmittedForm, DAYS_2, _("Tokens of forms"))
def forms(before: datetime) -> Any:
    """Tokens nobody can send again."""
    return SubmittedForm.objects.filter(submitted_at__lt=before)


@ends("sessions", Session, AT_ITS_END, _("Sessions that have ended"))
def sessions(before: datetime) -> Any:
    return Session.objects.filter(expire_date__lt=before)
