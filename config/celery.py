"""The Celery application: one bell for every engine, its schedule in settings."""

import os

from celery import Celery

import config.broker  # noqa: F401  (teaches kombu the embedded:// scheme)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("tandem")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
