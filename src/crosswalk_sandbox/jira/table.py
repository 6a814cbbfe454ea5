"""Finds the row of a table of endpoints for a method and a path. Knows neither requests nor answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar
from urllib.parse import unquote

Segments = tuple[str, ...]


def segments_of(path: str) -> Segments:
    """The parts of a path, each decoded by itself: an encoded slash is none."""
    parts = path.strip("/").split("/")
    return tuple(map(unquote, parts)) if "%" in path else tuple(parts)


class Listed(Protocol):
    """A row: method, path template, the flavours it exists in."""

    @property
    def method(self) -> str: ...
    @property
    def template(self) -> str: ...
    @property
    def on(self) -> tuple[str, ...]: ...


E = TypeVar("E", bound=Listed)


class Table(Generic[E]):
    """Finds the endpoint for a method and a path."""

    def __init__(self, endpoints: Sequence[E], flavour: str) -> None:
        self.by_length: dict[int, list[tuple[Segments, E]]] = {}
        for endpoint in endpoints:
            if flavour in endpoint.on:
                segments = tuple(endpoint.template.split("/"))
                self.by_length.setdefault(len(segments), []).append((segments, endpoint))
        for rows in self.by_length.values():
            rows.sort(key=lambda row: [part.startswith("{") for part in row[0]])
        self.likely: dict[tuple[int, str], list[tuple[Segments, E]]] = {}
        self.thirds = {row[0][2] for rows in self.by_length.values() for row in rows if len(row[0]) > 2}
        self.all = [endpoint for rows in self.by_length.values() for _, endpoint in rows]

    def rows(self, segments: Segments) -> list[tuple[Segments, E]]:
        """The rows that can fit, in order: most paths tell by their third part which few they are."""
        key = (len(segments), segments[2] if len(segments) > 2 and segments[2] in self.thirds else "")
        if key not in self.likely:
            every = self.by_length.get(key[0], [])
            self.likely[key] = [row for row in every if not key[1] or row[0][2] == key[1] or row[0][2].startswith("{")]
        return self.likely[key]

    def find(self, method: str, segments: Segments) -> tuple[E | None, dict[str, str], bool]:
        """The endpoint and the path's variables; and whether the path exists for another method."""
        other = False
        for template, endpoint in self.rows(segments):
            params: dict[str, str] = {}
            for want, have in zip(template, segments, strict=True):
                if want.startswith("{"):
                    params[want[1:-1]] = have
                elif want != have:
                    break
            else:
                if endpoint.method == method:
                    return endpoint, params, True
                other = True
        return None, {}, other

    def methods(self, segments: Segments) -> list[str]:
        """The methods that a path takes, in order."""
        rows = self.rows(segments)
        fits = [row for row in rows if all(a == b or a[:1] == "{" for a, b in zip(row[0], segments, strict=True))]
        return sorted({row[1].method for row in fits})
