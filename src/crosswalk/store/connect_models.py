"""The tables of the Connect app: which Jira sites installed it, and what Jira said about that. Decides nothing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from crosswalk.store.secrets import SecretField


class ConnectSite(models.Model):
    """A Jira site that installed the Connect app. Its connection holds the address and the secret shared with it."""

    class State(models.TextChoices):
        """What Jira said last."""

        INSTALLED = "installed", "Installed"
        ENABLED = "enabled", "Enabled"
        DISABLED = "disabled", "Disabled in Jira"
        UNINSTALLED = "uninstalled", "Uninstalled"

    connection = models.OneToOneField("store.Connection", models.CASCADE, related_name="connect_site")
    client_key = models.CharField(max_length=200, unique=True, help_text="How the site names itself; never changes")
    state = models.CharField(max_length=12, choices=State.choices, default=State.INSTALLED)
    allowed_by = models.CharField(max_length=200, blank=True, help_text="Who let the site in; empty: nobody yet")
    aha = models.ForeignKey(
        "store.Connection", models.SET_NULL, null=True, related_name="+", help_text="Chosen on the page inside Jira"
    )
    signed_at = models.BigIntegerField(help_text="When the last signed call was signed: an older one is a replay")
    former = SecretField(help_text="The secret before the last one, for tokens that were under way; encrypted")
    former_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        """Beside the other tables."""

        app_label = "store"

    def __str__(self) -> str:
        return self.connection.address


class ConnectCall(models.Model):
    """A call of Jira's about the app (installed, enabled, ...), and why it was refused where it was. The last few."""

    at = models.DateTimeField()
    step = models.CharField(max_length=12)
    said_site = models.CharField(max_length=500, blank=True, help_text="The site's address, as the call claims")
    refused = models.CharField(max_length=1000, blank=True, help_text="Why; empty where it was accepted")
    remedy = models.CharField(max_length=500, blank=True)
    code = models.CharField(max_length=10, blank=True)

    class Meta:
        """Read newest first."""

        app_label = "store"
        ordering: ClassVar = ["-id"]
