"""What the pages are fed with and how their edits go; the pages themselves are driven in tests/pages."""

from __future__ import annotations

import re

import pytest

from tests.sandbox.aha.conftest import Aha

ALICE, DANA = "alice@example.com", "dana@example.com"


def test_every_record_has_a_page_at_the_address_it_shows(aha: Aha) -> None:
    for path in ("/features/FAB-1", "/requirements/FAB-1-1", "/epics/FAB-E-1", "/releases/FAB-R-1", "/goals/FAB-G-1"):
        record = next(iter(aha.get(path).values()))
        answer = aha.http.get(record["url"])
        assert (answer.status_code, record["reference_num"] in answer.text) == (200, True)
    assert aha.http.get("/features/FAB-99").status_code == 404
    assert aha.http.get("/").status_code == 200


def test_edits_on_a_page_follow_the_same_rules_and_are_in_the_history(aha: Aha) -> None:
    stem = "/_play/as/bruno@example.com"
    answer = aha.http.put(f"{stem}/features/FAB-1", json={"feature": {"workflow_status": "Shipped"}})
    assert answer.json()["feature"]["workflow_status"]["name"] == "Shipped"
    assert aha.get("/audits")["audits"][0]["user"]["name"] == "Bruno Costa"
    refused = aha.http.put(f"{stem}/features/FAB-1", json={"feature": {"name": ""}})
    assert (refused.status_code, "Name can't be blank" in refused.text) == (422, True)
    assert aha.http.put("/_play/as/nobody/features/FAB-1", json={"feature": {"name": "x"}}).status_code == 401
    assert aha.http.put(f"/_play/as/{DANA}/features/FAB-1", json={"feature": {"name": "x"}}).status_code == 403
    assert aha.http.get(f"{stem}/wheels/FAB-1").status_code == 404
    assert aha.http.get("/_play/wheel/FAB-1").status_code == 404
    assert aha.http.get("/_sandbox/requests").json()["total"] == 1, "pages are not counted as API requests"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"kind": "feature", "ref": "FAB-3", "before": "FAB-1", "as": ALICE}, 200),
        ({"kind": "feature", "ref": "FAB-3", "before": None, "release": "FAB-R-2", "as": ALICE}, 200),
        ({"kind": "feature", "ref": "FAB-3", "status": "Shipped", "as": ALICE}, 200),
        ({"kind": "feature", "ref": "FAB-3", "before": "FAB-1", "as": DANA}, 403),
        ({"kind": "feature", "ref": "FAB-3", "before": "FAB-1", "as": "nobody"}, 403),
        ({"kind": "feature", "ref": "FAB-99", "before": None, "as": ALICE}, 404),
        ({"kind": "wheel", "ref": "FAB-3", "before": None, "as": ALICE}, 404),
        ({"kind": "feature", "ref": "FAB-3", "before": None, "release": "FAB-R-9", "as": ALICE}, 422),
        ({"kind": "feature", "ref": "FAB-3", "before": "FAB-5", "as": ALICE}, 422),
    ],
)
def test_a_record_is_put_in_its_place(aha: Aha, given: dict[str, object], status: int) -> None:
    answer = aha.http.post("/_play/place", json=given)
    assert (answer.status_code, answer.text) == (status, answer.text)
    features = aha.http.get("/_play/board").json()["features"]
    orders = {ref: [one["key"] for one in features if one["release"] == ref] for ref in ("FAB-R-1", "FAB-R-2")}
    kept = {"FAB-R-1": ["FAB-1", "FAB-2", "FAB-3", "FAB-4"], "FAB-R-2": ["FAB-5", "FAB-6", "FAB-7", "FAB-8"]}
    if status != 200 or "before" not in given:
        assert orders == kept
    elif given.get("release"):
        assert orders == {"FAB-R-1": ["FAB-1", "FAB-2", "FAB-4"], "FAB-R-2": [*kept["FAB-R-2"], "FAB-3"]}
    else:
        assert orders == {**kept, "FAB-R-1": ["FAB-3", "FAB-1", "FAB-2", "FAB-4"]}


def test_text_is_sanitised_where_it_leaves(aha: Aha) -> None:
    record = aha.account.find("feature", "FAB-1")
    assert record is not None
    # Put there past every writer, as a careless new way in would.
    record.description.body = '<p onclick="x()">a<script>x()</script><img src="javascript:x()"></p>'
    assert aha.http.get("/_play/feature/FAB-1").json()["description"] == "<p>a<img></p>"


def test_what_a_page_may_load_is_said(aha: Aha) -> None:
    for path in ("/", "/features/FAB-1", "/_sandbox/pages/faults"):
        answer = aha.http.get(path)
        assert "default-src 'none'; script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "Not made by Aha! Labs" in answer.text
        assert re.search(" style=|<script>", answer.text) is None
