"""Whether this installation can do its work now, part by part. Knows what to ask; not who asks, nor how it is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.apps import apps
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Max
from django.db.models.functions import Left

from crosswalk.engine.port import Engine
from crosswalk.errors import Refused
from crosswalk.store import schema
from crosswalk.store.opening import READ_ONLY
from crosswalk.store.secrets import KEY_ID, SecretField, keyring

GONE: Final = "the database does not answer"
READ: Final = "the database can only be read"
PARTS: Final = ("database", "migrations", "keys", "worker")
ROOM: Final = 1024 * 1024
"""Bytes without which SQLite soon takes nothing more: a hook may be this long."""


def readiness(engine: Engine) -> dict[str, str]:
    """What keeps each of PARTS from working; empty where it works. Names no address, no record and no key."""
    looks: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "keys": _keys,
        "worker": lambda: _worker(engine),
    }
    found: dict[str, str] = {}
    gone = ""  # and then nothing else is asked of it
    for part in PARTS:
        try:
            found[part] = gone or looks[part]()
        except (DatabaseError, InterfaceError) as error:
            found[part] = READ if READ_ONLY in str(error) else GONE
            gone = found[part] if part == "database" else ""
    return found


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1" if connection.vendor == "sqlite" else "SHOW transaction_read_only")
        (said,) = cursor.fetchone()
    if said == "on":
        return READ
    return disk(Path(connection.settings_dict["NAME"]).parent) if connection.vendor == "sqlite" else ""


def disk(folder: Path, look: Callable[[Path], os.statvfs_result] = os.statvfs) -> str:
    """Why nothing can be kept in `folder`, so that hooks are not taken in; "" where it can."""
    found = look(folder)
    if found.f_flag & os.ST_RDONLY:
        return "the disk of the database is read-only"
    return "the disk of the database is full" if found.f_bavail * found.f_frsize < ROOM else ""


def _migrations() -> str:
    if schema.newer():
        return "a newer version changed the tables"
    return "the tables are those of an older version" if schema.missing() else ""


def _keys() -> str:
    try:
        check_keys()
    except Refused:
        return "a stored secret does not open with the keys that are here"
    return ""


def check_keys() -> None:
    """Raises Refused where the keys that are here do not open what is stored.

    Of each kind one secret is opened for each key that sealed any: a key that is missing is missing for all of those.
    """
    keys = keyring()
    for model in apps.get_models():
        for field in (one for one in model._meta.get_fields() if isinstance(one, SecretField)):
            sealed = model._base_manager.exclude(**{field.attname: ""})
            newest = sealed.values(key=Left(field.attname, KEY_ID)).annotate(newest=Max("pk")).values("newest")
            for row in model._base_manager.filter(pk__in=newest).order_by("-pk"):
                keys.open(field.place(row), row.__dict__[field.attname])


def _worker(engine: Engine) -> str:
    return "" if engine.workers() else "no worker gave a sign of life lately"
