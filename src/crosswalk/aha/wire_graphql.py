"""Builds the few requests that only Aha!'s GraphQL API (v2) takes, and reads what it refuses. Pure; sends nothing.

The schema is public: it answers introspection at `/api/v2/graphql`.
"""

from __future__ import annotations

from crosswalk.aha.wire import Json, items
from crosswalk.remote.request import Request

GRAPHQL = "/api/v2/graphql"
MOVE = (
    "mutation ($id: ID!, $feature: ID!) { updateRequirement(id: $id, attributes: {feature: {id: $feature}}) "
    "{ errors { attributes { name fullMessages } } } }"
)


def move_requirement(record_id: str, feature_id: str) -> Request:
    """Put a requirement into another feature. REST v1 has no attribute for that; GraphQL (v2) has."""
    body = {"query": MOVE, "variables": {"id": record_id, "feature": feature_id}}
    return Request("POST", GRAPHQL, body=body, about="move a requirement")


def graphql_errors(answer: Json) -> str:
    """What an answer of GraphQL refuses, in its own words; "" where it did what it was asked."""
    if not isinstance(answer, dict):
        return "The answer holds nothing."
    said = [str(error.get("message") or "") for error in items(answer, "errors")]
    data = answer.get("data")
    for result in data.values() if isinstance(data, dict) else ():
        refusal = result.get("errors") if isinstance(result, dict) else None
        for entry in items(refusal, "attributes"):
            said += [str(word) for word in entry.get("fullMessages") or ()]
    return " ".join(said)
