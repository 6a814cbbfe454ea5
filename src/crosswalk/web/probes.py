"""What machines ask a service: whether it lives, whether it is ready, what it counts. Knows HTTP, and how it is told.

A bare ASGI application in front of Django, like hooks.py: a probe comes by an address of its own (a container's, a
balancer's), has no session, and must not fail because of what pages need.

| address | answer |
|---|---|
| /healthz | 200 while the process answers; asks nothing else |
| /readyz | 200, or 503 and what is not ready; ?without=worker leaves a part out |
| /metrics | what is counted, for Prometheus, to whoever shows an API token (any role); else 401 |

A token, and not the network it comes from: behind a proxy on the same machine everybody comes from loopback.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final, TypeVar
from urllib.parse import parse_qs

from django.db import DatabaseError, InterfaceError, connections

from crosswalk.engine.port import Engine
from crosswalk.store import tokens
from crosswalk.sync.metrics import Metric, metrics
from crosswalk.sync.readiness import PARTS, readiness
from crosswalk.web.hooks import Receive, Scope, Send, answer

T = TypeVar("T")
HEALTH, READY, METRICS = "/healthz", "/readyz", "/metrics"
PATHS: Final = frozenset({HEALTH, READY, METRICS})
PATIENCE: Final = 5.0  # seconds; whoever probes waits no longer
# https://prometheus.io/docs/instrumenting/exposition_formats/
_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES: Final = {"\\": r"\\", '"': r"\"", "\n": r"\n"}


class Probes:
    """The ASGI application. One probe at a time asks the database; `close` ends its thread."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="probes")

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Answer one request at one of PATHS."""
        path, head = scope["path"], {"cache_control": "no-store"}
        if scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, "Ask by GET.\n", allow="GET, HEAD")
        elif path == HEALTH:
            await answer(send, 200, "alive\n", **head)
        elif path == READY:
            query = parse_qs(bytes(scope.get("query_string", b"")).decode("latin-1"))
            status, told = await self._ready(frozenset(query.get("without", ())))
            await answer(send, status, f"{json.dumps(told)}\n", content_type="application/json", **head)
        else:
            status, text, more = await self._metrics(_bearer(scope))
            await answer(send, status, text, **head, **more)

    async def _ready(self, without: frozenset[str]) -> tuple[int, Mapping[str, object]]:
        late = dict.fromkeys(PARTS, "the database did not answer in time")
        found = await self._asked(lambda: readiness(self._engine), late)
        parts = {part: says or "ok" for part, says in found.items() if part not in without}
        ready = all(says == "ok" for says in parts.values())
        return (200 if ready else 503), {"ready": ready, **parts}

    async def _metrics(self, token: str) -> tuple[int, str, Mapping[str, str]]:
        def asked() -> tuple[int, str, Mapping[str, str]]:
            now = self._now()
            found = tokens.find(token, now) if token else None
            if found is None:
                return 401, "Show an API token: Authorization: Bearer cw_...\n", {"www_authenticate": "Bearer"}
            if found.role == tokens.SENDER:
                return 403, "A sender's token does not open this. Show one that has a role.\n", {}
            return 200, written(metrics(self._engine, now)), {"content_type": _TYPE}

        return await self._asked(asked, (503, "The database does not answer.\n", {"retry_after": "5"}))

    async def _asked(self, ask: Callable[[], T], otherwise: T) -> T:
        """What `ask` says, in the thread that may use the database; `otherwise` where that takes too long or fails."""

        def asked() -> T:
            try:
                return ask()
            except (DatabaseError, InterfaceError):
                return otherwise
            finally:
                connections.close_all()

        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.get_running_loop().run_in_executor(self._thread, asked)
        except TimeoutError:
            return otherwise

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _bearer(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"").decode("latin-1")
    kind, _, token = given.partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.isascii() else ""


def written(found: Iterable[Metric]) -> str:
    """Metrics as Prometheus reads them."""
    lines = []
    for metric in found:
        lines += [f"# HELP {metric.name} {metric.says}", f"# TYPE {metric.name} {metric.kind}"]
        for labels, value in metric.samples:
            named = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            lines.append(f"{metric.name}{{{named}}} {value:.10g}" if named else f"{metric.name} {value:.10g}")
    return "".join(f"{line}\n" for line in lines)


def _escaped(text: str) -> str:
    return re.sub(r'[\\"\n]', lambda found: _ESCAPES[found[0]], text)
