"""Puts a sandbox's application together: its own routes, the control API, the shared page files, the gate in front.

Knows no vendor.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ExceptionHandler, Receive, Scope, Send

from crosswalk_sandbox.kernel.control import Control, control_routes
from crosswalk_sandbox.kernel.gate import Gate

STATIC = Path(__file__).parent / "static"


class _Gated(Starlette):
    """Starlette behind the gate, which has to see a request before any middleware does."""

    gate: Gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self.gate(scope, receive, send)


def build_app(
    routes: Sequence[BaseRoute],
    control: Control,
    exception_handlers: Mapping[int | type[Exception], ExceptionHandler] | None = None,
) -> Starlette:
    """The application of a sandbox; `/_sandbox` and `/_static` are added. A route's `name` is its operation in the log.

    `app.state` gets `control`, and `base_url`, which is set for good by `server.run` and `server.Running`.
    """

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        control.courier.resume()
        yield
        control.courier.stop()

    app = _Gated(
        routes=[*routes, *control_routes(), Mount("/_static", StaticFiles(directory=STATIC))],
        exception_handlers=dict(exception_handlers or {}),
        lifespan=lifespan,
    )
    app.gate = Gate(super(_Gated, app).__call__, control.clock, control.faults, control.log, control.api)
    app.state.control = control
    app.state.base_url = "http://sandbox.invalid"
    return app
