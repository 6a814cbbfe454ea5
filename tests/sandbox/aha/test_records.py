"""Features, requirements, epics, releases, initiatives, goals: reading, writing, lists."""

import pytest

from tests.sandbox.aha.conftest import Aha


def test_a_feature_is_found_by_id_and_by_reference_number(aha: Aha) -> None:
    feature = aha.feature("FAB-1")
    assert aha.feature(feature["id"]) == feature == aha.feature("fab-1")
    assert len(feature["id"]) == 19
    assert feature["url"] == f"{aha.base}/features/FAB-1"
    assert feature["resource"] == f"{aha.base}/api/v1/features/FAB-1"
    assert [requirement["reference_num"] for requirement in feature["requirements"]] == [
        "FAB-1-1",
        "FAB-1-2",
        "FAB-1-3",
    ]


def test_a_feature_is_created_in_a_release_with_200_and_keeps_what_was_sent(aha: Aha) -> None:
    body = {
        "name": "  Bell ",
        "description": "<p>Rings</p>",
        "workflow_status": {"name": "ready to develop"},
        "workflow_kind": "Bug fix",
        "assigned_to_user": {"email": "bruno@example.com"},
        "tags": "loud, small",
        "due_date": "2026-12-24",
        "start_date": "2026-12-01",
        "original_estimate_text": "2d 1h",
        "epic": "FAB-E-1",
        "initiative": "A ride without worry",
        "custom_fields": {"jira_url": "https://jira.example.com/browse/X-1", "nobody_knows": 1},
    }
    made = aha.post("/releases/FAB-R-2/features", {"feature": body})["feature"]
    assert made == aha.feature(made["reference_num"])
    assert (made["name"], made["workflow_status"]["name"], made["workflow_kind"]["name"]) == (
        "Bell",
        "Ready to develop",
        "Bug fix",
    )
    assert (made["assigned_to_user"]["name"], made["tags"], made["due_date"]) == (
        "Bruno Costa",
        ["loud", "small"],
        "2026-12-24",
    )
    assert (made["original_estimate"], made["work_units"]) == (1020.0, 10)
    assert (made["epic_reference_num"], made["initiative_reference_num"], made["release_reference_num"]) == (
        "FAB-E-1",
        "FAB-S-1",
        "FAB-R-2",
    )
    assert [(c["key"], c["value"], c["type"]) for c in made["custom_fields"] if "value" in c] == [
        ("jira_url", "https://jira.example.com/browse/X-1", "url")
    ]
    assert made["master_feature"] == made["epic"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": " "}, "blank"),
        ({"name": None}, "blank"),
        ({"due_date": "24.12.2026"}, "YYYY-MM-DD"),
        ({"due_date": "2026-02-30"}, "YYYY-MM-DD"),
        ({"workflow_status": "Half done"}, "status"),
        ({"workflow_status": {"category": "odd"}}, "status"),
        ({"assigned_to_user": "nobody@example.com"}, "nobody@example.com"),
        ({"release": "FAB-R-99"}, "FAB-R-99"),
        ({"epic": "FAB-E-99"}, "FAB-E-99"),
        ({"original_estimate_text": "soon"}, "estimate"),
        ({"original_estimate_text": "1d 2p"}, "mixes"),
        ({"progress": 101}, "between"),
        ({"custom_fields": {"customer_tier": "Astronaut"}}, "Astronaut"),
        ({"custom_fields": ["a"]}, "custom_fields"),
        ({"tags": {"a": 1}}, "Tags"),
    ],
)
def test_a_refused_write_says_why_and_changes_nothing(aha: Aha, given: dict[str, object], says: str) -> None:
    before = aha.feature()
    answer = aha.put("/features/FAB-1", {"feature": {"description": "<p>new</p>", "tags": "x", **given}}, 422)
    assert says in answer["errors"]["message"]
    assert aha.feature() == before
    assert aha.get("/audits")["audits"] == []


def test_a_write_changes_what_it_names_and_moves_updated_at(aha: Aha) -> None:
    before = aha.feature()
    aha.app.state.control.clock.advance(5)
    after = aha.put("/features/FAB-1", {"feature": {"name": "Smooth routes"}})["feature"]
    assert after["updated_at"] > before["updated_at"]
    assert {key for key in after if after[key] != before[key]} == {"name", "updated_at", "requirements"}
    assert {requirement["feature"]["name"] for requirement in after["requirements"]} == {"Smooth routes"}


def test_a_write_of_what_is_already_so_leaves_no_trace(aha: Aha) -> None:
    before = aha.feature()
    aha.app.state.control.clock.advance(5)
    same = {"name": before["name"], "tags": before["tags"], "description": before["description"]["body"]}
    same |= {"assigned_to_user": before["assigned_to_user"]["email"], "due_date": before["due_date"]}
    assert aha.put("/features/FAB-1", {"feature": same})["feature"] == before
    assert aha.get("/audits")["audits"] == []


def test_a_status_is_written_by_name_id_or_category_and_its_times_are_kept(aha: Aha) -> None:
    aha.put("/features/FAB-1", {"feature": {"workflow_status": "Shipped"}})
    aha.put("/features/FAB-1", {"feature": {"workflow_status": {"category": "initial"}}})
    status = aha.get("/products/FAB/workflows")["workflows"][0]["workflow_statuses"][3]
    done = aha.put("/features/FAB-1", {"feature": {"workflow_status": status["id"]}})["feature"]
    assert done["workflow_status"]["name"] == "Ready to ship"
    assert [time["status_name"] for time in done["workflow_status_times"]] == [
        "Ready to develop",
        "Shipped",
        "Under consideration",
        "Ready to ship",
    ]
    assert done["workflow_status_times"][-1]["ended_at"] is None
    assert aha.put("/features/FAB-1", {"feature": {"workflow_status": None}})["feature"] == done


def test_what_can_be_emptied_and_what_can_not(aha: Aha) -> None:
    empty = {"due_date": None, "assigned_to_user": "", "tags": [], "epic": None, "custom_fields": {"customer_tier": ""}}
    after = aha.put("/features/FAB-1", {"feature": {**empty, "description": "", "release": None}})["feature"]
    assert (after["due_date"], after["assigned_to_user"], after["tags"]) == (None, None, [])
    assert "epic" not in after
    assert [custom["key"] for custom in after["custom_fields"]] == ["confidence", "design_files"]
    assert after["description"]["body"]
    assert after["release"]["reference_num"] == "FAB-R-1"


def test_stored_html_is_normalised(aha: Aha) -> None:
    sent = '<div onclick="x()">a <b>b</b><script>alert(1)</script></div>tail<a href="javascript:x">l</a>'
    after = aha.put("/features/FAB-1", {"feature": {"description": sent}})["feature"]
    assert after["description"]["body"] == "<div>a <strong>b</strong></div><p>tail<a>l</a></p>"


def test_tags_replace_or_add_as_the_setting_says(aha: Aha) -> None:
    assert aha.put("/features/FAB-1", {"feature": {"tags": ["x"]}})["feature"]["tags"] == ["x"]
    aha.account.settings.tags_mode = "add"
    after = aha.put("/features/FAB-1", {"feature": {"tags": "y"}})["feature"]
    assert after["tags"] == ["x", "y"] == [tag["name"] for tag in after["full_tags"]]


def test_points_and_minutes_are_told_apart(aha: Aha) -> None:
    feature = aha.put("/features/FAB-3", {"feature": {"initial_estimate_text": "4p"}})["feature"]
    assert (feature["initial_estimate"], feature["work_units"]) == (4.0, 20)
    event = {"time_tracking_event": {"work_done_text": "1h 30min", "remaining_estimate_text": "2h"}}
    assert aha.post("/features/FAB-4/time_tracking_events", event)["time_tracking_event"]["work_done"] == 90
    feature = aha.feature("FAB-4")
    assert (feature["work_done"], feature["remaining_estimate"]) == (90, 120)


def test_requirements_are_numbered_below_their_feature(aha: Aha) -> None:
    made = aha.post("/features/FAB-1/requirements", {"requirement": {"name": "Test in rain"}})["requirement"]
    assert (made["reference_num"], made["position"], made["feature"]["reference_num"]) == ("FAB-1-4", 4, "FAB-1")
    changed = aha.put("/requirements/FAB-1-4", {"requirement": {"description": "<p>Wet</p>", "due_date": "x"}})
    assert changed["requirement"]["description"]["body"] == "<p>Wet</p>"
    assert len(aha.get("/features/FAB-1/requirements")["requirements"]) == 4
    aha.delete("/requirements/FAB-1-4")
    assert aha.get("/requirements/FAB-1-4", 404) == {"error": "Record not found."}
    assert len(aha.feature()["requirements"]) == 3
    again = aha.post("/features/FAB-1/requirements", {"requirement": {"name": "Again"}})["requirement"]
    assert again["reference_num"] == "FAB-1-5", "a number is never given twice"


def test_a_feature_moves_between_releases_and_the_parking_lot(aha: Aha) -> None:
    lot = aha.get("/products/FAB/releases?parking_lot=true")["releases"]
    assert [release["name"] for release in lot] == ["Parking lot"]
    aha.put("/features/FAB-1", {"feature": {"release": lot[0]["id"]}})
    assert aha.feature()["release"]["parking_lot"] is True
    aha.put("/features/FAB-1", {"feature": {"release": {"name": "Summer tour"}}})
    assert aha.feature()["release_reference_num"] == "FAB-R-2"


def test_a_move_to_another_workspace_gives_new_numbers_and_keeps_ids(aha: Aha) -> None:
    before = aha.feature()
    aha.post("/products", {"product": {"name": "Workshop", "prefix": "wrk"}})
    release = aha.post("/products/WRK/releases", {"release": {"name": "One"}})["release"]
    after = aha.put("/features/FAB-1", {"feature": {"release": release["id"]}})["feature"]
    assert (after["reference_num"], after["id"]) == ("WRK-1", before["id"])
    assert [one["reference_num"] for one in after["requirements"]] == ["WRK-1-1", "WRK-1-2", "WRK-1-3"]
    assert after["requirements"][0]["id"] == before["requirements"][0]["id"]
    aha.get("/features/FAB-1", 404)
    for wrong in ({"name": "x", "prefix": "FAB"}, {"name": "x", "prefix": "a b"}, {"name": "", "prefix": "ZZ"}):
        aha.post("/products", {"product": wrong}, 422)


def test_releases_are_created_shipped_and_deleted(aha: Aha) -> None:
    given = {"name": "Winter", "release_date": "2027-01-15", "theme": "<p>Snow</p>", "owner": "bruno@example.com"}
    made = aha.post("/products/FAB/releases", {"release": given})["release"]
    assert (made["reference_num"], made["theme"]["body"], made["owner"]["name"]) == (
        "FAB-R-5",
        "<p>Snow</p>",
        "Bruno Costa",
    )
    path = f"/products/FAB/releases/{made['id']}"
    shipped = aha.put(path, {"release": {"workflow_status": "Shipped", "release_date": None}})["release"]
    assert (shipped["released"], shipped["release_date"]) == (True, "2027-01-15")
    left = aha.get("/products/FAB/releases?exclude_shipped=true")["releases"]
    assert "Winter" not in [release["name"] for release in left]
    aha.delete(path)
    aha.get("/releases/FAB-R-5", 404)
    aha.delete("/products/FAB/releases/FAB-R-1", 422)


def test_lists_are_short_unless_fields_ask_for_more(aha: Aha) -> None:
    short = aha.get("/features")["features"][0]
    assert list(short) == ["id", "reference_num", "name", "created_at", "url", "resource", "product_id"]
    assert list(aha.get("/features?fields=*")["features"][0]) == list(short)
    asked = aha.get("/features?fields=id,tags,*,workflow_status,nonsense")["features"][0]
    assert set(asked) == {*short, "tags", "workflow_status"}
    assert list(aha.get("/features/FAB-1?fields=name,requirements")["feature"]) == ["name", "requirements"]
    assert "description" in aha.get("/features/FAB-1/requirements")["requirements"][0]
    assert "owner" in aha.get("/products/FAB/releases")["releases"][0]


def test_pages_of_a_list(aha: Aha) -> None:
    answer = aha.get("/features?per_page=5&page=3")
    assert [len(answer["features"]), answer["pagination"]] == [
        2,
        {"total_records": 12, "total_pages": 3, "current_page": 3},
    ]
    assert aha.get("/features?per_page=999999&page=-1")["pagination"]["total_pages"] == 1
    assert aha.get("/features?page=0&per_page=abc")["pagination"]["current_page"] == 1


def test_filters_of_lists(aha: Aha) -> None:
    def found(query: str) -> list[str]:
        return [feature["reference_num"] for feature in aha.get(f"/features?{query}")["features"]]

    assert found("q=BATTER") == ["FAB-4", "FAB-6"]
    assert found("tag=safety") == ["FAB-2", "FAB-8"]
    assert found("assigned_to_user=dana@example.com") == ["FAB-6"]
    aha.app.state.control.clock.advance(60)
    aha.put("/features/FAB-9", {"feature": {"name": "Belt"}})
    assert found(f"updated_since={aha.feature('FAB-9')['updated_at']}") == ["FAB-9"]
    for form in ("2026-11-24", "2026-11-24 09:00:30", "2026-11-24T10:00:30+01:00", "2026-11-24T09:00:30.000Z"):
        assert "FAB-9" in found(f"updated_since={form}")
    aha.get("/features?updated_since=yesterday", 400)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/products/FAB/features", 12),
        ("/releases/FAB-R-1/features", 4),
        ("/epics/FAB-E-1/features", 3),
        ("/initiatives/FAB-S-1/features", 1),
        ("/goals/FAB-G-1/features", 0),
        ("/epics", 2),
        ("/releases/FAB-R-1/epics", 1),
        ("/initiatives", 2),
        ("/products/FAB/goals", 1),
        ("/products/FAB/releases", 4),
    ],
)
def test_every_list(aha: Aha, path: str, count: int) -> None:
    assert aha.get(path)["pagination"]["total_records"] == count


def test_epics_take_a_body_with_and_without_its_name(aha: Aha) -> None:
    assert aha.put("/epics/FAB-E-1", {"name": "One"})["epic"]["name"] == "One"
    assert aha.put("/epics/FAB-E-1", {"epic": {"name": "Two"}})["epic"]["name"] == "Two"
    made = aha.post("/products/FAB/epics", {"epic": {"name": "Three"}})["epic"]
    assert made["release"]["reference_num"] == "FAB-R-1"
    aha.delete("/epics/FAB-E-1")
    assert "epic" not in aha.feature()


def test_deleted_features_are_in_the_recycle_bin_and_come_back(aha: Aha) -> None:
    before = aha.feature()
    aha.delete("/features/FAB-1")
    aha.get("/features/FAB-1", 404)
    aha.get("/requirements/FAB-1-1", 404)
    (gone,) = aha.get("/deletions")["deletions"]
    assert gone["record"] == {"name": before["name"], "type": "Feature", "reference_num": "FAB-1"}
    aha.post(f"/deletions/{gone['id']}/restore", {})
    assert aha.feature() == before
    assert aha.get("/deletions")["deletions"] == []


def test_converting_makes_a_new_record(aha: Aha) -> None:
    requirement = aha.get("/requirements/FAB-1-1")["requirement"]
    feature = aha.post("/requirements/FAB-1-1/convert_to_feature", {})["feature"]
    assert (feature["name"], feature["id"] == requirement["id"]) == (requirement["name"], False)
    aha.get("/requirements/FAB-1-1", 404)
    epic = aha.post(f"/features/{feature['id']}/convert_to_epic", {})[""]
    assert aha.get(f"/epics/{epic['reference_num']}")["epic"]["name"] == requirement["name"]


def test_a_body_without_the_record_and_a_body_that_is_no_json(aha: Aha) -> None:
    assert "feature" in aha.put("/features/FAB-1", {"name": "x"}, 400)["error"]
    aha.put("/features/FAB-1", [1], 400)
    answer = aha.http.put("/api/v1/features/FAB-1", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


def test_forms_are_read_as_rails_reads_them(aha: Aha) -> None:
    answer = aha.http.put("/api/v1/features/FAB-1", data={"feature[name]": "From a form"})
    assert answer.json()["feature"]["name"] == "From a form"
