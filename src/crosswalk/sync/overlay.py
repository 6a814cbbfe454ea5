"""What an integration made of its template: its own settings stay, all others follow the template. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str, ...]
LINE = "\0line"
"""Marks a field line in a path, which is one setting as a whole."""


def overlaid(base: Mapping[str, Any], own: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`own` with what the template changed from `base` to `new`, save where `own` departs from `base`."""
    was, here, there = dict(_flat(base)), dict(_flat(own)), dict(_flat(new))
    merged: dict[Path, Any] = {}
    for path in {**there, **here}:
        kept = here if here.get(path, NOTHING) != was.get(path, NOTHING) else there
        if path in kept:
            merged[path] = kept[path]
    return _built(merged)


def overrides(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in which `own` departs from the template's `base`, each by its path; None for one taken out."""
    was, here = dict(_flat(base)), dict(_flat(own))
    paths = [path for path in {**was, **here} if was.get(path, NOTHING) != here.get(path, NOTHING)]
    return {".".join(part.removeprefix(LINE) for part in path): here.get(path) for path in paths}


NOTHING = object()


def _flat(data: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, (*path, key))
        elif isinstance(value, list):
            for line in value:
                yield (*path, key, f"{LINE}{line['aha']} - {line['jira']}"), line
        else:
            yield (*path, key), value


def _built(flat: Mapping[Path, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, value in flat.items():
        last = path[-1]
        if last.startswith(LINE):
            table = _table(found, path[:-2])
            table.setdefault(path[-2], []).append(value)
        else:
            _table(found, path[:-1])[last] = value
    return found


def _table(found: dict[str, Any], path: Path) -> dict[str, Any]:
    for part in path:
        found = found.setdefault(part, {})
    return found
