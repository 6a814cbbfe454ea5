"""The table of grants: what people gave Crosswalk on the other side's consent page (OAuth 2.0). Decides nothing."""

from __future__ import annotations

from django.db import models

from crosswalk.store.secrets import SecretField


class Grant(models.Model):
    """The sign-in of a connection by OAuth 2.0: the app, its tokens, and what became of them."""

    connection = models.OneToOneField("store.Connection", models.CASCADE, related_name="grant")
    client_id = models.CharField(max_length=200)
    client_secret = SecretField(help_text="The app's; encrypted, never shown again")
    access = SecretField(help_text="The token that requests carry; encrypted")
    access_until = models.DateTimeField(null=True, help_text="When it ends; null: it does not")
    refresh = SecretField(help_text="What the next access token is fetched with; it changes each time; encrypted")
    tried_at = models.DateTimeField(
        null=True, help_text="Since when it may have been used without our having an answer"
    )
    lease_until = models.DateTimeField(null=True, help_text="Until then one run alone may renew")
    lease_by = models.CharField(max_length=40, blank=True, help_text="Which run that is")
    granted_at = models.DateTimeField(null=True, help_text="When a person last consented; null: nobody did yet")
    granted_by = models.CharField(max_length=200, blank=True)
    scopes = models.CharField(max_length=2000, blank=True, help_text="What was granted, as the server said it")
    sites = models.JSONField(default=list, help_text="The sites it opens: id, name, address")
    hooks_wanted = models.BooleanField(default=False, help_text="Whether a webhook was registered, and is kept alive")
    hooks_jql = models.TextField(blank=True, help_text="The filter of the registered webhook")
    hooks_until = models.DateTimeField(null=True, help_text="When the registered webhook ends")
    hooks_seen_at = models.DateTimeField(null=True, help_text="When Jira was last asked about it")
    hooks_trouble = models.CharField(max_length=500, blank=True, help_text="Why it could not be looked after")
    trouble = models.CharField(max_length=500, blank=True, help_text="Why somebody has to sign in again; empty: not so")

    class Meta:
        """Beside the other tables."""

        app_label = "store"

    def __str__(self) -> str:
        return self.connection.name
