"""Checks answers against the vendor's OpenAPI documents, with the documents' own faults named in one table."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

import jsonschema_rs

from ...shared_files import shared

FILES = {"cloud": "jira-cloud-platform-v3.json", "software": "jira-cloud-software.json", "dc": "jira-dc-10.3.json"}

# Faults of the documents, each with its reason: the only relaxations.
FAULTS = {
    ("dc", "list"): "list endpoints declare the item instead of an array of items",
    ("dc", "page"): "paged endpoints declare the item or page bean; createmeta declares only the item",
    ("dc", "fields"): "IssueBean.fields and renderedFields declare every value an object",
    (
        "both",
        "change",
    ): "changelog items declare from and to as strings; real ones are null where there was nothing (recorded)",
    ("cloud", "date-time"): "stamps are declared date-time; real ones have an offset without a colon (recorded)",
}


@functools.cache
def document(name: str) -> Any:
    return json.loads(shared(f"fixtures/openapi/{FILES[name]}").read_text())


def _plain(schema: Any) -> Any:
    """OpenAPI 3.0 to plain JSON Schema: `nullable` becomes a type, `example` and friends go."""
    if isinstance(schema, list):
        return [_plain(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    out = {
        key: _plain(value)
        for key, value in schema.items()
        if key not in ("nullable", "example", "xml", "discriminator")
    }
    if out.get("enum") == [""]:
        out.pop("enum")
    if out.get("format") == "date-time":
        out.pop("format")
    return {"anyOf": [out, {"type": "null"}]} if schema.get("nullable") is True else out


def _needed(name: str, schema: Any) -> dict[str, Any]:
    """The component schemas that a schema leads to."""
    found: dict[str, Any] = {}
    waiting = [schema]
    while waiting:
        for reference in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(waiting.pop())):
            if reference not in found:
                found[reference] = document(name)["components"]["schemas"][reference]
                waiting.append(found[reference])
    return found


@functools.cache
def _validator(name: str, key: str) -> Any:
    schema = json.loads(key)
    parts = {part: _plain(value) for part, value in _needed(name, schema).items()}
    for title, part in parts.items():
        properties = part.get("properties", {})
        if "fromString" in properties:
            properties |= {side: {"type": ["string", "null"]} for side in ("from", "fromString", "to", "toString")}
        if name == "dc" and title == "IssueBean":
            properties |= {kind: {"type": "object"} for kind in ("fields", "renderedFields") if kind in properties}
    return jsonschema_rs.Draft4Validator({**_plain(schema), "components": {"schemas": parts}})


def operation(name: str, method: str, path: str) -> Any:
    """The document's operation for a path template, e.g. "/rest/api/3/issue/{issueIdOrKey}"; None where
    there is none."""
    blank = re.sub(r"\{[^}]*\}", "{}", path)
    for template, item in document(name)["paths"].items():
        if re.sub(r"\{[^}]*\}", "{}", template) == blank and method.lower() in item:
            return item[method.lower()]
    return None


def schema_of(name: str, method: str, path: str, status: int) -> Any:
    """The schema the document gives for an answer, or None."""
    found = operation(name, method, path)
    assert found is not None, f"{method} {path} is not in {FILES[name]}"
    answers = found["responses"]
    assert str(status) in answers or "default" in answers, f"{method} {path} does not document {status}"
    content = answers.get(str(status), answers.get("default")).get("content") or {}
    return next((c["schema"] for kind, c in content.items() if "json" in kind and c.get("schema")), None)


def complaints(name: str, schema: Any, body: Any) -> list[str]:
    """What a body has against a schema."""
    validator = _validator(name, json.dumps(schema, sort_keys=True))
    return [f"{'/'.join(map(str, e.instance_path))}: {e.message[:200]}" for e in validator.iter_errors(body)]
