"""JSON as bytes, quickly: half the time of a simple request would otherwise go into its text. Knows no shape."""

from __future__ import annotations

import json

import orjson
from starlette.responses import JSONResponse


def packed(value: object) -> bytes:
    """The JSON text in UTF-8, without blanks."""
    try:
        return orjson.dumps(value)
    except TypeError:
        # A whole number of more than 64 bits, or half a surrogate pair: JSON can carry both, orjson refuses them.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


class Packed(JSONResponse):
    """A JSON answer."""

    def render(self, content: object) -> bytes:
        """The body."""
        return packed(content)
