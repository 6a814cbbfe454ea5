"""What somebody changes in a stand-in Aha! around the API, stale reads, lagging lists, and the audit of a client."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Aha


def change(aha: Aha, **given: object) -> None:
    answer = aha.http.post("/_sandbox/world", json=given)
    assert answer.status_code == 200, answer.text


def later(aha: Aha, seconds: float) -> None:
    aha.http.post("/_sandbox/clock/advance", json={"seconds": seconds}).raise_for_status()


def undo(aha: Aha) -> None:
    assert aha.http.delete("/_sandbox/world").json()["undone"] == 1


def tier(aha: Aha, value: str, code: int) -> None:
    aha.put("/features/FAB-1", {"feature": {"custom_fields": {"customer_tier": value}}}, code)


def test_an_option_is_renamed_and_taken_away(aha: Aha) -> None:
    tier(aha, "Courier", 200)
    change(aha, do="rename_option", field="customer_tier", option="Courier", name="Messenger")
    tier(aha, "Courier", 422)
    tier(aha, "Messenger", 200)
    undo(aha)
    change(aha, do="remove_option", field="Customer tier", option="Touring")
    tier(aha, "Touring", 422)
    undo(aha)
    tier(aha, "Touring", 200)


def test_a_status_is_renamed_and_taken_away(aha: Aha) -> None:
    def to(status: str, code: int) -> None:
        aha.put("/features/FAB-1", {"feature": {"workflow_status": {"name": status}}}, code)

    change(aha, do="rename_status", status="Ready to ship", name="Packed")
    to("Ready to ship", 422)
    to("Packed", 200)
    undo(aha)
    change(aha, do="remove_status", status="In development")
    to("In development", 422)
    undo(aha)
    to("In development", 200)


def test_a_person_is_switched_off_or_may_only_read(aha: Aha) -> None:
    change(aha, do="take_permission_away", user="alice@example.com")
    aha.put("/features/FAB-1", {"feature": {"name": "Bell"}}, 403)
    undo(aha)
    change(aha, do="deactivate_user", user="alice@example.com")
    aha.get("/me", 401)
    undo(aha)
    aha.put("/features/FAB-1", {"feature": {"name": "Bell"}})


def test_a_record_is_gone_or_has_another_reference(aha: Aha) -> None:
    change(aha, do="delete_record", record="FAB-1-2")
    aha.get("/requirements/FAB-1-2", 404)
    assert len(aha.feature()["requirements"]) == 2
    undo(aha)
    assert [one["reference_num"] for one in aha.feature()["requirements"]] == ["FAB-1-1", "FAB-1-2", "FAB-1-3"]
    change(aha, do="change_reference", record="FAB-2", reference="NEW-7")
    aha.get("/features/FAB-2", 404)
    assert aha.feature("NEW-7")["reference_num"] == "NEW-7"
    undo(aha)
    assert aha.feature("FAB-2")["reference_num"] == "FAB-2"


@pytest.mark.parametrize(
    "given",
    [
        {"do": "rename_option", "field": "nothing", "option": "a", "name": "b"},
        {"do": "rename_option", "field": "customer_tier", "option": "nothing", "name": "b"},
        {"do": "take_permission_away", "user": "dana@example.com"},
        {"do": "change_reference", "record": "FAB-1", "reference": "FAB-2"},
        {"do": "delete_record", "record": "FAB-999"},
        {"do": "remove_status", "status": "nothing"},
    ],
)
def test_a_change_without_sense_is_refused(aha: Aha, given: Any) -> None:
    answer = aha.http.post("/_sandbox/world", json=given)
    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)


def test_stale_reads_and_lists_that_lag(aha: Aha) -> None:
    later(aha, 100)
    before = aha.feature()["name"]
    aha.put("/features/FAB-1", {"feature": {"name": "Bell"}})
    release = aha.get("/products/FAB/releases")["releases"][0]["id"]
    made = aha.post(f"/releases/{release}/features", {"feature": {"name": "Lamp"}})["feature"]["reference_num"]

    def listed() -> list[str]:
        return [one["name"] for one in aha.get("/products/FAB/features?per_page=200")["features"]]

    for kind in ("stale", "lag"):
        aha.http.post("/_sandbox/faults", json={"kind": kind, "seconds": 30, "times": 0})
    assert aha.feature()["name"] == before
    aha.get(f"/features/{made}", 404)
    assert before in listed()
    assert "Lamp" not in listed()
    later(aha, 30)
    assert (aha.feature()["name"], aha.feature(made)["name"]) == ("Bell", "Lamp")
    assert {"Bell", "Lamp"} <= set(listed())


def test_a_stale_read_shows_what_is_joined_to_the_record(aha: Aha) -> None:
    """Its links, and the features below it, are those there are now."""
    other = aha.feature("FAB-2")["id"]
    body = {"record_type": "feature", "record_id": int(other), "link_type": 10}
    aha.http.post("/api/v1/features/FAB-1/record_links", json={"record_link": body}).raise_for_status()
    epic = aha.feature()["epic"]["reference_num"]

    def seen() -> tuple[Any, ...]:
        feature, above = aha.feature(), aha.get(f"/epics/{epic}")["epic"]
        joined = [one["child_record"]["id"] for one in feature["feature_links"]]
        return feature["name"], joined, above["name"], [one["id"] for one in above["features"]]

    later(aha, 100)
    before = seen()
    aha.put("/features/FAB-1", {"feature": {"name": "Bell"}})
    aha.put(f"/epics/{epic}", {"epic": {"name": "Peal"}})
    aha.http.post("/_sandbox/faults", json={"kind": "stale", "seconds": 30, "times": 0})
    assert seen() == before
    assert (other in before[1], bool(before[3])) == (True, True)


def test_the_audit_tells_what_a_client_did(limited: Aha) -> None:
    assert limited.http.get("/_sandbox/audit").json()["limits"]["exceeded"] is False
    statuses = [limited.http.get("/api/v1/me").status_code for _ in range(22)]
    assert statuses == [200] * 20 + [429] * 2
    told = limited.http.get("/_sandbox/audit").json()
    assert told["requests"] == {
        "total": 22,
        "reads": 22,
        "writes": 0,
        "by_operation": {"GET /me": 22},
        "by_status": {"200": 20, "429": 2},
        "struck_by_a_fault": 0,
    }
    assert (told["limits"]["exceeded"], told["limits"]["refused"]) == (True, {"second": 2})
    assert told["limits"]["peaks"][0] == {"rule": "second", "seconds": 1.0, "limit": 20, "most": 22}


def test_the_audit_finds_records_that_name_one_issue(aha: Aha) -> None:
    integration = aha.credentials["integration_id"]

    def key(ref: str, value: str) -> None:
        aha.post(
            f"/features/{ref}/integrations/{integration}/fields", {"integration_field": {"name": "key", "value": value}}
        )

    key("FAB-1", "FAB-10")
    assert not any(aha.http.get("/_sandbox/audit").json()["doubles"].values())
    key("FAB-2", "FAB-10")
    doubles = aha.http.get("/_sandbox/audit").json()["doubles"]
    assert doubles["records_of_one_issue"] == {"FAB-10": ["FAB-1", "FAB-2"]}
