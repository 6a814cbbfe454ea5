"""The tables about people who sign in here. People themselves are rows of Django's user table; see roles.py.

What opens a door is kept as a digest: who reads the database can not use it.
"""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models


def digest(code: str) -> str:
    """How a code with enough chance in it is kept and looked up: equal digests, and no time that tells of a guess."""
    return hashlib.sha256(code.encode("utf-8", "surrogateescape")).hexdigest()


class Invitation(models.Model):
    """A link that works once: it makes an account, or gives the person `user` a new password."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=150, help_text="The name the person will sign in with")
    role = models.CharField(max_length=10)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Act(models.Model):
    """One line of what people did here: who, when, what, and what was before and after. Append-only.

    Names are kept as they were: a person or an integration that is gone stays readable. The database itself refuses to
    change or delete a line (migrations/…_acts.py).
    """

    at = models.DateTimeField(db_index=True)
    person = models.CharField(max_length=150, blank=True, help_text="Empty: somebody who was not signed in")
    way = models.CharField(max_length=150, help_text="page, command line, or the API token used")
    kind = models.CharField(max_length=12, db_index=True)
    what = models.CharField(max_length=200)
    about = models.CharField(max_length=300, blank=True)
    said = models.TextField(blank=True, help_text="What the person was told")
    done = models.BooleanField(default=True, help_text="False where it was refused")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    address = models.CharField(max_length=45, blank=True)


class ApiToken(models.Model):
    """A key for programs that act as a person, with at most the role given here. Shown once; kept as its digest."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, help_text="What it is for")
    digest = models.CharField(max_length=64, unique=True)
    begins = models.CharField(max_length=12, help_text="Its first characters, to tell tokens apart")
    role = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="Exact to a minute")
    revoked_at = models.DateTimeField(null=True)


class Identity(models.Model):
    """Who a person is at an OpenID Connect provider: the subject, never the e-mail address, which may change hands."""

    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="identities")

    class Meta:
        """One person each."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_per_identity")]
