"""No migration after the first release keeps old processes, or everybody, from working."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from tests.processes import ROOT
from tests.store.blocking import faults

BEFORE_RELEASE = "0029"
"""Up to here nobody has had two versions side by side: there was none to upgrade from."""
EXCUSED: dict[str, str] = {}
"""Migrations that may stand in the way, and why; the changelog then says that all processes have to stop."""
NAMES = sorted(path.stem for path in (ROOT / "src/crosswalk/store/migrations").glob("0*.py"))


def migration(name: str) -> migrations.Migration:
    module = importlib.import_module(f"crosswalk.store.migrations.{name}")
    found: migrations.Migration = module.Migration(name, "store")
    return found


def test_no_migration_stands_in_the_way_of_a_rolling_upgrade() -> None:
    found = [fault for name in NAMES if name[:4] > BEFORE_RELEASE for fault in faults(migration(name))]
    assert [fault for fault in found if fault.split(":")[0] not in EXCUSED] == []


def with_(*operations: Any) -> migrations.Migration:
    made = migrations.Migration("0099_later", "store")
    made.operations = list(operations)
    return made


CHECK = models.CheckConstraint(condition=models.Q(done__gte=0), name="later")
INDEX = models.Index(fields=["title"], name="later")
TABLE = migrations.CreateModel("Later", [("id", models.BigAutoField(primary_key=True))])


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (migrations.AddField("pair", "later", models.TextField(default="")), "insert rows without it"),
        (migrations.RemoveField("pair", "title"), "still use it"),
        (migrations.DeleteModel("pair"), "still use it"),
        (migrations.RenameField("pair", "title", "name"), "old name"),
        (migrations.AlterField("pair", "title", models.TextField()), "rewritten"),
        (migrations.AddIndex("pair", INDEX), "CONCURRENTLY"),
        (migrations.AddConstraint("pair", CHECK), "NOT VALID"),
        (migrations.RunPython(migrations.RunPython.noop), "small pieces"),
        (migrations.RunSQL("SELECT 1"), "small pieces"),
    ],
)
def test_what_stands_in_the_way_is_found(operation: Any, says: str) -> None:
    (fault,) = faults(with_(operation))
    assert fault.startswith("0099_later: ")
    assert says in fault


@pytest.mark.parametrize(
    "operations",
    [
        (migrations.AddField("pair", "later", models.TextField(null=True)),),
        (migrations.AddField("pair", "later", models.TextField(db_default="")),),
        (AddIndexConcurrently("pair", INDEX),),
        (AddConstraintNotValid("pair", CHECK),),
        (TABLE, migrations.AddIndex("later", INDEX), migrations.AddField("later", "x", models.TextField(default=""))),
    ],
)
def test_what_does_not_is_not(operations: tuple[Any, ...]) -> None:
    assert list(faults(with_(*operations))) == []


def test_the_check_is_worth_something() -> None:
    """The first migrations would not have passed."""
    assert any("old name" in fault for fault in faults(migration("0004_hook_secret")))
