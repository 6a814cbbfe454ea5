"""A database on PostgreSQL that one test after another uses: emptied in between, which costs a tenth of a fresh copy.

It is given away no more where somebody is still in it, or where a test changed its tables or what migrating left in
them: then the next test gets a fresh copy.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tests.postgres import Server

PATIENCE = 2.0  # seconds for those who were in it to be gone
_CHANGED = " UNION ALL ".join(
    f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}"
    for name in ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc")
)
"""What differs as soon as tables, indexes, triggers or functions do."""
_SEND_AWAY = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid()"
)
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_NUMBERS = "SELECT quote_ident(sequencename), start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"


@dataclass(frozen=True)
class Again:
    """A database as migrating left it, and how it gets there again."""

    name: str
    shape: list[Any]
    held: str
    """The question what the tables hold that are not empty,"""
    said: str
    """and the answer."""
    empty: str
    """The statements that empty all others, and have numbers begin anew."""

    def clear(self, server: Server) -> bool:
        """Have it as it was; False where that can not be done in this way."""
        with _within(server, self.name) as connection:
            deadline = time.monotonic() + PATIENCE
            while connection.execute(_SEND_AWAY).fetchone()[0]:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.005)
            if connection.execute(_CHANGED).fetchall() != self.shape:
                return False
            connection.execute(self.empty)
            return _said(connection, self.held) == self.said


def made(server: Server, name: str, template: str) -> Again:
    """Make the database `name` as a copy of `template`, to be used again and again."""
    server.create(name, template=template)
    with _within(server, name) as connection:
        tables = [table for (table,) in connection.execute(_TABLES).fetchall()]
        full = [table for table in tables if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()]
        held = " || ".join(
            f"(SELECT coalesce(string_agg(r::text, ' ' ORDER BY r::text), '') FROM {table} r)" for table in full
        )
        numbers = [
            f"SELECT setval('{number}', {last or start}, {'true' if last else 'false'})"
            for number, start, last in connection.execute(_NUMBERS).fetchall()
        ]
        cleared = [f"DELETE FROM {table}" for table in tables if table not in full]
        # Triggers keep some tables from being emptied; here they are asleep.
        empty = "; ".join(("SET session_replication_role = replica", *cleared, *numbers))
        return Again(name, connection.execute(_CHANGED).fetchall(), held, _said(connection, held), empty)


def _said(connection: Any, held: str) -> str:
    return str(connection.execute(f"SELECT md5({held})").fetchone()[0])


def _within(server: Server, name: str) -> Any:
    import psycopg

    return psycopg.connect(server.url(name), autocommit=True)
