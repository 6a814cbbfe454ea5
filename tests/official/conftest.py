from __future__ import annotations

from tests.sandbox.aha.conftest import aha

__all__ = ["aha"]
