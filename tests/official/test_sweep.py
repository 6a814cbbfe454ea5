"""Every endpoint of the Jira sandboxes succeeds once, and each of these answers is held against the vendor's document.

The same for Aha!: tests/sandbox/aha/test_openapi.py.
"""

from __future__ import annotations

import pytest

from crosswalk_sandbox.jira.app import ENDPOINTS
from crosswalk_sandbox.jira.web import Endpoint
from tests.official import jira_sweep
from tests.official.documents import document
from tests.official.exchanges import parts_for
from tests.official.relaxations import outside
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


@pytest.mark.parametrize(("flavour", "api"), HERE)
def test_every_endpoint_of_jira_succeeds_and_fits_its_document(flavour: str, api: str) -> None:
    document("cloud")  # left out loudly where it is absent
    before = FINDINGS.good.copy()
    with playing(flavour) as sandbox:
        wrong = jira_sweep.Sweep(sandbox, api).run()
    assert wrong == []
    good = FINDINGS.good - before
    unchecked = []
    for endpoint in (e for e, f, a in EVERY if (f, a) == (flavour, api)):
        name, parts = of_jira(endpoint, flavour, api)
        operation = document(name).find(endpoint.method, parts)
        row = (endpoint.method, endpoint.template, flavour)
        if operation is None or row in jira_sweep.NO_SUCCESS or row in jira_sweep.OUT_OF_REACH:
            continue
        if not good[flavour, operation.id]:
            unchecked.append(operation.id)
    assert unchecked == []


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
