"""Rows with no domain noun: what every room builds on."""

import uuid

from django.db import models


class Versioned(models.Model):
    """A row people edit: `version` is in the form, and only one of two saves from the same version wins."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class ClockShift(models.Model):
    """How far this LOCAL site's clock stands from the real one; one row at most."""

    seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_clock_shift")]

    def __str__(self) -> str:
        return f"{self.seconds:+} s"


class SubmittedForm(models.Model):
    """A form that was sent: its token is unique, so a second click finds where the first one led.

    The token is worked out from the form's, who sent it and what was in it (core.pages).
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4)
    url = models.CharField(max_length=500, blank=True)
    submitted_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-submitted_at", "pk"]

    def __str__(self) -> str:
        return str(self.token)


class StoredFile(models.Model):
    """A file kept by its SHA-256. It knows no owner: it is reached through the row that holds it."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()

    class Meta:
        ordering = ["-stored_at", "pk"]

    def __str__(self) -> str:
        return self.sha256[:12]
