"""Takes hooks in: stored durably, then answered, in milliseconds. Knows HTTP; refuses to know what a hook says.

A bare ASGI application in front of Django, because a delivery needs no session, no form and no template. Deliveries
that arrive while a commit is under way share the next one; each is answered only after its own commit. What stands
behind the secret may say what a delivery without body is about.

| request | answer |
|---|---|
| POST with a known secret | 202 once it is stored; 413 over 25 MB; 503 when it could not be: send it again |
| GET with a known secret | 200 and a line for the person who tests the address |
| POST for Jira whose signature is wrong, or is missing where there was one | 401 |
| an unknown secret | 404 |
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeAlias

import structlog
from django.db import Error

from crosswalk.store.inbox import ADDRESS, Delivery
from crosswalk.store.text import fit
from crosswalk.sync import hooking
from crosswalk.sync.hooking import Sealed

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

PREFIX: Final = "/hooks/"
# Jira Cloud sends at most 25 MB: https://developer.atlassian.com/cloud/jira/platform/webhooks/
LARGEST: Final = 25 * 1024 * 1024
LONGEST: Final = 60.0  # seconds for a whole body
FRESH: Final = 60.0  # seconds for which what is known of an address is believed
_SIDES: Final = ("aha", "jira")
# Nothing else of a delivery's headers is kept: they may carry credentials (basic authentication in the address).
_KEPT: Final = ("content-type", "user-agent", "x-request-id", "x-hub-signature", "x-atlassian-webhook-")

_AGAIN: Final = "It could not be stored. Send it again.\n"

log = structlog.get_logger(__name__)


class TooLarge(Exception):
    """The body is over the limit."""


class GaveUp(Exception):
    """The sender stopped in the middle of the body."""


class Where(NamedTuple):
    """Where a delivery came: for which integration (None: none is meant) and side, and what stood behind the secret."""

    integration_id: int | None
    side: str
    more: str = ""


class Secrets:
    """Whose a secret is, without a query for each delivery.

    Looked up by digest, so that the time it takes tells nothing about how much of a guess was right. A secret that is
    not known is looked for in the database, at most ten times a second whoever guesses, and for a tenth of the time at
    most: hooks are stored by the same thread, and 5,000 secrets take 0.2 s. One that is known is asked for once a
    minute: another process may have learned that hooks are signed.
    """

    def __init__(
        self,
        load: Callable[[], Iterable[tuple[str, Sealed]]],
        every: float = 0.1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load, self._every, self._clock = load, every, clock
        self._known: dict[bytes, Sealed] = {}
        self._loaded_at, self._took = float("-inf"), 0.0
        self._loading = asyncio.Lock()

    async def find(self, secret: str, thread: ThreadPoolExecutor) -> Sealed | None:
        """Whose it is, or None."""
        digest = hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
        if self._wait(digest) <= 0:
            async with self._loading:
                if self._wait(digest) <= 0:
                    began = self._clock()
                    found = await asyncio.get_running_loop().run_in_executor(thread, lambda: list(self._load()))
                    self._known = {hashlib.sha256(text.encode()).digest(): number for text, number in found}
                    self._loaded_at = self._clock()
                    self._took = self._loaded_at - began
        return self._known.get(digest)

    def _wait(self, digest: bytes) -> float:
        """Seconds until the database is to be asked again."""
        pause = FRESH if digest in self._known else max(self._every, 9 * self._took)
        return self._loaded_at + pause - self._clock()

    def forget(self) -> None:
        """Ask the database again: an integration may be gone."""
        self._known, self._loaded_at = {}, float("-inf")


class HookDoor:
    """The ASGI application. `keep` stores a batch in one durable transaction, `load` gives (secret, integration id).

    Both run in one thread of their own; `close` ends it.
    """

    def __init__(
        self,
        keep: Callable[[Sequence[Delivery]], None],
        load: Callable[[], Iterable[tuple[str, Sealed]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keep = keep
        self._secrets = Secrets(load, clock=clock)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hooks")
        self._committing = asyncio.Lock()
        self._batch: list[Delivery] = []
        self._next: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request below PREFIX."""
        side, _, rest = str(scope["path"]).removeprefix(PREFIX).partition("/")
        secret, _, more = rest.partition("/")
        try:
            found = await self._secrets.find(secret, self._thread) if side in _SIDES else None
        except Error as error:
            log.error("hook not stored", side=side, error=str(error))
            await answer(send, 503, _AGAIN, retry_after="5")
            return
        if found is None:
            await answer(send, 404, "No integration has this webhook address. Copy it again from its settings.\n")
        elif scope["method"] in ("GET", "HEAD"):
            name = {"aha": "Aha!", "jira": "Jira"}[side]
            await answer(send, 200, f"Crosswalk is listening for {name} here. Webhooks are sent by POST.\n")
        elif scope["method"] != "POST":
            await answer(send, 405, "Webhooks are sent by POST.\n", allow="GET, HEAD, POST")
        else:
            query = bytes(scope.get("query_string", b"")).decode("latin-1")
            where = Where(found.integration_id, side, f"{more}?{query}" if query else more)
            await self.take(scope, receive, send, where, found if side == "jira" else None)

    @property
    def thread(self) -> ThreadPoolExecutor:
        """The one thread in which hooks meet the database."""
        return self._thread

    async def take(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        where: Where,
        sealed: Sealed | None = None,
    ) -> None:
        """Store the body and answer. Not what `sealed` refuses."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            async with asyncio.timeout(LONGEST):
                body = await _body(receive, headers.get("content-length", ""))
        except TooLarge:
            await answer(send, 413, "Too large: at most 25 MB.\n", connection="close")
            return
        except TimeoutError:
            await answer(send, 408, "The body did not come in time.\n", connection="close")
            return
        except GaveUp:
            return
        one = delivery(where, headers, body, datetime.now(UTC))
        try:
            if sealed is not None and not await self._believed(sealed, headers.get("x-hub-signature", ""), body):
                await answer(send, 401, "The signature is not that of this webhook's secret.\n")
                return
            await self._stored(one)
        except Error as error:
            self._secrets.forget()
            log.error("hook not stored", side=one.side, integration=one.integration_id, error=str(error))
            await answer(send, 503, _AGAIN, retry_after="5")
            return
        await answer(send, 202, "Stored.\n")

    async def _believed(self, sealed: Sealed, header: str, body: bytes) -> bool:
        """Whether a hook of Jira's is taken; the first one that is signed rightly, and one that is not, are kept."""
        run = asyncio.get_running_loop().run_in_executor
        if fault := sealed.fault(header, body):
            log.warning("hook refused", integration=sealed.integration_id, cause=f"It {fault}.", code=hooking.SIGNATURE)
            await run(self._thread, hooking.refused, sealed.integration_id, fault)
        elif not sealed.must and sealed.proves(header, body):
            await run(self._thread, hooking.proved, sealed.integration_id)
            self._secrets.forget()
        return not fault

    async def _stored(self, one: Delivery) -> None:
        """Return once `one` is committed."""
        self._batch.append(one)
        if self._next is None:
            self._next = asyncio.create_task(self._commit())
        # Shielded: a sender that hangs up takes nobody else's delivery with it.
        await asyncio.shield(self._next)

    async def _commit(self) -> None:
        async with self._committing:
            batch, self._batch, self._next = self._batch, [], None
            await asyncio.get_running_loop().run_in_executor(self._thread, self._keep, batch)

    def close(self) -> None:
        """End the thread once what runs is stored."""
        self._thread.shutdown(wait=True)


def delivery(where: Where, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery:
    """A delivery as it is kept. Jira Cloud names each one, the same over retries; nobody else does.

    Of the address only what stands behind the secret is kept, and only where there is no body to say what it is about.

    https://developer.atlassian.com/cloud/jira/platform/webhooks/
    """
    kept = {key: value[:500] for key, value in headers.items() if key.startswith(_KEPT)}
    if not body and where.more:
        kept[ADDRESS] = fit(where.more[:500])
    identifier = headers.get("x-atlassian-webhook-identifier", "").strip()
    return Delivery(where.side, body, at, identifier, where.integration_id, kept)


async def _body(receive: Receive, declared: str) -> bytes:
    if declared.isdecimal() and int(declared) > LARGEST:
        raise TooLarge
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GaveUp
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > LARGEST:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


async def answer(send: Send, status: int, text: str, **headers: str) -> None:
    """Answer with a line of text."""
    body = text.encode()
    fields = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
