"""The store's fixtures."""

from tests.fixtures_store import clock, database, each_database, postgresql

__all__ = ["clock", "database", "each_database", "postgresql"]
