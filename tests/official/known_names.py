"""Which names an answer of Data Center may have: its document closes no object, so that a schema refuses none.

Known are the names that the operation's own answers have there, in schemas and examples, and those that the same
operation has in Cloud's documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from tests.official.documents import Json, Operation, needed
from tests.official.exchanges import Exchange, operation_of
from tests.official.grounds import twins
from tests.official.proofs import operations_at

PAGE = frozenset(("startAt", "maxResults", "total", "isLast", "values"))
"""Of a page, which the document declares as one of its items, as the README beside it says."""
OPEN = (
    "fields", "renderedFields", "names", "schema", "properties", "permissions", "roles", "value", "avatarUrls",
    "allowedValues",
)  # fmt: skip
"""Below these each site, or each issue, has names of its own."""
AS = {
    "dc GET /api/2/component/page": "dc GET /api/2/component/{id}",
    "dc GET /api/2/user/list": "dc GET /api/2/user",
    "dc PUT /api/2/user": "dc GET /api/2/user",
    "dc POST /api/2/user": "dc GET /api/2/user",
    "dc GET /api/2/user/avatars": "dc GET /api/2/project/{projectIdOrKey}/avatars",
    "dc GET /agile/1.0/board/{boardId}/properties/{propertyKey}": (
        "dc GET /api/2/project/{projectIdOrKey}/properties/{propertyKey}"
    ),
    "dc GET /api/2/issuetypescheme/{schemeId}/associations": "dc GET /api/2/project",
}
"""Operations whose answers are not, or not wholly, declared, with those that answer the same things."""
MAPS = ("dc GET /api/2/project/{projectIdOrKey}/role",)
"""What answers an object with names of the site's own."""
OBSERVED = {"dc GET /api/2/serverInfo": frozenset(("databaseBuildNumber",))}
"""What public servers of the versions 8.3, 8.16, 9.12 and 10.3 answer beside what is declared."""


def strange(exchange: Exchange) -> list[str]:
    """Where a good answer has a name that no document knows."""
    operation = operation_of(exchange)
    if operation is None or operation.document != "dc" or operation.id in MAPS or not 200 <= exchange.status < 300:
        return []
    known = _known(operation)
    if not known or "json" not in exchange.media or not exchange.body:
        return []
    return [
        f"{operation.id}: {place}"
        for place in _walk(json.loads(exchange.body), known | PAGE | OBSERVED.get(operation.id, frozenset()), "")
    ]


def _walk(body: Json, known: frozenset[str], place: str) -> Iterator[str]:
    if isinstance(body, list):
        for one in body:
            yield from _walk(one, known, f"{place}/*")
    elif isinstance(body, dict):
        for name, value in body.items():
            if name not in known:
                yield f"{place}/{name}"
            elif name not in OPEN:
                yield from _walk(value, known, f"{place}/{name}")


@cache
def _known(operation: Operation) -> frozenset[str]:
    """The names of an operation, of its like and of both in the other documents."""
    alike = [operation, *(operations_at(AS[operation.id]) if operation.id in AS else [])]
    every = [*alike, *(twin for one in alike for twin in twins(one))]
    return frozenset(name for one in every for name in _of_answers(one))


def _of_answers(operation: Operation) -> Iterator[str]:
    for answer in operation.raw["responses"].values():
        for content in (answer.get("content") or {}).values():
            schema = content.get("schema") or {}
            for part in (schema, *needed(operation.document, schema).values()):
                yield from _declared(part)
            yield from _shown(content.get("example"))
            for one in (content.get("examples") or {}).values():
                yield from _shown(one.get("value"))


def _declared(schema: Json) -> Iterator[str]:
    if isinstance(schema, list):
        for one in schema:
            yield from _declared(one)
    elif isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for name, value in schema.items():
            yield from _declared(value) if name not in ("example", "examples") else ()


def _shown(example: Json) -> Iterator[str]:
    """The names of an example, which may be JSON in a text."""
    if isinstance(example, str) and example[:1] in "[{":
        try:
            example = json.loads(example)
        except ValueError:
            return
    if isinstance(example, list):
        for one in example:
            yield from _shown(one)
    elif isinstance(example, dict):
        yield from example
        for value in example.values():
            yield from _shown(value)
