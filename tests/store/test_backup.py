"""Back up and restore: what was copied comes back, what was there is kept, and nothing runs meanwhile."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections
from tests import postgres
from tests.django_setup import using
from tests.fixtures_store import make_integration

from crosswalk.config import Config, database_at
from crosswalk.errors import Refused
from crosswalk.store.database import databases

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def names() -> list[str]:
    from crosswalk.store.models import Integration

    return sorted(Integration.objects.values_list("name", flat=True))


def test_what_was_copied_comes_back_and_what_was_there_is_kept(database: Config, tmp_path: Path) -> None:
    from crosswalk.store import backup

    make_integration("First")
    copy = backup.write(database, tmp_path / "deep" / "copy.sqlite3")
    make_integration("Second")
    kept = backup.restore(database, copy, tmp_path / "aside.sqlite3")
    assert names() == ["First"]
    assert kept
    assert backup.restore(database, kept, tmp_path / "again.sqlite3")
    assert names() == ["First", "Second"]
    with pytest.raises(Refused, match="there already"):
        backup.write(database, copy)


def test_a_copy_that_is_none_replaces_nothing(database: Config, tmp_path: Path) -> None:
    from crosswalk.store import backup

    make_integration("First")
    other = tmp_path / "other"
    other.write_text("my notes, " * 500)
    with pytest.raises(Refused, match="not a copy of a database"):
        backup.restore(database, other, tmp_path / "aside")
    half = backup.write(database, tmp_path / "half")
    with half.open("r+b") as file:
        file.truncate(200_000)
    with pytest.raises(Refused, match=r"not a copy|damaged"):
        backup.restore(database, half, tmp_path / "aside")
    assert names() == ["First"]


@pytest.mark.parametrize("held", [b"my notes, " * 500, b""], ids=["none at all", "its head is lost"])
def test_a_copy_takes_the_place_of_what_can_not_be_read_any_more(database: Config, tmp_path: Path, held: bytes) -> None:
    from crosswalk.store import backup

    make_integration("First")
    copy = backup.write(database, tmp_path / "copy")
    connections.close_all()
    there = database.database.path
    broken = held or b"\0" * 4096 + there.read_bytes()[4096:]
    there.write_bytes(broken)
    beside = [there.with_name(f"{there.name}-{end}") for end in ("wal", "shm")]
    for file in beside:
        file.write_bytes(b"of what was there")
    kept = backup.restore(database, copy, tmp_path / "aside")
    assert names() == ["First"]
    assert kept is not None
    assert kept.read_bytes() == broken, "it is kept as it was: somebody may still save something out of it"
    assert kept.with_name("aside-wal").read_bytes() == b"of what was there"
    assert there.stat().st_mode & 0o077 == 0


def test_what_can_not_be_read_stays_where_the_copy_can_not_be_put(database: Config, tmp_path: Path) -> None:
    from crosswalk.store import backup

    copy = backup.write(database, tmp_path / "copy")
    connections.close_all()
    there = database.database.path
    there.write_bytes(b"my notes, " * 500)
    taken = there.with_name(f"{there.name}.part")
    taken.mkdir()
    with pytest.raises(Refused, match="was not replaced"):
        backup.restore(database, copy, tmp_path / "aside")
    taken.rmdir()
    assert there.read_bytes() == b"my notes, " * 500
    assert not (tmp_path / "aside").exists()


def test_nothing_is_restored_while_the_service_runs(database: Config, tmp_path: Path) -> None:
    from crosswalk.store import backup
    from crosswalk.store.locks import take_lock

    copy = backup.write(database, tmp_path / "copy")
    make_integration("First")
    with closing(take_lock(database.home / "engine.lock")), pytest.raises(Refused, match="Another Crosswalk process"):
        backup.restore(database, copy, tmp_path / "aside")
    assert names() == ["First"]


def test_a_database_that_lies_elsewhere_is_put_back_there(database: Config, tmp_path: Path) -> None:
    """Moved to another disk, with a link in its place: whoever works there, from whatever home, is in the way."""
    from crosswalk.store import backup
    from crosswalk.store.locks import only_one

    make_integration("First")
    copy = backup.write(database, tmp_path / "copy")
    connections.close_all()
    there, home = database.database.path, tmp_path / "linked"
    home.mkdir()
    link = home / there.name
    link.symlink_to(there)
    linked = replace(database, home=home, database=replace(database.database, path=link))
    with closing(only_one(database.home)), pytest.raises(Refused, match="Another Crosswalk process"):
        backup.restore(linked, copy, tmp_path / "aside")
    for damage in (b"", b"my notes, " * 500):
        there.write_bytes(damage or there.read_bytes())
        backup.restore(linked, copy, tmp_path / f"aside{len(damage)}")
        assert link.is_symlink()
        assert names() == ["First"]
        connections.close_all()


@pytest.mark.postgres
def test_postgresql_comes_back_into_an_empty_database(postgresql: Config, tmp_path: Path) -> None:
    from crosswalk.store import backup

    make_integration("First")
    copy = backup.write(postgresql, tmp_path / "copy.dump")
    with pytest.raises(Refused, match="not empty"):
        backup.restore(postgresql, copy, tmp_path / "aside")
    server, name = postgres.server(), f"restored_{tmp_path.name}".lower()
    server.create(name)
    other = replace(postgresql, database=database_at(server.url(name), tmp_path))
    half = tmp_path / "half.dump"
    half.write_bytes(copy.read_bytes()[:3000])
    with using(databases(other)["default"]):
        with pytest.raises(Refused, match="pg_restore failed") as refused:
            backup.restore(other, half, tmp_path / "aside")
        assert "copy is whole" in refused.value.remedy, "what is advised is about this, not about backing up"
        assert backup.restore(other, copy, tmp_path / "aside") is None
        assert names() == ["First"]
    server.drop(name)


@pytest.mark.parametrize(
    ("said", "told", "advice"),
    [
        ("could not write to output file: No space left on device", "No space left on device.", "Make room there"),
        (
            "aborting because of server version mismatch",
            "because of server version mismatch.",
            "at least as new as the",
        ),
    ],
)
def test_what_keeps_pg_dump_from_it_has_its_own_advice(
    database: Config, tmp_path: Path, said: str, told: str, advice: str
) -> None:
    from crosswalk.store import backup

    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "pg_dump: error: {said}" >&2\nexit 1\n')
    program.chmod(0o700)
    config = replace(database, database=database_at("postgresql://me:secret@127.0.0.1:1/boats", tmp_path))
    path = os.environ["PATH"]
    os.environ["PATH"] = str(tmp_path)
    try:
        with pytest.raises(Refused) as refused:
            backup.write(config, tmp_path / "copies" / "copy.dump")
    finally:
        os.environ["PATH"] = path
    assert refused.value.message.startswith("pg_dump failed: ")
    assert refused.value.message.endswith(told)
    assert "error" not in refused.value.message
    assert advice in refused.value.remedy
    assert list((tmp_path / "copies").iterdir()) == []
