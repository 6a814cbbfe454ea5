"""Every endpoint of the Jira sandboxes succeeds once, and each of these answers is held against the vendor's document.

The same for Aha!: tests/sandbox/aha/test_openapi.py.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

import pytest

from crosswalk_sandbox.jira.app import ENDPOINTS
from crosswalk_sandbox.jira.web import Endpoint
from tests.official import jira_sweep, known_names
from tests.official.documents import document
from tests.official.exchanges import Exchange, parts_for, shows
from tests.official.relaxations import page, rows
from tests.official.unstated import outside
from tests.official.watch import FINDINGS
from tests.sandbox.jira.play import playing

HERE = [("cloud", "3"), ("cloud", "2"), ("dc", "2")]
EVERY = [(endpoint, flavour, api) for flavour, api in HERE for endpoint in ENDPOINTS if flavour in endpoint.on]


def of_jira(endpoint: Endpoint, flavour: str, api: str) -> tuple[str, list[str]]:
    """The document of an endpoint, and the parts of its path there."""
    template = endpoint.template.replace("api/X", f"api/{api}")
    found = parts_for(flavour, ["rest", *template.split("/")])
    assert found is not None
    return found


@dataclass
class Swept:
    """What came of calling everything: what went wrong, the operations with a good answer, and every exchange."""

    flavour: str
    api: str
    wrong: list[str]
    good: Counter[tuple[str, str]]
    kept: list[Exchange]


@pytest.fixture(scope="module", params=HERE, ids=lambda here: f"{here[0]} v{here[1]}")
def swept(request: pytest.FixtureRequest) -> Swept:
    flavour, api = request.param
    document("cloud")  # left out loudly where it is absent
    before = FINDINGS.good.copy()
    with playing(flavour) as sandbox, FINDINGS.keeping() as kept:
        wrong = jira_sweep.Sweep(sandbox, api).run()
        jira_sweep.odd_calls(sandbox, api)
    return Swept(flavour, api, wrong, FINDINGS.good - before, kept)


def test_every_endpoint_of_jira_succeeds_and_fits_its_document(swept: Swept) -> None:
    assert swept.wrong == []
    unchecked = []
    for endpoint in (e for e, f, a in EVERY if (f, a) == (swept.flavour, swept.api)):
        name, parts = of_jira(endpoint, swept.flavour, swept.api)
        operation = document(name).find(endpoint.method, parts)
        row = (endpoint.method, endpoint.template, swept.flavour)
        if operation is None or row in jira_sweep.NO_SUCCESS or row in jira_sweep.OUT_OF_REACH:
            continue
        if not swept.good[swept.flavour, operation.id]:
            unchecked.append(operation.id)
    assert unchecked == []


OF = {("cloud", "3"): ("cloud", "software"), ("cloud", "2"): ("cloud2",), ("dc", "2"): ("dc",)}
"""The documents whose operations a sweep calls."""


def test_each_relaxed_schema_of_jira_is_needed_by_an_answer(swept: Swept) -> None:
    """No row about a schema stands there for nothing: some exchange would not fit without it. A row that makes a page
    of an item asks for more than the document, and forgives nothing."""
    needless = []
    for row in (one for one in (*rows("ANSWER"), *rows("PART")) if one.change is not page):
        for where in (one for one in row.where if one.partition(" ")[0] in OF[swept.flavour, swept.api]):
            if not any(shows(row, where, exchange) for exchange in swept.kept):
                needless.append(f"{row.fault}: {where}")
    assert not needless, "\n".join(needless)


def test_no_answer_of_data_center_has_a_name_that_no_document_knows(swept: Swept) -> None:
    """Its document closes no object; on Cloud the schemas do."""
    assert [told for exchange in swept.kept for told in known_names.strange(exchange)] == []
    judged = sum(exchange.product == "dc" for exchange in swept.kept)
    assert judged > 200 or swept.flavour == "cloud"


def test_a_name_that_no_document_knows_is_told() -> None:
    document("dc")

    def told(path: str, body: object) -> list[str]:
        answer = json.dumps(body).encode()
        return known_names.strange(Exchange("dc", "GET", path, "", "", "", b"", 200, "application/json", answer))

    assert told("/rest/api/2/priority", [{"id": "1", "colour": "red"}]) == ["dc GET /api/2/priority: /*/colour"]
    assert told("/rest/agile/1.0/sprint/1", {"id": 1, "colour": "red"}) == [
        "dc GET /agile/1.0/sprint/{sprintId}: /colour"
    ]
    assert told("/rest/api/2/issue/FAB-1", {"key": "FAB-1", "fields": {"customfield_1": {"colour": "red"}}}) == []


@pytest.mark.parametrize(("flavour", "api"), HERE)
def test_every_endpoint_of_jira_is_documented_under_its_name(flavour: str, api: str) -> None:
    odd = []
    for endpoint in (e for e, f, a in EVERY if (f, a) == (flavour, api)):
        name, parts = of_jira(endpoint, flavour, api)
        operation = document(name).find(endpoint.method, parts)
        if operation is None:
            if not endpoint.template.startswith("secure/") and not outside(flavour, endpoint.method, parts):
                odd.append(f"{endpoint.method} {'/'.join(parts)} is in no document")
        elif endpoint.name.startswith("(") or (name == "cloud" and operation.name.rpartition(".")[2] != endpoint.name):
            odd.append(f"{endpoint.name} is documented as {operation.name}")
    assert odd == []
