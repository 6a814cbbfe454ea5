"""The migrations make the tables that the models describe, on both databases."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from tests.store.filled import fill
from tests.store.test_blocking import BEFORE_RELEASE

from crosswalk.config import Config
from crosswalk.store.models import RemovalRow


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


def test_an_old_process_works_on_the_new_tables(each_database: Config) -> None:
    """What a process of the version before the first upgrade inserts, changes and reads, beside all later changes."""
    state = MigrationLoader(connection).project_state(("store", f"{BEFORE_RELEASE}_signed_hooks"))
    old = [model for model in state.apps.get_models() if model._meta.app_label == "store"]
    assert {model.__name__ for model in old} >= {"Pair", "RemovalRow", "Integration"}
    with transaction.atomic():
        fill(old)
        for model in old:
            row = model._base_manager.order_by("-pk").first()
            assert row is not None
            if model.__name__ != "Act":  # lines of that are never changed
                row.save(force_update=True)
        assert not RemovalRow.objects.filter(emptied=True).exists(), "a new process reads what the old one wrote"
        assert RemovalRow.objects.count() == 2
        transaction.set_rollback(True)


def test_migrations_can_be_undone_and_done_again(each_database: Config) -> None:
    for target in ("zero", "0001"):
        call_command("migrate", "store", target, verbosity=0)
    assert "store_pair" in connection.introspection.table_names()
