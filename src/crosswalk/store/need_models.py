"""The table of which records needed somebody who was not found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Need(models.Model):
    """A record that names a person for whom nobody was found, whatever how often it was looked at."""

    # A process of an earlier version takes a person out without knowing of this table: no constraint may refuse it.
    person = models.ForeignKey("store.Acquaintance", models.CASCADE, related_name="needs", db_constraint=False)
    record = models.CharField(max_length=120, help_text="Kind and id, on the person's own side")

    class Meta:
        """One per person and record."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "record"], name="one_need_per_record")]
