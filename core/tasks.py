"""Housekeeping once a day."""

import time
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings

from core import clock
from core.models import SubmittedForm

FORGET_FORMS_AFTER = timedelta(days=2)
FORGET_BELLS_AFTER = 24 * 3600  # seconds


@shared_task
def tidy() -> None:
    """Drop form tokens nobody can send again and the embedded broker's processed messages."""
    SubmittedForm.objects.filter(submitted_at__lt=clock.now() - FORGET_FORMS_AFTER).delete()
    processed = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("processed_folder", "")))
    if processed.name:
        for message in processed.iterdir():
            if time.time() - message.stat().st_mtime > FORGET_BELLS_AFTER:
                message.unlink(missing_ok=True)
