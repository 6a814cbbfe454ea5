"""Fixtures and makers for tests that need the store. A folder uses them with one line in its conftest.py:

``from tests.fixtures_store import database, postgresql, each_database, clock`` (and an ``__all__`` that names them).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crosswalk.config import Config
from tests.django_setup import on_postgresql_again, on_sqlite

__all__ = ["Clock", "clock", "database", "each_database", "make_integration", "make_pair", "postgresql"]


class Clock:
    """A clock that moves when told; call it for the present moment."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at 2026-11-24 10:00 UTC."""
    return Clock()


@pytest.fixture
def database() -> Iterator[Config]:
    """A fresh SQLite database, migrated; gives the settings that lead to it."""
    with on_sqlite() as config:
        yield config


@pytest.fixture
def postgresql() -> Iterator[Config]:
    """A fresh PostgreSQL database, migrated. Mark the test with `pytest.mark.postgres`."""
    with on_postgresql_again() as config:
        yield config


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def each_database(request: pytest.FixtureRequest) -> Iterator[Config]:
    """A fresh database of either kind, one after the other."""
    with on_sqlite() if request.param == "sqlite" else on_postgresql_again() as config:
        yield config


def make_integration(name: str = "Demo", **fields: Any) -> Any:
    """An enabled integration with two connections of its own."""
    from crosswalk.store.models import Connection, Integration

    aha = Connection.objects.create(name=f"{name} Aha!", kind="aha", address="https://aha.test", secret="aha-key")
    jira = Connection.objects.create(name=f"{name} Jira", kind="jira", address="https://jira.test", secret="jira-key")
    defaults = {"workspace": "1", "workspace_key": "DEMO", "project": "10000", "project_key": "DEMO", "enabled": True}
    return Integration.objects.create(
        name=name, aha=aha, jira=jira, **{**defaults, "hook_secret": f"hook-{name}", **fields}
    )


def make_pair(integration: Any, due_at: datetime, **fields: Any) -> Any:
    """A pair of `integration`, dirty, due at `due_at`."""
    from crosswalk.store.models import Pair

    return Pair.objects.create(integration=integration, due_at=due_at, **{"kind": "feature", **fields})
