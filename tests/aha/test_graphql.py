"""The GraphQL requests fit Aha!'s published schema, and its refusals are read."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from crosswalk.aha.wire_graphql import (
    NAMED,
    exchange,
    graphql_errors,
    move_requirement,
    place_requirement,
    show_links,
    shown_links,
)
from crosswalk.remote.request import Request
from tests.shared_files import shared


@pytest.mark.parametrize(
    ("request_", "variables"),
    [
        (move_requirement("7", "8"), {"id": "7", "feature": "8"}),
        (place_requirement("7", 2), {"id": "7", "position": 2}),
    ],
)
def test_a_move_fits_the_schema(request_: Request, variables: dict[str, Any]) -> None:
    schema = build_schema(shared("fixtures/openapi/aha-graphql.graphql").read_text("utf-8"))
    assert isinstance(request_.body, dict)
    assert validate(schema, parse(request_.body["query"])) == []
    assert request_.body["variables"] == variables


LINKS = [("feature", "71", "https://jira.example.com/browse/X-1"), ("requirement", "72", "https://jira.example.com/2")]


def test_many_links_fit_the_schema() -> None:
    schema = build_schema(shared("fixtures/openapi/aha-graphql.graphql").read_text("utf-8"))
    request = show_links("jira_url", LINKS)
    assert isinstance(request.body, dict)
    document = parse(request.body["query"])
    assert validate(schema, document) == []
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    values = get_variable_values(schema, operation.variable_definitions, request.body["variables"])
    assert isinstance(values.coerced, dict)
    assert [one["value"] for one in values.coerced.values()] == [address for _, _, address in LINKS]


SHOWN = {"customFieldValue": {"value": LINKS[0][2]}, "errors": {"attributes": []}}


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ({"data": {"m0": SHOWN, "m1": None}, "errors": [{"message": "Not found"}]}, [True, False]),
        ({"data": {"m0": SHOWN, "m1": SHOWN}}, [True, False]),
        ({"data": {"m0": {"customFieldValue": None}}}, [False, False]),
        ({"data": None, "errors": [{"message": "Timeout on validation of query"}]}, None),
        ({"errors": [{"message": "Timeout on validation of query"}]}, None),
        ("<html>", None),
    ],
)
def test_only_what_is_shown_as_asked_counts_as_shown(answer: object, shown: list[bool] | None) -> None:
    assert shown_links(answer, LINKS) == shown


@pytest.mark.parametrize("kind", ["feature", "requirement", "epic"])
def test_an_exchange_fits_the_schema_and_is_not_sent_twice(kind: str) -> None:
    schema = build_schema(shared("fixtures/openapi/aha-graphql.graphql").read_text("utf-8"))
    attributes = {"name": "Bell", "workflowStatus": {"id": "7"}, "assignedToUser": {"id": "8"}}
    request = exchange(kind, "71", NAMED, attributes)
    assert isinstance(request.body, dict)
    document = parse(request.body["query"])
    assert validate(schema, document) == []
    assert not request.repeatable
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    values = get_variable_values(schema, operation.variable_definitions, request.body["variables"])
    assert values.coerced == {"id": "71", "attributes": attributes}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"data": {"updateRequirement": {"errors": {"attributes": []}}}}, ""),
        ({"data": {"updateRequirement": None}, "errors": [{"message": "Record not found"}]}, "Record not found"),
        (
            {"data": {"updateRequirement": {"errors": {"attributes": [{"name": "f", "fullMessages": ["F is no"]}]}}}},
            "F is no",
        ),
        (None, "The answer holds nothing."),
    ],
)
def test_a_refusal_is_read(answer: Any, said: str) -> None:
    assert graphql_errors(answer) == said
