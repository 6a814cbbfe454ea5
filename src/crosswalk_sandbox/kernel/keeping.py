"""Keeps a sandbox between starts: every request that may change something goes into an SQLite file and is played back.

State itself lives in memory. A row is committed before its answer is sent, so what was answered is not lost when the
process is killed; a power failure can take the last rows (WAL, synchronous=NORMAL). Not kept: the request log, faults,
and hooks that were still under way. Knows no vendor.

The file belongs to one sandbox: one version of the program, one flavour, one seed. Playing back gives the same state
because nothing in a sandbox depends on chance, and because time stands still at the moment that was written down.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosswalk_sandbox.kernel.clock import Clock
from crosswalk_sandbox.kernel.hooks import Courier

FORMAT = "1"
REPLAYED = "sandbox.replayed"
NOT_KEPT = ("/_sandbox/faults", "/_sandbox/requests", "/_sandbox/outage", "/_sandbox/pages/")
READS = ("GET", "HEAD", "OPTIONS")
SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE request (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, method TEXT NOT NULL, path BLOB NOT NULL, query BLOB NOT NULL,
    headers TEXT NOT NULL, body BLOB NOT NULL, status INTEGER NOT NULL
);
"""


class NotKept(ValueError):
    """The file can not be used; the message says why."""


def _reads_nothing(_scope: Scope, _body: bytes) -> bool:
    return False


class Keeping:
    """ASGI: `app`, with the requests that may change something written to `file` once there is one.

    `only_reads` says of a request, by its scope and body, that it changes nothing although it is no GET.
    """

    def __init__(self, app: ASGIApp, clock: Clock, courier: Courier) -> None:
        self.app, self.clock, self.courier = app, clock, courier
        self.file: File | None = None
        self.only_reads: Callable[[Scope, bytes], bool] = _reads_nothing
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = self.file is not None and scope["type"] == "http" and scope["method"] not in READS
        if not kept or scope["path"].startswith(NOT_KEPT):
            await self.app(scope, receive, send)
            return
        body = await _all_of(receive)
        if body is None:
            return  # whoever asked has hung up before it was said what for
        if self.only_reads(scope, body):
            await self.app(scope, _again(body), send)
            return
        async with self._turn:
            answer = await self._answer(scope, body)
        for message in answer:
            await send(message)

    async def _answer(self, scope: Scope, body: bytes) -> list[Message]:
        """One at a time, so that the file has them in the order in which they happened."""
        moment = self.clock.now()
        answer = await _told(self.app, self.clock, moment, scope, body)
        # What the limits refused was never carried out.
        if self.file is not None and "sandbox.limit" not in scope:
            self.file.add(moment, scope, body, answer[0]["status"])
        return answer

    def play_back(self, file: File, app: object) -> int:
        """Bring the sandbox to where the file left it, and write to it from now on; answers how many requests it held.

        Nothing is delivered: what had been sent then would be sent twice. Raises NotKept when the program does not
        answer as it did then.
        """
        self.courier.stop()
        count = asyncio.run(self._play_back(file, app))
        self.courier.resume()
        self.file = file
        return count

    async def _play_back(self, file: File, app: object) -> int:
        count = 0
        for moment, scope, body, status in file.requests():
            scope.update({"app": app, REPLAYED: True})
            answer = await _told(self.app, self.clock, moment, scope, body)
            count += 1
            if answer[0]["status"] != status:
                asked = f"{file.path}: request {count}, {scope['method']} {scope['path']}"
                raise NotKept(
                    f"{asked}, was answered with {status} then and with {answer[0]['status']} now: the file was made by"
                    " another version. Start without it."
                )
        return count


async def _told(app: ASGIApp, clock: Clock, moment: datetime, scope: Scope, body: bytes) -> list[Message]:
    """The whole answer of the application, for which time stands still at `moment`."""
    answer: list[Message] = []

    async def keep(message: Message) -> None:
        answer.append(message)

    with clock.held(moment):
        await app(scope, _again(body), keep)
    return answer


async def _all_of(receive: Receive) -> bytes | None:
    parts, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _again(body: bytes) -> Receive:
    """A `receive` that hands out a body that was read already."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    return receive


def new_scope(method: str, raw_path: bytes, query: bytes, headers: list[tuple[bytes, bytes]]) -> Scope:
    """The scope of a request that comes from no network."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "path": unquote(raw_path.decode("latin-1")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "scheme": "http",
        "headers": headers,
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        "state": {},
    }


async def ask(app: ASGIApp, scope: Scope, method: str, path: str, body: object) -> int:
    """Send a request of the sandbox's own, on behalf of the one with `scope`; the status of its answer."""
    asked = new_scope(method, path.encode(), b"", [(b"content-type", b"application/json")])
    asked["app"] = scope["app"]
    status = 0

    async def note(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(asked, _again(json.dumps(body).encode()), note)
    return status


class File:
    """The SQLite file of one sandbox, locked for as long as it is open."""

    def __init__(self, path: Path, about: dict[str, str], now: datetime) -> None:
        """Open or make it. `about` tells what it has to be of. Raises NotKept."""
        self.path = path
        if not path.parent.is_dir():
            raise NotKept(f"{path}: there is no folder {path.parent}")
        self._line = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            self._line.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._line.execute("PRAGMA journal_mode=WAL")
            self._line.execute("PRAGMA synchronous=NORMAL")
            self._line.execute("BEGIN IMMEDIATE")
            self.began = self._check({"format": FORMAT, **about}, now)
            self._line.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._line.close()
            raise NotKept(f"{path} is in use by another process, or can not be written ({error})") from error
        except sqlite3.DatabaseError as error:
            self._line.close()
            raise NotKept(f"{path} is no file of a sandbox ({error})") from error
        except NotKept:
            self._line.close()
            raise

    def _check(self, about: dict[str, str], now: datetime) -> datetime:
        """See that the file is of this sandbox; when it began, which is where the seed's moments hang."""
        tables = {name for (name,) in self._line.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            for statement in SCHEMA.split(";"):
                self._line.execute(statement)
            rows = [*about.items(), ("began", now.isoformat())]
            self._line.executemany("INSERT INTO about VALUES (?, ?)", rows)
            return now
        if "about" not in tables:
            raise NotKept(f"{self.path} is no file of a sandbox")
        held = dict(self._line.execute("SELECT name, value FROM about").fetchall())
        for name, wanted in about.items():
            if held.get(name) != wanted:
                raise NotKept(f"{self.path} is of {name} {held.get(name)}, not of {wanted}: name another file")
        return datetime.fromisoformat(held["began"])

    def add(self, moment: datetime, scope: Scope, body: bytes, status: int) -> None:
        """Write a request down; it is on its way to the disk when this returns."""
        path = scope.get("raw_path") or scope["path"].encode()
        headers = json.dumps([[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]])
        row = (moment.isoformat(), scope["method"], path, scope["query_string"], headers, body, status)
        self._line.execute(
            "INSERT INTO request (at, method, path, query, headers, body, status) VALUES (?, ?, ?, ?, ?, ?, ?)", row
        )

    def requests(self) -> Iterator[tuple[datetime, Scope, bytes, int]]:
        """Everything that was written down, in order."""
        with closing(self._line.execute("SELECT * FROM request ORDER BY number")) as rows:
            yield from map(_request, rows)

    def close(self) -> None:
        """Let go of the file."""
        self._line.close()


def _request(row: tuple[int, str, str, bytes, bytes, str, bytes, int]) -> tuple[datetime, Scope, bytes, int]:
    _, at, method, path, query, headers, body, status = row
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in json.loads(headers)]
    return datetime.fromisoformat(at).astimezone(UTC), new_scope(method, path, query, pairs), body, status
