"""See the package. Django finds the class by its name here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base as stock
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

WRITES = ("INSERT", "UPDATE", "DELETE")
SPOKEN = {
    "MIN(due_at, ": "LEAST(due_at, ",
    "MAX(priority, ": "GREATEST(priority, ",
    "DO UPDATE SET due_at = LEAST(due_at": "DO UPDATE SET due_at = LEAST(store_job.due_at",
    "GREATEST(priority, excluded": "GREATEST(store_job.priority, excluded",
    "(SELECT value FROM json_each(%s))": "(SELECT json_array_elements_text(%s::json))",
}
"""What the embedded engine, which a story turns by hand, says to SQLite alone."""


class Counted(CursorWrapper):
    """Counts the rows that each statement changed."""

    def _execute(self, sql: str, params: Any, *ignored: Any) -> Any:
        for said, meant in SPOKEN.items() if "store_job" in sql else ():
            sql = sql.replace(said, meant)
        done = super()._execute(sql, params, *ignored)
        if sql.lstrip().startswith(WRITES):
            self.db.total_changes += max(0, self.cursor.rowcount)
        return done


class DatabaseWrapper(stock.DatabaseWrapper):
    """Has what the simulator asks of a connection to SQLite."""

    total_changes = 0
    told: Callable[[], None] = staticmethod(lambda: None)

    @property
    def in_transaction(self) -> bool:
        """Whether what was written may still be undone."""
        return bool(self.connection.info.transaction_status != TransactionStatus.IDLE)

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """See Django."""
        return Counted(cursor, self)

    def commit(self) -> None:
        """See Django."""
        super().commit()
        self.told()
