"""What an example shows, where a document has no schema: its names and types stand for one.

So it is with most answers about boards, sprints and epics in the document of Jira Software Cloud.
"""

from __future__ import annotations

import json
from typing import Any

from tests.official import aha_examples
from tests.official.documents import Json, Operation, content_of

OPEN = ("fields", "value", "errors")
"""Names under which each site has its own: values of fields and of properties, refusals by field."""


def schema(operation: Operation, status: str) -> Json:
    """A schema made from the examples of an answer, closed against other names; None where there are none."""
    content = content_of(operation, status)
    given = [content.get("example"), *(one.get("value") for one in content.get("examples", {}).values())]
    examples = [_read(one) for one in given if one is not None]
    return _strict(aha_examples.merge(examples)) if examples else None


def _read(example: Json) -> Json:
    return json.loads(example) if isinstance(example, str) and example[:1] in "[{" else example


def _strict(example: Json) -> dict[str, Any]:
    if isinstance(example, dict):
        known = {name: {} if name in OPEN else _strict(value) for name, value in example.items()}
        return {"type": "object", "properties": known, "additionalProperties": False}
    if isinstance(example, list):
        return {"type": "array", "items": _strict(aha_examples.merge(example))}
    if isinstance(example, bool):
        return {"type": "boolean"}
    if isinstance(example, int | float):
        return {"type": "number"}
    return {"type": "string"} if isinstance(example, str) else {}
