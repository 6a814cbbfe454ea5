"""Executes one GraphQL request: reads, validates and runs it, and shapes the answer. Knows neither route nor key.

Errors are answered with status 200 and `errors`, as measured on a live account
(https://github.com/cedricziel/aha-mcp); a write by somebody who may only read
is 403.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute,
    validate,
)
from graphql.language import FieldNode

from crosswalk_sandbox.aha.graphql import account, changes, guard, lists, parts, reading
from crosswalk_sandbox.aha.graphql.reading import Desk, Table, typename
from crosswalk_sandbox.aha.refusals import Bad, Forbidden, Refusal
from crosswalk_sandbox.aha.show import Json
from crosswalk_sandbox.aha.state import Record

SDL = Path(__file__).parent / "schema.graphql"
TABLES: Mapping[str, Table] = {
    "Query": lists.QUERY,
    "Mutation": changes.MUTATION,
    "Feature": reading.RECORD,
    "Requirement": reading.RECORD,
    "Epic": reading.RECORD | reading.EPIC,
    "Release": reading.RECORD | reading.RELEASE,
    "ReleasePhase": reading.RECORD | reading.PHASE,
    "Initiative": reading.RECORD | reading.INITIATIVE,
    "Goal": reading.RECORD | reading.GOAL,
    "Comment": parts.COMMENT,
    "Note": parts.NOTE,
    "Attachment": parts.ATTACHMENT,
    "CustomFieldValue": parts.CUSTOM,
    "Integration": parts.INTEGRATION,
    "Tag": parts.TAG,
    "RecordLink": parts.RECORD_LINK,
    "User": account.USER,
    "Account": account.ACCOUNT,
    "Project": account.PROJECT,
    "Workflow": account.WORKFLOW,
    "WorkflowKind": account.KIND,
    "WorkflowStatus": account.STATUS,
}


@cache
def schema() -> GraphQLSchema:
    """The part of Aha!'s schema that is served."""
    return build_schema(SDL.read_text("utf-8"))


@lru_cache(maxsize=256)
def _faults(query: str) -> tuple[GraphQLError, ...]:
    """What the schema has against a question."""
    return tuple(validate(schema(), guard.read(query), max_errors=20))


def _resolve(source: object, info: GraphQLResolveInfo[Desk], **args: object) -> object:
    """The value of one field: from the table of its type, or by its name out of a mapping."""
    desk = info.context
    if isinstance(source, Mapping):
        value: object = source.get(info.field_name)
    else:
        try:
            value = TABLES[info.parent_type.name][info.field_name](desk, source, args)
        except Refusal as refusal:
            raise GraphQLError(refusal.message) from refusal
    if isinstance(value, list):
        return desk.count(value)
    desk.count([value])
    return value


def _type_of(value: object, *_: object) -> str:
    assert isinstance(value, Record)
    return typename(value)


def answer(desk: Desk, body: Mapping[str, object]) -> Json:
    """The answer to the JSON body of a request. Raises Bad without a query, Forbidden for a write of a reader."""
    query, variables, name = body.get("query"), body.get("variables"), body.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise Bad("No query string was present")
    if variables is not None and not isinstance(variables, dict):
        raise Bad("variables is not an object")
    if name is not None and not isinstance(name, str):
        raise Bad("operationName is not a text")
    try:
        guard.check_variables(variables)
        document = guard.read(query)
        if faults := _faults(query):
            return {"errors": [_plain(fault) for fault in faults]}
        if _writes(document, name) and not desk.user.writes:
            raise Forbidden("You do not have permission to perform this action")
        result = execute(
            schema(),
            document,
            context_value=desk,
            variable_values=variables,
            operation_name=name or None,
            field_resolver=_resolve,
            type_resolver=_type_of,
        )
    except GraphQLError as error:
        return {"errors": [_plain(error)]}
    except RecursionError:
        return {"errors": [{"message": "Timeout on validation of query"}]}
    assert isinstance(result, ExecutionResult)
    for fault in result.errors or ():
        # "permission or licence: HTTP 403", measured on a live account.
        cause = fault.original_error
        if isinstance(cause, GraphQLError) and isinstance(cause.__cause__, Forbidden):
            raise cause.__cause__
        if isinstance(fault.__cause__, Forbidden):
            raise fault.__cause__
    if result.errors:
        return {"data": result.data, "errors": [_plain(error) for error in result.errors]}
    return {"data": result.data}


def _plain(error: GraphQLError) -> Json:
    shown: Json = {"message": error.message}
    if error.path:
        shown["path"] = list(error.path)
    return shown


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    for one in operations:
        if not name or (one.name and one.name.value == name):
            return one
    return None


def _writes(document: DocumentNode, name: str | None) -> bool:
    found = _operation(document, name)
    return found is not None and found.operation is OperationType.MUTATION


def roots(body: Mapping[str, object]) -> str:
    """The names of the fields that a request asks for first, for the log; empty when it can not be read."""
    query, name = body.get("query"), body.get("operationName")
    try:
        found = (
            _operation(guard.read(query), name if isinstance(name, str) else None) if isinstance(query, str) else None
        )
    except GraphQLError:
        return ""
    if found is None:
        return ""
    return ",".join(sorted({one.name.value for one in found.selection_set.selections if isinstance(one, FieldNode)}))
