"""Access to ADF as parsed JSON that forgives: what is missing or of another type is empty. It builds nothing."""

from __future__ import annotations

import json
from typing import cast

from .normal_line import storable

Node = dict[str, object]


def content_of(node: Node, key: str = "content") -> list[Node]:
    if (found := node.get(key)) is None:
        return []
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def attrs_of(node: Node) -> Node:
    found = node.get("attrs")
    return cast(Node, found) if isinstance(found, dict) else {}


def string(node: Node, key: str) -> str:
    found = node.get(key)
    return found if isinstance(found, str) else ""


def number(node: Node, key: str, default: int = 0) -> int:
    found = node.get(key)
    return int(found) if isinstance(found, int | float) and 0 <= found <= 1e6 else default


def kind_of(node: Node) -> str:
    found = node.get("type")
    return found if isinstance(found, str) else ""


def mark_of(node: Node, kind: str) -> Node | None:
    """The attributes of the mark `kind`, None where the node has no such mark."""
    return next((attrs_of(mark) for mark in content_of(node, "marks") if kind_of(mark) == kind), None)


def compact(value: object) -> str:
    """JSON without spaces; also how Jira counts the length of a text."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def canonical(document: object) -> str:
    """A document as text that is the same whenever the document is: sorted keys, no spaces."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def words_of(node: Node) -> str:
    """The words inside any node, known or not: one line for each block."""
    lines: list[str] = []
    pending: list[Node] = [node]
    while pending:
        current = pending.pop()
        inner = content_of(current)
        if inner and all(kind_of(item) == "text" for item in inner):
            lines.append("".join(string(item, "text") for item in inner))
            continue
        attrs = attrs_of(current)
        shown = string(current, "text") or string(attrs, "text") or string(attrs, "title")
        if shown:
            lines.append(shown)
        pending.extend(reversed(inner))
    return "\n".join(lines)
