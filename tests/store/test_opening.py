"""Before the service works on a database: what is wrong is said, with a remedy, and nothing is damaged."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from tests import postgres
from tests.django_setup import using
from tests.fixtures_store import make_integration
from tests.processes import ROOT

from crosswalk.config import Config, database_at, read
from crosswalk.errors import Refused
from crosswalk.store.database import LEAST, databases, prepare_home

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
NAMES = sorted(path.stem for path in (ROOT / "src/crosswalk/store/migrations").glob("0*.py"))
LAST = NAMES[-1]
FINDINGS = "0021_findings"  # makes a table


def make_tables(config: Config, now: datetime = NOW) -> None:
    from crosswalk.store import opening

    opening.make_tables(config, now)


def mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[Config]:
    """Django on the SQLite file `path`."""
    config = read({"CROSSWALK_HOME": str(path.parent)})
    with using(databases(config)["default"]):
        yield config


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a database of SQLite is, or is to be."""
    return tmp_path / "crosswalk.sqlite3"


def _back_to_the_version_before() -> None:
    call_command("migrate", "store", NAMES[-2], verbosity=0)


def test_a_file_that_is_no_database(file: Path) -> None:
    file.write_text("my notes, " * 500)
    before = mark(file)
    with opened(file) as config, pytest.raises(Refused, match="is not a SQLite database") as refused:
        make_tables(config)
    assert str(file) in str(refused.value)
    assert "crosswalk restore" in refused.value.remedy
    assert mark(file) == before


def test_a_damaged_database(database: Config) -> None:
    file = database.database.path
    connection.close()
    with closing(sqlite3.connect(file)) as line:
        line.execute("PRAGMA journal_mode=DELETE")
    held = bytearray(file.read_bytes())
    held[4096 : 4096 * 40] = b"\x5a" * (4096 * 39)
    file.write_bytes(held)
    with opened(file) as config, pytest.raises(Refused, match=r"damaged|not a SQLite"):
        make_tables(config)
    assert file.read_bytes()[4096:] == held[4096:], "the first page may say that it was opened"


def test_the_database_of_something_else(file: Path) -> None:
    with closing(sqlite3.connect(file)) as line:
        line.execute("CREATE TABLE accounts (id INTEGER)")
        line.commit()
    with opened(file) as config, pytest.raises(Refused, match="something else, such as accounts"):
        make_tables(config)
    with closing(sqlite3.connect(file)) as line:
        assert line.execute("SELECT name FROM sqlite_master").fetchall() == [("accounts",)]


def test_a_first_start_that_was_cut_off_may_go_on(file: Path) -> None:
    from crosswalk.store import opening

    with opened(file) as config:
        call_command("migrate", "contenttypes", verbosity=0)
        assert not opening._is_ours(config), "there is nothing to keep, and nothing of anybody else's"


def test_a_newer_database_is_left_alone(each_database: Config) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.create(app="store", name="9999_tomorrow")
    with pytest.raises(Refused, match="9999_tomorrow") as refused:
        make_tables(each_database)
    assert "restore the back-up" in refused.value.remedy


def test_before_tables_change_a_copy_is_made(database: Config) -> None:
    make_integration("Kept")
    _back_to_the_version_before()
    make_tables(database)
    (copy,) = database.backups.iterdir()
    assert copy.name == f"before-store-{LAST}-20261124-100000.sqlite3"
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as line:
        assert line.execute("SELECT name FROM store_integration").fetchall() == [("Kept",)]
        noted = {name for (name,) in line.execute("SELECT name FROM django_migrations WHERE app = 'store'")}
    assert LAST not in noted
    make_tables(database)
    assert list(database.backups.iterdir()) == [copy], "nothing changes, nothing is copied"


@pytest.mark.postgres
def test_before_tables_change_a_copy_is_made_on_postgresql(postgresql: Config, tmp_path: Path) -> None:
    config = replace(postgresql, home=tmp_path)
    _back_to_the_version_before()
    make_tables(config)
    (copy,) = config.backups.iterdir()
    assert copy.read_bytes().startswith(b"PGDMP")
    assert postgresql.database.password.encode() not in copy.read_bytes()


def test_without_a_copy_nothing_is_changed(database: Config) -> None:
    _back_to_the_version_before()
    database.backups.write_text("a file in the way")
    with pytest.raises(Refused, match="No back-up could be written"):
        make_tables(database)
    from crosswalk.store import schema

    assert schema.missing() == [f"store {LAST}"]
    make_tables(replace(database, backup=False))
    assert schema.missing() == []
    database.backups.unlink()


def test_only_the_newest_copies_are_kept(database: Config) -> None:
    from crosswalk.store import backup

    for hour in range(8):
        backup.before(database, NOW.replace(hour=hour), f"change-{hour}")
    mine = backup.write(database, backup.name_for(database, NOW))
    kept = sorted(path.name for path in database.backups.iterdir())
    assert kept == [mine.name, *(f"before-change-{hour}-20261124-0{hour}0000.sqlite3" for hour in range(3, 8))]


def test_a_start_that_fails_again_and_again_leaves_the_copy_of_what_was_before(database: Config) -> None:
    """systemd starts it every five seconds: the first change is made, the second fails; or each start is killed."""
    from crosswalk.store import backup

    first = backup.before(database, NOW, "change-1")
    tried = [backup.before(database, NOW.replace(minute=minute), "change-2") for minute in range(1, 20)]
    for minute in range(20, 40):
        half = database.backups / f"before-change-2-20261124-10{minute}00.sqlite3.part"
        half.write_bytes(b"half of it")
        half.with_name(f"{half.name}-journal").write_bytes(b"SQLite's own")
    last = backup.before(database, NOW.replace(minute=50), "change-2")
    assert set(database.backups.iterdir()) == {first, tried[0], last}


def test_a_migration_that_was_half_done_is_told_and_nothing_is_lost(each_database: Config, tmp_path: Path) -> None:
    """A table is there and nobody noted it, as after a change by hand, or a restore of some tables only."""
    from django.db.migrations.recorder import MigrationRecorder

    from crosswalk.store.models import Integration

    config = replace(each_database, home=tmp_path) if each_database.database.postgres else each_database
    make_integration("Kept")
    MigrationRecorder.Migration.objects.filter(app="store", name__gte=FINDINGS).delete()
    with pytest.raises(Refused, match=f"The change “store {FINDINGS}” of the tables .* failed") as refused:
        make_tables(config)
    assert str(config.backups) in refused.value.remedy
    assert [one.name for one in Integration.objects.all()] == ["Kept"]


def test_tables_are_not_changed_under_a_process_that_works(database: Config) -> None:
    from crosswalk.store import schema
    from crosswalk.store.locks import take_lock

    _back_to_the_version_before()
    with closing(take_lock(database.home / "engine.lock")), pytest.raises(Refused, match="Another Crosswalk process"):
        make_tables(database)
    assert schema.missing() == [f"store {LAST}"]
    assert not database.backups.exists(), "it would be one of a moment before that process ended"


@pytest.mark.postgres
def test_a_table_in_use_is_not_waited_for_long(postgresql: Config) -> None:
    import psycopg

    from crosswalk.store import opening
    from crosswalk.store.database import patient

    cursor = connection.cursor
    make_integration()
    held = psycopg.connect(postgres.server().url(postgresql.database.name))
    with held, held.transaction():
        held.execute("SELECT * FROM store_pair")
        with pytest.raises(Refused, match="in use"), opening.refusing(postgresql), patient(0.2), cursor() as line:
            line.execute("ALTER TABLE store_pair ADD COLUMN later int")
    connections.close_all()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "wrong"}, "does not accept the password"),
        ({"name": "nowhere"}, "is not there"),
        ({"port": 1}, "does not answer"),
    ],
)
def test_a_server_that_does_not_let_in(postgresql: Config, change: dict[str, Any], says: str) -> None:
    other = replace(postgresql, database=replace(postgresql.database, **change))
    with using(databases(other)["default"]), pytest.raises(Refused, match=says) as refused:
        make_tables(other)
    assert postgresql.database.password not in str(refused.value)
    assert f":{other.database.port}/{other.database.name}" in str(refused.value)


@pytest.mark.postgres
def test_a_user_who_may_make_no_tables(tmp_path: Path) -> None:
    server, name = postgres.server(), f"guest_{tmp_path.name}".lower()
    server.create(name)
    server.execute("DROP ROLE IF EXISTS guest")
    server.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    url = server.url(name).replace(f"crosswalk:{server.password}", "guest:guest")
    config = replace(read({"CROSSWALK_HOME": str(tmp_path)}), database=database_at(url, tmp_path))
    with using(databases(config)["default"]), pytest.raises(Refused, match="does not let this user make tables"):
        make_tables(config)
    server.drop(name)


def test_a_server_nobody_knows_is_no_reason_to_restore() -> None:
    from crosswalk.store.opening import refusing

    with pytest.raises(Refused, match="unknown name") as refused, refusing(read({})):
        raise OperationalError("failed to resolve host 'db.invalid': [Errno -2] Name or service not known")
    assert "restore" not in refused.value.remedy


def test_a_disk_at_a_limit_is_no_reason_to_restore() -> None:
    """What SQLite says where a file may not grow, other than on a full disk: a quota, a limit of the process."""
    from crosswalk.store.opening import refusing

    with pytest.raises(Refused, match="can not be read or written") as refused, refusing(read({})):
        raise OperationalError("disk I/O error")
    assert "quota" in refused.value.remedy or "limit" in refused.value.remedy
    assert "restore" not in refused.value.remedy


def test_a_clock_that_was_never_set(database: Config) -> None:
    with pytest.raises(Refused, match="1970-01-01 00:00"):
        make_tables(database, datetime(1970, 1, 1, tzinfo=UTC))


def test_a_disk_without_room(tmp_path: Path) -> None:
    config = read({"CROSSWALK_HOME": str(tmp_path / "home")})
    with pytest.raises(Refused, match="3 MB are free") as refused:
        prepare_home(config, lambda _: 3 * 1024**2)
    assert str(config.home) in str(refused.value)
    prepare_home(config, lambda _: LEAST)


def test_a_home_that_can_not_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file" / "home", Path("/proc/crosswalk")):
        with pytest.raises(Refused, match="can not be written to"):
            prepare_home(read({"CROSSWALK_HOME": str(home)}))


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("made", "says"),
    [
        ('CREATE DATABASE "{0}" ENCODING LATIN1 TEMPLATE template0', "LATIN1, which does not have every letter"),
        ('CREATE DATABASE "{0}" ENCODING SQL_ASCII TEMPLATE template0', "SQL_ASCII, which does not"),
        ('ALTER DATABASE "{0}" SET default_transaction_read_only TO on', "only lets itself be read"),
    ],
)
def test_a_database_that_would_fail_later_is_refused_at_the_start(tmp_path: Path, made: str, says: str) -> None:
    """Made by hand, or by a locale that nobody chose: the first record with an emoji in it would be lost there."""
    server, name = postgres.server(), f"odd{secrets.token_hex(4)}"
    if made.startswith("ALTER"):
        server.create(name)
    server.execute(made.format(name))
    config = replace(read({"CROSSWALK_HOME": str(tmp_path)}), database=database_at(server.url(name), tmp_path))
    with using(databases(config)["default"]), pytest.raises(Refused, match=says) as refused:
        make_tables(config)
    assert "crosswalk restore" not in refused.value.remedy
    server.drop(name)


@pytest.mark.parametrize("name", ["crosswalk.sqlite3", "crosswalk.sqlite3-wal", "migrate.lock", "engine.lock"])
def test_a_file_of_another_user_is_told_with_its_owner(name: str) -> None:
    """Begun once as root, by hand; then the service starts as its own user."""
    with TemporaryDirectory() as home:  # which another user reaches, unlike pytest's
        file = Path(home, name)
        file.touch()
        Path(home).chmod(0o777)
        begun = "import os, sys; from crosswalk.config import read; from crosswalk.store.database import prepare_home; "
        begun += "home = read({'CROSSWALK_HOME': sys.argv[1]}); "
        if os.geteuid() == 0:
            file.chmod(0o600)
            begun += "os.setgroups([]); os.setgid(65534); os.setuid(65534); "
        else:
            file.chmod(0o000)
        command = [sys.executable, "-c", f"{begun} prepare_home(home)", home]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert f"Refused: The file {file} can not be" in done.stderr
        assert file.owner() in done.stderr


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"no key\n", b"\xff\xfe\n"])
def test_a_broken_key_file(tmp_path: Path, content: bytes) -> None:
    from crosswalk.store.secrets import keyring

    config = read({"CROSSWALK_HOME": str(tmp_path)})
    config.keys_file.write_bytes(content)
    config.keys_file.chmod(0o600)
    with pytest.raises(Refused) as refused:
        keyring(config)
    assert "CROSSWALK_KEYS" in refused.value.remedy
    assert config.keys_file.read_bytes() == content


def test_a_key_that_went_is_told_also_where_newer_secrets_open(database: Config) -> None:
    """Somebody put a new key first and took the old one away, and never said `rotate-secrets`."""
    from cryptography.fernet import Fernet
    from django.conf import settings
    from django.test import override_settings

    from crosswalk.store.models import Connection
    from crosswalk.sync.readiness import check_keys

    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    for name, keys in (("Old", (old,)), ("New", (new, old))):
        with override_settings(CONFIG=replace(settings.CONFIG, keys=keys)):
            Connection.objects.create(name=name, kind="jira", address=f"https://{name}.test", secret="kept")
            check_keys()
    with override_settings(CONFIG=replace(settings.CONFIG, keys=(new,))), pytest.raises(Refused, match="is missing"):
        check_keys()


def test_the_wrong_key_is_told_and_secrets_can_be_forgotten(database: Config) -> None:
    from cryptography.fernet import Fernet
    from django.conf import settings
    from django.test import override_settings

    from crosswalk.store.models import Connection, Integration
    from crosswalk.store.secrets import forget_secrets
    from crosswalk.sync.readiness import check_keys

    make_integration()
    old = Integration.objects.get().hook_secret.reveal()
    check_keys()
    other = replace(settings.CONFIG, keys=(Fernet.generate_key().decode(),))
    with override_settings(CONFIG=other):
        with pytest.raises(Refused, match="which is missing"):
            check_keys()
        Connection.objects.create(name="New", kind="jira", address="https://new.test", secret="kept")
        assert len(forget_secrets()) == 3
        check_keys()
        assert [one.secret.reveal() for one in Connection.objects.order_by("pk")] == ["", "", "kept"]
        address = Integration.objects.get().hook_secret.reveal()
        assert len(address) > 30
        assert address != old
        assert forget_secrets() == []
