"""Whether the tables are those of this version: what is missing, and what a newer version made. Changes nothing."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

_OURS: Final = ("store", "procrastinate")
"""Whose later migrations a version that does not know them can not live with. What others made stays theirs."""


@cache
def _known() -> frozenset[tuple[str, str]]:
    """Every migration that comes with this version."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _applied(alias: str) -> frozenset[tuple[str, str]]:
    return frozenset(MigrationRecorder(connections[alias]).applied_migrations())


def missing(alias: str = "default") -> list[str]:
    """Migrations of this version that the database has not seen, by name."""
    return sorted(f"{app} {name}" for app, name in _known() - _applied(alias))


def newer(alias: str = "default") -> list[str]:
    """Migrations that the database has seen and this version does not know: a newer one was here."""
    return sorted(f"{app} {name}" for app, name in _applied(alias) - _known() if app in _OURS)
