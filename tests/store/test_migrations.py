"""The migrations make the tables that the models describe, on both databases."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.db import connection

from crosswalk.config import Config


def test_no_change_of_a_model_lacks_a_migration(database: Config) -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out, skip_checks=True)
    assert "No changes detected" in out.getvalue()


def test_every_migration_is_applied_and_can_be_asked(each_database: Config) -> None:
    from django.apps import apps

    out = StringIO()
    call_command("migrate", "--check", stdout=out)
    for model in apps.get_app_config("store").get_models():
        assert not model._base_manager.exists()


def test_migrations_can_be_undone_and_done_again(each_database: Config) -> None:
    for target in ("zero", "0001"):
        call_command("migrate", "store", target, verbosity=0)
    assert "store_pair" in connection.introspection.table_names()
