"""The five documents: loaded once, each request matched to its operation, each schema compiled once.

Knows no sandbox and forgives nothing; what is forgiven stands in `relaxations.py` and `unstated.py`.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.shared_files import ROOT, shared

FOLDER = "fixtures/openapi"
FILES = {
    "cloud": "jira-cloud-platform-v3.json",
    "cloud2": "jira-cloud-platform-v2.json",
    "software": "jira-cloud-software.json",
    "dc": "jira-dc-10.3.json",
    "aha": "aha-v1.json",
}
Json = Any


def present(root: Path = ROOT) -> bool:
    """Whether the documents lie beside this checkout."""
    return all((root / FOLDER / file).exists() for file in FILES.values())


def tell(write_line: Callable[..., object], root: Path = ROOT) -> None:
    """Say loudly, at the end of a run, where nothing was held against the documents."""
    if not present(root):
        write_line(
            "LEFT OUT: the vendors' OpenAPI documents are not beside this checkout, so no exchange with a sandbox was "
            "held against them",
            red=True,
        )


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of a document."""

    document: str
    method: str
    path: str
    raw: Json
    twins: list[Operation] = field(default_factory=list)
    """Itself, and operations that differ from it only in how the path names its parts."""

    @property
    def id(self) -> str:
        """How tables and messages name it: "dc GET /api/2/issue/{issueIdOrKey}"."""
        return f"{self.document} {self.method} {self.path}"

    @property
    def name(self) -> str:
        """The operationId; Aha!'s document has none."""
        return str(self.raw.get("operationId", ""))


@dataclass
class _Node:
    parts: dict[str, _Node] = field(default_factory=dict)
    named: _Node | None = None
    operations: dict[str, Operation] = field(default_factory=dict)


class Document:
    """One document with its operations by path. A fixed part of a path goes before a braced one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.raw = json.loads(shared(f"{FOLDER}/{FILES[name]}").read_bytes())
        self.operations: list[Operation] = []
        self._root = _Node()
        for path, item in self.raw["paths"].items():
            common = item.get("parameters", [])
            for method in ("get", "post", "put", "delete", "patch"):
                if method in item:
                    raw = {**item[method], "parameters": [*common, *item[method].get("parameters", [])]}
                    self._add(Operation(name, method.upper(), path, raw))

    def _add(self, operation: Operation) -> None:
        node = self._root
        for part in operation.path.partition("?")[0].strip("/").split("/"):
            if part.startswith("{"):
                node.named = node = node.named or _Node()
            else:
                node = node.parts.setdefault(part, _Node())
        self.operations.append(operation)
        first = node.operations.setdefault(operation.method, operation)
        first.twins.append(operation)

    def find(self, method: str, parts: list[str]) -> Operation | None:
        """The operation for the parts of a path, or of a template (braced parts fit braced parts)."""
        return _walk(self._root, parts, 0, method)


def _walk(node: _Node, parts: list[str], at: int, method: str) -> Operation | None:
    if at == len(parts):
        return node.operations.get(method)
    following = node.parts.get(parts[at])
    found = _walk(following, parts, at + 1, method) if following else None
    if found is None and node.named is not None and parts[at]:
        found = _walk(node.named, parts, at + 1, method)
    return found


@functools.cache
def document(name: str) -> Document:
    """A document by its short name. Skips the test, loudly, where it is absent."""
    return Document(name)


# ---- schemas ----


def content_of(operation: Operation, status: str) -> Json:
    """What the document says of the JSON of an answer; {} for nothing."""
    answer = operation.raw["responses"].get(status) or {}
    return next((found for kind, found in (answer.get("content") or {}).items() if "json" in kind), {})


DROPPED = ("nullable", "example", "examples", "xml", "discriminator", "externalDocs", "deprecated", "default", "format")
"""Annotations; and formats, since stamps have an offset without a colon and dates are called date-time (recorded)."""


def plain(schema: Json, in_names: bool = False) -> Json:
    """OpenAPI 3.0 to plain JSON Schema: `nullable` becomes a type, annotations go. `in_names`: keys are properties."""
    if isinstance(schema, list):
        return [plain(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if in_names:
        return {key: plain(value) for key, value in schema.items()}
    out = {
        key: value if key in ("enum", "required") else plain(value, key == "properties")
        for key, value in schema.items()
        if key not in DROPPED
    }
    if out.get("enum") == [""]:
        out.pop("enum")
    if isinstance(out.get("type"), list):
        out["type"] = sorted(set(out["type"]))
    return {"anyOf": [out, {"type": "null"}]} if schema.get("nullable") is True else out


CLOSED = ("cloud", "software")
"""Documents whose objects take no name besides those they list, also where they forget to say so: v3 says it of nearly
all, and that of Jira Software of what it names, not of what it writes out in place."""


def closed(name: str, schema: Json, in_names: bool = False) -> Json:
    """A schema in plain form, its objects closed where the document is one of those."""
    if name not in CLOSED or not isinstance(schema, dict | list):
        return schema
    if isinstance(schema, list):
        return [closed(name, entry) for entry in schema]
    out = {key: value if key in ("enum", "required") else closed(name, value, not in_names and key == "properties")
           for key, value in schema.items()}  # fmt: skip
    if not in_names and isinstance(out.get("properties"), dict) and out["properties"]:
        out.setdefault("additionalProperties", False)
    return out


def states(name: str, schema: Json) -> bool:
    """Whether a schema in plain form states anything; some of v2's have a name and no more."""
    titled = str(schema.get("$ref", "")).rpartition("/")[2] if schema else ""
    part = document(name).raw["components"]["schemas"].get(titled) if titled else schema
    return bool(part and part.keys() - {"title", "description"})


def needed(name: str, schema: Json) -> dict[str, Json]:
    """The component schemas that a schema leads to."""
    known = document(name).raw["components"]["schemas"]
    found: dict[str, Json] = {}
    waiting = [schema]
    while waiting:
        for reference in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(waiting.pop())):
            if reference not in found:
                found[reference] = known[reference]
                waiting.append(known[reference])
    return found


def compiled(name: str, schema: Json, change_part: Callable[[str, Json], Json]) -> Any:
    """A validator for a schema of a document in plain form; `change_part` may mend each component, given its name."""
    parts = {title: closed(name, change_part(title, plain(part))) for title, part in needed(name, schema).items()}
    return jsonschema_rs.Draft4Validator({**closed(name, schema), "components": {"schemas": parts}})
