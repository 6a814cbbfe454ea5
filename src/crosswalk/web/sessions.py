"""Sessions as Django keeps them in the database, of which nobody asks by what no session is called."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as _Kept


class SessionStore(_Kept):
    """Django's own. A cookie may hold anything, also NUL (written as \\000), by which PostgreSQL can not be asked."""

    def _validate_session_key(self, key: Any) -> bool:
        return isinstance(key, str) and key.isascii() and key.isalnum() and super()._validate_session_key(key)
