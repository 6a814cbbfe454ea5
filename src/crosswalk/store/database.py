"""How the database is opened. Knows Django's setting format and the two databases; nothing of what is kept in them."""

from __future__ import annotations

from typing import Any

from crosswalk.config import Config

# WAL lets pages read while a worker writes; FULL, because NORMAL may lose the last commits when the power fails
# (https://www.sqlite.org/pragma.html#pragma_synchronous), and a lost commit here could double a create.
_SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def databases(config: Config) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for `config`: SQLite in the home folder, or PostgreSQL through psycopg.

    SQLite transactions begin IMMEDIATE, so that a transaction that reads and then writes waits its turn (up to 20 s)
    instead of failing with "database is locked"
    (https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-transaction-behavior).
    Connections are kept open per thread and checked before they are used again.
    """
    database = config.database
    if not database.postgres:
        return {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(database.path),
                "CONN_MAX_AGE": None,
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": _SQLITE_START},
            }
        }
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": database.host,
            "PORT": str(database.port),
            "NAME": database.name,
            "USER": database.user,
            "PASSWORD": database.password,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 10},
        }
    }


def prepare_home(config: Config) -> None:
    """Make the home folder, readable by its owner alone, where it is not there yet."""
    config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
