"""Reads the body of a request, of whatever size and sense, without being held up by it."""

from __future__ import annotations

import json
import math
import re

from starlette.requests import Request

HALF_A_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


async def whole(request: Request, most: int) -> bytes | None:
    """The body; None when there are more bytes than `most`.

    The rest is then read and dropped: who is answered while still sending finds the connection reset, not the answer.
    """
    parts: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most:
            parts.append(chunk)
    return b"".join(parts) if size <= most else None


def parsed(raw: bytes) -> object:
    """The JSON in a body. Raises ValueError or RecursionError where there is none.

    NaN and Infinity are Python's, not JSON's. Half of a surrogate pair can not be written in UTF-8; a server keeps "?".
    """
    given: object = json.loads(raw, parse_constant=_no_constant)
    if HALF_A_PAIR.search(raw):
        given = json.loads(json.dumps(given, ensure_ascii=False).encode("utf-8", "replace"))
    return given


async def object_of(request: Request) -> dict[str, object]:
    """The JSON object in a request to the control API. Raises ValueError when there is none."""
    try:
        given = parsed(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise ValueError(f"no JSON: {error}") from error
    if not isinstance(given, dict):
        raise ValueError("a JSON object is wanted")
    if any(isinstance(value, float) and not math.isfinite(value) for value in given.values()):
        raise ValueError("a number is too large")
    return given


def _no_constant(name: str) -> object:
    raise ValueError(name)
