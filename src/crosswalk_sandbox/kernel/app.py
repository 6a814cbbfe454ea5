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
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from crosswalk_sandbox.kernel.control import Control, control_routes
from crosswalk_sandbox.kernel.faults import Fault
from crosswalk_sandbox.kernel.gate import Gate
from crosswalk_sandbox.kernel.keeping import Keeping, ask
from crosswalk_sandbox.kernel.steering import steering_routes

STATIC = Path(__file__).parent / "static"


class Gated(Starlette):
    """Starlette behind the gate, which has to see a request before any middleware does.

    What starts with a path of `direct` goes to that application without Starlette's routing, which would cost a simple
    request a fifth of its time.
    """

    gate: Gate
    keeping: Keeping
    direct: tuple[tuple[str, ...], ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self.gate(scope, receive, send)

    async def ungated(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer without log and faults."""
        scope["app"] = self
        if self.direct is not None and scope["type"] == "http" and scope["path"].startswith(self.direct[0]):
            await self.direct[1](scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def build_app(
    routes: Sequence[BaseRoute],
    control: Control,
    exception_handlers: Mapping[int | type[Exception], ExceptionHandler] | None = None,
) -> Gated:
    """The application of a sandbox; `/_sandbox` and `/_static` are added. A route's `name` is its operation in the log.

    `app.state` gets `control`, and `base_url`, which is set for good by `server.run` and `server.Running`.
    """

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        control.courier.resume()
        yield
        control.courier.stop()

    app = Gated(
        routes=[*routes, *control_routes(), *steering_routes(), Mount("/_static", StaticFiles(directory=STATIC))],
        exception_handlers=dict(exception_handlers or {}),
        lifespan=lifespan,
    )
    app.keeping = Keeping(app.ungated, control.clock, control.courier)
    app.gate = Gate(app.keeping, control.clock, control.faults, control.log, control.api)
    app.gate.answers, app.gate.settle = control.answers, control.courier.settle

    async def change(fault: Fault, scope: Scope) -> None:
        await ask(app.keeping, scope, "POST", "/_sandbox/world", dict(fault.change))

    app.gate.change = change
    app.state.control = control
    app.state.base_url = "http://sandbox.invalid"
    return app
