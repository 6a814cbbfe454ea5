"""The table of records of which a text was replaced lately."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Replaced(models.Model):
    """A hook or a poll brought a record on `side` another text, the last time `at` that moment."""

    # A process of an earlier version takes a pair out without knowing of this table: no constraint may refuse it.
    integration = models.ForeignKey("store.Integration", models.CASCADE, related_name="+", db_constraint=False)
    pair = models.ForeignKey("store.Pair", models.CASCADE, related_name="+", db_constraint=False)
    side = models.CharField(max_length=5, help_text="Where the text was replaced: left or right")
    at = models.DateTimeField()

    class Meta:
        """One per pair and side; counted by time."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["pair", "side"], name="one_replaced_per_side")]
        indexes: ClassVar = [models.Index(fields=["integration", "side", "at"], name="replaced_lately")]
