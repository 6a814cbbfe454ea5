"""The GraphQL requests fit Aha!'s published schema, and its refusals are read."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema, parse, validate

from crosswalk.aha.wire_graphql import graphql_errors, move_requirement
from tests.shared_files import shared


def test_a_move_fits_the_schema() -> None:
    schema = build_schema(shared("fixtures/openapi/aha-graphql.graphql").read_text("utf-8"))
    request = move_requirement("7", "8")
    assert isinstance(request.body, dict)
    assert validate(schema, parse(request.body["query"])) == []
    assert request.body["variables"] == {"id": "7", "feature": "8"}


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
