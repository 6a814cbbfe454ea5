"""The store as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Label "store" in migrations and tables."""

    name = "crosswalk.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
