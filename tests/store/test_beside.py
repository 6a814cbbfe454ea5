"""While the tables change, whoever works on them goes on: changes that find a table in use step back and come again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from tests import postgres
from tests.scaled.cluster import until
from tests.store.filled import fill
from tests.store.test_blocking import BEFORE_RELEASE

from crosswalk.config import Config
from crosswalk.errors import Refused
from crosswalk.store import opening, schema
from crosswalk.store.database import alone, patient

pytestmark = pytest.mark.postgres
FIRST = f"{BEFORE_RELEASE}_signed_hooks"
_FILES = "SELECT relname, relfilenode FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


@dataclass
class Worker:
    """An old process: changes a row of each table in short transactions, without pause."""

    address: str
    tables: list[str]
    rounds: int = 0
    trouble: list[Exception] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    went_on: threading.Condition = field(default_factory=threading.Condition)

    def work(self) -> None:
        try:
            with psycopg.connect(self.address, autocommit=True) as line:
                while not self.ended.is_set():
                    for table in self.tables:
                        line.execute(f"UPDATE {table} SET id = id".encode())
                    with self.went_on:
                        self.rounds += 1
                        self.went_on.notify_all()
        except psycopg.Error as error:
            self.trouble.append(error)

    def goes_on(self) -> bool:
        """Whether it changes every table once more."""
        with self.went_on:
            wanted = self.rounds + 2  # one may have begun before
            return self.went_on.wait_for(lambda: self.rounds >= wanted or bool(self.trouble), 30) and not self.trouble


@contextmanager
def working(address: str, tables: list[str]) -> Iterator[Worker]:
    found = Worker(address, tables)
    thread = threading.Thread(target=found.work)
    thread.start()
    try:
        yield found
    finally:
        found.ended.set()
        thread.join()


def files() -> dict[str, Any]:
    """The file of each table: another one after a change means that every row was written anew."""
    with connection.cursor() as cursor:
        cursor.execute(_FILES)
        return dict(cursor.fetchall())


@contextmanager
def at_first(config: Config) -> Iterator[tuple[str, list[str]]]:
    """The tables of the version that upgrades began with, filled; where they are, and their names."""
    call_command("migrate", "store", FIRST, verbosity=0)
    old = MigrationLoader(connection).project_state(("store", FIRST)).apps.get_models()
    mine = [model for model in old if model._meta.app_label == "store"]
    fill(mine)
    # Lines of an act are never changed, which a trigger sees to.
    tables = [model._meta.db_table for model in mine if model._meta.pk.column == "id" and model.__name__ != "Act"]
    assert {"store_pair", "store_integration", "store_connection", "store_acquaintance"} <= set(tables)
    try:
        yield postgres.server().url(config.database.name), tables
    finally:
        call_command("migrate", verbosity=0)


def test_everybody_goes_on_while_a_change_waits_for_a_table_that_is_in_use(postgresql: Config) -> None:
    with at_first(postgresql) as (address, tables), psycopg.connect(address) as long:
        before = files()
        for table in tables:  # as a back-up does, which holds every table until its end
            long.execute(f"SELECT 1 FROM {table}".encode())
        waited: list[bool] = []
        with working(address, tables) as worker:

            def pause(_: float) -> None:
                waited.append(worker.goes_on())
                if len(waited) == 2:
                    long.rollback()

            opening.migrate(9, pause=pause)
            assert worker.goes_on(), worker.trouble
        assert waited[:2] == [True, True]
        assert schema.missing() == []
        after = files()
        assert {name: after[name] for name in before} == before, "a table was written anew"


def test_a_change_waits_for_who_writes_all_the_time(postgresql: Config) -> None:
    """New tables that point to one in which somebody writes wait for that, too."""
    with at_first(postgresql) as (address, _), psycopg.connect(address) as long:
        for table in ("store_integration", "store_connection"):
            long.execute(f"UPDATE {table} SET id = id".encode())
        opening.migrate(9, pause=lambda _: long.rollback())
        assert schema.missing() == []


def test_a_table_that_is_always_in_use_is_told(postgresql: Config) -> None:
    with at_first(postgresql) as (address, _), psycopg.connect(address) as long:
        long.execute("SELECT 1 FROM store_acquaintance")
        with pytest.raises(Refused, match=r"“store 0030_searched_people” .* was tried 2 times") as refused:
            opening.make_tables(replace(postgresql, backup=False), opening.MADE, tries=2)
        assert "pg_stat_activity" in refused.value.remedy
        long.rollback()


def test_an_index_is_made_while_another_process_waits_for_its_turn(postgresql: Config) -> None:
    """CREATE INDEX CONCURRENTLY waits for every statement that was begun before: none of them may wait for it."""
    done = threading.Event()

    def start() -> None:
        with alone(postgresql):
            done.set()
        connections.close_all()

    with alone(postgresql), patient(20), connection.cursor() as line:
        other = threading.Thread(target=start)
        other.start()
        until(lambda: len(_here()) > 1, "the other process asks")
        line.execute("CREATE INDEX CONCURRENTLY later ON store_pair (right_key)")
        line.execute("DROP INDEX later")
        assert not done.is_set(), "one at a time"
    other.join(30)
    assert done.is_set()


def _here() -> list[int]:
    """Who asked for the right to change the tables."""
    with connection.cursor() as line:
        line.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND query LIKE '%advisory_lock%'"
        )
        return [pid for (pid,) in line.fetchall()]
