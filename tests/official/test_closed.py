"""The names that a body may have on Cloud are those of the documents, of v3 and of v2."""

from __future__ import annotations

from collections.abc import Iterator

from crosswalk_sandbox.jira import closed
from crosswalk_sandbox.jira.app import ENDPOINTS
from tests.official.documents import Json, document
from tests.official.exchanges import parts_for

GONE = {"searchForIssuesUsingJqlPost"}
"""What answers 410, whatever is sent."""


def _body(api: str, method: str, template: str) -> Json:
    """The schema of a body; {} for none."""
    found = parts_for("cloud", ["rest", *template.replace("api/X", f"api/{api}").split("/")])
    operation = document(found[0]).find(method, found[1]) if found else None
    if operation is None:
        return {}
    content = (operation.raw.get("requestBody") or {}).get("content", {}).get("application/json", {})
    schema = content.get("schema") or {}
    named = str(schema.get("$ref", "")).rpartition("/")[2]
    return document(operation.document).raw["components"]["schemas"].get(named, schema)


def _closed() -> Iterator[tuple[str, frozenset[str]]]:
    """Each operation whose body v3's document closes, with the names that v2's or v3's has."""
    for one in ENDPOINTS:
        body = _body("3", one.method, one.template) if "cloud" in one.on and one.template.startswith("api/X") else {}
        if body.get("additionalProperties") is False and body.get("properties") and one.read and one.name not in GONE:
            older = _body("2", one.method, one.template).get("properties") or {}
            yield one.name, frozenset({*body["properties"], *older})


def test_the_closed_bodies_are_those_of_the_documents() -> None:
    wanted = dict(_closed())
    assert len(wanted) > 50
    assert {name: closed.known(name) for name in wanted} == wanted
    assert set(closed.OPERATIONS) == set(wanted)
