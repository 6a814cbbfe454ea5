"""How the database is opened: what SQLite promises about power cuts, and who waits for whom."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.sqlite3 import base as stock
from django.db.models import F
from tests import postgres
from tests.django_setup import on_postgresql_again, on_sqlite, using
from tests.fixtures_store import Clock, make_integration, make_pair

from crosswalk.config import Config, read
from crosswalk.errors import Refused
from crosswalk.store import asked
from crosswalk.store.connect_models import ConnectSite
from crosswalk.store.database import databases, prepare_home
from crosswalk.store.models import Pair, ProjectData
from crosswalk.store.signing import Act
from crosswalk.store.sqlite.base import turns_of
from crosswalk.store.sqlite.turns import Turns, ahead


def test_sqlite_survives_a_power_cut(tmp_path: Path) -> None:
    config = read({"CROSSWALK_HOME": str(tmp_path / "new" / "home")})
    prepare_home(config)
    prepare_home(config)
    assert config.home.stat().st_mode & 0o777 == 0o700
    with using(databases(config)["default"]), connection.cursor() as cursor:
        found = {}
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
        call_command("migrate", "contenttypes", verbosity=0)
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}
    assert config.database.path.exists()


def test_a_file_put_back_is_opened_while_somebody_is_about_to_write(tmp_path: Path) -> None:
    config = read({"CROSSWALK_HOME": str(tmp_path)})
    with closing(sqlite3.connect(config.database.path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE put_back (number INTEGER)")
        other.execute("BEGIN IMMEDIATE")
        database = databases(config)["default"]
        impatient = {**database, "OPTIONS": {**database["OPTIONS"], "timeout": 0}}
        with using(impatient), pytest.raises(OperationalError, match="locked"):
            connection.ensure_connection()
        with using(database):
            done = threading.Timer(0.3, other.execute, ["COMMIT"])
            done.start()
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA journal_mode")
                assert cursor.fetchone()[0] == "wal"
            done.join()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("statement", ["SELECT %s", "SELECT %s || '%%' || %s", "SELECT '%%s' || %s"])
def test_a_statement_is_turned_as_django_turns_it_however_often(statement: str) -> None:
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(statement, ["a"] * (statement.count("%s") - statement.count("%%s")))
            assert cursor.fetchone()[0] in ("a", "a%a", "%sa")
        turned = cursor.cursor.convert_query(statement)
        assert turned == stock.SQLiteCursorWrapper.convert_query(cursor.cursor, statement)


def test_what_is_mostly_not_there_is_asked_for_in_plain_sql(each_database: Config) -> None:
    integration, at = make_integration(), Clock()()
    with transaction.atomic():
        asked.claim(integration.aha.address)
    assert (asked.loaded(integration.pk), asked.disputed(1)) == ([], False)
    assert (asked.signed_by("grant", integration.aha_id), asked.signed_by("site", integration.jira_id)) == (None, None)
    site = ConnectSite.objects.create(connection=integration.jira, client_key="k", changed_at=at, signed_at=1)
    assert asked.signed_by("site", integration.jira_id) == site.pk
    loaded = ProjectData.objects.create(integration=integration, side="left", data={}, loaded_at=at)
    before = asked.loaded(integration.pk)
    loaded.loaded_at += timedelta(seconds=1)
    loaded.save()
    assert len(before) == 1
    assert asked.loaded(integration.pk) != before


def test_each_transaction_takes_a_turn_and_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "crosswalk.sqlite3"
    with on_sqlite(path) as config, using(databases(config)["default"]):
        turns = turns_of(str(config.database.path))
        seen = []

        class Odd(Exception):
            pass

        with suppress(Odd), transaction.atomic():
            seen.append(turns.taken)
            raise Odd
        with suppress(OperationalError), transaction.atomic():
            connection.cursor().execute("SELECT * FROM nothing_of_the_kind")
        with transaction.atomic(), transaction.atomic():
            connection.close()
        Pair.objects.filter(pk=1).update(title="x")
        seen.append(turns.taken)
        assert turns.take(0)
        connections["default"]._patience = 0.01
        Pair.objects.filter(pk=1).update(title="a turn that does not come in time does no harm")
        turns.give()
    assert seen == [True, False]


def test_who_is_asked_to_hurry_writes_first(tmp_path: Path) -> None:
    turns, order, waiting = Turns(), list[str](), list[threading.Thread]()
    assert turns.take(1)

    def write(name: str, hurried: bool) -> None:
        with ahead() if hurried else nullcontext():
            assert turns.take(60)
        order.append(name)
        turns.give()

    for count, (name, hurried) in enumerate((("run", False), ("other run", False), ("hook", True)), 1):
        waiting.append(threading.Thread(target=write, args=(name, hurried)))
        waiting[-1].start()
        while sum(map(len, turns._waiting.values())) < count:
            threading.Event().wait(0.001)
    turns.give()
    for thread in waiting:
        thread.join()
    assert order == ["hook", "run", "other run"]
    assert not turns.taken
    assert turns.take(0)
    assert not turns.take(0.001)


def test_the_database_is_its_owners_alone_in_whatever_folder(tmp_path: Path) -> None:
    home = tmp_path / "made by hand"
    home.mkdir(mode=0o755)
    config = read({"CROSSWALK_HOME": str(home)})
    for name in ("crosswalk.sqlite3", "crosswalk.sqlite3-wal"):
        (home / name).touch(0o644)
    for _ in range(2):
        prepare_home(config)
        assert {file.stat().st_mode & 0o777 for file in home.iterdir()} == {0o600}
        for file in home.iterdir():
            file.unlink()
    prepare_home(config)
    with using(databases(config)["default"]):
        call_command("migrate", "contenttypes", verbosity=0)
        beside = [file.name for file in home.glob("crosswalk.sqlite3*") if file.stat().st_mode & 0o077]
        assert len(list(home.glob("crosswalk.sqlite3*"))) > 1
    assert beside == []


def test_an_address_becomes_settings(tmp_path: Path) -> None:
    url = "postgresql://us%40er:pass%2Fword@db.example.test:6543/cross%20walk"
    found = databases(read({"CROSSWALK_HOME": str(tmp_path), "CROSSWALK_DATABASE_URL": url}))["default"]
    assert [found[name] for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")] == [
        "db.example.test",
        "6543",
        "cross walk",
        "us@er",
        "pass/word",
    ]
    for url in ("mysql://here/there", "postgresql://u:p@here:99999/x", "postgresql://u:p[@here/x"):
        with pytest.raises(Refused, match="CROSSWALK_DATABASE_URL"):
            read({"CROSSWALK_HOME": str(tmp_path), "CROSSWALK_DATABASE_URL": url})


def test_the_way_to_the_database_is_protected_as_its_address_says(tmp_path: Path) -> None:
    url = "postgresql://a:b@db.example.test/crosswalk?sslmode=verify-full&sslrootcert=/etc/our%20ca.pem"
    config = read({"CROSSWALK_HOME": str(tmp_path), "CROSSWALK_DATABASE_URL": url})
    options = databases(config)["default"]["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/etc/our ca.pem")


@pytest.mark.parametrize("password", ["12/secret", "12?secret=1", "1/x?secret=1", "12#secret"])
def test_a_password_that_is_not_written_out_is_not_repeated(tmp_path: Path, password: str) -> None:
    """What stands before the sign looks like a host and its port: the rest would be the database's name, in the log."""
    with pytest.raises(Refused) as refused:
        read(
            {"CROSSWALK_DATABASE_URL": f"postgresql://u:{password}@db.example.test/x", "CROSSWALK_HOME": str(tmp_path)}
        )
    assert "secret" not in str(refused.value)


@pytest.mark.postgres
def test_a_socket_of_this_machine_can_be_named(tmp_path: Path) -> None:
    server = postgres.server()
    (tmp_path / "Run").symlink_to(server.folder)
    url = server.url("postgres").replace("127.0.0.1", quote(str(tmp_path / "Run"), safe=""))
    with using(databases(read({"CROSSWALK_HOME": str(tmp_path), "CROSSWALK_DATABASE_URL": url}))["default"]):
        connection.ensure_connection()


@pytest.mark.parametrize(
    "query",
    ["sslmode=verify_full", "ssl-mode=require", "sslmode=", "options=-c%20x", "sslmode=require&sslmode=disable"],
)
def test_what_would_protect_nothing_is_refused(tmp_path: Path, query: str) -> None:
    url = f"postgresql://a:b@db.example.test/crosswalk?{query}"
    with pytest.raises(Refused, match="is not understood") as refused:
        read({"CROSSWALK_HOME": str(tmp_path), "CROSSWALK_DATABASE_URL": url})
    assert "verify-full" in refused.value.remedy


@pytest.mark.postgres
def test_a_server_without_tls_is_not_spoken_to_where_tls_is_asked_for(tmp_path: Path) -> None:
    url = postgres.server().url("postgres") + "?sslmode=require"
    config = read({"CROSSWALK_HOME": str(tmp_path), "CROSSWALK_DATABASE_URL": url})
    with using(databases(config)["default"]), pytest.raises(OperationalError, match="does not support SSL"):
        connection.ensure_connection()


def test_threads_that_read_and_then_write_wait_their_turn(each_database: Config, clock: Clock) -> None:
    pair_id = make_pair(make_integration(), clock()).pk

    def raise_it() -> None:
        try:
            for _ in range(20):
                with transaction.atomic():
                    Pair.objects.select_for_update().get(pk=pair_id)
                    Pair.objects.filter(pk=pair_id).update(dirty=F("dirty") + 1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=raise_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Pair.objects.get(pk=pair_id).dirty == 121


@pytest.mark.postgres
def test_a_database_that_is_used_again_is_as_migrating_left_it(clock: Clock) -> None:
    """Rows, numbers and what triggers keep are gone; one whose tables or migrations changed is not used again."""

    def use(*statements: str) -> tuple[str, int, int]:
        with on_postgresql_again() as config, connection.cursor() as cursor:
            assert (Pair.objects.count(), Act.objects.count(), ContentType.objects.count() > 0) == (0, 0, True)
            Act.objects.create(at=clock(), what="Tried.")
            pair = make_pair(make_integration(), clock())
            for statement in statements:
                cursor.execute(statement)
            return config.database.name, pair.pk, pair.integration_id

    first = use()
    assert use() == first
    for change in ("CREATE INDEX odd ON store_pair (title)", "DELETE FROM django_migrations WHERE app = 'store'"):
        before = use()
        assert use(change)[0] == before[0]
        after = use()
        assert after[0] != before[0]
        assert after[1:] == first[1:]
