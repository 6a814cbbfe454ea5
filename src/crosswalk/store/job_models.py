"""The table of wake-ups that the embedded engine works with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """A wake-up for the embedded engine: something under `key` wants to run. Lost, a sweep finds the work again."""

    key = models.CharField(max_length=200, help_text="One run at a time per key")
    kind = models.CharField(max_length=20)
    priority = models.IntegerField(default=0, help_text="Higher first")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=5, default="todo", help_text="todo or doing")
    tries = models.IntegerField(default=0)
    started_at = models.DateTimeField(null=True)

    class Meta:
        """At most one waiting (coalescing) and one running (lock) per key."""

        app_label = "store"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=Q(state="todo"), name="one_waiting_per_key"),
            models.UniqueConstraint(fields=["key"], condition=Q(state="doing"), name="one_running_per_key"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["key", "state"], name="job_key"),
            models.Index(fields=["state", "-priority", "due_at", "id"], name="job_next"),
        ]
