"""A number in the query that is none is refused by every read as its document allows; each exchange is judged."""

from __future__ import annotations

import re

import pytest

from tests.official import jira_sweep
from tests.official.documents import document
from tests.official.test_sweep import EVERY, HERE
from tests.sandbox.jira.play import playing

NONE = "&".join(f"{name}=x" for name in ("startAt", "maxResults", "since", "boardId"))


def _place(part: re.Match[str]) -> str:
    known = jira_sweep.PLACES.get(part[1], "@")
    return "10001" if known.startswith("@") else known


@pytest.mark.parametrize(("flavour", "api"), HERE)
def test_a_number_that_is_none_is_refused_as_documented(flavour: str, api: str) -> None:
    document("cloud")  # left out loudly where it is absent
    refused = 0
    with playing(flavour) as sandbox:
        sandbox.call("POST", "/_sandbox/limits", json={"active": False})
        for endpoint in (e for e, f, a in EVERY if (f, a, e.method) == (flavour, api, "GET")):
            path = re.sub(r"\{(\w+)\}", _place, endpoint.template).replace("api/X", f"api/{api}")
            answer = sandbox.call("GET", f"/rest/{path}?{NONE}")
            assert answer.status_code < 500, path
            refused += answer.status_code == (400 if flavour == "cloud" else 404)
    assert refused > 20
