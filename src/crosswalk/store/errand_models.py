"""The columns of work that a person asked for, and the table of integrations that are being made."""

from __future__ import annotations

from django.db import models


class Progress(models.Model):
    """How far a piece of work is that takes longer than a page may, and what came of it."""

    person = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    step = models.CharField(max_length=200, blank=True, help_text="What it does now")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    code = models.CharField(max_length=10, blank=True)

    class Meta:
        """Columns of other tables."""

        abstract = True


class NewIntegration(Progress):
    """An integration that a person asked for: its project data is loaded first. Nothing is kept where that fails."""

    name = models.CharField(max_length=200, blank=True, help_text="Empty: as the workspace is called")
    aha = models.ForeignKey("store.Connection", models.CASCADE, related_name="+")
    jira = models.ForeignKey("store.Connection", models.CASCADE, related_name="+")
    workspace = models.CharField(max_length=100, help_text="Its id in Aha!")
    project = models.CharField(max_length=100, help_text="Its id in Jira")
    file = models.TextField(blank=True, db_default="", help_text="The file that it is made of; empty: by a form")
    said = models.TextField(blank=True, db_default="", help_text="What came of the file, line by line")
    made = models.ForeignKey("store.Integration", models.SET_NULL, null=True, related_name="+")

    class Meta:
        """In the order in which they were asked for."""

        app_label = "store"
