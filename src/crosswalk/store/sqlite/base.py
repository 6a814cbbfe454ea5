"""Django's SQLite, in which threads that write queue up instead of asking again and again. Knows no table.

SQLite lets one connection write at a time. Another that wants to sleeps, and asks again after 1, 2, 5, 10, ... 100 ms
(https://www.sqlite.org/c3ref/busy_timeout.html); whoever comes meanwhile gets in before it. Here the threads of a
process have turns (turns.py), which only order them: SQLite alone decides who may write, so that another process, or a
turn that does not come in time, does no harm.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.db.backends.sqlite3 import base as stock

from crosswalk.store.sqlite.turns import Turns

_WRITES: Final = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_ASKED_AGAIN: Final = 0.02
_all: Final[dict[str, Turns]] = {}
_making: Final = threading.Lock()


def turns_of(name: str) -> Turns:
    """The turns at the database file `name`; one in memory belongs to one connection, which has its own."""
    if ":memory:" in name or "mode=memory" in name:
        return Turns()
    with _making:
        return _all.setdefault(name, Turns())


@lru_cache(maxsize=1024)
def _converted(query: str) -> str:
    """A statement with SQLite's places for values: a run asks the same ones again and again."""
    return stock.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def _keep_a_log(line: sqlite3.Connection, patience: float) -> None:
    """Write ahead of the file (WAL), which lets pages read while a worker writes; the file remembers it.

    A file that does not yet, as after a back-up was put back, is changed by the first that opens it. SQLite lets no
    other wait for that while somebody is about to write ("database is locked" at once, whatever the busy timeout is).
    Raises sqlite3.OperationalError where it is still locked after `patience` seconds.
    """
    until = time.monotonic() + patience
    while True:
        try:
            line.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                line.close()
                raise
        time.sleep(_ASKED_AGAIN)


class Cursor(stock.SQLiteCursorWrapper):
    """A cursor that takes a turn for a statement which is a transaction of its own."""

    turns: Turns
    patience: float

    def execute(self, query: str, params: Any = None) -> Any:
        """See sqlite3.Cursor."""
        if self.connection.in_transaction:  # as nearly every statement is
            return super().execute(query, params)
        with self._turn(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """See sqlite3.Cursor."""
        with self._turn(query):
            return super().executemany(query, param_list)

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """See Django's, which looks through each statement anew."""
        return _converted(query) if param_names is None else super().convert_query(query, param_names=param_names)

    @contextmanager
    def _turn(self, query: str) -> Iterator[None]:
        mine = (
            not self.connection.in_transaction
            and query.lstrip()[:7].upper().startswith(_WRITES)
            and self.turns.take(self.patience)
        )
        try:
            yield
        finally:
            if mine:
                self.turns.give()


if TYPE_CHECKING:

    class _Stock(stock.DatabaseWrapper):
        """With what Django's types leave out."""

        def _start_transaction_under_autocommit(self) -> None: ...
        def _commit(self) -> None: ...
        def _rollback(self) -> None: ...
        def _close(self) -> None: ...
else:
    _Stock = stock.DatabaseWrapper


class DatabaseWrapper(_Stock):
    """A connection that takes a turn for each transaction. Django's DATABASES name this package."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns = turns_of(str(self.settings_dict["NAME"]))
        self._patience = float(self.settings_dict["OPTIONS"].get("timeout", 5.0))
        self._mine = False

    def get_new_connection(self, conn_params: Any) -> Any:
        """See Django's."""
        line = super().get_new_connection(conn_params)
        _keep_a_log(line, self._patience)
        return line

    def create_cursor(self, name: str | None = None) -> Any:
        """See Django's; `name` is for servers."""
        assert name is None
        cursor = self.connection.cursor(factory=Cursor)
        cursor.turns, cursor.patience = self._turns, self._patience
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self._mine = self._turns.take(self._patience)
        begun = False
        try:
            super()._start_transaction_under_autocommit()
            begun = True
        finally:
            if not begun:
                self._next()

    def _commit(self) -> None:
        super()._commit()  # one that fails is followed by a roll-back
        self._next()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._next()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._next()

    def _next(self) -> None:
        """The next has the turn, if it was this connection's."""
        if self._mine:
            self._mine = False
            self._turns.give()
