"""`atlassian-python-api`, signed in with a personal access token, works unchanged against the stand-in Data Center."""

from __future__ import annotations

import io
from typing import Any

import pytest
from atlassian import Jira
from requests import HTTPError

from ..play import Receiver, Sandbox
from .state import issue_of, names, person

FLAVOUR = "dc"
TEXT = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"


@pytest.fixture(scope="module")
def client(stage: Sandbox) -> Jira:
    return Jira(stage.url, token=stage.credentials["pat"])


@pytest.fixture(scope="module")
def reader(stage: Sandbox) -> Jira:
    return Jira(stage.url, token=stage.credentials["reader_pat"])


@pytest.fixture(scope="module")
def outsider(stage: Sandbox) -> Jira:
    return Jira(stage.url, token=stage.credentials["outsider_pat"])


def refused(status: int, act: Any, *given: Any, **named: Any) -> None:
    with pytest.raises(HTTPError) as caught:
        act(*given, **named)
    assert caught.value.response is not None
    assert caught.value.response.status_code == status, caught.value.response.text


def make(client: Jira, summary: str, kind: str = "Task", **fields: Any) -> str:
    base = {"project": {"key": "FAB"}, "issuetype": {"name": kind}, "summary": summary}
    return str(client.create_issue({**base, **fields})["key"])


def test_server_and_self(client: Jira) -> None:
    assert client.get_server_info()["deploymentType"] == "Server"
    assert client.myself()["name"] == "alice"
    mine = client.get_permissions("ADMINISTER_PROJECTS", project_key="OPS")["permissions"]
    assert mine["ADMINISTER_PROJECTS"]["havePermission"] is False
    assert "BROWSE_PROJECTS" in client.get_all_permissions()["permissions"]


def test_projects_and_metadata(client: Jira, sandbox: Sandbox) -> None:
    assert [p["key"] for p in client.projects()] == ["FAB", "OPS"]
    assert client.project("FAB", expand="lead")["lead"]["name"] == "alice"
    assert [c["name"] for c in client.get_project_components("FAB")] == ["Frame", "App", "Web shop"]
    assert [v["name"] for v in client.get_project_versions("FAB")] == ["Autumn 2026", "spring 2027"]
    assert client.get_project_versions_paginated("FAB", start=1, limit=1)["values"][0]["name"] == "spring 2027"
    assert client.get_status_for_project("FAB")[0]["name"] == "Epic"
    assert len(client.issue_createmeta_issuetypes("FAB")["values"]) == 5
    fields = client.issue_createmeta_fieldtypes("FAB", "10001")["values"]
    assert {f["fieldId"] for f in fields if f["required"]} == {"project", "issuetype", "reporter", "summary"}
    assert "summary" in client.issue_editmeta("FAB-2")["fields"]
    assert {t["name"] for t in client.get_issue_types()} == {t.name for t in sandbox.jira.site.types.values()}
    assert {k["key"] for k in client.get_all_project_types()} == {"software", "business", "service_desk"}
    assert client.get_project_validated_key("FAB")["errors"]["projectKey"].endswith("uses this project key.")


def test_lists(client: Jira, sandbox: Sandbox) -> None:
    site = sandbox.jira.site
    assert [p["name"] for p in client.get_all_priorities()] == [p.name for p in site.priorities.values()]
    assert client.get_priority_by_id("2")["name"] == "High"
    assert [r["id"] for r in client.get_all_resolutions()] == list(site.resolutions)
    assert client.get_resolution_by_id("10000")["id"] == "10000"
    assert [s["id"] for s in client.get_all_statuses()] == list(site.statuses)
    assert client.get_status_id_from_name("Done") == 10002
    assert client.get_all_workflows()
    assert client.get_issue_security_schemes()
    assert client.get_notification_schemes()["values"]
    assert client.get_all_priority_schemes()["schemes"]
    assert client.get_project_permission_scheme("FAB")["name"] == "Default Permission Scheme"
    assert client.get_all_application_roles()[0]["key"] == "jira-software"
    assert client.get_configurations_of_jira()["timeTrackingEnabled"] is True
    assert client.reindex_status()["success"] is True


def test_custom_fields(client: Jira, sandbox: Sandbox) -> None:
    made = client.create_custom_field("Bell tone", TEXT, description="How it rings")["id"]
    assert sandbox.jira.site.fields[made].name == "Bell tone"
    assert made in [f["id"] for f in client.get_all_fields()]
    screen = client.get_all_screens()[0]["id"]
    tab = client.get_screen_tabs(screen)[0]["id"]
    client.add_field(made, screen, tab)
    assert made in sandbox.jira.site.screens[str(screen)].fields
    assert made in [f["id"] for f in client.get_screen_tab_fields(screen, tab)]
    key = make(client, "ting", **{made: "bright"})
    assert client.issue_field_value(key, made) == "bright"
    found = client.get_custom_fields(search="Customer", start=0)["values"]
    assert [f["name"] for f in found] == ["Customer Segment"]
    options = client.get_custom_field_options("customfield_10030", "10000")["options"]
    assert [o["value"] for o in options] == ["Commuters", "Families", "Couriers"]
    assert client.get_custom_field_option("10101")["value"] == "Families"


def test_create_edit_delete(client: Jira, sandbox: Sandbox) -> None:
    key = make(client, "A bell", "Story", labels=["a"], description="*Ding*")
    held = issue_of(sandbox, key)
    client.update_issue_field(key, {"summary": "A loud bell", "customfield_10016": 5})
    client.edit_issue(key, {"labels": [{"add": "b"}, {"remove": "a"}]})
    client.label_issue(key, ["c"])
    assert (held.values["summary"], held.values["labels"]) == ("A loud bell", ["b", "c"])
    client.assign_issue(key, "bruno")
    assert names(sandbox, [held.values["assignee"]]) == ["bruno"]
    client.issue_field_value_append(key, "components", {"name": "App"})
    assert held.values["components"] == ["10001"]
    items = {i["field"] for h in client.get_issue_changelog(key)["histories"] for i in h["items"]}
    assert {"summary", "labels", "assignee"} <= items
    assert client.issue_exists(key)
    refused(400, client.update_issue_field, key, {"nonsense": 1})
    client.delete_issue(key)
    assert sandbox.jira.site.issue(key) is None
    assert client.issue_deleted(key)


def test_bulk_subtask_epic(client: Jira, sandbox: Sandbox) -> None:
    base = {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}}
    made = client.create_issues([{"fields": {**base, "summary": "one"}}, {"fields": base}])
    assert (len(made["issues"]), made["errors"][0]["failedElementNumber"]) == (1, 1)
    part = make(client, "part", "Sub-task", parent={"key": made["issues"][0]["key"]})
    assert issue_of(sandbox, part).values["parent"] == made["issues"][0]["id"]
    epic = make(client, "Bells", "Epic", customfield_10011="Bells")
    story = make(client, "ring", "Story", customfield_10014=epic)
    assert [i["key"] for i in client.epic_issues(epic)["issues"]] == [story]


def test_transitions(client: Jira, sandbox: Sandbox) -> None:
    key = make(client, "walk")
    assert {t["name"] for t in client.get_issue_transitions(key)} == {"Start progress", "Close"}
    refused(400, client.set_issue_status, key, "Done")
    client.set_issue_status(key, "Done", fields={"resolution": {"name": "Done"}})
    assert issue_of(sandbox, key).status == "10002"
    assert client.get_issue_status(key) == "Done"


def test_comments(client: Jira, sandbox: Sandbox) -> None:
    key = make(client, "talk")
    made = client.issue_add_comment(key, "Hello")
    client.issue_add_comment(key, "psst", visibility={"type": "role", "value": "Administrators"})
    client.issue_edit_comment(key, made["id"], "Good day")
    held = issue_of(sandbox, key)
    assert [(c.body.wiki, bool(c.visibility)) for c in held.comments] == [("Good day", False), ("psst", True)]
    assert client.issue_get_comments(key)["total"] == 2
    assert client.issue_get_comment(key, made["id"])["body"] == "Good day"
    assert sandbox.get(f"~/issue/{key}/comment", role="reader")["total"] == 1
    client.set_comment_property(made["id"], "seen", {"by": "us"})
    assert client.get_comment_property(made["id"], "seen")["value"] == {"value": {"by": "us"}}
    client.issue_pin_comment(key, made["id"])
    assert [p["comment"]["id"] for p in sandbox.get(f"~/issue/{key}/pinned-comments")] == [made["id"]]


def test_attachments(client: Jira, sandbox: Sandbox) -> None:
    key = make(client, "files")
    file = io.BytesIO(b"\x00bell")
    file.name = "bell.bin"
    client.add_attachment_object(key, file)
    (listed,) = client.get_attachments_ids_from_issue(key)
    assert listed["filename"] == "bell.bin"
    assert sandbox.jira.site.attachments[listed["attachment_id"]].data == b"\x00bell"
    assert client.get_attachment(listed["attachment_id"])["size"] == 5
    assert client.get_attachment_content(listed["attachment_id"]) == b"\x00bell"
    client.remove_attachment(listed["attachment_id"])
    assert issue_of(sandbox, key).attachments == []


def test_worklogs(client: Jira, sandbox: Sandbox) -> None:
    key = make(client, "work", timetracking={"originalEstimate": "1d"})
    since = sandbox.clock.now().timestamp() - 1
    made = client.issue_worklog(key, "2026-11-25T10:00:00.000+0100", 7200, comment="drilled")
    held = issue_of(sandbox, key)
    assert (held.spent, held.values["timeestimate"]) == (7200, 6 * 3600)
    assert client.issue_get_worklog(key)["worklogs"][0]["comment"] == "drilled"
    changed = client.get_updated_worklogs(since)["values"]
    assert int(made["id"]) in [v["worklogId"] for v in changed]
    assert [w["timeSpentSeconds"] for w in client.get_worklogs([int(made["id"])])] == [7200]


def test_links_and_properties(client: Jira, sandbox: Sandbox) -> None:
    a, b = make(client, "a"), make(client, "b")
    ends = {"inwardIssue": {"key": a}, "outwardIssue": {"key": b}}
    client.create_issue_link({"type": {"name": "Blocks"}, **ends, "comment": {"body": "because"}})
    (link,) = sandbox.jira.site.links_of(issue_of(sandbox, a))
    assert client.get_issue_link(link.id)["outwardIssue"]["key"] == b
    client.remove_issue_link(link.id)
    assert sandbox.jira.site.links_of(issue_of(sandbox, a)) == []
    made = client.create_or_update_issue_remote_links(a, "https://example.com/1", "One", global_id="g-1")
    client.update_issue_remote_link_by_id(a, made["id"], "https://example.com/2", "Two", global_id="g-1")
    held = issue_of(sandbox, a)
    assert [r.object["title"] for r in held.remote_links] == ["Two"]
    assert client.get_issue_remote_links(a, global_id="g-1")["object"]["url"] == "https://example.com/2"
    client.delete_issue_remote_link_by_id(a, made["id"])
    assert held.remote_links == []
    client.set_issue_property(a, "crosswalk", {"n": 1})
    assert held.properties == {"crosswalk": {"n": 1}}
    assert client.get_issue_property(a, "crosswalk")["value"] == {"n": 1}
    client.delete_issue_property(a, "crosswalk")
    assert client.get_issue_property_keys(a)["keys"] == []


def test_link_types(client: Jira, sandbox: Sandbox) -> None:
    made = client.create_issue_link_type("Rings", "is rung by", "rings")
    assert sandbox.jira.site.link_types[made["id"]].inward == "is rung by"
    assert "Rings" in client.get_issue_link_types_names()
    client.update_issue_link_type(made["id"], {"name": "Tolls"})
    assert client.get_issue_link_type(made["id"])["name"] == "Tolls"
    client.delete_issue_link_type(made["id"])
    assert made["id"] not in sandbox.jira.site.link_types


def test_versions(client: Jira, sandbox: Sandbox) -> None:
    site = sandbox.jira.site
    one = client.add_version("FAB", "10000", "1.0")["id"]
    two = client.add_version("FAB", "10000", {"name": "2.0", "releaseDate": "2027-02-01"})["id"]
    client.update_version(one, name="1.1", is_released=True)
    assert (site.versions[one].name, site.versions[one].released) == ("1.1", True)
    client.move_version(two, position="First")
    assert site.projects["10000"].versions[0] == two
    key = make(client, "v", fixVersions=[{"id": two}])
    client.put(f"rest/api/2/version/{two}/mergeto/{one}")
    assert issue_of(sandbox, key).values["fixVersions"] == [one]
    client.post(f"rest/api/2/version/{one}/removeAndSwap", data={"moveFixIssuesTo": 10001})
    assert issue_of(sandbox, key).values["fixVersions"] == ["10001"]
    three = client.add_version("FAB", "10000", "3.0")["id"]
    client.delete_version(three)
    assert not {one, two, three} & set(site.versions)


def test_components(client: Jira, sandbox: Sandbox) -> None:
    made = client.create_component({"name": "Saddle", "project": "FAB", "leadUserName": "bruno"})
    held = sandbox.jira.site.components[made["id"]]
    assert names(sandbox, [held.lead]) == ["bruno"]
    client.update_component({"name": "Seat"}, made["id"])
    client.update_component_lead(made["id"], "chandra")
    assert (held.name, names(sandbox, [held.lead])) == ("Seat", ["chandra"])
    assert client.component(made["id"])["lead"]["name"] == "chandra"
    make(client, "sit", components=[{"name": "Seat"}])
    assert client.get_component_related_issues(made["id"])["issueCount"] == 1
    client.delete_component(made["id"])
    assert made["id"] not in sandbox.jira.site.components


def test_people(client: Jira, sandbox: Sandbox) -> None:
    assert [p["name"] for p in client.user_find_by_user_string(username="chan")] == ["chandra"]
    assert client.user("dana")["displayName"] == "Dana Weiss"
    found = client.get_all_assignable_users_for_project("FAB")
    assert {p["name"] for p in found} == {"alice", "bruno", "chandra", "dana"}
    assert [p["name"] for p in client.get_assignable_users_for_issue("FAB-2", username="bru")] == ["bruno"]
    seen = client.get_users_with_browse_permission_to_a_project("d", project_key="FAB")
    assert [p["name"] for p in seen] == ["dana"]
    client.user_create("erika", "erika@example.com", "Erika Muster", password="x")
    client.user_update_email("erika", "e@example.com")
    assert person(sandbox, "erika").email == "e@example.com"
    client.user_deactivate("erika")
    assert person(sandbox, "erika").active is False
    client.user_set_property(username="erika", key_property="colour", value_property="blue")
    assert sandbox.jira.site.properties["user", person(sandbox, "erika").key] == {"colour": "blue"}
    client.user_remove(username="erika")
    assert "erika" not in [p.name for p in sandbox.jira.site.people.values()]


def test_search(client: Jira, sandbox: Sandbox) -> None:
    held = [i for i in sandbox.jira.site.issues.values() if i.project == "10000"]
    page = client.jql("project = FAB ORDER BY key", fields="summary", start=1, limit=2)
    assert ([i["key"] for i in page["issues"]], page["total"]) == (["FAB-2", "FAB-3"], len(held))
    assert len(client.jql_get_list_of_tickets("project = FAB")) == len(held)
    refused(400, client.jql, "nonsense = 1")
    assert "summary" in [f["value"] for f in client.get_autocomplete_data()["visibleFieldNames"]]
    assert client.get_autocomplete_suggestion(field_name="status", field_value="In")["results"]


def test_watchers_and_votes(client: Jira, sandbox: Sandbox) -> None:
    key = make(client, "look")
    client.issue_add_watcher(key, "bruno")
    assert names(sandbox, issue_of(sandbox, key).watchers) == ["bruno"]
    assert [w["name"] for w in client.issue_get_watchers(key)["watchers"]] == ["bruno"]
    client.issue_delete_watcher(key, "bruno")
    assert issue_of(sandbox, key).watchers == []
    assert client.get(f"rest/api/2/issue/{key}/votes")["votes"] == 0


def test_groups_and_roles(client: Jira, sandbox: Sandbox) -> None:
    client.create_group("ringers")
    client.add_user_to_group("otto", "ringers")
    assert [p["name"] for p in client.get_all_users_from_group("ringers")["values"]] == ["otto"]
    assert [g["name"] for g in client.get_groups("ring")["groups"]] == ["ringers"]
    assert sandbox.call("GET", "~/issue/FAB-1", role="outsider").status_code == 404
    client.add_group_into_project_role("FAB", "10000", "ringers")
    assert sandbox.call("GET", "~/issue/FAB-1", role="outsider").status_code == 200
    assert "ringers" in [a["name"] for a in client.get_project_actors_for_role_project("FAB", "10000")]
    client.delete_project_actors("FAB", "10000", "ringers", "group")
    assert sandbox.call("GET", "~/issue/FAB-1", role="outsider").status_code == 404
    client.add_user_into_project_role("FAB", "10001", "otto")
    assert sandbox.jira.site.allowed(person(sandbox, "otto"), sandbox.jira.site.projects["10000"], "CREATE_ISSUES")
    client.delete_project_actors("FAB", "10001", "otto", "user")
    client.remove_user_from_group("otto", "ringers")
    client.remove_group("ringers")
    assert "ringers" not in [g.name for g in sandbox.jira.site.groups.values()]
    assert {r["name"] for r in client.get_all_global_project_roles()} == {"Administrators", "Developers", "Users"}


def test_filters(client: Jira, sandbox: Sandbox) -> None:
    made = client.create_filter("Bells", "summary ~ bell", favourite=True)["id"]
    held = sandbox.jira.site.filters[made]
    assert (held.jql, len(held.favourites)) == ("summary ~ bell", 1)
    client.edit_filter(made, "Loud bells", jql="summary ~ loud")
    assert client.get_filter(made)["name"] == "Loud bells"
    shares = client.add_filter_share_permission(made, "project", project_id="10000")
    assert [s.kind for s in held.shares] == ["project"]
    assert sandbox.call("GET", f"~/filter/{made}", role="reader").status_code == 200
    client.delete_filter_share_permission(made, shares[0]["id"])
    assert sandbox.call("GET", f"~/filter/{made}", role="reader").status_code == 400
    client.delete_filter(made)
    assert made not in sandbox.jira.site.filters


def test_boards_and_sprints(client: Jira, sandbox: Sandbox) -> None:
    site = sandbox.jira.site
    kept = client.create_filter("Tasks", "project = FAB AND issuetype = Task")["id"]
    board = client.create_agile_board("Tasks", "scrum", kept)["id"]
    assert [b["name"] for b in client.get_all_agile_boards(board_name="tas")["values"]] == ["Tasks"]
    assert client.get_agile_board_configuration(board)["filter"]["id"] == kept
    sprint = client.create_sprint("Ring", board, "2026-12-01T09:00:00.000Z", "2026-12-15T09:00:00.000Z", "Loud")["id"]
    key = make(client, "in it")
    assert key in [i["key"] for i in client.get_issues_for_backlog(board)["issues"]]
    client.add_issues_to_sprint(sprint, [key])
    client.update_partially_sprint(sprint, {"state": "active"})
    assert (site.sprints[sprint].state, site.sprints[sprint].goal) == ("active", "Loud")
    assert [i["key"] for i in client.get_sprint_issues(sprint, 0, 50)["issues"]] == [key]
    assert [s["name"] for s in client.get_all_sprints_from_board(board, state="active")["values"]] == ["Ring"]
    client.add_issues_to_backlog([key])
    assert issue_of(sandbox, key).values["customfield_10020"] is None
    client.update_rank([key], "FAB-1", 10019)
    assert issue_of(sandbox, key).rank < issue_of(sandbox, "FAB-1").rank
    assert "FAB-1" in [e["key"] for e in client.get_epics(1)["values"]]
    assert "FAB-2" in [i["key"] for i in client.get_issues_for_epic(1, "FAB-1")["issues"]]
    renamed = client.rename_sprint(sprint, "Ding", "01/Dec/26 9:30 AM", "15/Dec/26 9:30 PM")
    assert (renamed["state"], renamed["endDate"], site.sprints[sprint].goal) == ("ACTIVE", "15/Dec/26 9:30 PM", "Loud")
    assert (site.sprints[sprint].name, f"{site.sprints[sprint].start:%H:%M}") == ("Ding", "14:30"), "New York's time"
    client.flag_issue([key, "FAB-2"])
    assert [i["key"] for i in client.jql("Flagged = Impediment ORDER BY key")["issues"]] == ["FAB-2", key]
    assert sandbox.get(f"/rest/agile/1.0/issue/{key}?fields=flagged")["fields"] == {"flagged": True}
    client.flag_issue([key, "FAB-2"], flag=False)
    assert client.jql("Flagged is not EMPTY")["issues"] == []
    client.update_partially_sprint(sprint, {"state": "closed"})
    client.delete_sprint(sprint)
    client.delete_agile_board(board)
    assert (sprint in site.sprints, board in site.boards) == (False, False)


def test_project_administration(client: Jira, sandbox: Sandbox) -> None:
    body = {"key": "BEL", "name": "Bells", "projectTypeKey": "software", "lead": "bruno", "description": "Ding"}
    client.create_project_from_raw_json(body)
    project = sandbox.jira.site.project("BEL")
    assert project is not None
    assert names(sandbox, [project.lead]) == ["bruno"]
    category = client.post("rest/api/2/projectCategory", data={"name": "Sound", "description": ""})["id"]
    client.update_project("BEL", {"description": "Dong", "categoryId": int(category)})
    assert (project.description, project.category) == ("Dong", category)
    assert client.project("BEL")["projectCategory"]["name"] == "Sound"
    assert [c["name"] for c in client.get_all_project_categories()] == ["Sound"]
    refused(400, client.create_project_from_raw_json, body)
    client.delete_project("BEL")
    assert sandbox.jira.site.project("BEL") is None


def test_hooks(client: Jira, sandbox: Sandbox) -> None:
    with Receiver() as receiver:
        body = {"name": "Probe", "url": receiver.url, "events": ["jira:issue_created"], "active": True}
        made = client.post("rest/jira-webhook/1.0/webhooks", data=body)
        make(client, "heard")
        assert sandbox.courier.settle()
        assert receiver.events() == ["jira:issue_created"]
        client.delete(f"rest/jira-webhook/1.0/webhooks/{made['id']}")
    assert client.get("rest/jira-webhook/1.0/webhooks") == []


def test_settings(client: Jira) -> None:
    client.set_property("jira.clone.prefix", "COPY -")
    assert client.get_property("jira.clone.prefix")["value"] == "COPY -"


def test_reader_is_refused(reader: Jira, sandbox: Sandbox) -> None:
    before = sandbox.get("/_sandbox/state")
    assert reader.get_issue("FAB-2")["key"] == "FAB-2"
    refused(400, make, reader, "x")
    refused(400, reader.update_issue_field, "FAB-2", {"summary": "mine"})
    refused(400, reader.issue_add_comment, "FAB-2", "x")
    refused(403, reader.delete_issue, "FAB-2")
    refused(401, reader.issue_add_watcher, "FAB-2", "bruno")
    refused(403, reader.issue_worklog, "FAB-2", "2026-11-25T10:00:00.000+0100", 60)
    refused(403, reader.create_group, "x")
    refused(400, reader.create_custom_field, "x", TEXT)
    refused(403, reader.create_component, {"name": "x", "project": "FAB"})
    refused(403, reader.create_sprint, "x", 1)
    refused(403, reader.user_create, "x", "x@example.com", "X")
    refused(403, reader.get_all_screens)
    refused(403, reader.get, "rest/jira-webhook/1.0/webhooks")
    assert sandbox.get("/_sandbox/state") == before


def test_outsider_sees_nothing(outsider: Jira) -> None:
    assert outsider.projects() == []
    refused(404, outsider.get_issue, "FAB-2")
    refused(404, outsider.project, "FAB")
    assert outsider.jql("project is not EMPTY")["total"] == 0
    refused(404, outsider.get_agile_board, 1)
    refused(403, outsider.get_all_users_from_group, "jira-administrators")
