"""The part of the control API that changes what is around the API, and asks what came of it. Knows no vendor.

==================================  ====================================================================
``GET /_sandbox/world``             the changes there are, the values they take, and the changes in force
``POST /_sandbox/world``            ``{"do": NAME, ...}``: make one; 400 says what is wrong
``DELETE /_sandbox/world[?number=]``  undo one or all, the newest first
``GET /_sandbox/audit``             how many requests of which kind, limits exceeded, what stands there twice
``GET /_sandbox/clock``             the time, and whether it is driven
``POST /_sandbox/clock/advance``    ``{"seconds": N}``, virtual clock only (409 otherwise)
``POST /_sandbox/outage``           ``{"seconds": N}``: connections are refused for so long, in real time
==================================  ====================================================================
"""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crosswalk_sandbox.kernel.clock import VirtualClock
from crosswalk_sandbox.kernel.control import Control, control_of, number_of
from crosswalk_sandbox.kernel.requests import object_of
from crosswalk_sandbox.kernel.world import Change, World

LONGEST_OUTAGE = 600.0


def steering_routes() -> list[Route]:
    """The routes of this part."""
    return [
        Route("/_sandbox/world", _world, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/audit", _audit, methods=["GET"]),
        Route("/_sandbox/clock", _clock, methods=["GET"]),
        Route("/_sandbox/clock/advance", _advance, methods=["POST"]),
        Route("/_sandbox/outage", _outage, methods=["POST"]),
    ]


def _change_json(change: Change) -> dict[str, object]:
    return {"number": change.number, "do": change.verb.name, "about": change.verb.about, "with": dict(change.given)}


def _world_json(world: World) -> dict[str, object]:
    verbs = [
        {"do": verb.name, "about": verb.about, "needs": dict(verb.needs), "may": dict(verb.may)}
        for verb in world.verbs.values()
    ]
    known = {name: list(values) for name, values in world.known().items()}
    return {"changes": [_change_json(change) for change in world.changes.values()], "verbs": verbs, "known": known}


async def _world(request: Request) -> Response:
    world = control_of(request).world
    if request.method == "GET":
        return JSONResponse(_world_json(world))
    if request.method == "DELETE":
        named = "number" in request.query_params
        return JSONResponse({"undone": world.undo(number_of(request, "number", -1) if named else None)})
    try:
        change = world.make(await object_of(request))
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 400)
    return JSONResponse(_change_json(change))


async def _audit(request: Request) -> Response:
    return JSONResponse(audit_of(control_of(request)))


def audit_of(control: Control) -> dict[str, object]:
    """What a judge of a client wants to know. Peaks are of the requests that the log still holds."""
    log = control.log
    peaks = [
        {"rule": name, "seconds": seconds, "limit": most, "most": log.peak(seconds)}
        for name, seconds, most in control.limits()
    ]
    # A refused request reached the sandbox as well, so a peak over the limit says the same as a refusal.
    exceeded = bool(log.by_limit) or any(log.peak(seconds) > most for _, seconds, most in control.limits())
    reads = sum(count for operation, count in log.by_operation.items() if operation.startswith(("GET ", "HEAD ")))
    total = sum(log.by_status.values())
    return {
        "requests": {
            "total": total,
            "reads": reads,
            "writes": total - reads,
            "by_operation": dict(log.by_operation),
            "by_status": {str(status): count for status, count in log.by_status.items()},
            "struck_by_a_fault": sum(bool(seen.fault) for seen in log.seen),
        },
        "limits": {"exceeded": exceeded, "refused": dict(log.by_limit), "peaks": peaks},
        "doubles": dict(control.doubles()),
    }


async def _clock(request: Request) -> Response:
    clock = control_of(request).clock
    return JSONResponse({"now": clock.now().isoformat(), "virtual": clock.virtual, "skew": clock.skew})


async def _advance(request: Request) -> Response:
    clock = control_of(request).clock
    if not isinstance(clock, VirtualClock):
        return JSONResponse({"error": "this sandbox runs on the real clock"}, 409)
    try:
        now = clock.advance(await _seconds(request, 1e9))
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 400)
    return JSONResponse({"now": now.isoformat()})


async def _seconds(request: Request, most: float) -> float:
    seconds = (await object_of(request)).get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= most:
        raise ValueError(f"seconds: a number from 0 to {most:g} is wanted")
    return seconds


async def _outage(request: Request) -> Response:
    away = getattr(request.app.state, "away", None)
    if away is None:
        return JSONResponse({"error": "this sandbox has no server of its own"}, 409)
    try:
        seconds = await _seconds(request, LONGEST_OUTAGE)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 400)

    async def leave() -> None:
        away(seconds)

    return JSONResponse({"seconds": seconds}, background=BackgroundTask(leave))
