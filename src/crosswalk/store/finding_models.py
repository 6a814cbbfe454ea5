"""The table of what a search found and shows to a person: matches of two records, and candidates to import."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Finding(models.Model):
    """Two records that may be the same, or an issue that may become a record; what was said of it, what came of it."""

    errand = models.ForeignKey("store.Errand", models.CASCADE, related_name="findings")
    place = models.IntegerField(help_text="Its number in the order in which they are shown")
    above = models.ForeignKey("self", models.CASCADE, null=True, help_text="The match that it stands below")
    kind = models.CharField(max_length=20, help_text="The Aha! kind: what the record is, or what an issue becomes")
    confidence = models.IntegerField(default=0, help_text="How sure a match is, in percent")
    clear = models.BooleanField(default=True, help_text="Nothing speaks against it")
    ticked = models.BooleanField(default=False)
    state = models.CharField(max_length=10, blank=True, help_text="done, refused or ignored; empty while it is open")
    left_kind = models.CharField(max_length=20, blank=True)
    left_id = models.CharField(max_length=64, blank=True)
    left_key = models.CharField(max_length=100, blank=True)
    left_name = models.CharField(max_length=300, blank=True)
    right_kind = models.CharField(max_length=20, blank=True)
    right_id = models.CharField(max_length=64, blank=True)
    right_key = models.CharField(max_length=100, blank=True)
    right_name = models.CharField(max_length=300, blank=True)
    type = models.CharField(max_length=100, blank=True, help_text="What the issue is called in Jira: Story, Bug")
    below = models.CharField(max_length=100, blank=True, help_text="What a candidate stands below in Jira")
    why = models.TextField(blank=True)
    rivals = models.JSONField(default=list, help_text="What fits as well as the other record")
    changes = models.JSONField(default=list, help_text="What would be written: name and value")
    pair = models.ForeignKey("store.Pair", models.SET_NULL, null=True, help_text="What came of it")
    trouble = models.TextField(blank=True, help_text="Why nothing came of it")

    class Meta:
        """Read in their order, counted by how sure they are."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["errand", "place"], name="finding_place")]
        indexes: ClassVar = [
            models.Index(fields=["errand", "state", "clear", "confidence", "ticked"], name="finding_counts")
        ]
