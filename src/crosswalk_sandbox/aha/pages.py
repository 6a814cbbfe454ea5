"""The pages on which a person plays with the stand-in Aha!: a board, a record, hook deliveries, the request log.

Renders and edits; every rule is in `actions`.
"""

from __future__ import annotations

import threading
from pathlib import Path

from starlette.routing import BaseRoute

from crosswalk_sandbox.aha.activity import Activity
from crosswalk_sandbox.aha.state import Account

STATIC = Path(__file__).parent / "static"


def routes(account: Account, activity: Activity, lock: threading.RLock) -> list[BaseRoute]:
    """The routes of the pages."""
    del account, activity, lock
    return []
