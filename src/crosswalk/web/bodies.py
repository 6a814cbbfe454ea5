"""What of a request pages take: how much of a body, for how long, how many at once. Knows HTTP, not what is in it.

Django keeps a whole body, on disk where it is large, before it looks at who sends it; then the request has a thread and
a connection to the database of its own. A server that has given out all of its connections has none for work and hooks.

| request | answer |
|---|---|
| a question with NUL in it, which PostgreSQL keeps in no text | 400 |
| a body of more than 8 MB, declared or not | 413 |
| a body that is not whole after a minute | 408 |
| a whole request, while as many are answered as may be at once | waits for its turn |
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
AT_ONCE: Final = 24  # two web processes and two workers stay below the 100 connections PostgreSQL has as delivered


class TooSlow(Exception):
    """The body did not come in time."""


class _Turn:
    """The right of one request to be answered, which ends once."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns, self._mine = turns, False

    async def begin(self) -> None:
        """Wait for it."""
        await self._turns.acquire()
        self._mine = True

    def end(self) -> None:
        """Give it on."""
        if self._mine:
            self._mine = False
            self._turns.release()


def bounded(pages: Application, longest: float = LONGEST, at_once: int = AT_ONCE) -> Application:
    """`pages`, which get no larger body, none that takes longer, and at most `at_once` whole requests."""
    turns = asyncio.Semaphore(at_once)

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await pages(scope, receive, send)
            return
        if b"%00" in scope.get("query_string", b""):
            await answer(send, 400, "No address of Crosswalk's holds NUL (%00).\n")
            return
        turn = _Turn(turns)

        async def sent(message: Message) -> None:
            turn.end()  # what is answered is known now; whoever reads slowly keeps nobody waiting
            await send(message)

        try:
            declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
            if declared.isdigit() and int(declared) > LARGEST:
                raise TooLarge
            await pages(scope, _counted(receive, longest, turn), sent)
        except TooLarge:
            await answer(send, 413, "Too large: at most 8 MB.\n", connection="close")
        except TooSlow:
            await answer(send, 408, "The body did not come in time.\n", connection="close")
        finally:
            turn.end()

    return asked


def _counted(receive: Receive, longest: float, turn: _Turn) -> Receive:
    """`receive`, which raises TooLarge or TooSlow until the body is whole; after that it waits as long as it must.

    It gives the last piece when it is the request's `turn`: who sends slowly keeps nobody from theirs.
    """
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
        if whole:
            await turn.begin()
        return message

    return received
