"""The pages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files and template tags are found through it."""

    name = "crosswalk.web"
    label = "web"

    def ready(self) -> None:
        """Sign-ins are written down."""
        from crosswalk.web import audit

        audit.watch()
