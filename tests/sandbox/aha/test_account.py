"""Keys and rights, limits, people, workspaces, definitions, history, unknown paths."""

import threading

import httpx2
import pytest

from crosswalk_sandbox.aha import build
from tests.sandbox.aha.conftest import Aha


def test_a_key_is_needed_and_has_to_be_known(aha: Aha) -> None:
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
        answer = aha.http.get("/api/v1/me", headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/json; charset=utf-8")


def test_a_reviewer_reads_and_does_not_write(aha: Aha) -> None:
    headers = {"Authorization": f"Bearer {aha.credentials['reviewer_token']}"}
    assert aha.http.get("/api/v1/me", headers=headers).json()["user"]["email"] == "dana@example.com"
    before = aha.feature()
    answer = aha.http.put("/api/v1/features/FAB-1", headers=headers, json={"feature": {"name": "mine"}})
    assert answer.status_code == 403
    assert aha.feature() == before


def test_what_does_not_exist_answers_json_on_a_served_route_and_html_elsewhere(aha: Aha) -> None:
    assert aha.get("/features/FAB-999", 404) == {"error": "Record not found."}
    for method, path in (
        ("GET", "/api/v1/featurez/1"),
        ("PATCH", "/api/v1/features/FAB-1"),
        ("GET", "/api/v2/graphql"),
        ("POST", "/api/v2/graphiql"),
        ("GET", "/api/v3/features"),
    ):
        answer = aha.http.request(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_twenty_a_second_and_three_hundred_a_minute(limited: Aha) -> None:
    codes = [limited.http.get("/api/v1/me").status_code for _ in range(25)]
    assert (codes.count(200), codes.count(429)) == (20, 5)
    refused = limited.http.get("/api/v1/me")
    assert (refused.headers["x-ratelimit-limit"], refused.headers["retry-after"]) == ("20", "1")
    for _ in range(14):
        limited.app.state.control.clock.advance(1)
        assert {limited.http.get("/api/v1/me").status_code for _ in range(20)} == {200}
    limited.app.state.control.clock.advance(1)
    refused = limited.http.get("/api/v1/me")
    assert (refused.status_code, refused.headers["x-ratelimit-limit"]) == (429, "300")
    limited.app.state.control.clock.advance(int(refused.headers["retry-after"]))
    again = limited.http.get("/api/v1/me")
    assert (again.status_code, again.headers["x-ratelimit-remaining"]) == (200, "19")


def test_people_and_workspaces(aha: Aha) -> None:
    assert [user["email"].partition("@")[0] for user in aha.get("/users")["users"]] == [
        "alice",
        "bruno",
        "chandra",
        "dana",
        "emil",
    ]
    assert len(aha.get("/users?email=emil@example.com")["users"]) == 1
    assert aha.get("/users?email=nobody@example.com")["users"] == []
    assert aha.get("/products")["products"][0]["reference_prefix"] == "FAB"
    product = aha.get("/products/fab")["product"]
    assert aha.get(f"/products/{product['id']}")["product"] == product
    assert len(aha.get("/products/FAB/users")["project_users"]) == 5


def test_workflows_and_custom_fields(aha: Aha) -> None:
    flows = aha.get("/products/FAB/workflows")["workflows"]
    assert [flow["statusable_type"] for flow in flows] == [
        "Feature",
        "Release",
        "Initiative",
        "StrategicImperative",
        "Page",
        "KeyResult",
    ]
    assert aha.get(f"/workflows/{flows[0]['id']}")["workflow"] == flows[0]
    definitions = aha.get("/custom_field_definitions")["custom_field_definitions"]
    tier = next(one for one in definitions if one["key"] == "customer_tier")
    stem = f"/custom_field_definitions/{tier['id']}"
    assert [option["text"] for option in aha.get(f"{stem}/options")["options"]] == ["Commuter", "Courier", "Touring"]
    assert aha.post(f"{stem}/custom_field_options", {"custom_field_option": {"value": "Family"}})["value"] == "Family"
    aha.put("/features/FAB-1", {"feature": {"custom_fields": {"customer_tier": "Family"}}})
    option = aha.get(f"{stem}/custom_field_options")["custom_field_options"][3]
    renamed = {"custom_field_option": {"value": "Families"}}
    aha.put(f"{stem}/custom_field_options/{option['id']}", renamed)
    assert "Families" in [custom.get("value") for custom in aha.feature()["custom_fields"]]
    hidden = {"custom_field_option": {"hidden": True, "color": 0x112233}}
    assert aha.put(f"{stem}/custom_field_options/{option['id']}", hidden)["hidden"] is True
    gone = aha.call("DELETE", f"{stem}/custom_field_options/{option['id']}")
    assert (gone["value"], gone["color"]) == ("Families", 0x112233)


def test_the_history_tells_each_change_with_ids_that_grow(aha: Aha) -> None:
    given = {"workflow_status": "Shipped", "description": "<p>Done</p>", "tags": "maps,comfort,done"}
    aha.put("/features/FAB-1", {"feature": given})
    aha.put("/requirements/FAB-1-1", {"requirement": {"name": "A & B"}})
    audits = aha.get("/audits")["audits"]
    assert [(a["audit_action"], a["auditable_type"], a["associated_type"]) for a in audits] == [
        ("update", "feature", "release"),
        ("update", "note", "feature"),
        ("create", "tagging", "feature"),
        ("update", "requirement", "feature"),
    ]
    assert audits[0]["changes"] == [{"field_name": "Workflow status", "value": "Ready to develop &rarr; Shipped"}]
    assert audits[3]["changes"][0]["value"] == "Import the surface survey &rarr; A &amp; B"
    assert {audit["auditable_url"] for audit in audits[:3]} == {f"{aha.base}/features/FAB-1"}
    assert [a["id"] for a in audits] == sorted(a["id"] for a in audits)
    assert aha.get(f"/audits?after_id={audits[1]['id']}")["audits"] == audits[2:]
    assert aha.get("/audits?auditable_type=Note")["audits"] == [audits[1]]
    feature = aha.feature()["id"]
    assert aha.get(f"/audits?auditable_type=Feature&auditable_id={feature}")["audits"] == [audits[0]]
    assert len(aha.get(f"/audits?associated_type=Feature&associated_id={feature}")["audits"]) == 3
    assert aha.get("/audits?audit_action=create")["audits"] == [audits[2]]
    assert aha.get("/audits?created_since=2030-01-01T00:00:00Z")["audits"] == []
    aha.get("/audits?after_id=x", 400)


def test_changes_are_merged_in_a_window_where_that_is_switched_on(aha: Aha) -> None:
    aha.account.settings.merge_seconds = 300
    for status in ("Ready to ship", "Shipped"):
        aha.put("/features/FAB-1", {"feature": {"workflow_status": status}})
    (audit,) = aha.get("/audits")["audits"]
    assert audit["changes"][0]["value"] == "Ready to develop &rarr; Shipped"
    aha.app.state.control.clock.advance(301)
    aha.put("/features/FAB-1", {"feature": {"workflow_status": "Ready to ship"}})
    assert len(aha.get("/audits")["audits"]) == 2


def test_settings_are_changed_from_outside_and_judged(aha: Aha) -> None:
    answer = aha.http.post("/_sandbox/settings", json={"text_delay": 300, "integer_ids": True})
    assert answer.json()["text_delay"] == 300
    integration = aha.credentials["integration_id"]
    body = {"integration_field": {"name": "key", "value": "X-1"}}
    made = aha.post(f"/features/FAB-1/integrations/{integration}/fields", body)["integration_field"]
    assert made["integration_id"] == int(integration)
    for wrong in ({"colour": 1}, {"limits": 1}, {"per_second": "3"}, {"text_delay": -1}, {"text_delay": 1e300}, [1]):
        assert aha.http.post("/_sandbox/settings", json=wrong).status_code == 400


def test_the_sandbox_sums_itself_up(aha: Aha) -> None:
    integration = aha.credentials["integration_id"]
    for feature in ("FAB-1", "FAB-2"):
        body = {"integration_field": {"name": "key", "value": "ROAD-1"}}
        aha.post(f"/features/{feature}/integrations/{integration}/fields", body)
    state = aha.http.get("/_sandbox/state").json()
    assert state["records"]["feature"] == 12
    assert state["jira_keys_on_two_records"] == {"ROAD-1": ["FAB-1", "FAB-2"]}
    log = aha.http.get("/_sandbox/requests").json()
    assert log["by_operation"]["POST /features/{id}/integrations/{integration}/fields"] == 2
    assert log["requests"][0]["user"] == "alice@example.com"


def test_many_writers_at_once_leave_a_whole_state(aha: Aha) -> None:
    headers = {"Authorization": f"Bearer {aha.credentials['token']}"}
    failures: list[str] = []

    def write(number: int) -> None:
        with httpx2.Client(base_url=aha.base, headers=headers) as http:
            for turn in range(10):
                body = {"requirement": {"name": f"{number}.{turn}"}}
                answer = http.post("/api/v1/features/FAB-9/requirements", json=body)
                if answer.status_code != 200:
                    failures.append(answer.text)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = aha.feature("FAB-9")["requirements"]
    assert failures == []
    assert [one["position"] for one in made] == list(range(1, 61))
    assert len({one["reference_num"] for one in made}) == 60


def test_the_same_seed_gives_the_same_ids() -> None:
    first, second = (build("large:20")[0].state.account for _ in range(2))
    assert [r.id for r in first.all("requirement")] == [r.id for r in second.all("requirement")]
    assert (first.count("feature"), first.count("requirement")) == (20, 80)


def test_an_unknown_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="no seed"):
        build("lavish")
    assert build("empty")[0].state.account.count("feature") == 0
