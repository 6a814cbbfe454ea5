"""Reads the body of a request, of whatever size, without being held up by it."""

from __future__ import annotations

from starlette.requests import Request


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
