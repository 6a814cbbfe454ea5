"""Builds the few requests that only Aha!'s GraphQL API (v2) takes, and reads what it refuses. Pure; sends nothing.

The schema is public: it answers introspection at `/api/v2/graphql`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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


PLACE = (
    "mutation ($id: ID!, $position: Int!) { updateRequirement(id: $id, attributes: {position: $position}) "
    "{ errors { attributes { name fullMessages } } } }"
)


def place_requirement(record_id: str, position: int) -> Request:
    """Put a requirement at a place in its feature, counted from 1; those behind it give way. REST v1 takes none."""
    body = {"query": PLACE, "variables": {"id": record_id, "position": position}}
    return Request("POST", GRAPHQL, body=body, about="order the requirements of a feature")


SELECTED: Mapping[str, str] = {
    "name": "name",
    "workflow_status": "workflowStatus { id name }",
    "assigned_to_user": "assignedToUser { id name email }",
}
"""What to ask for to be told a field of REST v1 that GraphQL takes and shows in the same form."""
NAMED: Mapping[str, str] = {
    "name": "name",
    "workflow_status": "workflowStatus",
    "assigned_to_user": "assignedToUser",
}
"""What GraphQL calls these fields."""
BEFORE, AFTER = "before", "after"


def exchange(kind: str, record_id: str, fields: Iterable[str], attributes: Mapping[str, Json]) -> Request:
    """Change a record and have it shown before and after, the first by a change of nothing.

    The fields of a mutation are carried out one after the other (https://spec.graphql.org/October2021/#sec-Mutation).
    """
    name = kind.capitalize()
    shown = f"{kind} {{ id updatedAt {' '.join(SELECTED[one] for one in sorted(fields))} }}"
    told = f"{{ {shown} errors {{ attributes {{ name fullMessages }} }} }}"
    query = (
        f"mutation ($id: ID!, $attributes: {name}Attributes!) {{ "
        f"{BEFORE}: update{name}(id: $id, attributes: {{}}) {told} "
        f"{AFTER}: update{name}(id: $id, attributes: $attributes) {told} }}"
    )
    body = {"query": query, "variables": {"id": record_id, "attributes": dict(attributes)}}
    # Sent again after a lost answer it would show its own write as what was there before.
    return Request("POST", GRAPHQL, body=body, repeatable=False, about=f"change a {kind}")


def shown_as_rest(answer: Json, alias: str, kind: str) -> dict[str, Json] | None:
    """The record an exchange shows under `alias`, in the form of REST v1; None where it shows none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    payload = data.get(alias) if isinstance(data, dict) else None
    record = payload.get(kind) if isinstance(payload, dict) else None
    if not isinstance(record, dict):
        return None
    rest = {name: record[told] for name, told in NAMED.items() if told in record}
    return {"id": record.get("id"), "updated_at": record.get("updatedAt"), **rest}


SHOW = "setCustomFieldValue"


def show_links(key: str, links: Sequence[tuple[str, str, str]]) -> Request:
    """Write the URL custom field `key` of several records: each link is a record's kind, its id and the address.

    The fields of a mutation are carried out one after the other (https://spec.graphql.org/October2021/#sec-Mutation),
    and one that is refused does not stop those behind it.
    """
    numbers = range(len(links))
    told = ", ".join(f"$a{number}: SetCustomFieldValueAttributes!" for number in numbers)
    wanted = "{ customFieldValue { value } errors { attributes { name fullMessages } } }"
    each = " ".join(f"m{number}: {SHOW}(attributes: $a{number}) {wanted}" for number in numbers)
    variables = {
        f"a{number}": {"record": {"id": record, "typename": kind.capitalize()}, "key": key, "value": address}
        for number, (kind, record, address) in enumerate(links)
    }
    body = {"query": f"mutation ({told}) {{ {each} }}", "variables": variables}
    return Request("POST", GRAPHQL, body=body, about=f"show {len(links)} Jira issues")


def shown_links(answer: Json, links: Sequence[tuple[str, str, str]]) -> list[bool] | None:
    """Which of `links` were written as asked; None where nothing was done at all."""
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict):
        return None
    return [_shown(data.get(f"m{number}"), address) for number, (_, _, address) in enumerate(links)]


def _shown(payload: Json, address: str) -> bool:
    value = payload.get("customFieldValue") if isinstance(payload, dict) else None
    return isinstance(value, dict) and value.get("value") == address


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
