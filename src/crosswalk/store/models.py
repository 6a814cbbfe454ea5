"""The tables. Each model says what one row is; nothing here decides anything.

A pair's truth is `dirty` and `done`: news raises the first, a finished run sets the second to what it saw. It is due
while they differ and `due_at` has come. `fence` grows with each run, so that an overtaken run's writes are refused.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from crosswalk.store.dispute_models import DisputeRow
from crosswalk.store.errand_models import NewIntegration, Progress
from crosswalk.store.finding_models import Finding
from crosswalk.store.job_models import Job
from crosswalk.store.request_models import RequestEntry
from crosswalk.store.secrets import SecretField
from crosswalk.store.signing import Act, ApiToken, Identity, Invitation

# Django finds tables in this module only; others (people who sign in, conflicts, findings, requests) stand elsewhere.
__all__ = [
    "Acquaintance",
    "Act",
    "ApiToken",
    "Connection",
    "CreateIntent",
    "DisputeRow",
    "Finding",
    "HookDelivery",
    "Identity",
    "Integration",
    "Invitation",
    "Job",
    "JournalEntry",
    "NewIntegration",
    "Pair",
    "PartRow",
    "ProjectData",
    "RemovalRow",
    "RequestEntry",
]


class Connection(models.Model):
    """An account on one side: address, credentials, what the server turned out to be."""

    class Kind(models.TextChoices):
        """Which product answers at the address."""

        AHA = "aha", "Aha!"
        JIRA = "jira", "Jira"

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    address = models.CharField(max_length=500, help_text="Base address without a trailing slash")
    user = models.CharField(max_length=320, blank=True, help_text="E-mail or user name; empty for a bearer token")
    secret = SecretField(help_text="API key, token or password; encrypted, never shown again")
    authority = models.TextField(blank=True, help_text="PEM certificate of a private authority, for on-premise servers")
    certificate = SecretField(help_text="PEM client certificate and its key, for servers that ask for one; encrypted")
    proxy = models.CharField(max_length=500, blank=True, help_text="Address of the proxy that leads to the server")
    proxy_login = SecretField(help_text="name:password for the proxy; encrypted")
    server = models.JSONField(default=dict, help_text="What Test connection found: flavour, version, account, rights")
    checked_at = models.DateTimeField(null=True)
    ends_on = models.DateField(null=True, blank=True, help_text="When the secret ends, as a person said")
    paused = models.CharField(max_length=500, blank=True, help_text="Why nothing is sent; empty while it works")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Template(models.Model):
    """A mapping that several integrations use; with connections, new ones can be made from it."""

    name = models.CharField(max_length=200, unique=True)
    data = models.JSONField()
    aha = models.ForeignKey(Connection, models.SET_NULL, null=True, related_name="+")
    jira = models.ForeignKey(Connection, models.SET_NULL, null=True, related_name="+")
    person = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Integration(models.Model):
    """One Aha! workspace joined to one Jira project through two connections, with a mapping and settings."""

    name = models.CharField(max_length=200, unique=True)
    aha = models.ForeignKey(Connection, models.PROTECT, related_name="+")
    jira = models.ForeignKey(Connection, models.PROTECT, related_name="+")
    workspace = models.CharField(max_length=100, help_text="Aha! workspace: its unchanging id")
    workspace_key = models.CharField(max_length=100, help_text="Its reference prefix, as people say it")
    project = models.CharField(max_length=100, help_text="Jira project: its unchanging id")
    project_key = models.CharField(max_length=100, help_text="Its key, as people say it")
    mapping = models.JSONField(default=dict, help_text="Types, field rules, value maps, options: see sync/mapping.py")
    template = models.ForeignKey(Template, models.SET_NULL, null=True, related_name="users")
    taken = models.JSONField(default=dict, help_text="The template's mapping as it was last taken")
    enabled = models.BooleanField(default=False)
    hook_secret = SecretField(help_text="The unguessable part of its webhook addresses; encrypted")
    hook_signature = SecretField(blank=True, default="", help_text="What Jira signs its hooks with; encrypted")
    hooks_signed = models.BooleanField(default=False, help_text="Whether Jira's hooks were signed once, and have to be")
    aha_cursor = models.CharField(max_length=200, blank=True)
    jira_cursor = models.CharField(max_length=200, blank=True)
    polled_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True, help_text="When everything was last compared")
    hooked_at = models.DateTimeField(null=True, help_text="When a hook last arrived")
    aha_missed_at = models.DateTimeField(null=True, help_text="When a poll found a change that no hook had told of")
    jira_missed_at = models.DateTimeField(null=True, help_text="The same of Jira")
    trouble = models.CharField(max_length=500, blank=True, help_text="What keeps it from working; empty while it works")
    drift = models.TextField(blank=True, help_text="What the mapping names and a side has no more, line by line")
    drift_at = models.DateTimeField(null=True, help_text="When that was last looked at")
    stopped = models.TextField(blank=True, help_text="What a sweep would change, while that waits for a person's word")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class MappingVersion(models.Model):
    """A mapping that an integration had, has, or (a draft) would have once a person has seen what it would do."""

    integration = models.ForeignKey(Integration, models.CASCADE, related_name="versions")
    data = models.JSONField()
    before = models.CharField(max_length=64, blank=True, help_text="Digest of the mapping it was made from")
    note = models.TextField(blank=True, help_text="What is different in it, in sentences")
    person = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="When it became the mapping; null for a draft")


class Errand(Progress):
    """Something a person asked for that takes longer than a page may: a plan, a load of project data. Runs once."""

    integration = models.ForeignKey(Integration, models.CASCADE, related_name="errands")
    what = models.CharField(max_length=10, help_text="Which errand: see sync/errands.py")
    asked = models.JSONField(default=dict, help_text="What it is about: a release, a draft of the mapping")
    result = models.JSONField(default=dict)

    class Meta:
        """The newest of a kind is what pages show."""

        indexes: ClassVar = [models.Index(fields=["integration", "what", "-id"], name="errand_newest")]


class ProjectData(models.Model):
    """What "Load project data" fetched from one side of an integration."""

    integration = models.ForeignKey(Integration, models.CASCADE, related_name="project_data")
    side = models.CharField(max_length=5)
    data = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        """One per side."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["integration", "side"], name="project_data_per_side")]


class Pair(models.Model):
    """An Aha! record (left) and a Jira record (right) that stand for the same thing; one side may still be to come."""

    class State(models.TextChoices):
        """What a person sees about a pair."""

        NEW = "new", "To be sent"
        AGREED = "agreed", "In step"
        WAITING = "waiting", "Trying again"
        ASKING = "asking", "Needs attention"
        PARKED = "parked", "Stopped"
        GONE = "gone", "Deleted on one side"

    integration = models.ForeignKey(Integration, models.CASCADE, related_name="pairs")
    kind = models.CharField(max_length=20, help_text="The Aha! kind: feature, requirement, release, epic, initiative")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    left_kind = models.CharField(max_length=20, blank=True)
    left_id = models.CharField(max_length=64, null=True)
    left_key = models.CharField(max_length=100, blank=True)
    right_kind = models.CharField(max_length=20, blank=True)
    right_id = models.CharField(max_length=64, null=True)
    right_key = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=300, blank=True, help_text="For lists and messages")
    left_url = models.CharField(max_length=500, blank=True)
    right_url = models.CharField(max_length=500, blank=True)
    base = models.JSONField(default=dict)
    dirty = models.BigIntegerField(default=1)
    done = models.BigIntegerField(default=0)
    left_told = models.BigIntegerField(default=0, help_text="The dirty count when the left last had news")
    right_told = models.BigIntegerField(default=0, help_text="The dirty count when the right last had news")
    due_at = models.DateTimeField(help_text="Not before this moment")
    urgent = models.BooleanField(default=False, help_text="A person waits for it: before bulk work")
    tries = models.IntegerField(default=0)
    looks = models.IntegerField(default=0, db_default=0, help_text="Those tries that saw what is not believed at once")
    looked_at = models.DateTimeField(null=True, help_text="The first of those looks")
    fence = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    reason = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    code = models.CharField(max_length=10, blank=True, db_default="", help_text="Of the reason: a file in docs/errors")
    held = models.CharField(max_length=10, blank=True, help_text="paused, ignored or unlinked by a person: no run")
    ends = models.JSONField(default=dict, help_text="What an unlinked pair was joined with, to link it again")
    woken = models.CharField(max_length=300, blank=True, help_text="What last woke it: a hook, a poll, a sweep, who")
    by = models.JSONField(default=dict, help_text="Who last changed it on each side, where a hook said so")
    joining = models.JSONField(
        null=True, help_text="What a person said about two records joined by hand, see merge/settle.py"
    )
    deleted_on = models.CharField(max_length=5, blank=True, help_text="The side that said its record was deleted")
    apart = models.JSONField(
        null=True, help_text="The fields in which two records in step differ; null for none, or nobody looked yet"
    )
    agreed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A record is in one pair of an integration at most (invariant I1)."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["integration", "left_kind", "left_id"], name="one_pair_per_left"),
            models.UniqueConstraint(fields=["integration", "right_kind", "right_id"], name="one_pair_per_right"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-urgent", "due_at", "id"], condition=~Q(dirty=F("done")), name="pair_due"),
            models.Index(fields=["integration", "state"], name="pair_state"),
            models.Index(fields=["integration", "held"], condition=~Q(held=""), name="pair_held"),
            models.Index(fields=["integration", "held", "state"], name="pair_counted"),
            models.Index(
                fields=["integration", "held", "state", "due_at", "dirty", "done"],
                condition=~Q(dirty=F("done")),
                name="pair_due_here",
            ),
            models.Index(
                fields=["integration", "held", "state", "right_id"], condition=Q(right_id=None), name="pair_alone"
            ),
            models.Index(fields=["right_kind", "right_id"], name="pair_right"),
            models.Index(fields=["left_kind", "left_id"], name="pair_left"),
            models.Index(fields=["integration"], condition=Q(joining__isnull=False), name="pair_joined"),
            models.Index(
                fields=["integration", "held", "state", "kind", "dirty", "done"],
                condition=Q(apart__isnull=False),
                name="pair_apart",
            ),
        ]

    def __str__(self) -> str:
        left, right = (getattr(self, name) or self.ends.get(name) or "…" for name in ("left_key", "right_key"))
        return f"{left} ↔ {right}"

    @property
    def key(self) -> str:
        """What people call it: its key in Aha!, else in Jira, else the one that it had before it was unlinked."""
        return str(self.left_key or self.right_key or self.ends.get("left_key") or self.ends.get("right_key") or "")


class PartRow(models.Model):
    """Two parts (comments, attachments, links) of a pair's records that stand for each other; see merge/parts.py."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=20, help_text="comment, attachment or link")
    left_id = models.CharField(max_length=200, null=True, help_text="Null where it was removed and the other stays")
    right_id = models.CharField(max_length=200, null=True)
    origin = models.CharField(max_length=5, help_text="The side on which a person made it")
    held = models.JSONField(help_text="What each side held when they last agreed")

    class Meta:
        """A part stands for one part at most."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pair", "kind", "left_id"], name="one_twin_per_left_part"),
            models.UniqueConstraint(fields=["pair", "kind", "right_id"], name="one_twin_per_right_part"),
        ]


class Acquaintance(models.Model):
    """A person of one side as an integration met or was told of them, and who that is on the other side."""

    integration = models.ForeignKey(Integration, models.CASCADE, related_name="people")
    side = models.CharField(max_length=5, help_text="Where this person was met: left or right")
    person_id = models.CharField(max_length=200)
    email = models.CharField(max_length=320, blank=True)
    name = models.CharField(max_length=200, blank=True)
    other_id = models.CharField(max_length=200, blank=True, help_text="Set by hand; empty: found by e-mail or nobody")
    other_name = models.CharField(max_length=200, blank=True)
    needed = models.IntegerField(default=0, help_text="How often nobody was found for them")
    needed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    found_id = models.CharField(max_length=200, blank=True, db_default="", help_text="Whom an exact search found")
    searched_at = models.DateTimeField(null=True, help_text="When that was searched")

    class Meta:
        """One row a person."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["integration", "side", "person_id"], name="one_row_per_person"),
        ]


class CreateIntent(models.Model):
    """A create that is about to be sent, or was, and its token. Closed when the record is known or surely absent."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="intents")
    side = models.CharField(max_length=5)
    token = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="Last sent without a sure answer; null: surely not landed")
    closed_at = models.DateTimeField(null=True)
    base = models.JSONField(null=True, help_text="What both sides hold if it landed as it was last sent")
    made = models.CharField(max_length=100, blank=True, db_default="", help_text="The record's id, when closed")

    class Meta:
        """One open intent per pair and side."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pair", "side"], condition=Q(closed_at=None), name="one_open_intent")
        ]


class RemovalRow(models.Model):
    """A delete that is wanted because the counterpart was deleted, or was done; what a person said about it."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="removals")
    side = models.CharField(max_length=5, help_text="Where the record is that is to be deleted: left or right")
    since = models.DateTimeField()
    word = models.CharField(max_length=3, blank=True, help_text="yes, no, or empty while nobody was asked")
    person = models.CharField(max_length=200, blank=True)
    doubt = models.BooleanField(default=False, help_text="The counterpart may be hidden; a person says whether")
    emptied = models.BooleanField(default=False, db_default=False, help_text="Fields are emptied, nothing is deleted")
    done_at = models.DateTimeField(null=True)

    class Meta:
        """One open delete per pair and side; counted by time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pair", "side"], condition=Q(done_at=None), name="one_open_removal")
        ]
        indexes: ClassVar = [models.Index(fields=["side", "done_at"], name="removal_done")]


class HookDelivery(models.Model):
    """A webhook delivery, kept before it is answered. The identifier removes doubles."""

    integration = models.ForeignKey(Integration, models.CASCADE, null=True, related_name="hooks")
    side = models.CharField(max_length=5)
    identifier = models.CharField(max_length=200, unique=True, help_text="The server's, or the body's digest")
    received_at = models.DateTimeField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    seen_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True, help_text="What it woke, or why it is not ours")

    class Meta:
        """Unseen ones are looked for."""

        indexes: ClassVar = [models.Index(fields=["received_at"], condition=Q(seen_at=None), name="hook_unseen")]


class JournalEntry(models.Model):
    """One line of the account of what was read, decided and written, and why. Append-only."""

    at = models.DateTimeField(db_index=True)
    integration = models.ForeignKey(Integration, models.CASCADE, related_name="journal")
    pair = models.ForeignKey(Pair, models.CASCADE, null=True, related_name="journal")
    run = models.BigIntegerField(null=True, help_text="The fence of the run that wrote it")
    level = models.CharField(max_length=10, default="info", help_text="info, warning or error")
    what = models.TextField()
    why = models.TextField(blank=True)
    side = models.CharField(max_length=5, blank=True)
    field = models.CharField(max_length=200, blank=True)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    code = models.CharField(max_length=10, blank=True)
    kept = models.TextField(blank=True, help_text="A value that was replaced, whole, as JSON")
    wrote = models.TextField(blank=True, help_text="What a write found and what it wrote, whole, as JSON")
    person = models.CharField(max_length=200, blank=True, help_text="Who caused it, where a person did")
    cause = models.CharField(max_length=300, blank=True, help_text="What had woken the run: a hook, a poll, a person")

    class Meta:
        """Read by pair and by integration, newest last."""

        indexes: ClassVar = [
            models.Index(fields=["pair", "id"], name="journal_pair"),
            models.Index(fields=["integration", "id"], name="journal_integration"),
        ]
