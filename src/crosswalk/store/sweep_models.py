"""The table of how far a sweep is, so that one that is cut off goes on where it was."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SweepPage(models.Model):
    """What a sweep found in one page of its reading. Gone when it is over."""

    integration = models.ForeignKey("store.Integration", models.CASCADE, related_name="+")
    name = models.CharField(max_length=10, help_text="Which of its sweeps: scheduled, a person's, approved")
    began_at = models.DateTimeField(help_text="When the sweep began")
    next = models.IntegerField(null=True, help_text="The page of the list that comes next; null where there is none")
    met = models.JSONField(default=list, help_text="The pairs that were compared, by id")
    found = models.JSONField(default=list, help_text="Those that are not in step, see sync/sweep.py")

    class Meta:
        """Read by sweep, in order."""

        indexes: ClassVar = [models.Index(fields=["integration", "name", "id"], name="sweep_page")]
