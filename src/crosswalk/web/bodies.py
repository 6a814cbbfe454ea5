"""What of a request pages take: how much of a body, and for how long. Knows HTTP; refuses to know what is in it.

Django keeps a whole body, on disk where it is large, before it looks at who sends it.

| request | answer |
|---|---|
| a question with NUL in it, which PostgreSQL keeps in no text | 400 |
| a body of more than 8 MB, declared or not | 413 |
| a body that is not whole after a minute | 408 |
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from crosswalk.web.hooks import Message, Receive, Scope, Send, TooLarge, answer

Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

# The largest that a page takes is a file of people, with 4 MB.
LARGEST: Final = 8 * 1024 * 1024
LONGEST: Final = 60.0  # seconds for a whole body


class TooSlow(Exception):
    """The body did not come in time."""


def bounded(pages: Application, longest: float = LONGEST) -> Application:
    """`pages`, which get no larger body, and none that takes longer."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await pages(scope, receive, send)
            return
        if b"%00" in scope.get("query_string", b""):
            await answer(send, 400, "No address of Crosswalk's holds NUL (%00).\n")
            return
        try:
            declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
            if declared.isdigit() and int(declared) > LARGEST:
                raise TooLarge
            await pages(scope, _counted(receive, longest), send)
        except TooLarge:
            await answer(send, 413, "Too large: at most 8 MB.\n", connection="close")
        except TooSlow:
            await answer(send, 408, "The body did not come in time.\n", connection="close")

    return asked


def _counted(receive: Receive, longest: float) -> Receive:
    """`receive`, which raises TooLarge or TooSlow until the body is whole; after that it waits as long as it must."""
    size, whole = 0, False
    end = asyncio.get_running_loop().time() + longest

    async def received() -> Message:
        nonlocal size, whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(end):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        size += len(message.get("body", b""))
        if size > LARGEST:
            raise TooLarge
        whole = not message.get("more_body", False)
        return message

    return received
