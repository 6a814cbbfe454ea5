"""The scopes an app is told to have, held against what the official documents say each operation needs."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from crosswalk.jira import wire_agile
from crosswalk.jira.oauth import SCOPES
from crosswalk.remote.request import Request
from tests.jira.test_wire import CLOUD, document, operation_of, own, plain
from tests.shared_files import shared


def sent() -> Iterator[Any]:
    """Every request that Crosswalk builds for Jira Cloud."""
    for name, request in sorted({**plain(CLOUD), **own(CLOUD)}.items()):
        yield pytest.param(request, id=name)


def classic(operation: dict[str, Any]) -> set[str]:
    """The scopes of an operation that Atlassian calls classic, and recommends."""
    return {scope for entry in operation.get("security", []) for scope in entry.get("OAuth2", [])}


@pytest.mark.parametrize("request_", list(sent()))
def test_no_request_needs_a_scope_that_the_app_is_not_told_to_have(request_: Request) -> None:
    assert classic(operation_of("cloud", request_)) <= set(SCOPES)


@functools.cache
def software() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("fixtures/openapi/jira-cloud-software.json").read_text("utf-8"))
    return found


def test_nor_does_ranking() -> None:
    request = wire_agile.rank(["1"], before="2")
    assert classic(software()["paths"][request.path]["put"]) <= set(SCOPES)


def test_none_is_asked_for_that_no_request_needs() -> None:
    ranked = classic(software()["paths"]["/rest/agile/1.0/issue/rank"]["put"])
    used = ranked.union(*(classic(operation_of("cloud", one.values[0])) for one in sent()))
    assert set(SCOPES) - used == {"offline_access"}


def test_the_sandbox_asks_for_the_documents_scope_nearly_always() -> None:
    """Roughly: its table goes by paths. Where it differs it must not be milder for what Crosswalk sends."""
    from crosswalk_sandbox.jira.app import ENDPOINTS
    from crosswalk_sandbox.jira.oauth_scopes import needed

    official = {
        operation["operationId"]: classic(operation)
        for path in document("cloud")["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    used = {operation_of("cloud", one.values[0])["operationId"] for one in sent()}
    judged = [
        (one, needed(one.method, one.template), official[one.name])
        for one in ENDPOINTS
        if one.name in official and one.template.startswith("api/")
    ]
    wrong = [one for one, scope, scopes in judged if (scope not in scopes) and (scope or scopes)]
    assert [one.name for one in wrong if one.name in used] == []
    assert len(wrong) < 0.2 * len(judged), sorted(f"{one.method} {one.template}" for one in wrong)
