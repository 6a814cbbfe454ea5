"""Every request that is built, against Aha!'s own OpenAPI document; pages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from crosswalk.aha import wire
from crosswalk.aha.patches import patch
from crosswalk.merge.values import Choice, Person, Rich
from crosswalk.remote.request import File, Request
from tests.shared_files import shared

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WANTED = wire.Listing(2, 50, ("id", "name"), NOON, "bell")
STATUS = Choice("7", "In development")
WORK = patch(
    "feature",
    {
        "name": "A bell",
        "workflow_status": STATUS,
        "description": Rich("html", "<p>Rings.</p>"),
        "assigned_to_user": Person("1", "alice@example.com"),
        "tags": frozenset({"safety"}),
        "due_date": date(2027, 1, 31),
    },
).body
REQUIREMENT = patch("requirement", {"name": "A clapper", "workflow_status": STATUS}).body
RELEASE = patch("release", {"name": "Spring", "release_date": date(2027, 3, 1), "workflow_status": STATUS}).body
EPIC = patch("epic", {"name": "Sounds", "description": Rich("html", "<p>All of them.</p>")}).body

REQUESTS: Mapping[str, Request] = {
    "me": wire.me(),
    "users": wire.users("alice@example.com"),
    "user": wire.user("1001"),
    "products": wire.products(2),
    "product": wire.product("FAB"),
    "workspace_users": wire.workspace_users("FAB"),
    "workflows": wire.workflows("FAB"),
    "custom_field_definitions": wire.custom_field_definitions(),
    "custom_field_options": wire.custom_field_options("7"),
    "create_option": wire.create_option("7", "Gold"),
    "integrations": wire.integrations("FAB"),
    "integration": wire.integration("FAB", "7"),
    "planned": wire.planned("feature", "FAB-R-1", wire.Listing(2, fields=("id", "position"))),
    "requirements": wire.requirements("FAB-1"),
    "comments": wire.comments("feature", "FAB-1"),
    "add_comment": wire.add_comment("feature", "FAB-1", "<p>Hi</p>"),
    "change_comment": wire.change_comment("7", "<p>Hi</p>"),
    "remove_comment": wire.remove_comment("7"),
    "description": wire.description("feature", "7"),
    "add_attachment": wire.add_attachment("7", File("attachment[data]", "a.txt", "text/plain", b"hi")),
    "remove_attachment": wire.remove_attachment("7"),
    "fetch_attachment": wire.fetch_attachment("7"),
    "add_time": wire.add_time("feature", "FAB-1", "7", "90min", "2027-01-31"),
    "remove_time": wire.remove_time("7"),
    "record_links": wire.record_links("feature", "FAB-1"),
    "add_record_link": wire.add_record_link("feature", "FAB-1", 20, "feature", "8"),
    "remove_record_link": wire.remove_record_link("7"),
    "remove": wire.remove("feature", "7", "FAB"),
    "remove requirement": wire.remove("requirement", "7", "FAB"),
    "remove epic": wire.remove("epic", "7", "FAB"),
    "remove initiative": wire.remove("initiative", "7", "FAB"),
    "audits": wire.audits(after_id="12"),
    "audits since": wire.audits(created_since=NOON, auditable_type="Feature", audit_action="create"),
    "audits of one": wire.audits(auditable_type="Feature", auditable_id="7", audit_action="destroy"),
    "deletions": wire.deletions(1),
    "create feature": wire.create("feature", "FAB-R-1", WORK),
    "create requirement": wire.create("requirement", "FAB-1", REQUIREMENT),
    "create release": wire.create("release", "FAB", RELEASE),
    "create epic": wire.create("epic", "FAB-R-1", EPIC),
    "create initiative": wire.create("initiative", "FAB", {"name": "Winter"}),
    "update feature": wire.update("feature", "7", WORK, "FAB"),
    "update requirement": wire.update("requirement", "7", REQUIREMENT, "FAB"),
    "update release": wire.update("release", "7", RELEASE, "FAB"),
    "update epic": wire.update("epic", "7", EPIC, "FAB"),
    "update initiative": wire.update("initiative", "7", {"name": "Winter"}, "FAB"),
    **{f"record {kind}": wire.record(kind, "7") for kind in wire.KINDS},
    **{f"records {kind}": wire.records(kind, "FAB", WANTED) for kind in wire.KINDS if kind != "requirement"},
    **{
        f"integration fields of a {kind}": wire.put_integration_fields(kind, "7", "8", {"id": "1", "key": "FAB-1"})
        for kind in wire.KINDS
    },
}

# The document is generated from test answers and lists few parameters; these are in the pages at www.aha.io/api.
EVERYWHERE = frozenset({"page", "per_page", "fields", "updated_since"})
QUERY: Mapping[str, frozenset[str]] = {
    "/users": frozenset({"email"}),
    "/audits": frozenset({"created_since", "after_id", "audit_action", "auditable_id"}),
    "/products/FAB/features": frozenset({"q"}),
    "/products/FAB/releases": frozenset({"q"}),
    "/products/FAB/epics": frozenset({"q"}),
    "/products/FAB/initiatives": frozenset({"q"}),
}
UNDOCUMENTED = frozenset(
    f"POST /{wire.PLURAL[kind]}/7/integrations/8/fields" for kind in ("requirement", "release", "initiative")
)
"""Not in the document; Aha!'s own open-source services send these."""

# The document files these under custom tables or shows one attribute of a body that takes more.
BODY_OF_ANOTHER_CALL = frozenset(
    {"update feature", "update requirement", "update initiative", *(n for n in REQUESTS if n.startswith("integration"))}
)


@cache
def document() -> Any:
    return json.loads(shared("fixtures/openapi/aha-v1.json").read_text())


def operation(request: Request) -> Any:
    """The operation of the document that `request` is; a path with more fixed parts wins."""
    found = []
    for template, operations in document()["paths"].items():
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, request.path) and request.method.lower() in operations:
            found.append((template.count("{"), operations[request.method.lower()]))
    return min(found, key=lambda entry: entry[0])[1] if found else None


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_one_that_the_document_knows(name: str) -> None:
    request = REQUESTS[name]
    path = request.path.removeprefix(wire.API)
    known = operation(request)
    if path.startswith("/attachments/") and request.method == "GET":
        return  # the address of a file stands in the record's answer; this one is for the log
    if f"{request.method} {path}" in UNDOCUMENTED:
        assert known is None
        return
    assert known is not None, request.call
    documented = {p["name"] for p in known.get("parameters", []) if p["in"] == "query"}
    asked = {key for key, _ in request.query}
    assert asked <= documented | EVERYWHERE | QUERY.get(path, frozenset())
    if request.method in ("GET", "DELETE"):
        assert request.body is None
        return
    if request.files:
        assert request.body is None
        return
    media = known["requestBody"]["content"]["application/json"]
    assert isinstance(request.body, dict)
    if name in BODY_OF_ANOTHER_CALL:
        return
    schema = {**media["schema"], "components": document()["components"]}
    jsonschema_rs.validator_for(schema).validate(request.body)


def test_the_table_holds_every_function_that_builds_a_request() -> None:
    built = {name.split(" ")[0] for name in REQUESTS} | {"put_integration_fields", "records", "record"}
    public = {
        name
        for name, thing in vars(wire).items()
        if callable(thing)
        and not name.startswith("_")
        and getattr(thing, "__annotations__", {}).get("return") == "Request"
    }
    assert public <= built


def test_only_creates_are_not_repeatable() -> None:
    once = {f"create {kind}" for kind in wire.KINDS} | {"add_comment", "create_option", "add_time", "add_record_link"}
    once |= {"add_attachment"}
    assert {name for name, request in REQUESTS.items() if not request.repeatable} == once


def test_an_id_can_not_leave_its_part_of_the_path() -> None:
    assert wire.record("feature", "../me?x=1#").path == "/api/v1/features/..%2Fme%3Fx%3D1%23"


@pytest.mark.parametrize(
    ("pagination", "after"),
    [
        ({"total_records": 3, "total_pages": 3, "current_page": 1}, 2),
        ({"total_records": 3, "total_pages": 3, "current_page": 3}, None),
        ({"total_records": 0, "total_pages": 0, "current_page": 1}, None),
        ([{"total_records": 60, "total_pages": 2, "current_page": 1}], 2),
        (None, None),
        ("no pages", None),
    ],
)
def test_the_next_page(pagination: object, after: int | None) -> None:
    assert wire.next_page({"features": [], "pagination": pagination}) == after


@pytest.mark.parametrize("answer", [None, [], "text", {"features": None}, {"features": [1, "x"]}, {}])
def test_a_list_that_is_none_holds_nothing(answer: object) -> None:
    assert list(wire.items(answer, "features")) == []
    assert wire.next_page(answer) is None
