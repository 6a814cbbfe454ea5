"""The table of what polls named lately, so that no other process, and none after a restart, names it again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Told(models.Model):
    """What the polls of an integration named on a side, as far back as the next one looks."""

    integration = models.ForeignKey("store.Integration", models.CASCADE, related_name="+")
    side = models.CharField(max_length=5)
    named = models.JSONField(default=dict, help_text="By id: a digest of what was told, see Changes.told")

    class Meta:
        """One per side."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["integration", "side"], name="told_per_side")]
