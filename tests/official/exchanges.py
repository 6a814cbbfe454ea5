"""Judges one exchange with a sandbox by the vendor's document: the answer always, the request where it is ours.

Knows no sandbox: it sees what went over the wire.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.official import aha_examples, documents, graphql_judge, relaxations, shown, unstated
from tests.official.documents import Json, Operation
from tests.official.relaxations import Relaxation, changed

PRODUCT = "Crosswalk/"
"""How the User-Agent of the product begins; only its requests are judged, as tests send wrong ones on purpose."""
MOST = 5


@dataclass(frozen=True)
class Exchange:
    """One request and its answer. `product` is "aha", "cloud" or "dc"; `sent` is None where it was not read whole."""

    product: str
    method: str
    path: str
    query: str
    agent: str
    sent_type: str
    sent: bytes | None
    status: int
    media: str
    body: bytes
    served: bool = True
    """Whether the sandbox has the operation; of what it has not, only that it says so is judged."""

    @property
    def ours(self) -> bool:
        """Whether Crosswalk itself sent it."""
        return self.agent.startswith(PRODUCT)

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        return f"{self.product}: {self.method} {self.path}{query}"


def parts_for(product: str, parts: list[str]) -> tuple[str, list[str]] | None:
    """The document that speaks about a path, and the parts of the path in it; None for what is no vendor's API."""
    if product == "aha":
        return ("aha", parts) if parts[:2] == ["api", "v1"] else None
    if parts[:2] == ["ex", "jira"]:
        parts = parts[3:]
    if parts[:1] != ["rest"]:
        return None
    if product == "dc" and parts[1:3] == ["auth", "latest"]:
        return "dc", ["auth", "1", *parts[3:]]
    if product == "dc":
        return "dc", ["api", "2", *parts[3:]] if parts[1:3] == ["api", "latest"] else parts[1:]
    if parts[1:2] == ["agile"]:
        return "software", parts
    if parts[1:3] in (["api", "2"], ["api", "latest"]):
        return "cloud2", ["rest", "api", "2", *parts[3:]]
    return "cloud", parts


def place(exchange: Exchange) -> tuple[str, list[str]] | None:
    """The same for a request."""
    return parts_for(exchange.product, [unquote(part) for part in exchange.path.strip("/").split("/")])


def operation_of(exchange: Exchange) -> Operation | None:
    """The documented operation that a request is."""
    found = place(exchange)
    return documents.document(found[0]).find(exchange.method, found[1]) if found else None


def complaints(exchange: Exchange) -> list[str]:
    """What the documents have against an exchange."""
    found = place(exchange)
    if found is None:
        return _graphql(exchange)
    operation = documents.document(found[0]).find(exchange.method, found[1])
    if operation is None:
        return list(_undocumented(exchange, *found))
    wrong = list(_answer(exchange, operation)) if exchange.served else list(_absent(exchange))
    if exchange.ours:
        wrong += _request(exchange, operation)
    return [f"{exchange}: {text} [{operation.id}]" for text in wrong]


def _graphql(exchange: Exchange) -> list[str]:
    """The one path that another kind of document speaks about."""
    if exchange.product != "aha" or exchange.path != graphql_judge.PATH or not graphql_judge.present():
        return []
    wrong = graphql_judge.complaints(exchange.sent, exchange.status, exchange.body, ours=exchange.ours)
    return [f"{exchange}: {text}" for text in wrong]


def _undocumented(exchange: Exchange, name: str, parts: list[str]) -> Iterator[str]:
    """A path of no document is in the table, or answered as the server answers paths that it has not."""
    if unstated.outside(exchange.product, exchange.method, parts):
        return
    if exchange.ours:
        yield f"{exchange}: Crosswalk sends what {documents.FILES[name]} has not"
    for text in _absent(exchange):
        yield f"{exchange}: {text}; no path of {documents.FILES[name]} fits"


def _absent(exchange: Exchange) -> Iterator[str]:
    gateway = (400,) if exchange.method == "PATCH" and exchange.product == "cloud" else ()
    if exchange.status not in (401, 403, 404, 405, 415, 429, *gateway):
        yield f"answered {exchange.status} by no operation"


# ---- answers ----


def _answer(exchange: Exchange, operation: Operation) -> Iterator[str]:
    status = str(exchange.status)
    if status == "204" and exchange.body:
        yield "204 with a body"
    answers = operation.raw["responses"]
    documented = answers.get(status, answers.get("default"))
    if documented is None:
        if not relaxations.may_answer(operation, status) and not unstated.may_answer(operation, status):
            yield f"{status} is not documented (only {', '.join(sorted(answers))})"
        return
    validator = answer_validator(operation, status, _long(exchange))
    if validator is None:
        return
    if "json" not in exchange.media:
        yield f"{exchange.status} is {exchange.media or 'untyped'}, JSON is documented"
        return
    try:
        body = json.loads(exchange.body)
    except ValueError:
        yield f"{exchange.status}: the body is no JSON"
        return
    yield from against(validator, body, f"{exchange.status}: ")


def _long(exchange: Exchange) -> bool:
    return exchange.product == "aha" and "fields=" in exchange.query


def against(validator: Any, body: Json, where: str = "") -> list[str]:
    """What a body has against a schema."""
    if validator is None or validator.is_valid(body):
        return []
    found = [f"{where}{'/'.join(map(str, e.instance_path))}: {e.message[:300]}" for e in validator.iter_errors(body)]
    return found[:MOST]


@functools.cache
def answer_validator(
    operation: Operation, status: str, long: bool = False, *, without: Relaxation | None = None
) -> Any:
    """The validator of an answer, by its schema, or by its example where it has none; None where the document has
    neither. `without`: as if the table lacked a row."""
    name = operation.document
    if status not in operation.raw["responses"]:
        status = "default"
    if name == "aha":
        known = [one for one in operation.twins if documents.content_of(one, status)]
        if not known:
            return None
        found = aha_examples.answer(documents.document(name), known, status, long=long, without=without)
        return documents.compiled(name, changed("ANSWER", f"{operation.id} {status}", found, without), _as_it_is)
    schema = documents.plain(documents.content_of(operation, status).get("schema"))
    if not documents.states(name, schema):  # an example of a refusal is one of several
        schema = shown.schema(operation, status) if status.startswith("2") else None
    if schema is None:
        return None
    schema = changed("ANSWER", f"{operation.id} {status}", schema, without)
    return documents.compiled(name, schema, lambda title, part: changed("PART", part_place(name, title), part, without))


def shows(row: Relaxation, where: str, exchange: Exchange) -> bool:
    """Whether an exchange needs a row about schemas, or keys: without it the document would have something against the
    answer, or against what was sent."""
    operation, status = operation_of(exchange), str(exchange.status)
    if row.kind in ("KEY", "SENT"):
        return operation is not None and operation.document == "aha" and _needs(exchange, operation, row)
    if operation is None or where.partition(" ")[0] != operation.document:
        return False
    if row.kind == "ANSWER":
        return where == f"{operation.id} {status}" and _refused(exchange, operation, row)
    return _refused(exchange, operation, row) or _sent_against(exchange, operation, row)


def _needs(exchange: Exchange, operation: Operation, row: Relaxation) -> bool:
    """The same for keys, whose names stand in the body at all."""
    body = exchange.body if row.kind == "KEY" else exchange.sent or b""
    if not any(f'"{name}"'.encode() in body for name in row.names):
        return False
    return _refused(exchange, operation, row) if row.kind == "KEY" else _sent_against(exchange, operation, row)


def _sent_against(exchange: Exchange, operation: Operation, row: Relaxation) -> bool:
    """Whether a body that fits does not without the row."""
    documented = ((operation.raw.get("requestBody") or {}).get("content") or {}).get("application/json")
    if not documented or not exchange.sent or "json" not in exchange.sent_type:
        return False
    body = json.loads(exchange.sent)
    return not against(body_validator(operation), body) and against(body_validator(operation, without=row), body) != []


def _refused(exchange: Exchange, operation: Operation, row: Relaxation) -> bool:
    """Whether an answer does not fit without the row."""
    if "json" not in exchange.media or not exchange.body or str(exchange.status) not in operation.raw["responses"]:
        return False
    validator = answer_validator(operation, str(exchange.status), _long(exchange), without=row)
    return against(validator, json.loads(exchange.body)) != []


def part_place(document: str, title: str) -> str:
    """How the table of relaxations names a component: those made for one refusal each have one name."""
    return f"{document} *V1R4xx" if REFUSED.fullmatch(title) else f"{document} {title}"


REFUSED = re.compile(r".*V1R4\d\d")


def _as_it_is(_title: str, part: Json) -> Json:
    return part


# ---- requests ----


def _request(exchange: Exchange, operation: Operation) -> Iterator[str]:
    yield from _query(exchange, operation)
    if exchange.sent is None:
        return
    content = (operation.raw.get("requestBody") or {}).get("content") or {}
    media = exchange.sent_type.partition(";")[0].strip().lower()
    if not exchange.sent:
        if (operation.raw.get("requestBody") or {}).get("required"):
            yield "a body is documented as required"
        return
    if not content:
        yield "a body is sent and none is documented"
    elif media not in content and "*/*" not in content:
        yield f"a body of {media} is sent; documented are {', '.join(content)}"
    elif media == "application/json":
        yield from against(body_validator(operation), json.loads(exchange.sent), "sent: ")
    elif media == "multipart/form-data":
        yield from _parts(exchange, operation, content[media])


def _query(exchange: Exchange, operation: Operation) -> Iterator[str]:
    """Each name is documented, each documented as required is there, and each value is of its type."""
    schemas = {
        p["name"]: p.get("schema") or {} for one in operation.twins for p in one.raw["parameters"] if p["in"] == "query"
    }
    more = unstated.asked_besides(operation)
    given = parse_qsl(exchange.query, keep_blank_values=True)
    for name, value in given:
        if name not in schemas and name not in more:
            known = ", ".join(sorted(schemas.keys() | more)) or "none"
            yield f"the query names {name!r}; documented are {known}"
        elif not fits(value, schemas.get(name, {})):
            yield f"the query's {name} is {value!r}; documented is {json.dumps(schemas[name])}"
    required = {p["name"] for p in operation.raw["parameters"] if p["in"] == "query" and p.get("required")}
    for name in sorted(required - {name for name, _ in given}):
        yield f"the query lacks {name!r}, documented as required"


FORMS = {"integer": r"-?[0-9]+", "number": r"-?[0-9]+(\.[0-9]+)?", "boolean": "true|false"}


def fits(value: str, schema: Json) -> bool:
    """Whether a value of a query is of the documented type. A list comes as several, or with commas."""
    if schema.get("type") == "array":
        items = schema.get("items") or {}
        return all(fits(one, items) for one in value.split(",")) if "type" in items else True
    if "enum" in schema and any(schema["enum"]) and value not in schema["enum"]:
        return False
    form = FORMS.get(str(schema.get("type")))
    return form is None or re.fullmatch(form, value) is not None


def _parts(exchange: Exchange, operation: Operation, documented: Json) -> Iterator[str]:
    """The parts of a form by name. Jira's documents tell the name in words: the parameter must be named `file`."""
    head = f"Content-Type: {exchange.sent_type}\r\n\r\n".encode()
    sent = message_from_bytes(head + (exchange.sent or b""), policy=HTTP)
    known = set((documented.get("schema") or {}).get("properties") or {})
    said = operation.raw.get("description", "")
    if not known and re.search("parameter that contains (the )?attachments must be (<code>|`)?file", said):
        known = {"file"}
    if not sent.is_multipart():
        yield "the form can not be read"
        return
    for part in sent.iter_parts():
        name = part.get_param("name", header="Content-Disposition")
        if name not in known:
            yield f"the form has a part {name!r}; documented are {', '.join(sorted(known)) or 'none'}"


@functools.cache
def body_validator(operation: Operation, *, without: Relaxation | None = None) -> Any:
    """The validator of a JSON body that is sent. Data Center's bodies are closed here: its document leaves all open."""
    name = operation.document
    if name == "aha":
        return documents.compiled(name, aha_examples.sent(operation.twins, without=without), _as_it_is)
    schema = documents.plain(operation.raw["requestBody"]["content"]["application/json"].get("schema"))
    if not schema:
        return None
    top = str(schema.get("$ref", "")).rpartition("/")[2]

    def change(title: str, part: Json) -> Json:
        part = changed("PART", f"{name} {title}", part, without)
        if title == top and name == "dc" and "properties" in part:
            part = {"additionalProperties": False, **part}
        return part

    return documents.compiled(name, schema, change)
