"""The whole service as one ASGI application: hooks and probes in front, pages behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import cast

from django.core.asgi import get_asgi_application
from django.core.signals import request_finished
from django.db import close_old_connections, connections, transaction

from crosswalk.engine.port import FIRST, Engine
from crosswalk.store import inbox
from crosswalk.store.models import Integration
from crosswalk.store.sqlite.turns import ahead
from crosswalk.sync import connect_app
from crosswalk.sync.hooking import Sealed, addresses
from crosswalk.sync.waking import INBOX
from crosswalk.web.bodies import Application, bounded
from crosswalk.web.connect_hooks import PATH as CONNECT_HOOKS
from crosswalk.web.connect_hooks import ConnectDoor
from crosswalk.web.hooks import PREFIX, HookDoor, Receive, Scope, Send
from crosswalk.web.probes import PATHS, Probes
from crosswalk.web.storm import Storm


def door(engine: Engine, clock: Callable[[], float] = time.monotonic) -> HookDoor:
    """The hooks' door onto the store; each stored batch wakes `engine` in the same transaction."""
    storm = Storm()

    def keep(batch: Sequence[inbox.Delivery]) -> None:
        delay = storm.look(clock(), len(batch))
        close_old_connections()
        with ahead(), transaction.atomic(durable=True):
            inbox.keep_all(batch)
            if not delay:
                for number, at in {one.integration_id: one.received_at for one in batch if one.integration_id}.items():
                    Integration.objects.filter(pk=number).update(hooked_at=at)
            engine.enqueue(INBOX, INBOX, priority=FIRST, delay=delay)
        storm.stored(clock())

    return HookDoor(keep, secrets, clock)


def secrets() -> Iterable[tuple[str, Sealed]]:
    """The unguessable part of each integration's webhook addresses, and whose it is."""
    close_old_connections()
    return list(addresses())


def prove(authorization: str, query: str) -> int | None:
    """The integration to keep a hook of the Connect app for: see sync.connect_app. Raises Refused."""
    close_old_connections()
    return connect_app.hooked(connect_app.Knock("POST", CONNECT_HOOKS, query, authorization))


def _let_go(**_: object) -> None:
    connections.close_all()


def application(hooks: HookDoor, probes: Probes) -> Application:
    """Hooks and probes to their doors, everything else to the pages. Django must be set up."""
    pages = bounded(cast("Application", get_asgi_application()))
    # Under ASGI each request runs in a thread of its own, so a connection kept for the next one would only pile up:
    # https://docs.djangoproject.com/en/5.2/ref/databases/#caveats
    request_finished.connect(_let_go, dispatch_uid="crosswalk.web.asgi")

    connect = ConnectDoor(hooks, prove)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == CONNECT_HOOKS:
            await connect(scope, receive, send)
        elif scope["type"] == "http" and str(scope["path"]).startswith(PREFIX):
            await hooks(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] in PATHS:
            await probes(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return answer
