"""Whether this installation can do its work now, part by part. Knows what to ask; not who asks, nor how it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.apps import apps
from django.db import DatabaseError, InterfaceError, connection

from crosswalk.engine.port import Engine
from crosswalk.errors import Refused
from crosswalk.store import schema
from crosswalk.store.secrets import SecretField, keyring

PARTS: Final = ("database", "migrations", "keys", "worker")


def readiness(engine: Engine) -> dict[str, str]:
    """What keeps each of PARTS from working; empty where it works. Names no address, no record and no key."""
    looks: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "keys": _keys,
        "worker": lambda: _worker(engine),
    }
    found: dict[str, str] = {}
    for part in PARTS:
        try:
            found[part] = "the database does not answer" if found.get("database") else looks[part]()
        except (DatabaseError, InterfaceError):
            found[part] = "the database does not answer"
    return found


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return ""


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

    One secret of each kind is opened: a key that is missing is missing for all that it sealed.
    """
    keys = keyring()
    for model in apps.get_models():
        for field in (one for one in model._meta.get_fields() if isinstance(one, SecretField)):
            row = model._base_manager.exclude(**{field.attname: ""}).order_by("-pk").first()
            if row is not None:
                keys.open(field.place(row), row.__dict__[field.attname])


def _worker(engine: Engine) -> str:
    return "" if engine.workers() else "no worker gave a sign of life lately"
