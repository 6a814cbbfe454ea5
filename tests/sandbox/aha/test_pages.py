"""The pages: what they are fed with, and a person at a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.aha.conftest import Aha


def test_every_record_has_a_page_at_the_address_it_shows(aha: Aha) -> None:
    for path in ("/features/FAB-1", "/requirements/FAB-1-1", "/epics/FAB-E-1", "/releases/FAB-R-1", "/goals/FAB-G-1"):
        record = next(iter(aha.get(path).values()))
        answer = aha.http.get(record["url"])
        assert (answer.status_code, record["reference_num"] in answer.text) == (200, True)
    assert aha.http.get("/features/FAB-99").status_code == 404
    assert aha.http.get("/").status_code == 200


def test_edits_on_a_page_follow_the_same_rules_and_are_in_the_history(aha: Aha) -> None:
    answer = aha.http.post("/_play/feature/FAB-1", json={"workflow_status": "Shipped", "as": "bruno@example.com"})
    assert answer.json()["status"] == "Shipped"
    assert aha.get("/audits")["audits"][0]["user"]["name"] == "Bruno Costa"
    refused = aha.http.post("/_play/feature/FAB-1", json={"name": ""})
    assert (refused.status_code, refused.json()) == (422, {"error": "Name can't be blank"})
    assert aha.http.post("/_play/features", json={"name": "x", "release": "FAB-R-9"}).status_code == 404
    assert aha.http.get("/_play/wheel/FAB-1").status_code == 404
    assert aha.http.post("/_play/feature/FAB-1", content=b"[").status_code == 400
    assert aha.http.get("/_sandbox/requests").json()["total"] == 1, "pages are not counted as API requests"


@pytest.fixture
def person(aha: Aha, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(base_url=aha.base)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert faults == []


@pytest.mark.pages
def test_a_person_edits_a_feature_and_sees_what_others_change(aha: Aha, person: Page) -> None:
    person.goto("/")
    person.get_by_test_id("card-FAB-1").get_by_role("link").first.click()
    expect(person.get_by_test_id("name")).to_have_value("Route planner that avoids cobblestones")
    person.get_by_test_id("status").select_option("Ready to ship")
    person.get_by_test_id("description").fill("By hand")
    aha.put("/features/FAB-1", {"feature": {"name": "Renamed elsewhere"}})
    expect(person.get_by_test_id("title")).to_have_text("Renamed elsewhere")
    person.get_by_test_id("save").click()
    expect(person.get_by_role("status")).to_have_text("Saved")
    feature = aha.feature()
    assert (feature["workflow_status"]["name"], feature["description"]["body"], feature["name"]) == (
        "Ready to ship",
        "<p>By hand</p>",
        "Renamed elsewhere",
    )
    person.get_by_test_id("requirement-name").fill("One more")
    person.get_by_test_id("requirement-name").press("Enter")
    expect(person.get_by_test_id("card-FAB-1-4")).to_contain_text("One more")
    body = {"integration_field": {"name": "key", "value": "ROAD-7"}}
    aha.post(f"/features/FAB-1/integrations/{aha.credentials['integration_id']}/fields", body)
    expect(person.get_by_test_id("jira-link")).to_have_text("Jira: ROAD-7")


@pytest.mark.pages
def test_a_person_adds_a_feature_and_switches_a_fault_on(aha: Aha, person: Page) -> None:
    person.goto("/")
    person.get_by_test_id("new-name").fill("From the board")
    person.get_by_test_id("new-name").press("Enter")
    expect(person.get_by_test_id("card-FAB-13")).to_contain_text("From the board")
    person.goto("/_sandbox/pages/faults")
    person.get_by_test_id("fault-kind").select_option("429")
    person.get_by_test_id("fault-add").click()
    expect(person.get_by_test_id("faults")).to_contain_text("429")
    assert aha.http.get("/api/v1/me").status_code == 429
    person.goto("/_sandbox/pages/requests")
    expect(person.get_by_test_id("requests")).to_contain_text("GET /api/v1/me")
