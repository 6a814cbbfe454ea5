"""From SQLite to PostgreSQL: every row of every table, sealed secrets, numbers that go on; or nothing at all."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from tests import postgres
from tests.django_setup import postgresql_template
from tests.processes import environment
from tests.store.filled import fill

from crosswalk.config import Config, database_at
from crosswalk.errors import Refused
from crosswalk.store.database import databases

pytestmark = pytest.mark.postgres
READ = """
import os, sys
from crosswalk import config
from crosswalk.web import start
start.prepare(config.read(os.environ))
from crosswalk.store.models import Connection
from crosswalk.sync.installation import current
said = [Connection.objects.get(name="Kept").secret.reveal()]
said.append(Connection.objects.create(name="New", kind="aha", address="https://z.test").pk)
said += sorted(job.key for job in current().engine.list())
sys.stdout.write(" ".join(map(str, said)))
"""


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Django knows no second database afterwards."""
    yield
    if "target" in connections.settings:
        connections["target"].close()
        del connections.settings["target"], connections["target"]


@pytest.fixture
def empty(tmp_path: Path, _forgotten: None) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    yield from _made(f"empty_{tmp_path.name}", "template0")


@pytest.fixture
def target(tmp_path: Path, _forgotten: None) -> Iterator[str]:
    """The address of one that has tables and no rows, which is as good and is made in no time."""
    yield from _made(f"moved_{tmp_path.name}", postgresql_template())


def _made(name: str, template: str) -> Iterator[str]:
    server, name = postgres.server(), name.lower()
    server.create(name, template=template)
    yield server.url(name)
    if "target" in connections.settings:
        connections["target"].close()
    server.drop(name)


@pytest.fixture
def filled(database: Config) -> Config:
    """A SQLite database with rows in every table."""
    from crosswalk.store import transfer

    with transaction.atomic():
        fill([one for one in transfer.tables() if one._meta.db_table not in transfer._MADE_ANEW])
    assert all(one.rows for one in transfer.sums("default").values())
    return database


def there(config: Config, url: str) -> Config:
    return replace(config, database=database_at(url, config.home))


def move(config: Config, url: str) -> list[str]:
    from crosswalk.sync import moving

    return list(moving.move(config.home, there(config, url)))


def count(url: str, statement: str) -> int:
    import psycopg

    with psycopg.connect(url) as line:
        found = line.execute(statement.encode()).fetchone()
        assert found
        return int(found[0])


def test_everything_is_there_afterwards(filled: Config, empty: str) -> None:
    from crosswalk.store import transfer
    from crosswalk.store.models import Connection, Job

    for number, (key, state) in enumerate((("errand:1", "todo"), ("pair:2", "doing"), ("pair:2", "todo"))):
        Job.objects.create(key=key, kind="errand", priority=number, due_at="2026-11-24T10:00Z", state=state)
    Connection.objects.create(name="Kept", kind="jira", address="https://y.test", secret="a token")
    removed = Connection.objects.create(name="Removed", kind="jira", address="https://x.test", secret="s")
    last = removed.pk
    removed.delete()
    file = hashlib.sha256(filled.database.path.read_bytes()).hexdigest()
    before = transfer.sums("default")
    assert "counts and digests are the same" in move(filled, empty)[-1]
    assert transfer.sums("default") == before
    assert hashlib.sha256(filled.database.path.read_bytes()).hexdigest() == file
    keys = {"CROSSWALK_KEYS": settings.CONFIG.keys_file.read_text("ascii").splitlines()[-1]}
    env = {**environment(there(filled, empty)), **keys}
    done = subprocess.run(
        [sys.executable, "-c", READ], check=False, env=env, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == ["a", "token", str(last + 1), "errand:1", "pair:2"], done.stderr


def test_a_database_that_is_not_empty_is_left_alone(filled: Config, target: str) -> None:
    move(filled, target)
    before = count(target, "SELECT count(*) FROM store_pair")
    with pytest.raises(Refused, match="not empty"):
        move(filled, target)
    assert count(target, "SELECT count(*) FROM store_pair") == before == 2


@pytest.mark.parametrize("made", [("contenttypes",), ("store", "0007")])
def test_a_move_that_was_cut_off_may_begin_again(filled: Config, empty: str, made: tuple[str, ...]) -> None:
    """Somebody pressed Ctrl-C, or the machine went down: some tables are there, and nothing is in them."""
    from crosswalk.sync import moving

    moving._open(databases(there(filled, empty))["default"])
    call_command("migrate", *made, database=moving.TARGET, interactive=False, verbosity=0)
    connections[moving.TARGET].close()
    assert "counts and digests are the same" in move(filled, empty)[-1]


def test_a_target_that_would_not_take_every_letter_is_refused(database: Config, empty: str) -> None:
    server, name = postgres.server(), empty.rpartition("/")[2]
    server.drop(name)
    server.execute(f'CREATE DATABASE "{name}" ENCODING LATIN1 TEMPLATE template0')
    with pytest.raises(Refused, match="LATIN1"):
        move(database, empty)
    assert count(empty, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_tables_of_something_else_are_left_alone(database: Config, empty: str) -> None:
    import psycopg

    with psycopg.connect(empty, autocommit=True) as line:
        line.execute("CREATE TABLE accounts (id int)")
    with pytest.raises(Refused, match="something else, such as accounts"):
        move(database, empty)
    assert count(empty, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 1


def test_what_the_target_does_not_take_moves_nothing(filled: Config, target: str) -> None:
    from crosswalk.store.models import Pair

    pair = Pair.objects.order_by("pk").first()
    assert pair
    Pair.objects.filter(pk=pair.pk).update(title="x" * 301)
    with pytest.raises(Refused, match=f"the row {pair.pk} of store_pair"):
        move(filled, target)
    assert count(target, "SELECT count(*) FROM store_integration") == 0
    Pair.objects.filter(pk=pair.pk).update(title="x" * 300)
    assert "the same" in move(filled, target)[-1], "what is left of a first attempt is no hindrance"


def test_a_copy_that_differs_is_noticed(filled: Config, target: str) -> None:
    """The comparison is worth something: each kind of change is seen."""
    from crosswalk.store import transfer
    from crosswalk.store.models import HookDelivery, Pair, RequestEntry

    before = transfer.sums("default")
    for model, field, value in (
        (Pair, "base", {"a": 1}),
        (HookDelivery, "body", b"other"),
        (RequestEntry, "at", 1.5),
        (Pair, "title", ""),
    ):
        with transaction.atomic():
            model.objects.filter(pk=model.objects.order_by("pk")[0].pk).update(**{field: value})
            assert transfer.differing(before, transfer.sums("default")) == [model._meta.db_table]
            transaction.set_rollback(True)


def test_nothing_moves_while_the_service_runs(filled: Config, target: str) -> None:
    from crosswalk.store.locks import take_lock

    with closing(take_lock(filled.home / "engine.lock")), pytest.raises(Refused, match="Another Crosswalk process"):
        move(filled, target)


def test_a_target_that_does_not_answer_is_told_without_its_password(database: Config) -> None:
    with pytest.raises(Refused, match="does not answer") as refused:
        move(database, "postgresql://someone:pa55word@127.0.0.1:1/x")
    assert "pa55word" not in str(refused.value)
