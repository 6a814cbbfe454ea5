"""On what ground an operation may refuse with a status that its document leaves out: what is so of the operation.

Each is a function of an operation and a status. Knows no sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tests.official.documents import Operation, document

PAGED = ("startAt", "maxResults")
JIRA = ("cloud", "cloud2", "software", "dc")


def always(_operation: Operation, _status: str) -> bool:
    """Of every operation."""
    return True


def reads(operation: Operation, _status: str) -> bool:
    """Something of the request is to be read: a body, or a value in the query that is no text."""
    if operation.raw.get("requestBody"):
        return True
    schemas = [one.get("schema") or {} for one in operation.raw["parameters"] if one["in"] == "query"]
    return any(schema.get("type") in ("integer", "boolean", "array") or "enum" in schema for schema in schemas)


def counts(operation: Operation, _status: str) -> bool:
    """The query has a number; Data Center's document declares some numbers of pages to be text."""
    query = [one for one in operation.raw["parameters"] if one["in"] == "query"]
    return any(one["name"] in PAGED or (one.get("schema") or {}).get("type") == "integer" for one in query)


def names_something(operation: Operation, _status: str) -> bool:
    """The path names something."""
    return "{" in operation.path


def beside(operation: Operation, status: str) -> bool:
    """The same operation of another of the vendor's documents has the status."""
    return any(status in other.raw["responses"] for other in twins(operation))


def twins(operation: Operation) -> Iterator[Operation]:
    """The same operation in the vendor's other documents."""
    for name in JIRA:
        if name != operation.document:
            found = _by_place(name).get(_place(operation))
            yield from [found] if found else []


@cache
def _by_place(name: str) -> dict[str, Operation]:
    return {_place(one): one for one in document(name).operations}


def _place(operation: Operation) -> str:
    """Method and path, alike in every document: Cloud's v3 has /rest/api/3 where Data Center has /api/2."""
    path = re.sub(r"\{[^}]*\}", "{}", operation.path.removeprefix("/rest"))
    return f"{operation.method} {re.sub('^/api/[23]', '/api', path)}"
