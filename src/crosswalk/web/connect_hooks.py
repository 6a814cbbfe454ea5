"""Takes hooks of the Connect app in: who sent them is proved first, then they are stored as all others are.

A bare ASGI application beside hooks.py, whose storing it uses.

| request | answer |
|---|---|
| POST with a good token of a site that was let in | as in hooks.py |
| POST with any other token | 401 and the cause |
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from django.db import Error

from crosswalk.errors import Refused
from crosswalk.web.hooks import HookDoor, Receive, Scope, Send, Where, answer

PATH: Final = "/connect/hooks"

log = structlog.get_logger(__name__)


class ConnectDoor:
    """The ASGI application. `prove` gives, from Authorization and raw query, the integration to keep a hook for.

    It runs in the thread in which `hooks` stores, and raises Refused for a token that is not good.
    """

    def __init__(self, hooks: HookDoor, prove: Callable[[str, str], int | None]) -> None:
        self._hooks, self._prove = hooks, prove

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request at PATH."""
        if scope["method"] != "POST":
            await answer(send, 405, "Jira sends hooks of the Connect app here, by POST.\n", allow="POST")
            return
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"").decode("latin-1")
        query = bytes(scope["query_string"]).decode("latin-1")
        loop = asyncio.get_running_loop()
        try:
            number = await loop.run_in_executor(self._hooks.thread, self._prove, given, query)
        except Refused as refused:
            log.warning("hook of the Connect app refused", cause=refused.message, code=refused.code)
            await answer(send, 401, f"{refused}\n")
            return
        except Error as error:
            log.error("hook of the Connect app not stored", error=str(error))
            await answer(send, 503, "It could not be stored. Send it again.\n", retry_after="5")
            return
        await self._hooks.take(scope, receive, send, Where(number, "jira"))
