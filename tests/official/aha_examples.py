"""Schemas of Aha!'s answers and bodies, made from the examples in its document: no unknown key, no other type.

The declared schemas can not be used: they were made from the same examples, but those of different operations share
a name (that of GET /me describes another answer), and the items of lists are declared "string".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tests.official.documents import Document, Operation, content_of
from tests.official.relaxations import Relaxation, names

Json = Any
KINDS = ("feature", "release", "epic", "initiative", "goal", "requirement")
PLURAL = {f"{kind}s": kind for kind in KINDS}


def answer(
    document: Document, operations: Iterable[Operation], status: str, *, long: bool, without: Relaxation | None = None
) -> dict[str, Any]:
    """The schema of an answer. `long`: `fields` asked a list for keys of the long form."""
    examples = [_grown(document, of_content(content_of(one, status)), long) for one in operations]
    return _any([strict(one, without=without) for one in examples])


def _any(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _grown(document: Document, example: Json, long: bool) -> Json:
    """The items of a list with the keys of the record's own example, where they were asked for."""
    if not long or not isinstance(example, dict):
        return example
    grown = dict(example)
    for plural, kind in PLURAL.items():
        operation = document.find("GET", ["api", "v1", plural, "{id}"])
        if isinstance(example.get(plural), list) and operation is not None:
            grown[plural] = [*example[plural], of_content(content_of(operation, "200"))[kind]]
    return grown


def sent(operations: Iterable[Operation], *, without: Relaxation | None = None) -> dict[str, Any]:
    """The schema of a body: the keys of the examples, with the table's."""
    contents = [one.raw["requestBody"]["content"]["application/json"] for one in operations]
    return _any([_sent(of_content(content), without) for content in contents])


def _sent(example: Json, without: Relaxation | None) -> dict[str, Any]:
    if not isinstance(example, dict):
        return {}
    # A record under its name, where the example has its attributes bare.
    known = {
        key: _object(key, example, without) if key in KINDS else {} for key in names("SENT", "aha", without=without)
    }
    known |= {key: _object(key, value, without) for key, value in example.items()}
    return {"type": "object", "properties": known, "additionalProperties": False}


def _object(key: str, example: Json, without: Relaxation | None) -> dict[str, Any]:
    if not isinstance(example, dict):
        return {}
    known: dict[str, Any] = {name: {} for name in {*example, *names("SENT", f"aha {key}", without=without)}}
    return {"type": "object", "properties": known, "additionalProperties": False}


def strict(example: Json, name: str = "", *, without: Relaxation | None = None) -> dict[str, Any]:
    """A schema from a documented example, closed against unknown keys. `without`: as if the table lacked its names."""
    if example is None:
        return {}
    if isinstance(example, dict):
        open_ = names("KEY", f"any type in {name}", without=without)
        known = {key: {} if key in open_ else strict(value, key, without=without) for key, value in example.items()}
        lacking = names("KEY", f"null in {name}", without=without)
        known |= {key: {"anyOf": [known[key], {"type": "null"}]} for key in lacking if key in known}
        places = ["record", f"in {name}"] if "reference_num" in example or "" in example else [f"in {name}"]
        extra: dict[str, Any] = {key: {} for key in names("KEY", *places, without=without) if key not in known}
        made = {"type": "object", "properties": {**known, **extra}, "additionalProperties": False}
        if known and all(re.fullmatch(r"\d*", key) for key in known):
            made = {"type": "object"}  # keys that are ids
    elif isinstance(example, list):
        merged = merge(example)
        made = {"type": "array", "items": {} if merged is None else strict(merged, name, without=without)}
    elif isinstance(example, bool):
        made = {"type": "boolean"}
    elif name in names("KEY", "text or number", without=without):
        made = {"type": ["string", "number"]}
    else:
        made = {"type": "number" if isinstance(example, int | float) else "string"}
    return {"anyOf": [made, {"type": "null"}]} if name in names("KEY", "null", without=without) else made


def merge(examples: list[Any]) -> Any:
    """One example that has everything the given ones have."""
    full = [one for one in examples if one is not None]
    if not full or not all(isinstance(one, type(full[0])) for one in full):
        return None
    if isinstance(full[0], dict):
        return {key: merge([one.get(key) for one in full]) for one in full for key in one}
    if isinstance(full[0], list):
        return [inner for one in full for inner in one]
    return full[0]


def of_content(content: Json) -> Json:
    """The examples of one media type, merged into one; None where there is none."""
    examples = [one["value"] for one in content.get("examples", {}).values()]
    if "example" in content:
        examples.append(content["example"])
    return merge(examples)
