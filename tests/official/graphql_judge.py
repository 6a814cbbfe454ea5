"""Judges one exchange by Aha!'s GraphQL schema: what was asked must fit it wherever something was answered, and the
answer must be what the schema says of the question.

The answer is taken apart by executing the question once more, by graphql-core against the vendor's whole schema, over
the answer itself: a key that lacks, a null where none may be, a value of another type, a name outside an enumeration
all show. What a schema says of itself is not judged: the sandbox has a part of it. Knows no sandbox.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    execute,
    is_abstract_type,
    parse,
    validate,
)
from graphql.type import GraphQLAbstractType, GraphQLResolveInfo

from tests.shared_files import ROOT, shared

FILE = "fixtures/openapi/aha-graphql.graphql"
PATH = "/api/v2/graphql"
Json = Any


def present() -> bool:
    """Whether the schema lies beside this checkout."""
    return (ROOT / FILE).exists()


@functools.cache
def schema() -> GraphQLSchema:
    """The vendor's schema; its own scalars read what their names say."""
    built = build_schema(shared(FILE).read_text("utf-8"), assume_valid_sdl=True)
    for name, reads in (("ISO8601Date", _day), ("ISO8601DateTime", _moment)):
        found = built.get_type(name)
        assert isinstance(found, GraphQLScalarType)
        vars(found)["coerce_output_value"] = reads
    return built


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"{value!r} is no text")
    return value


def _day(value: object) -> str:
    date.fromisoformat(_text(value))
    return _text(value)


def _moment(value: object) -> str:
    if datetime.fromisoformat(_text(value)).tzinfo is None:
        raise GraphQLError(f"{value!r} says no offset")
    return _text(value)


def complaints(sent: bytes | None, status: int, body: bytes, *, ours: bool) -> list[str]:
    """What the schema has against a question and its answer."""
    try:
        asked, told = json.loads(sent or b""), json.loads(body)
        document = _read(asked["query"])
    except (ValueError, KeyError, TypeError, GraphQLError):
        return ["the question can not be read"] if ours else []
    if ours and (faults := _faults(asked["query"])):
        return [f"the question does not fit: {fault}" for fault in faults]
    if status != 200 or not isinstance(told, dict) or "__schema" in asked["query"] or "__type(" in asked["query"]:
        return []
    if told.get("data") is None:
        return [] if told.get("errors") else ["neither data nor errors are answered"]
    if faults := _faults(asked["query"]):
        return [f"answered, though the question does not fit: {fault}" for fault in faults]
    return list(_shape(document, asked, told))


@functools.lru_cache(512)
def _read(query: str) -> DocumentNode:
    return parse(query)


@functools.lru_cache(512)
def _faults(query: str) -> tuple[str, ...]:
    """Crosswalk asks the same questions again and again, of other records."""
    return tuple(fault.message for fault in validate(schema(), _read(query), max_errors=3))


def _shape(document: DocumentNode, asked: Json, told: Json) -> Iterator[str]:
    """An answer with errors has nulls at their places, which are not judged."""
    again = execute(
        schema(),
        document,
        root_value=told["data"],
        context_value={d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)},
        variable_values=asked.get("variables"),
        operation_name=asked.get("operationName"),
        field_resolver=_held,
        type_resolver=_kind_of,
    )
    assert isinstance(again, ExecutionResult)
    if told.get("errors"):
        return
    for error in again.errors or ():
        yield f"{'/'.join(map(str, error.path or ()))}: {error.message}"
    if not again.errors and again.data != told["data"]:
        yield f"answered {json.dumps(told['data'])[:300]}, which reads as {json.dumps(again.data)[:300]}"


def _held(source: Json, info: GraphQLResolveInfo, **_: object) -> object:
    """What was answered at a place."""
    if not isinstance(source, dict) or info.path.key not in source:
        raise GraphQLError("nothing was answered")
    return source[info.path.key]


def _kind_of(value: Json, info: GraphQLResolveInfo, kind: GraphQLAbstractType) -> str:
    """Which of several types an object is: the one that it names, or the first that has just these keys here."""
    candidates = info.schema.get_possible_types(kind)
    for one in candidates:
        if set(value) == set(_keys(info, one)) and value.get("__typename", one.name) == one.name:
            return one.name
    raise GraphQLError(f"{sorted(value)} are the keys of no {kind.name}")


def _keys(info: GraphQLResolveInfo, kind: GraphQLObjectType) -> Iterator[str]:
    """The keys that are asked of an object of this type; `@skip` and `@include` are sent by nobody."""
    waiting = [one for node in info.field_nodes if node.selection_set for one in node.selection_set.selections]
    while waiting:
        one = waiting.pop()
        if isinstance(one, FieldNode):
            yield (one.alias or one.name).value
            continue
        fragment = info.context[one.name.value] if isinstance(one, FragmentSpreadNode) else one
        named = fragment.type_condition
        wanted = info.schema.get_type(named.name.value) if named else kind
        if wanted is kind or (is_abstract_type(wanted) and info.schema.is_sub_type(wanted, kind)):
            waiting += fragment.selection_set.selections
