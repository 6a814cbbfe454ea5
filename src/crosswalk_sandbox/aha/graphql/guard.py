"""Refuses queries that are too long or too deep before they are validated. Pure; knows no record.

How large a query Aha! takes is not documented; it answers some with "Timeout on validation of query"
(https://github.com/cedricziel/aha-mcp). The bounds here
only keep a query from holding the stand-in up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Visitor,
    parse,
    visit,
)

MOST_CHARACTERS = 400_000
MOST_TOKENS = 20_000
DEEPEST = 20
MOST_ALIKE = 200


@lru_cache(maxsize=256)
def read(query: str) -> DocumentNode:
    """The query as a document that is small enough to be validated. Raises GraphQLError.

    It is kept: programs ask the same questions again and again, with other variables.
    """
    if len(query) > MOST_CHARACTERS:
        raise GraphQLError("Timeout on validation of query")
    try:
        document = parse(query, no_location=True, max_tokens=MOST_TOKENS)
        _measure(document)
        visit(document, _WorkspaceIds())
    except RecursionError as error:
        raise GraphQLError("Timeout on validation of query") from error
    return document


def check_variables(variables: object, depth: int = 0) -> None:
    """Refuse a number where `projectId` stands in the variables: Aha! takes text only. Raises GraphQLError."""
    if depth > DEEPEST:
        raise GraphQLError("Variables are nested too deep")
    if isinstance(variables, Mapping):
        if isinstance(variables.get("projectId"), int):
            raise _no_id(variables["projectId"])
        for value in variables.values():
            check_variables(value, depth + 1)
    elif isinstance(variables, list):
        for value in variables:
            check_variables(value, depth + 1)


def _no_id(value: object) -> GraphQLError:
    return GraphQLError(f"Argument 'projectId' has an invalid value ({value}). Expected type 'ID'.")


class _WorkspaceIds(Visitor):
    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        if node.name.value == "projectId" and isinstance(node.value, IntValueNode):
            raise _no_id(node.value.value)


class _Depths:
    """How deep the selections of a document lie. Raises GraphQLError where too many in one place have one name."""

    def __init__(self, document: DocumentNode) -> None:
        definitions = document.definitions
        self.fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
        self.known: dict[str, int] = {}

    def of_fragment(self, name: str, path: tuple[str, ...]) -> int:
        # A fragment that leads back to itself is refused by the validation, with its own words.
        if name in path or name not in self.fragments:
            return 0
        if name not in self.known:
            self.known[name] = self.of_set(self.fragments[name].selection_set, (*path, name))
        return self.known[name]

    def of_set(self, selected: SelectionSetNode | None, path: tuple[str, ...] = ()) -> int:
        if selected is None:
            return 0
        names = Counter((one.alias or one.name).value for one in selected.selections if isinstance(one, FieldNode))
        if names and max(names.values()) > MOST_ALIKE:
            raise GraphQLError("Timeout on validation of query")
        return max((self.of(one, path) for one in selected.selections), default=0)

    def of(self, one: SelectionNode, path: tuple[str, ...]) -> int:
        if isinstance(one, FragmentSpreadNode):
            return self.of_fragment(one.name.value, path)
        if isinstance(one, FieldNode):
            return 1 + self.of_set(one.selection_set, path)
        return self.of_set(one.selection_set, path) if isinstance(one, InlineFragmentNode) else 0


def _measure(document: DocumentNode) -> None:
    """Raises GraphQLError where selections lie too deep."""
    depths = _Depths(document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            depth = depths.of_set(definition.selection_set)
            if depth > DEEPEST:
                raise GraphQLError(f"Query has depth of {depth}, which exceeds max depth of {DEEPEST}")
