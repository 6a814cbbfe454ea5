"""A script that calls every operation of Aha!'s REST API once, as somebody would who has only read its documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Call = Callable[..., Any]
FILE = {"attachment[data]": ("a.txt", b"x", "text/plain")}


def tour(call: Call) -> None:
    """Every operation; `call(method, path, code=200, json=..., files=...)` sends one request and checks its status."""
    for visit in (account, records, parts, links, plans, lacks, people, options, ends):
        visit(call)


def account(call: Call) -> None:
    for path in ("/me", "/me/assigned", "/me/tasks", "/products", "/products/FAB", "/screen_definitions"):
        call("GET", path)
    screen = call("GET", "/screen_definitions")["screen_definitions"][0]
    call("GET", f"/screen_definitions/{screen['id']}")
    call("POST", "/products", json={"product": {"name": "New Product", "description": "Amazing", "prefix": "NEWP"}})
    call("PUT", "/products/NEWP", json={"product": {"name": "Two Products"}})
    flows = call("GET", "/products/FAB/workflows")["workflows"]
    call("GET", f"/workflows/{flows[0]['id']}")
    call("GET", "/custom_field_definitions")
    told = {"identifier": "fable.bell", "name": "Bell", "version": "1.0.0", "configuration": '{"contributes": {}}'}
    call("POST", "/extensions", files={f"extension[{name}]": (None, value) for name, value in told.items()})
    call("DELETE", "/extensions/fable.bell", code=204)


FEATURE = {
    "name": "New name", "workflow_kind": "new", "workflow_status": {"name": "In development"},
    "description": "<p>This is the description</p>", "assigned_to_user": {"email": "bruno@example.com"},
    "tags": "tag1, tag2", "goals": "FAB-G-1", "score_facts": [{"name": "Benefit", "value": 10}],
}  # fmt: skip


def records(call: Call) -> None:
    call("POST", "/releases/FAB-R-1/features", json={"fields": "*,watchers", "feature": {**FEATURE, "watchers": []}})
    call("PUT", "/features/FAB-1", json={"feature": {"custom_fields": {"confidence": 3}, "initiative": "FAB-S-1"}})
    call("GET", "/features/FAB-1")
    call("POST", "/features/FAB-1/requirements", json={"requirement": {"name": "New name"}})
    call("GET", "/features/FAB-1/requirements")
    call("GET", "/requirements/FAB-1-1")
    call("PUT", "/requirements/FAB-1-1", json={"requirement": {"name": "Another name"}})
    epic = {"name": "New name", "description": "New description", "detailed_estimate_text": "58min"}
    call("POST", "/releases/FAB-R-1/epics", json={"epic": epic})
    call("POST", "/products/FAB/epics", json={"epic": {"name": "New name"}})
    call("PUT", "/epics/FAB-E-1", json={"name": "New name", "description": "New description"})
    call("GET", "/epics/FAB-E-1")
    release = {"owner": "bruno@example.com", "initiatives": "A ride without worry", "name": "Release 3"}
    call("POST", "/products/FAB/releases", json={"release": {**release, "goals": "FAB-G-1"}})
    call("PUT", "/products/FAB/releases/FAB-R-1", json={"release": {"initiatives": [], "name": "Smarter release"}})
    call("PUT", "/releases/FAB-R-1", json={"release": {"theme": "x"}})
    call("GET", "/releases/FAB-R-1")
    for kind, plural, key in (("initiative", "initiatives", "FAB-S-1"), ("goal", "goals", "FAB-G-1")):
        call("POST", f"/products/FAB/{plural}", json={kind: {"name": "Third", "effort": 15, "value": 5}})
        call("PUT", f"/products/FAB/{plural}/{key}", json={kind: {"progress": 25}})
        call("PUT", f"/{plural}/{key}", json={kind: {"name": "Renamed"}})
        call("GET", f"/{plural}/{key}")
    call("PUT", "/products/FAB/initiatives/FAB-S-1", json={"initiative": {"goals": ["FAB-G-1"]}})
    lists(call)


def lists(call: Call) -> None:
    for path in (
        "/features", "/epics", "/initiatives", "/goals", "/products/FAB/features", "/products/FAB/epics",
        "/products/FAB/releases", "/products/FAB/initiatives", "/products/FAB/goals", "/releases/FAB-R-1/features",
        "/releases/FAB-R-1/epics", "/epics/FAB-E-1/features", "/initiatives/FAB-S-1/features",
        "/initiatives/FAB-S-1/epics", "/initiatives/FAB-S-1/releases", "/initiatives/FAB-S-1/goals",
        "/goals/FAB-G-1/features", "/goals/FAB-G-1/epics", "/goals/FAB-G-1/releases", "/goals/FAB-G-1/initiatives",
    ):  # fmt: skip
        call("GET", path)
    call("GET", "/features?fields=*,tags,custom_fields,requirements,workflow_status,release")


COMMENTED = (
    "features/FAB-1", "requirements/FAB-1-1", "epics/FAB-E-1", "releases/FAB-R-1", "initiatives/FAB-S-1",
    "goals/FAB-G-1",
)  # fmt: skip


def comments(call: Call, path: str) -> str:
    made = call("POST", f"/{path}/comments", json={"comment": {"body": "<p>This is the comment body.</p>"}})
    call("GET", f"/{path}/comments")
    return str(made["comment"]["id"])


def parts(call: Call) -> None:
    for path in COMMENTED:
        comment = comments(call, path)
    call("GET", f"/comments/{comment}")
    call("POST", f"/comments/{comment}/attachments", files=FILE)
    call("PUT", f"/comments/{comment}", json={"comment": {"body": "<p>Updated comment body.</p>"}})
    call("GET", "/products/FAB/comments")
    call("DELETE", f"/comments/{comment}", code=204)
    note = call("GET", "/features/FAB-1")["feature"]["description"]["id"]
    call("POST", f"/notes/{note}/attachments", files=FILE)
    file = call("POST", f"/notes/{note}/attachments", files=FILE, code=412)
    call("GET", "/features/FAB-1")
    call("DELETE", f"/attachments/{file['attachmentId']}", code=204)
    call("PUT", "/features/FAB-1", json={"feature": {"custom_fields": {"acceptance_criteria": "<p>x</p>"}}})
    values = call("GET", "/features/FAB-1")["feature"]["custom_fields"]
    value = next(one["id"] for one in values if one["type"] == "note")
    call("POST", f"/custom_fields/{value}/attachments", files=FILE)
    value = next(one["id"] for one in values if one["type"] == "attachment")
    call("POST", f"/custom_field_values/{value}/attachments", files=FILE)
    custom = {"platforms": ["City", "Cargo"], "cost_model": {"6651670327076753738": 777.0}}
    call("PUT", "/features/FAB-1", json={"feature": {"custom_fields": custom}})
    event = {"time_tracking_event": {"work_done_text": "1h 30min", "remaining_estimate_text": "2h"}}
    for path in ("features/FAB-1", "requirements/FAB-1-1", "initiatives/FAB-S-1"):
        entry = call("POST", f"/{path}/time_tracking_events", json=event)["time_tracking_event"]
        call("GET", f"/{path}")
    call("DELETE", f"/time_tracking_events/{entry['id']}", code=204)


def links(call: Call) -> None:
    other = call("GET", "/features/FAB-2")["feature"]["id"]
    for path in COMMENTED:
        if not path.startswith("requirements"):
            body = {"record_link": {"record_type": "feature", "record_id": int(other), "link_type": 10}}
            call("POST", f"/{path}/record_links", code=204, json=body)
            link = call("GET", f"/{path}/record_links")["record_links"][0]["id"]
            call("GET", f"/{path}")
    call("GET", f"/record_links/{link}")
    call("GET", "/features/FAB-2/record_links?parent_and_child_links=true")
    call("DELETE", f"/record_links/{link}", code=204)
    for stem in ("", "/products/FAB"):
        made = call("POST", f"{stem}/integrations", json={"integration": {"service_name": "zendesk", "enabled": True}})
        key = made["integration"]["id"]
        call("GET", f"{stem}/integrations")
        call("GET", f"{stem}/integrations/{key}")
        call("PUT", f"{stem}/integrations/{key}", json={"integration": {"enabled": True}})
    call("GET", "/products/FAB/integrations/jira")
    for path in COMMENTED[:-1]:
        stem = f"/{path}/integrations/{key}/fields"
        call("POST", stem, json={"integration_field": {"name": "key", "value": "JRA-34"}})
        both = [{"name": "key", "value": "JRA-34"}, {"name": "id", "value": "34"}]
        call("POST", stem, json={"integration_fields": both})
        call("GET", stem)
        field = call("GET", f"{stem}/key")["integration_field"]["id"]
        call("GET", f"/{path.split('/')[0]}/fields/key/value/JRA-34")
        call("GET", f"/{path}")
    call("GET", f"/integrations/{key}/fields/key/value/JRA-34")
    call("DELETE", f"/integration_fields/{field}", code=204)
    call("POST", "/integration_changes", json={"integration_id": key, "model_class": "Feature", "model_id": other})


def plans(call: Call) -> None:
    release = call("GET", "/releases/FAB-R-1")["release"]["id"]
    phase = {"name": "New release phase", "phase_type": "phase", "release_id": int(release), "start_on": "2019-01-01"}
    phases = [
        call("POST", "/release_phases", json={"release_phase": {**phase, "phase_type": kind}})["release_phase"]["id"]
        for kind in ("phase", "milestone")
    ]
    call("PUT", f"/release_phases/{phases[0]}", json={"release_phase": {"name": "x", "progress": 25}})
    call("PUT", "/features/FAB-1", json={"feature": {"release_phase": phases[0]}})
    for path in (f"/release_phases/{phases[0]}", "/release_phases", "/releases/FAB-R-1/release_phases"):
        call("GET", path)
    above = {"name": "Roll up release", "theme": "A roll up release", "release_date": "2019-01-01"}
    roll = call("POST", "/products/FAB/roll_up_releases", json={"roll_up_release": above})["roll_up_release"]["id"]
    call("PUT", f"/roll_up_releases/{roll}", json={"roll_up_release": {"name": "Different release"}})
    call("PUT", "/products/FAB/releases/FAB-R-1", json={"release": {"parent_id": int(roll)}})
    for path in (f"/roll_up_releases/{roll}", f"/roll_up_releases/{roll}/releases", f"/releases/{roll}/releases"):
        call("GET", path)
    for path in ("/products/FAB/roll_up_releases", "/releases/FAB-R-1", "/products/FAB/releases", "/features/FAB-1"):
        call("GET", path)
    result = {"name": "New name", "workflow_status": {"name": "In progress"}, "description": "<p>x</p>"}
    key = call("POST", "/goals/FAB-G-1/key_results", json={"key_result": result})["key_result"]["reference_num"]
    call("PUT", f"/key_results/{key}", json={"key_result": {"current_metric": "30%", "watchers": []}})
    for path in (f"/key_results/{key}", "/goals/FAB-G-1/key_results", "/goals/FAB-G-1", "/goals"):
        call("GET", path)
    page = {"name": "Note 3", "description_attributes": {"body": "<p>An awesome new note</p>"}}
    note = call("POST", "/products/FAB/pages", json={"page": page})["page"]["reference_num"]
    call("PUT", f"/pages/{note}", json={"page": {"name": "New name for the note"}})
    for path in (f"/pages/{note}", "/products/FAB/pages"):
        call("GET", path)
    for path in (f"pages/{note}", f"release_phases/{phases[0]}"):
        comments(call, path)
        body = {"record_link": {"record_type": "release", "record_id": int(release), "link_type": 10}}
        call("POST", f"/{path}/record_links", code=204, json=body)
        call("GET", f"/{path}/record_links")
    tasks(call)
    for path in (f"/release_phases/{phases[1]}", f"/key_results/{key}", f"/pages/{note}"):
        call("DELETE", path, code=204)


def lacks(call: Call) -> None:
    """Records that lack what those of the documents' examples have, or have what those lack."""
    call("PUT", "/features/FAB-3", json={"feature": {"name": "Without an epic"}})
    noted = {"custom_fields": {"acceptance_criteria": "<p>x</p>"}}
    call("PUT", "/requirements/FAB-1-1", json={"requirement": noted})
    custom = {"platforms": ["City", "Cargo"], "acceptance_criteria": "<p>x</p>"}
    more = {"name": "Planned", "epic": "FAB-E-1", "initiative": "FAB-S-1", "custom_fields": custom}
    call("POST", "/releases/FAB-R-2/features", json={"feature": more})
    call("PUT", "/products/FAB/releases/FAB-R-2", json={"release": {"owner": ""}})
    call("GET", "/releases/FAB-R-2")
    release = call("GET", "/products/FAB/releases")["releases"][0]["id"]
    phase = {"name": "Some day", "phase_type": "phase", "release_id": int(release)}
    key = call("POST", "/release_phases", json={"release_phase": phase})["release_phase"]["id"]
    call("PUT", f"/release_phases/{key}", json={"release_phase": {"name": "Some other day"}})
    call("GET", "/release_phases")
    made = call("POST", "/goals/FAB-G-1/key_results", json={"key_result": {"name": "Not measured"}})["key_result"]
    call("GET", f"/key_results/{made['reference_num']}")
    call("GET", "/goals/FAB-G-1")
    task = {"name": "Review", "assigned_to_users": [{"email": "alice@example.com"}]}
    key = call("POST", "/tasks", json={"task": task})["task"]["id"]
    call("PUT", f"/tasks/{key}", json={"task": {"status": "completed"}})
    call("GET", f"/tasks/{key}")
    call("GET", "/tasks")


def tasks(call: Call) -> None:
    free = {
        "name": "Review",
        "body": "<p>Can you please review</p>",
        "assigned_to_users": [{"email": "alice@example.com"}],
    }
    call("POST", "/tasks", json={"task": free})
    feature = call("GET", "/features/FAB-1")["feature"]["id"]
    about = {**free, "taskable_type": "Feature", "taskable_id": int(feature), "due_date": "2026-12-01"}
    task = call("POST", "/tasks", json={"task": about})["task"]["id"]
    comments(call, f"tasks/{task}")
    call("POST", f"/tasks/{task}/attachments", files=FILE)
    for path in (
        "/tasks", "/me/tasks", "/users/alice@example.com/tasks", "/products/FAB/tasks", "/features/FAB-1/tasks",
        "/requirements/FAB-1-1/tasks", "/epics/FAB-E-1/tasks", "/releases/FAB-R-1/tasks", f"/tasks/{task}",
    ):  # fmt: skip
        call("GET", path)
    call("PUT", f"/tasks/{task}", json={"task": {"status": "completed"}})
    call("DELETE", f"/tasks/{task}", code=204)


def people(call: Call) -> None:
    sam = {"email": "sam.doe@example.com", "first_name": "sam", "last_name": "doe", "role": "product_owner"}
    key = call("POST", "/products/FAB/users", json={"user": sam})["user"]["id"]
    for path in ("/users", "/users?email=sam.doe@example.com", f"/users/{key}", "/products/FAB/users"):
        call("GET", path)
    call("POST", f"/users/{key}/product_roles", json={"product_role": {"role": "viewer", "product_id": "FAB"}})
    call("GET", f"/users/{key}/product_roles")
    role = call("GET", "/users/emil@example.com/user_roles")["user_roles"][0]
    product = role["scope"]["id"]
    custom = {"custom_role_id": role["role_id"], "product_id": product}
    call("POST", f"/users/{key}/user_roles", json={"user_role": custom})
    call("GET", "/users")
    call("DELETE", f"/users/{key}/user_roles/{product}", code=204)
    call("PUT", f"/users/{key}", json={"user": {"first_name": "Sarah", "enabled": False}})
    call("DELETE", f"/users/{key}/product_roles/FAB", code=204)


def options(call: Call) -> None:
    fields = call("GET", "/custom_field_definitions")["custom_field_definitions"]
    stem = f"/custom_field_definitions/{next(one['id'] for one in fields if one['key'] == 'customer_tier')}"
    key = call("POST", f"{stem}/custom_field_options", json={"custom_field_option": {"value": "New option"}})["id"]
    call("GET", f"{stem}/options")
    call("GET", f"{stem}/custom_field_options")
    call("PUT", f"{stem}/custom_field_options/{key}", json={"custom_field_option": {"value": "New option2"}})
    call("DELETE", f"{stem}/custom_field_options/{key}", json={})


def ends(call: Call) -> None:
    call("POST", "/releases/FAB-R-1/duplicate", json={})
    call("POST", "/requirements/FAB-1-2/convert_to_feature", json={})
    call("POST", "/features/FAB-5/convert_to_epic", json={})
    call("DELETE", "/requirements/FAB-1-1", code=204)
    call("DELETE", "/features/FAB-2", code=204)
    call("DELETE", "/epics/FAB-E-2", code=204)
    release = call("POST", "/products/FAB/releases", json={"release": {"name": "Empty"}})["release"]["id"]
    call("DELETE", f"/products/FAB/releases/{release}", code=204)
    call("DELETE", "/products/FAB/initiatives/FAB-S-2", code=204)
    call("DELETE", "/products/FAB/goals/FAB-G-1", code=204)
    call("GET", "/audits?audit_action=destroy")
    call("GET", "/historical_audits")
    search = call("POST", "/historical_audits", json={"search": {"auditable_type": "Feature"}})["search_id"]
    call("GET", f"/historical_audits/{search}")
    gone = call("GET", "/deletions")["deletions"][-1]
    call("POST", f"/deletions/{gone['id']}/restore", json={})
