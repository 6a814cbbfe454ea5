"""Phases, roll-up releases, key results, notes, to-dos, work done, people and roles, the whole history."""

import pytest

from crosswalk_sandbox.aha.people import ADMINISTRATOR_ROLES
from tests.sandbox.aha.conftest import Aha


def phase(aha: Aha, **given: object) -> dict[str, object]:
    body = {"name": "Beta", "release_id": aha.get("/releases/FAB-R-1")["release"]["id"], **given}
    return dict(aha.post("/release_phases", {"release_phase": body})["release_phase"])


def test_a_release_has_phases_and_milestones(aha: Aha) -> None:
    beta = phase(aha, phase_type="phase", start_on="2026-12-01", end_on="2026-12-10", description="<b>x</b>")
    gate = phase(aha, phase_type="milestone", start_on="2026-12-11")
    assert (beta["type"], gate["type"], gate["end_on"]) == ("phase", "milestone", "2026-12-11")
    listed = aha.get("/releases/FAB-R-1/release_phases")["release_phases"]
    assert [one["id"] for one in listed] == [beta["id"], gate["id"]]
    only = aha.get("/releases/FAB-R-1/release_phases?type=milestone")["release_phases"]
    assert [one["id"] for one in only] == [gate["id"]]
    made = aha.put("/features/FAB-1", {"feature": {"release_phase": beta["id"]}})["feature"]
    assert made["belongs_to_release_phase"] == beta
    aha.post("/release_phases", {"release_phase": {"name": "x", "release_id": 7}}, 422)
    aha.post("/release_phases", {"release_phase": {"name": "x", "phase_type": "stage", "release_id": "FAB-R-1"}}, 422)
    aha.delete(f"/release_phases/{beta['id']}")
    assert "belongs_to_release_phase" not in aha.feature()


def test_phases_go_and_come_back_with_their_release(aha: Aha) -> None:
    release = aha.post("/products/FAB/releases", {"release": {"name": "Short"}})["release"]
    made = phase(aha, release_id=release["id"])
    aha.delete(f"/products/FAB/releases/{release['id']}")
    aha.get(f"/release_phases/{made['id']}", 404)
    gone = aha.get("/deletions")["deletions"][0]
    aha.post(f"/deletions/{gone['id']}/restore", {})
    assert aha.get(f"/release_phases/{made['id']}")["release_phase"] == made


def test_releases_roll_up(aha: Aha) -> None:
    above = aha.post("/products/FAB/roll_up_releases", {"roll_up_release": {"name": "Year"}})["roll_up_release"]
    assert above["url"].endswith(f"/master_releases/{above['reference_num']}")
    below = aha.put("/products/FAB/releases/FAB-R-1", {"release": {"parent_id": above["id"]}})["release"]
    assert below["parent"]["id"] == above["id"]
    for path in (f"/releases/{above['id']}/releases", f"/roll_up_releases/{above['id']}/releases"):
        assert [one["reference_num"] for one in aha.get(path)["releases"]] == ["FAB-R-1"]
    aha.put("/products/FAB/releases/FAB-R-1", {"release": {"parent_id": "FAB-R-2"}}, 422)
    aha.get("/roll_up_releases/FAB-R-1", 404)
    aha.delete(f"/products/FAB/releases/{above['id']}")
    assert "parent" not in aha.get("/releases/FAB-R-1")["release"]


def test_progress_follows_its_source_and_is_set_by_hand_only_where_it_is_manual(aha: Aha) -> None:
    assert aha.put("/features/FAB-1", {"feature": {"progress": 25}})["feature"]["progress"] == 25
    source = {"feature": {"progress_source": "progress_from_requirements"}}
    assert aha.put("/features/FAB-1", source)["feature"]["progress"] == 0
    aha.put("/requirements/FAB-1-1", {"requirement": {"workflow_status": "Shipped"}})
    assert aha.feature()["progress"] == 33
    aha.put("/features/FAB-1", {"feature": {"progress": 50}}, 422)
    aha.put("/features/FAB-1", {"feature": {"progress": 50, "progress_source": "progress_manual"}})


def test_watchers_and_the_creator_are_written_and_shown_on_request(aha: Aha) -> None:
    emil = aha.get("/users?email=emil@example.com")["users"][0]["id"]
    body = {"fields": "*,watchers", "feature": {"name": "W", "watchers": f"{emil},bruno@example.com"}}
    made = aha.post("/releases/FAB-R-1/features", body)["feature"]
    assert [one["name"] for one in made["watchers"]] == ["Emil Sand", "Bruno Costa"]
    assert "watchers" not in aha.feature(made["id"])
    by = {"feature": {"name": "C", "created_by": "chandra@example.com"}}
    assert aha.post("/releases/FAB-R-1/features", by)["feature"]["created_by_user"]["name"] == "Chandra Iyer"


def test_the_score_is_the_sum_of_its_facts(aha: Aha) -> None:
    facts = [{"name": "Benefit", "value": 10}, {"name": "Effort", "value": 3}]
    aha.put("/features/FAB-1", {"feature": {"score_facts": facts}})
    feature = aha.put("/features/FAB-1", {"feature": {"score_facts": [{"name": "Effort", "value": 5}]}})["feature"]
    assert (feature["score"], [one["value"] for one in feature["score_facts"]]) == (15, [10, 5])


def test_custom_fields_are_taken_as_a_list_of_keys_and_values_too(aha: Aha) -> None:
    given = [{"key": "customer_tier", "value": "Touring"}, {"key": "platforms", "value": ["Cargo"]}]
    values = aha.put("/features/FAB-1", {"feature": {"custom_fields": given}})["feature"]["custom_fields"]
    shown = {one["key"]: one.get("value") for one in values}
    assert (shown["customer_tier"], shown["platforms"]) == ("Touring", ["Cargo"])


def test_work_done_is_kept_by_entry_and_taken_back(aha: Aha) -> None:
    stem = "/features/FAB-4/time_tracking_events"
    first = {"work_done_text": "1h 30min", "remaining_estimate_text": "4h", "occurred_on": "2026-11-20"}
    entry = aha.post(stem, {"time_tracking_event": first})["time_tracking_event"]
    assert (entry["occurred_on"], entry["work_done"], entry["work_units"]) == ("2026-11-20", 90, 10)
    second = {"work_done_text": "1h", "remaining_automatic": True, "occurred_on": "2026-11-21T10:00:00Z"}
    other = aha.post(stem, {"time_tracking_event": second})["time_tracking_event"]
    feature = aha.feature("FAB-4")
    assert (feature["work_done"], feature["remaining_estimate"]) == (150, 180)
    assert [one["id"] for one in feature["time_tracking_events"]] == [entry["id"], other["id"]]
    aha.delete(f"/time_tracking_events/{entry['id']}")
    assert aha.feature("FAB-4")["work_done"] == 60
    for wrong in ({}, {"work_done_text": "soon"}, {"work_done_text": "1h", "user_id": 7}):
        aha.post(stem, {"time_tracking_event": wrong}, 422)


def test_to_dos_are_assigned_and_done(aha: Aha) -> None:
    about = {"name": "Look", "taskable_type": "Feature", "taskable_id": aha.feature()["id"]}
    task = aha.post("/tasks", {"task": {**about, "assigned_to_users": [{"email": "alice@example.com"}]}})["task"]
    assert task["taskable"]["reference_num"] == "FAB-1"
    assert [one["id"] for one in aha.get("/me/tasks")["tasks"]] == [task["id"]]
    done = aha.put(f"/tasks/{task['id']}", {"task": {"status": "completed"}})["task"]
    assert (done["status"], done["assigned_to_users"][0]["status"]) == ("completed", "completed")
    assert aha.get("/me/tasks")["tasks"] == []
    aha.post("/tasks", {"task": {**about, "taskable_type": "Epic"}}, 422)
    aha.delete("/features/FAB-1")
    aha.get(f"/tasks/{task['id']}", 404)


def test_only_administrators_make_people_and_give_roles(aha: Aha) -> None:
    sam = {"email": "Sam.Doe@example.com", "first_name": "sam", "last_name": "doe", "role": "contributor"}
    made = aha.post("/products/FAB/users", {"user": sam})
    assert (made["role_description"], made["user"]["email"]) == ("Contributor", "sam.doe@example.com")
    path = f"/users/{made['user']['id']}"
    aha.put("/features/FAB-1", {"feature": {"assigned_to_user": "sam.doe@example.com"}})
    assert aha.post(f"{path}/product_roles", {"product_role": {"role": "viewer", "product_id": "FAB"}})["role"] == 50
    aha.delete(f"{path}/product_roles/FAB")
    assert aha.get(f"{path}/product_roles")["product_roles"] == []
    off = aha.put(path, {"user": {"enabled": False, "administrator_roles": {"administer_billing": "true"}}})
    assert (off["enabled"], off["administrator_roles"]["administer_billing"]) == (False, True)
    aha.put("/features/FAB-2", {"feature": {"assigned_to_user": "sam.doe@example.com"}}, 422)
    for wrong in ({**sam, "role": "king"}, {**sam, "email": "nobody"}, {"email": "a@b.example", "role": "viewer"}):
        aha.post("/products/FAB/users", {"user": wrong}, 422)
    aha.account.users[0].administers = ()
    aha.post("/products/FAB/users", {"user": sam}, 403)


def test_the_whole_history_is_searched(aha: Aha) -> None:
    for number in range(120):
        aha.put("/features/FAB-1", {"feature": {"name": f"N{number}"}})
    aha.put("/features/FAB-2", {"feature": {"name": "other"}})
    asked = {"search": {"auditable_type": "Feature", "auditable_id": int(aha.feature()["id"])}}
    search = aha.post("/historical_audits", asked)["search_id"]
    first = aha.get(f"/historical_audits/{search}")
    assert (len(first["audits"]), first["results_complete"], first["running"]) == (100, False, False)
    rest = aha.get(f"/historical_audits/{search}?next_token={first['next_token']}")
    assert (len(rest["audits"]), rest["results_complete"], rest["next_token"]) == (20, True, None)
    active = aha.get("/historical_audits?auditable_type=Feature")["historical_audits"]
    assert [one["name"] for one in active] == ["Alice Ng", "Alice Ng"]
    # Each search takes a token, and reading its results takes none; both say how many are left.
    read = aha.http.get(f"/api/v1/historical_audits/{search}").headers["x-historical-tokens-available"]
    begun = aha.http.post("/api/v1/historical_audits", json=asked).headers["x-historical-tokens-available"]
    again = aha.http.get(f"/api/v1/historical_audits/{search}").headers["x-historical-tokens-available"]
    assert (read, begun, again) == ("999", "998", "998")
    aha.post("/historical_audits", {"search": {"created_since": "yesterday"}}, 400)


def test_links_have_audits_of_their_own(aha: Aha) -> None:
    other = aha.feature("FAB-2")["id"]
    aha.post("/features/FAB-1/record_links", {"record_link": {"record_type": "feature", "record_id": other}}, 204)
    audit = aha.get("/audits?auditable_type=RecordLink")["audits"][0]
    assert (audit["associated_type"], audit["associated_id"]) == ("feature", int(aha.feature()["id"]))


@pytest.mark.parametrize("role", ADMINISTRATOR_ROLES)
def test_the_first_person_has_every_administrator_role(aha: Aha, role: str) -> None:
    assert aha.get("/users/alice@example.com")["user"]["administrator_roles"][role] is True
