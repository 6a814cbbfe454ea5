"""What drives a sandbox from outside: the control API at `/_sandbox`, and the parts it speaks for.

Knows no vendor: what a sandbox is in sum comes from the function it is given.

====================================  ==================================================================
``GET /_sandbox/faults``              the rules that are switched on, and the kinds there are
``POST /_sandbox/faults``             switch one on (the fields of `faults.Fault`); 400 says what is wrong
``DELETE /_sandbox/faults[?number=]`` switch one or all off
``GET /_sandbox/requests``            every API request seen (``?since=NUMBER&limit=N``) and counts
``DELETE /_sandbox/requests``         forget them
``GET /_sandbox/hooks``               deliveries of hooks, newest first
``GET /_sandbox/state``               the application's own summary
others                                see steering.py
====================================  ==================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crosswalk_sandbox.kernel.clock import Clock
from crosswalk_sandbox.kernel.faults import ANSWERS, KINDS, PASSIVE_KINDS, Answers, Fault, Faults, Kind
from crosswalk_sandbox.kernel.hooks import Courier
from crosswalk_sandbox.kernel.requestlog import RequestLog, Seen
from crosswalk_sandbox.kernel.requests import object_of
from crosswalk_sandbox.kernel.world import World, skew_of

Json = Mapping[str, object]


def _none_known() -> Json:
    return {}


class Control:
    """What drives one sandbox: clock, faults, request log, courier, and the application's summary of itself.

    `api` are the path prefixes that count as the vendor's API: only these are logged and struck by faults, so that
    the pages and the control API go on working while the API misbehaves. `passive` are the kinds of faults that the
    application itself acts on; others of that sort are refused, because they would do nothing. `answers` are the
    vendor's own bodies for the kinds named after an answer. The application sets `world`, the changes it knows, and
    two accounts of itself: `doubles`, what stands there twice, and `limits`, the windows a client has to keep
    (name, seconds, most).
    """

    def __init__(
        self,
        clock: Clock,
        summary: Callable[[], Mapping[str, object]],
        api: Sequence[str] = ("/",),
        passive: Sequence[str] = PASSIVE_KINDS,
        answers: Answers | None = None,
    ) -> None:
        self.clock = clock
        self.summary = summary
        self.api = tuple(api)
        self.passive = tuple(passive)
        self.faults = Faults()
        self.log = RequestLog()
        self.courier = Courier(clock, self.faults)
        self.answers = {**ANSWERS, **(answers or {})}
        self.world = World([skew_of(clock)])
        self.doubles: Callable[[], Json] = _none_known
        self.limits: Callable[[], Sequence[tuple[str, float, int]]] = tuple


def control_of(request: Request) -> Control:
    """The control of the sandbox that answers this request."""
    control = request.app.state.control
    assert isinstance(control, Control)
    return control


def control_routes() -> list[Route]:
    """The routes of the control API."""
    return [
        Route("/_sandbox/faults", _faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/requests", _requests, methods=["GET", "DELETE"]),
        Route("/_sandbox/hooks", _deliveries, methods=["GET"]),
        Route("/_sandbox/state", _state, methods=["GET"]),
    ]


class _Settings(TypedDict, total=False):
    kind: Kind
    method: str
    path_regex: str
    nth: int | None
    times: int
    probability: float
    seed: int
    status: int
    body: str
    headers: dict[str, str]
    seconds: float
    retry_after: float | None
    applied: bool
    change: dict[str, object]


NOTHING = type(None)
TYPES: Mapping[str, tuple[type, ...]] = {
    "kind": (str,),
    "method": (str,),
    "path_regex": (str,),
    "nth": (int, NOTHING),
    "times": (int,),
    "probability": (int, float),
    "seed": (int,),
    "status": (int,),
    "body": (str,),
    "headers": (dict,),
    "seconds": (int, float),
    "retry_after": (int, float, NOTHING),
    "applied": (bool,),
    "change": (dict,),
}


def _fault_from(given: Mapping[str, object]) -> Fault:
    """The rule described by a control request. Raises ValueError saying what is wrong with it."""
    unknown = sorted(set(given) - set(TYPES))
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(TYPES)}")
    for name, value in given.items():
        if not isinstance(value, TYPES[name]) or (isinstance(value, bool) and bool not in TYPES[name]):
            raise ValueError(f"{name}: {value!r} has the wrong type")
    headers = given.get("headers", {})
    if isinstance(headers, dict) and not all(isinstance(text, str) for text in headers.values()):
        raise ValueError("headers: texts are wanted")
    if "kind" not in given:
        raise ValueError("kind is missing")
    return Fault(**cast(_Settings, dict(given)))


def _fault_json(fault: Fault) -> dict[str, object]:
    shown = ("number", "matched", "struck")
    return {name: getattr(fault, name) for name in (*TYPES, *shown)}


async def _faults(request: Request) -> Response:
    faults = control_of(request).faults
    if request.method == "DELETE":
        # A number that is none ends no fault; without any they all end.
        gone = faults.clear(number_of(request, "number", -1) if "number" in request.query_params else None)
        return JSONResponse({"switched_off": gone})
    if request.method == "POST":
        try:
            fault = _fault_from(await object_of(request))
            control = control_of(request)
            if fault.kind in PASSIVE_KINDS and fault.kind not in control.passive:
                raise ValueError(f"this sandbox has no {fault.kind}")
            if fault.kind == "world" and str(fault.change.get("do")) not in control.world.verbs:
                raise ValueError(f"change: {{'do': ...}} is one of {', '.join(control.world.verbs)}")
            faults.add(fault)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse(_fault_json(fault))
    passive = control_of(request).passive
    kinds = [kind for kind in KINDS if kind not in PASSIVE_KINDS or kind in passive]
    return JSONResponse({"faults": [_fault_json(fault) for fault in faults.all()], "kinds": kinds})


def number_of(request: Request, name: str, default: int) -> int:
    """A whole number in the query, or the default where there is none."""
    return _number(request.query_params.get(name, ""), default)


def named_number(request: Request) -> int:
    """The `{number}` in the path; -1, which nothing has, where it is none that there could be."""
    return _number(request.path_params["number"], -1)


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else default


async def _requests(request: Request) -> Response:
    log = control_of(request).log
    if request.method == "DELETE":
        log.forget()
        return JSONResponse({})
    since, limit = number_of(request, "since", 0), number_of(request, "limit", 1000)
    newer = [seen for seen in log.seen if seen.number > since][-limit:] if limit else []
    return JSONResponse(
        {
            "total": log.total,
            "by_operation": dict(log.by_operation),
            "by_status": {str(status): count for status, count in log.by_status.items()},
            "requests": [_seen_json(seen) for seen in newer],
        }
    )


def _seen_json(seen: Seen) -> dict[str, object]:
    return {
        "number": seen.number,
        "at": seen.at.isoformat(timespec="milliseconds"),
        "method": seen.method,
        "path": seen.path,
        "query": seen.query,
        "status": seen.status,
        "milliseconds": round(seen.milliseconds, 2),
        "operation": seen.operation,
        "user": seen.user,
        "fault": seen.fault,
        "applied": seen.applied,
        "limit": seen.limit,
    }


async def _deliveries(request: Request) -> Response:
    courier = control_of(request).courier
    newest = list(courier.past)[::-1][: number_of(request, "limit", 100)]
    shown = [
        {
            "number": delivery.number,
            "url": delivery.url,
            "label": delivery.label,
            "state": delivery.state,
            "due": delivery.due.isoformat(timespec="milliseconds"),
            "headers": dict(delivery.headers),
            "body": delivery.body.decode("utf-8", "replace"),
            "attempts": [
                {"at": a.at.isoformat(timespec="milliseconds"), "status": a.status, "reason": a.reason}
                for a in delivery.attempts
            ],
        }
        for delivery in newest
    ]
    return JSONResponse({"waiting": courier.waiting(), "deliveries": shown})


async def _state(request: Request) -> Response:
    return JSONResponse(dict(control_of(request).summary()))
