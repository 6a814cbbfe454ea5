"""The store as a Django app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Label "store" in migrations and tables."""

    name = "crosswalk.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Django's hook: the tables that stand in a file of their own."""
        for name in ("connect_models", "grant_models", "need_models", "replaced_models", "sweep_models"):
            import_module(f"crosswalk.store.{name}")
