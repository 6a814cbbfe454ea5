"""Sessions as Django keeps them in the database, of which nobody asks by what no session is called."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as _Kept


class SessionStore(_Kept):
    """Django's own. A cookie may hold anything, also NUL (written as \\000), by which PostgreSQL can not be asked."""

    def __init__(self, session_key: str | None = None) -> None:
        known = session_key is not None and session_key.isascii() and session_key.isalnum()
        super().__init__(session_key if known else None)
