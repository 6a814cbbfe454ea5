"""The answers of the stand-in beside Aha!'s own OpenAPI document: no unknown key, no other type.

The document was generated from test answers, so it has faults of its own; every relaxation is in the tables below.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from crosswalk_sandbox.aha.app import endpoints
from tests.sandbox.aha.conftest import Aha
from tests.shared_files import shared

# Filled in every example, and empty on a record that lacks the thing.
MAY_BE_NULL = {
    "assigned_to_user", "start_date", "due_date", "release_date", "released_on", "development_started_on",
    "accessed_at", "external_release_date", "external_release_date_description", "epic_reference_num",
    "initiative_reference_num",
}  # fmt: skip
# Numbers in some examples, text in others and in a recorded answer.
TEXT_OR_NUMBER = {"id", "integration_id", "release_id"}
# Keys of a recorded feature of an account with capacity planning, which no example comes from.
RECORDED = {
    "initial_estimate", "original_estimate", "remaining_estimate", "work_done", "work_units", "time_tracking_events",
    "use_requirements_estimates", "workflow_status_times",
}  # fmt: skip
# Keys that an operation's example lacks and the example of the same record elsewhere has.
SEEN_ON_A_SIBLING = {"initiatives", "key_results"}


def strict(example: object, name: str = "") -> dict[str, Any]:
    """A schema from a documented example, closed against unknown keys, with the tables above applied."""
    if example is None:
        return {}
    if isinstance(example, dict):
        known = {key: strict(value, key) for key, value in example.items()}
        extra: dict[str, Any] = {key: {} for key in RECORDED | SEEN_ON_A_SIBLING if key not in known}
        made = {"type": "object", "properties": {**known, **extra}, "additionalProperties": False}
    elif isinstance(example, list):
        merged = merge(example)
        made = {"type": "array", "items": {} if merged is None else strict(merged)}
    elif isinstance(example, bool):
        made = {"type": "boolean"}
    elif name in TEXT_OR_NUMBER:
        made = {"type": ["string", "number"]}
    else:
        made = {"type": "number" if isinstance(example, int | float) else "string"}
    return {"anyOf": [made, {"type": "null"}]} if name in MAY_BE_NULL else made


def merge(examples: list[Any]) -> Any:
    """One example that has everything the given ones have."""
    full = [one for one in examples if one is not None]
    if not full or not all(isinstance(one, type(full[0])) for one in full):
        return None
    if isinstance(full[0], dict):
        return {key: merge([one.get(key) for one in full]) for one in full for key in one}
    if isinstance(full[0], list):
        return [inner for one in full for inner in one]
    return full[0]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("fixtures/openapi/aha-v1.json").read_text())
    return found


def answer_schema(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    """The schema of an operation's answer, from its examples.

    The declared schemas can not be used: they were made from the same examples, but those of different operations share
    a name (that of GET /me describes another answer), and the items of lists are declared "string".
    """
    (content,) = document["paths"][f"/api/v1{path}"][method.lower()]["responses"]["200"]["content"].values()
    examples = [one["value"] for one in content.get("examples", {}).values()]
    if "example" in content:
        examples.append(content["example"])
    assert examples, f"{method} {path} has no example"
    return strict(merge(examples))


READS = [
    ("/me", "/me"),
    ("/users", "/users"),
    ("/users/{id}", "/users/alice@example.com"),
    ("/products", "/products"),
    ("/products/{id}", "/products/FAB"),
    ("/products/{product_id}/users", "/products/FAB/users"),
    ("/features", "/features"),
    ("/features/{id}", "/features/FAB-1"),
    ("/features/{id}", "/features/FAB-9"),
    ("/products/{product_id}/features", "/products/FAB/features"),
    ("/releases/{release_id}/features", "/releases/FAB-R-1/features"),
    ("/features/{feature_id}/requirements", "/features/FAB-1/requirements"),
    ("/requirements/{id}", "/requirements/FAB-1-1"),
    ("/releases/{id}", "/releases/FAB-R-1"),
    ("/releases/{id}", "/releases/FAB-R-4"),
    ("/products/{product_id}/releases", "/products/FAB/releases"),
    ("/epics", "/epics"),
    ("/epics/{id}", "/epics/FAB-E-1"),
    ("/initiatives", "/initiatives"),
    ("/initiatives/{id}", "/initiatives/FAB-S-1"),
    ("/goals", "/goals"),
    ("/goals/{id}", "/goals/FAB-G-1"),
    ("/features/{feature_id}/comments", "/features/FAB-1/comments"),
    ("/products/{product_id}/workflows", "/products/FAB/workflows"),
    ("/custom_field_definitions", "/custom_field_definitions"),
    ("/screen_definitions", "/screen_definitions"),
    ("/products/{product_id}/integrations", "/products/FAB/integrations"),
    ("/products/{product_id}/integrations/{integration_id}", "/products/FAB/integrations/jira"),
    (
        "/features/{feature_id}/integrations/{integration_id}/fields/{field_name}",
        "/features/FAB-1/integrations/jira/fields/key",
    ),
    ("/features/fields/{field_name}/value/{field_value}", "/features/fields/key/value/ROAD-1"),
    ("/features/{id}/record_links", "/features/FAB-1/record_links"),
    ("/audits", "/audits"),
    ("/deletions", "/deletions"),
]


def filled(aha: Aha) -> None:
    """Give the demo what the document's examples have: a comment, a file, a link, integration fields."""
    feature = aha.feature()
    aha.post("/features/FAB-1/comments", {"comment": {"body": "x"}})
    upload = {"attachment[data]": ("a.txt", b"x", "text/plain")}
    aha.http.post(f"/api/v1/notes/{feature['description']['id']}/attachments", files=upload)
    link = {"record_type": "feature", "record_id": aha.feature("FAB-2")["id"], "link_type": 10}
    aha.post("/features/FAB-1/record_links", {"record_link": link}, 204)
    body = {"integration_field": {"name": "key", "value": "ROAD-1"}}
    aha.post("/features/FAB-1/integrations/jira/fields", body)
    aha.put("/features/FAB-1", {"feature": {"goals": "FAB-G-1"}})
    aha.delete("/features/FAB-12")


def test_every_read_fits_the_document(aha: Aha, document: dict[str, Any]) -> None:
    filled(aha)
    faults = []
    for template, path in READS:
        schema = answer_schema(document, "GET", template)
        validator = jsonschema_rs.validator_for(schema)
        for error in validator.iter_errors(aha.get(path)):
            faults.append(f"GET {path}: {'/'.join(str(part) for part in error.instance_path)}: {error.message}"[:300])
    assert faults == []


@pytest.mark.parametrize(
    ("method", "template", "path", "body"),
    [
        ("POST", "/releases/{release_id}/features", "/releases/FAB-R-1/features", {"feature": {"name": "n"}}),
        ("PUT", "/features/{id}", "/features/FAB-1", {"feature": {"name": "n"}}),
        ("POST", "/features/{feature_id}/requirements", "/features/FAB-1/requirements", {"requirement": {"name": "n"}}),
        ("PUT", "/requirements/{id}", "/requirements/FAB-1-1", {"requirement": {"name": "n"}}),
        ("POST", "/products/{product_id}/releases", "/products/FAB/releases", {"release": {"name": "n"}}),
        ("PUT", "/products/{product_id}/releases/{id}", "/products/FAB/releases/FAB-R-1", {"release": {"name": "n"}}),
        ("POST", "/products/{product_id}/epics", "/products/FAB/epics", {"epic": {"name": "n"}}),
        ("PUT", "/epics/{id}", "/epics/FAB-E-1", {"epic": {"name": "n"}}),
        ("POST", "/features/{feature_id}/comments", "/features/FAB-1/comments", {"comment": {"body": "n"}}),
        ("PUT", "/comments/{id}", "/comments/", {"comment": {"body": "m"}}),
        ("POST", "/integration_changes", "/integration_changes", {}),
        ("POST", "/requirements/{id}/convert_to_feature", "/requirements/FAB-1-2/convert_to_feature", {}),
    ],
)
def test_every_write_fits_the_document(
    aha: Aha, document: dict[str, Any], method: str, template: str, path: str, body: dict[str, Any]
) -> None:
    filled(aha)
    if path == "/comments/":
        path += aha.get("/features/FAB-1/comments")["comments"][0]["id"]
    if path == "/integration_changes":
        body = {"integration_id": aha.credentials["integration_id"], "model_class": "Feature", "model_id": "FAB-1"}
    schema = answer_schema(document, method, template)
    errors = jsonschema_rs.validator_for(schema).iter_errors(aha.call(method, path, body))
    assert [f"{error.instance_path}: {error.message}"[:300] for error in errors] == []


UNDOCUMENTED = {
    # Aha!'s own services use integration fields on every kind: https://github.com/aha-app/aha-services
    "POST /{}/{}/integrations/{}/fields",
    "GET /{}/{}/integrations/{}/fields",
    "GET /{}/{}/integrations/{}/fields/{}",
    "GET /goals/fields/{}/value/{}",
    # In the pages at https://www.aha.io/api, not in the OpenAPI document, or the general form of what it lists once.
    "GET /{}/{}/record_links",
    "POST /{}/{}/record_links",
    "GET /integrations/{}",
    "PUT /integrations/{}",
}


def blanked(operation: str) -> str:
    method, path = operation.split(" ")
    return f"{method} " + "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def test_every_endpoint_is_documented_or_named_here(document: dict[str, Any]) -> None:
    known = {
        blanked(f"{method.upper()} {path.removeprefix('/api/v1').partition('?')[0]}")
        for path, methods in document["paths"].items()
        for method in methods
    }
    odd = []
    for operation in endpoints().operations:
        shape = blanked(operation)
        method, path = shape.split(" ")
        general = f"{method} /{{}}" + path[path.index("/", 1) :] if path.count("/") > 1 else shape
        if not {shape, general} & (known | UNDOCUMENTED):
            odd.append(operation)
    assert odd == []
