"""Django's settings, made from config.py; nothing else reads the environment."""

from __future__ import annotations

import os

from crosswalk import config
from crosswalk.store.database import databases

CONFIG = config.read(os.environ)

DEBUG = CONFIG.debug
SECRET_KEY = "replaced-when-keys-are-read"  # noqa: S105 - set by crosswalk.web.start from the key file before serving
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "crosswalk.store"]
DATABASES = databases(CONFIG)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
