"""The pages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files and template tags are found through it."""

    name = "crosswalk.web"
    label = "web"
