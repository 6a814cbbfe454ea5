"""What an administrator changes in a stand-in Jira, seen through its API, and that it can be undone."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from .play import Sandbox

SEGMENT = "customfield_10030"


def change(jira: Sandbox, **given: object) -> Any:
    answer = httpx2.post(f"{jira.url}/_sandbox/world", json=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


def undo(jira: Sandbox) -> None:
    assert httpx2.delete(f"{jira.url}/_sandbox/world").json()["undone"] >= 1


def edit(jira: Sandbox, **fields: object) -> httpx2.Response:
    return jira.call("PUT", "~/issue/FAB-2", json={"fields": fields})


def create(jira: Sandbox, kind: str = "Task") -> httpx2.Response:
    fields = {"project": {"key": "FAB"}, "issuetype": {"name": kind}, "summary": "Bell"}
    return jira.call("POST", "~/issue", json={"fields": fields})


def test_an_option_is_renamed(jira: Sandbox) -> None:
    assert edit(jira, **{SEGMENT: {"value": "Families"}}).status_code == 204
    change(jira, do="rename_option", field="Customer Segment", option="Families", name="Households")
    assert jira.get("~/issue/FAB-2")["fields"][SEGMENT]["value"] == "Households"
    assert edit(jira, **{SEGMENT: {"value": "Families"}}).status_code == 400
    undo(jira)
    assert edit(jira, **{SEGMENT: {"value": "Families"}}).status_code == 204


def test_an_issue_type_has_options_of_its_own(jira: Sandbox) -> None:
    def offered(kind: str) -> list[str]:
        meta = jira.get(f"~/issue/createmeta/FAB/issuetypes/{kind}")
        listed = meta["fields" if jira.flavour == "cloud" else "values"]
        return [one["value"] for entry in listed if entry["fieldId"] == SEGMENT for one in entry["allowedValues"]]

    story, bug = (next(k.id for k in jira.jira.site.types.values() if k.name == n) for n in ("Story", "Bug"))
    before = offered(bug)
    change(jira, do="own_options", field=SEGMENT, type="Bug", options="Families, Doctors")
    assert (offered(story), offered(bug)) == (before, ["Families", "Doctors"])
    fields = {"project": {"key": "FAB"}, "issuetype": {"id": bug}, "summary": "Bell", SEGMENT: {"id": "10101"}}
    refused = jira.call("POST", "~/issue", json={"fields": fields})
    assert (refused.status_code, refused.json()["errors"]) == (400, {SEGMENT: "Option id '10101' is not valid"})
    undo(jira)
    assert offered(bug) == before


def test_a_field_is_taken_off_its_screen(jira: Sandbox) -> None:
    change(jira, do="take_field_off_screen", field="duedate")
    refused = edit(jira, duedate="2027-01-31")
    assert refused.status_code == 400
    assert "not on the appropriate screen" in refused.json()["errors"]["duedate"]
    undo(jira)
    assert edit(jira, duedate="2027-01-31").status_code == 204


def test_a_field_is_required(jira: Sandbox) -> None:
    change(jira, do="require_field", field="Components", project="FAB")
    assert "components" in create(jira).json()["errors"]
    undo(jira)
    assert create(jira).status_code == 201


def test_a_user_is_switched_off(jira: Sandbox) -> None:
    change(jira, do="deactivate_user", user="alice")
    assert jira.call("GET", "~/myself").status_code == 401
    undo(jira)
    assert jira.get("~/myself")["active"] is True


def test_a_user_who_is_switched_off_is_assigned_nothing(jira: Sandbox) -> None:
    bruno = next(person for person in jira.jira.site.people.values() if person.name == "bruno")
    wire = {"accountId": bruno.account_id} if jira.flavour == "cloud" else {"name": "bruno"}
    key = jira.create()
    change(jira, do="deactivate_user", user="bruno")
    refused = jira.call("PUT", f"~/issue/{key}", json={"fields": {"assignee": wire}})
    assert (refused.status_code, "cannot be assigned" in refused.json()["errors"]["assignee"]) == (400, True)
    assert jira.call("PUT", f"~/issue/{key}/assignee", json=wire).status_code == 400
    undo(jira)
    assert jira.call("PUT", f"~/issue/{key}/assignee", json=wire).status_code == 204


def test_a_version_is_archived(jira: Sandbox) -> None:
    name = jira.get("~/project/FAB/versions")[0]["name"]
    change(jira, do="archive_version", version=name)
    assert jira.get("~/project/FAB/versions")[0]["archived"] is True
    undo(jira)
    assert jira.get("~/project/FAB/versions")[0]["archived"] is False


def test_a_permission_is_taken_away(jira: Sandbox) -> None:
    change(jira, do="take_permission_away", user="alice", permission="EDIT_ISSUES", project="FAB")
    assert edit(jira, summary="Bell").status_code in (400, 403)
    undo(jira)
    assert edit(jira, summary="Bell").status_code == 204


def test_an_issue_type_is_removed(jira: Sandbox) -> None:
    change(jira, do="remove_issue_type", type="Task", project="FAB")
    assert create(jira).status_code == 400
    undo(jira)
    assert create(jira).status_code == 201


def test_a_workflow_loses_a_way(jira: Sandbox) -> None:
    def ways() -> set[str]:
        return {one["name"] for one in jira.get("~/issue/FAB-2/transitions")["transitions"]}

    way = sorted(ways())[0]
    change(jira, do="remove_transition", transition=way)
    assert way not in ways()
    undo(jira)
    assert way in ways()


def test_an_address_is_hidden(jira: Sandbox) -> None:
    change(jira, do="hide_email", user="chandra")
    found = {one["displayName"]: one for one in jira.get("~/user/search", params={"query": "c", "username": "c"})}
    assert ("emailAddress" in found["Chandra Iyer"]) == (jira.flavour == "dc"), "Data Center has no such setting"
    undo(jira)


def test_statuses_and_fields_are_renamed(jira: Sandbox) -> None:
    change(jira, do="rename_status", status="Done", name="Finished")
    change(jira, do="rename_field", field=SEGMENT, name="Who rides")
    assert "Finished" in {one["name"] for one in jira.get("~/status")}
    assert "Who rides" in {one["name"] for one in jira.get("~/field")}
    undo(jira)
    assert "Done" in {one["name"] for one in jira.get("~/status")}


def test_an_issue_moves_and_a_project_is_renamed(jira: Sandbox) -> None:
    identity = jira.get("~/issue/FAB-4")["id"]
    change(jira, do="move_issue", issue="FAB-4", project="OPS")
    assert jira.get(f"~/issue/{identity}")["key"] == jira.get("~/issue/FAB-4")["key"] == "OPS-2"
    change(jira, do="rename_project_key", project="FAB", key="BIKE")
    assert jira.get("~/issue/FAB-1")["key"] == "BIKE-1"
    undo(jira)
    assert [jira.get(f"~/issue/{key}")["key"] for key in ("FAB-1", identity)] == ["FAB-1", "FAB-4"]


def test_changes_are_listed_with_what_they_take(cloud: Sandbox) -> None:
    told = httpx2.get(f"{cloud.url}/_sandbox/world").json()
    assert told["changes"] == []
    assert {verb["do"] for verb in told["verbs"]} >= {"rename_option", "require_field", "skew_clock"}
    assert "bruno" in told["known"]["user"]
    made = change(cloud, do="deactivate_user", user="bruno")
    assert httpx2.get(f"{cloud.url}/_sandbox/world").json()["changes"] == [made]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"do": "boil_the_sea"},
        {"do": "rename_option", "field": SEGMENT},
        {"do": "own_options", "field": SEGMENT, "type": "nothing", "options": "x"},
        {"do": "own_options", "field": "duedate", "type": "Bug", "options": "x"},
        {"do": "rename_option", "field": "nothing", "option": "Families", "name": "x"},
        {"do": "deactivate_user", "user": "bruno", "why": "x"},
        {"do": "deactivate_user", "user": ["bruno"]},
        {"do": "skew_clock", "seconds": "soon"},
        {"do": "take_permission_away", "user": "dana", "permission": "FLY"},
        {"do": "rename_project_key", "project": "FAB", "key": "OPS"},
        {"do": "move_issue", "issue": "FAB-1", "project": "FAB"},
    ],
)
def test_a_change_without_sense_is_refused_with_a_reason(cloud: Sandbox, given: object) -> None:
    answer = httpx2.post(f"{cloud.url}/_sandbox/world", json=given)
    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)
    assert httpx2.get(f"{cloud.url}/_sandbox/world").json()["changes"] == []


def test_issues_made_twice_for_one_record_are_found(cloud: Sandbox) -> None:
    def doubles() -> Any:
        return httpx2.get(f"{cloud.url}/_sandbox/audit").json()["doubles"]["issues_of_one_record"]

    for key in ("FAB-1", "FAB-2"):
        cloud.call("PUT", f"~/issue/{key}/properties/maker", json={"token": f"t-{key}"})
    assert doubles() == []
    cloud.call("PUT", "~/issue/FAB-2/properties/maker", json={"token": "t-FAB-1"})
    assert doubles() == [{"by": "property maker", "mark": '{"token": "t-FAB-1"}', "issues": ["FAB-1", "FAB-2"]}]
    cloud.call("DELETE", "~/issue/FAB-2/properties/maker")
    for key in ("FAB-3", "FAB-4"):
        link = {"globalId": "aha:7", "object": {"url": "https://e.org/7", "title": "FAB-7"}}
        cloud.call("POST", f"~/issue/{key}/remotelink", json=link)
    assert doubles() == [{"by": "remote link", "mark": "aha:7", "issues": ["FAB-3", "FAB-4"]}]
