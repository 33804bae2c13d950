"""Housekeeping once a day."""

import time
from pathlib import Path

from celery import shared_task
from django.conf import settings

FORGET_BELLS_AFTER = 24 * 3600  # seconds


@shared_task
def tidy() -> None:
    """Drop the embedded broker's processed messages. Rows are dropped by the retention job."""
    processed = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("processed_folder", "")))
    if processed.name:
        for message in processed.iterdir():
            if time.time() - message.stat().st_mtime > FORGET_BELLS_AFTER:
                message.unlink(missing_ok=True)
