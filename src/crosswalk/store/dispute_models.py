"""The table of conflicts that wait for a person's word, or were answered and wait for the next run."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DisputeRow(models.Model):
    """A field of a pair in conflict: what both sides hold and held, who and when, and a person's answer."""

    pair = models.ForeignKey("store.Pair", models.CASCADE, related_name="disputes")
    field = models.CharField(max_length=200, help_text="The name of the rule")
    values = models.JSONField(help_text="left, right, held_left and held_right, as merge/values.py writes them down")
    left_at = models.DateTimeField(null=True, help_text="When the record in Aha! was last changed")
    right_at = models.DateTimeField(null=True, help_text="When the record in Jira was last changed")
    left_by = models.CharField(max_length=200, blank=True, help_text="Who changed it, where a hook said so")
    right_by = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    winner = models.CharField(max_length=5, blank=True, help_text="left, right, or empty while nobody answered")
    erase = models.BooleanField(default=False, help_text="The winner's empty value takes the other away")
    person = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """One a field; those without an answer are what the inbox shows."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["pair", "field"], name="one_dispute_per_field")]
        indexes: ClassVar = [models.Index(fields=["winner", "id"], name="dispute_open")]
