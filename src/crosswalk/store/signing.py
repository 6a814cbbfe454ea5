"""The tables about people who sign in here. People themselves are rows of Django's user table; see roles.py.

What opens a door is kept as a digest: who reads the database can not use it.
"""

from __future__ import annotations

import hashlib

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
