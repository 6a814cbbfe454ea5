"""The scopes an app is told to have, held against what the official documents say each operation needs."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from crosswalk.jira import wire_agile
from crosswalk.jira.oauth import SCOPES, lacking
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


AGILE = [wire_agile.rank(["1"], before="2"), wire_agile.boards("FAB", 0)]
"""What Crosswalk asks Jira Software for. Its operations have granular scopes alone."""


def of_software(request: Request) -> set[str]:
    return classic(software()["paths"][request.path][request.method.lower()])


@pytest.mark.parametrize("request_", AGILE, ids=lambda one: one.about)
def test_nor_do_ranks_and_boards(request_: Request) -> None:
    assert of_software(request_) <= set(SCOPES)


def test_the_sandbox_asks_for_every_scope_of_jira_software() -> None:
    from crosswalk_sandbox.jira.oauth_scopes import needed

    for request in AGILE:
        assert set(needed(request.method, request.path.removeprefix("/rest/")).split()) == of_software(request)


@pytest.mark.parametrize(
    ("granted", "says"),
    [
        (" ".join(SCOPES), []),
        ("", []),
        (" ".join(one for one in SCOPES if one != "manage:jira-webhook"), ["manage:jira-webhook: no webhook"]),
        (
            " ".join(one for one in SCOPES if "board" not in one and one != "read:project:jira"),
            ["read:board-scope:jira-software and read:project:jira: boards are not read"],
        ),
    ],
)
def test_what_a_consent_lacks_is_said_with_what_that_means(granted: str, says: list[str]) -> None:
    found = lacking(granted)
    assert len(found) == len(says)
    for problem, words in zip(found, says, strict=True):
        assert words in problem.message
        assert (problem.code, "Sign in again" in problem.remedy) == ("O3", True)


def test_none_is_asked_for_that_no_request_needs() -> None:
    used = (
        set[str]()
        .union(*map(of_software, AGILE))
        .union(*(classic(operation_of("cloud", one.values[0])) for one in sent()))
    )
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
