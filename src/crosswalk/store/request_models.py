"""The table of requests: the shared budget and the request log in one. Decides nothing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class RequestEntry(models.Model):
    """One request to a side. Also the account's budget: what was sent in the last minute counts against it."""

    at = models.FloatField(help_text="Seconds since 1970, when the right to send was taken")
    account = models.CharField(max_length=300, help_text="What shares the limit: product and host")
    connection = models.ForeignKey("store.Connection", models.CASCADE, null=True, related_name="requests")
    call = models.CharField(max_length=300, blank=True)
    status = models.IntegerField(null=True)
    seconds = models.FloatField(null=True)
    error = models.CharField(max_length=500, blank=True)
    pair = models.BigIntegerField(
        null=True, help_text="The pair whose run sent it; a number, because it outlives the pair"
    )
    run = models.BigIntegerField(null=True, help_text="The fence of that run")
    sent = models.TextField(blank=True, help_text="The request as text, without secrets and e-mail addresses")
    got = models.TextField(blank=True, help_text="The answer, likewise; both cut, see store/budget.py")
    lasting = models.BooleanField(default=False, help_text="It changed something or failed: kept longer")

    class Meta:
        """Asked by account and time, and by run."""

        app_label = "store"
        indexes: ClassVar = [
            models.Index(fields=["account", "at"], name="request_budget"),
            models.Index(fields=["pair", "run"], condition=Q(run__isnull=False), name="request_run"),
            models.Index(fields=["lasting", "at"], name="request_age"),
        ]
