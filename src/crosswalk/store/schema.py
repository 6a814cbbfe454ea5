"""Whether the tables are those of this version: what is missing, and what a newer version made. Changes nothing."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from crosswalk.errors import Refused

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


def foreign(alias: str = "default") -> list[str]:
    """Tables of something else; also where Crosswalk's own were only begun."""
    there = connections[alias].introspection.table_names()
    ours = {MigrationRecorder.Migration._meta.db_table}
    ours |= {one._meta.db_table for one in apps.get_models(include_auto_created=True)}
    return sorted({name for name in there if not name.startswith("procrastinate_")} - ours)


def check_encoding(alias: str = "default") -> None:
    """Raises Refused for a PostgreSQL that would take some texts and not others."""
    line = connections[alias]
    if line.vendor != "postgresql":
        return
    with line.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        (found,) = cursor.fetchone()
    if found != "UTF8":
        raise Refused(
            f"The PostgreSQL database keeps texts in {found}, which does not have every letter.",
            remedy="Make one with ENCODING 'UTF8' TEMPLATE template0; what is in this one, pg_dump carries there.",
        )
