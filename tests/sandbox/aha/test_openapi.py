"""Calls whose answers are held against Aha!'s own OpenAPI document, as every exchange is (tests/official)."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk_sandbox.aha.app import endpoints
from tests.official.documents import document
from tests.official.relaxations import outside
from tests.sandbox.aha.conftest import Aha

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


def test_every_read_fits_the_document(aha: Aha) -> None:
    filled(aha)
    for _, path in READS:
        aha.get(path)


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
def test_every_write_fits_the_document(aha: Aha, method: str, template: str, path: str, body: dict[str, Any]) -> None:
    filled(aha)
    if path == "/comments/":
        path += aha.get("/features/FAB-1/comments")["comments"][0]["id"]
    if path == "/integration_changes":
        body = {"integration_id": aha.credentials["integration_id"], "model_class": "Feature", "model_id": "FAB-1"}
    aha.call(method, path, body)


def test_every_endpoint_is_documented_or_named() -> None:
    odd = []
    for operation in endpoints().operations:
        method, path = operation.split(" ")
        parts = ["api", "v1", *path.strip("/").split("/")]
        if document("aha").find(method, parts) is None and not outside("aha", method, parts):
            odd.append(operation)
    assert odd == []
