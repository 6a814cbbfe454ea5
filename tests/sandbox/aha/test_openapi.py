"""Every operation of Aha!'s own OpenAPI document: left out by name, or served and called once.

Each answer is held against the document, as every exchange of every test is (tests/official).
"""

from __future__ import annotations

from typing import Any

from crosswalk_sandbox.aha.app import endpoints
from crosswalk_sandbox.aha.definitions import CustomField
from tests.official.documents import document
from tests.official.exchanges import Exchange, shows
from tests.official.relaxations import Relaxation, each_name, rows
from tests.official.unstated import outside
from tests.official.watch import FINDINGS
from tests.sandbox.aha.conftest import Aha
from tests.sandbox.aha.tour import tour
from tests.sandbox.aha.unserved import operations as unserved


def _any_shows(row: Relaxation, where: str, kept: list[Exchange]) -> bool:
    return any(shows(row, where, one) for one in kept)


WEBHOOKS = {"GET /webhooks/{}", "POST /webhooks/{}"}  # without a key, so beside the table of endpoints


def blanked(method: str, path: str) -> str:
    """An operation with the names in braces emptied."""
    parts = path.removeprefix("/api/v1").partition("?")[0].strip("/").split("/")
    return f"{method} /" + "/".join("{}" if part.startswith("{") else part for part in parts)


def general(operation: str) -> str:
    """The document writes the creation of record links once for all record types."""
    return "POST /{}/{}/record_links" if operation.startswith("POST") and "/record_links" in operation else operation


SERVED = {blanked(*operation.split(" ")) for operation in endpoints().operations} | WEBHOOKS


def test_every_documented_operation_is_served_or_left_out_by_name() -> None:
    documented = {blanked(one.method, one.path) for one in document("aha").operations}
    assert documented - {general(operation) for operation in SERVED} - unserved() == set()
    assert unserved() - documented == set()
    assert unserved() & SERVED == set()


def test_every_endpoint_is_documented_or_named() -> None:
    odd = []
    for operation in SERVED:
        method, path = operation.split(" ")
        parts = ["api", "v1", *path.strip("/").split("/")]
        if document("aha").find(method, parts) is None and not outside("aha", method, parts):
            odd.append(operation)
    assert odd == []


def fitting(method: str, path: str) -> str:
    """The operation that is served for a path; a fixed part goes before a braced one."""
    parts = path.partition("?")[0].strip("/").split("/")
    found = [
        one
        for one in SERVED
        if one.startswith(f"{method} ")
        and len(shape := one.partition(" ")[2].strip("/").split("/")) == len(parts)
        and all(a in ("{}", b) for a, b in zip(shape, parts, strict=True))
    ]
    return min(found, key=lambda one: [part == "{}" for part in one.split("/")])


def test_a_script_of_somebody_who_read_only_the_documents(aha: Aha) -> None:
    """Every operation that is served is called with success, and no answer is relaxed for nothing; what is no operation
    is an HTML 404."""
    done: set[str] = set()

    def call(method: str, path: str, *, code: int = 200, **more: Any) -> Any:
        answer = aha.http.request(method, f"/api/v1{path}", **more)
        assert answer.status_code == code, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        done.add(fitting(method, path))
        return answer.json() if answer.content and "json" in answer.headers["content-type"] else None

    several = CustomField("77", "frames", "Frames", "CustomFieldDefinitions::SelectMultiple", "Epic")
    several.options = [("71", "Steel", "#666666"), ("72", "Carbon", "#666666")]
    aha.account.custom_fields.append(several)
    with FINDINGS.keeping() as kept:
        tour(call)
        call("PUT", "/epics/FAB-E-1", json={"epic": {"custom_fields": {"frames": ["Steel", "Carbon"]}}})
    assert SERVED - done - WEBHOOKS == set()
    aha_rows = [(row, where) for row in rows("ANSWER") for where in row.where if where.startswith("aha ")]
    aha_rows += [(row, row.where[0]) for row in each_name("KEY")]
    needless = [f"{row.fault}: {where}: {row.names}" for row, where in aha_rows if not _any_shows(row, where, kept)]
    assert not needless, "\n".join(needless)
    for path in ("/featurez", "/features/FAB-1/colours", "/products/FAB/features/FAB-1", "/", "/api/v1/features"):
        answer = aha.http.get(f"/api/v1{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8"), path


def test_what_is_left_out_answers_as_a_path_that_aha_has_not(aha: Aha) -> None:
    for operation in sorted(unserved()):
        method, path = operation.split(" ")
        answer = aha.http.request(method, f"/api/v1{path.replace('{}', '1')}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8"), operation
