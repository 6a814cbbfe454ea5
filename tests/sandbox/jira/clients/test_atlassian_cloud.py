"""`atlassian-python-api`'s Cloud clients (JiraCloud on v3, JiraSoftware), signed in with e-mail and API token, work
unchanged against the stand-in Cloud."""

from __future__ import annotations

import io
from typing import Any

import pytest
from atlassian.jira import JiraCloud, JiraSoftware
from requests import HTTPError

from ..play import Sandbox
from .state import identity, issue_of, names, person

FLAVOUR = "cloud"
SELECT = "com.atlassian.jira.plugin.system.customfieldtypes:select"
TEMPLATE = "com.pyxis.greenhopper.jira:gh-simplified-kanban-classic"


def _open(kind: Any, stage: Sandbox, role: str) -> Any:
    user, token = stage.auth(role)
    return kind(stage.url, username=user, password=token)


@pytest.fixture(scope="module")
def client(stage: Sandbox) -> Any:
    return _open(JiraCloud, stage, "")


@pytest.fixture(scope="module")
def agile(stage: Sandbox) -> Any:
    return _open(JiraSoftware, stage, "")


@pytest.fixture(scope="module")
def reader(stage: Sandbox) -> Any:
    return _open(JiraCloud, stage, "reader")


@pytest.fixture(scope="module")
def outsider(stage: Sandbox) -> Any:
    return _open(JiraCloud, stage, "outsider")


def refused(status: int, act: Any, *given: Any, **named: Any) -> None:
    with pytest.raises(HTTPError) as caught:
        act(*given, **named)
    assert caught.value.response is not None
    assert caught.value.response.status_code == status, caught.value.response.text


def adf(words: str) -> dict[str, Any]:
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}],
    }


def make(client: Any, summary: str, kind: str = "Task", **fields: Any) -> str:
    base = {"project": {"key": "FAB"}, "issuetype": {"name": kind}, "summary": summary}
    return str(client.create_issue(data={"fields": {**base, **fields}})["key"])


def test_server_and_self(client: Any, sandbox: Sandbox) -> None:
    assert client.get_server_info()["deploymentType"] == "Cloud"
    assert client.get_current_user()["accountId"] == identity(sandbox, "alice")
    mine = client.get_my_permissions(project_key="OPS", permissions="CREATE_ISSUES")["permissions"]
    assert mine["CREATE_ISSUES"]["havePermission"] is False
    asked = {"projectPermissions": [{"permissions": ["EDIT_ISSUES"], "projects": [10000, 10001]}]}
    assert client.get_bulk_permissions(data=asked)["projectPermissions"][0]["projects"] == [10000]
    assert [p["key"] for p in client.get_permitted_projects(data={"permissions": ["CREATE_ISSUES"]})["projects"]] == [
        "FAB"
    ]


def test_reading(client: Any, sandbox: Sandbox) -> None:
    site = sandbox.jira.site
    assert [p["key"] for p in client.search_projects(expand="lead")["values"]] == ["FAB", "OPS"]
    assert client.get_project("FAB")["lead"]["displayName"] == "Alice Ng"
    types = client.get_create_issue_meta_issue_types("FAB")["issueTypes"]
    assert [t["id"] for t in types] == site.projects["10000"].types
    fields = client.get_create_issue_meta_issue_type_id("FAB", "10001")["fields"]
    assert {f["fieldId"] for f in fields if f["required"]} == {"project", "issuetype", "reporter", "summary"}
    assert "labels" in client.get_edit_issue_meta("FAB-2")["fields"]
    assert [p["id"] for p in client.search_priorities()["values"]] == list(site.priorities)
    assert client.get_priority("1")["name"] == "Highest"
    assert [r["id"] for r in client.search_resolutions()["values"]] == list(site.resolutions)
    assert [s["id"] for s in client.get_statuses()] == list(site.statuses)
    assert client.get_status_category("done")["id"] == 3
    assert client.get_all_labels()["values"] == ["lighting"]
    assert client.get_all_workflow_schemes()["values"]
    assert client.get_workflows_paginated(expand="statuses,transitions")["values"][0]["statuses"]
    assert client.get_all_issue_type_schemes()["values"][0]["isDefault"] is True
    assert client.get_notification_schemes()["values"]
    assert client.get_assigned_permission_scheme("FAB")["name"] == "Default Permission Scheme"
    assert client.get_events()[0]["name"] == "Issue Created"
    assert client.get_configuration()["issueLinkingEnabled"] is True


def test_fields_contexts_options(client: Any, sandbox: Sandbox) -> None:
    site = sandbox.jira.site
    made = client.create_custom_field(data={"name": "Bell tone", "type": SELECT})["id"]
    client.add_field_to_default_screen(made)
    (context,) = client.get_contexts_for_field(made)["values"]
    bright = client.create_custom_field_option(made, context["id"], data={"options": [{"value": "Bright"}]})
    key = make(client, "ting", **{made: {"value": "Bright"}})
    assert issue_of(sandbox, key).values[made] == bright["options"][0]["id"]
    own = client.create_custom_field_context(made, data={"name": "FAB only", "projectIds": ["10000"]})["id"]
    loud = client.create_custom_field_option(made, own, data={"options": [{"value": "Loud"}]})["options"][0]["id"]
    # In FAB its own context counts now, with its own option.
    refused(400, make, client, "x", **{made: {"value": "Bright"}})
    assert issue_of(sandbox, make(client, "clang", **{made: {"id": loud}})).values[made] == loud
    refused(400, client.delete_custom_field_option, made, own, loud)
    client.update_custom_field_context(made, own, data={"name": "Fable"})
    mapping = {m["contextId"]: m for m in client.get_project_context_mapping(made)["values"]}
    assert mapping[own]["projectId"] == "10000"
    client.delete_custom_field_context(made, own)
    assert [o.name for o in site.fields[made].options] == ["Bright"]
    client.update_custom_field(made, data={"name": "Tone"})
    assert site.fields[made].name == "Tone"


def test_create_edit_delete(client: Any, sandbox: Sandbox) -> None:
    key = make(client, "A bell", "Story", description=adf("Ding"), labels=["a"], parent={"key": "FAB-1"})
    held = issue_of(sandbox, key)
    update = {"labels": [{"add": "b"}, {"remove": "a"}], "components": [{"add": {"name": "App"}}]}
    client.edit_issue(key, data={"fields": {"summary": "A loud bell"}, "update": update})
    client.edit_issue(key, data={"fields": {"summary": "A loud bell"}, "notifyUsers": "true"})
    assert (held.values["summary"], held.values["labels"]) == ("A loud bell", ["b"])
    assert (held.values["components"], held.values["parent"]) == (["10001"], issue_of(sandbox, "FAB-1").id)
    client.assign_issue(key, data={"accountId": identity(sandbox, "bruno")})
    assert names(sandbox, [held.values["assignee"]]) == ["bruno"]
    assert client.get_issue(key, fields="description")["fields"]["description"]["type"] == "doc"
    changed = {i["field"] for v in client.get_change_logs(key)["values"] for i in v["items"]}
    assert {"summary", "labels", "assignee"} <= changed
    refused(400, client.edit_issue, key, data={"fields": {"nonsense": 1}})
    base = {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}}
    made = client.create_issues(data={"issueUpdates": [{"fields": {**base, "summary": "one"}}, {"fields": base}]})
    assert (len(made["issues"]), len(made["errors"])) == (1, 1)
    part = make(client, "part", "Sub-task", parent={"key": made["issues"][0]["key"]})
    assert issue_of(sandbox, part).values["parent"] == made["issues"][0]["id"]
    client.delete_issue(key)
    refused(404, client.get_issue, key)


def test_transitions_and_comments(client: Any, sandbox: Sandbox) -> None:
    key = make(client, "walk")
    ways = {t["name"]: t for t in client.get_transitions(key, expand="transitions.fields")["transitions"]}
    close = {"transition": {"id": ways["Close"]["id"]}}
    refused(400, client.do_transition, key, data=close)
    client.do_transition(key, data={**close, "fields": {"resolution": {"name": "Done"}}})
    held = issue_of(sandbox, key)
    assert held.status == "10002"
    made = client.add_comment(key, data={"body": adf("Hello")})
    secret = {"body": adf("psst"), "visibility": {"type": "group", "value": "jira-administrators"}}
    client.add_comment(key, data=secret)
    client.update_comment(key, made["id"], data={"body": adf("Good day")})
    assert [(c.body.wiki, bool(c.visibility)) for c in held.comments] == [("Good day", False), ("psst", True)]
    assert client.get_comments(key)["total"] == 2
    assert sandbox.get(f"~/issue/{key}/comment", role="reader")["total"] == 1
    client.set_comment_property(made["id"], "seen", data={"n": 1})
    assert client.get_comment_property(made["id"], "seen")["value"] == {"n": 1}
    client.delete_comment(key, made["id"])
    assert [c.body.wiki for c in held.comments] == ["psst"]


def test_attachments_and_worklogs(client: Any, sandbox: Sandbox) -> None:
    key = make(client, "work", timetracking={"originalEstimate": "1d"})
    held = issue_of(sandbox, key)
    file = io.BytesIO(b"\x00bell")
    file.name = "bell.bin"
    headers = {"X-Atlassian-Token": "no-check"}
    url = client.endpoint(f"issue/{key}/attachments")
    (made,) = client.post(url, headers=headers, files={"file": file})
    assert sandbox.jira.site.attachments[made["id"]].data == b"\x00bell"
    assert client.get_attachment(made["id"])["size"] == 5
    assert client.get(client.endpoint(f"attachment/content/{made['id']}"), not_json_response=True) == b"\x00bell"
    client.remove_attachment(made["id"])
    assert held.attachments == []
    log = client.add_worklog(key, data={"timeSpent": "2h", "comment": adf("drilled")})
    client.add_worklog(key, adjust_estimate="new", new_estimate="3h", data={"timeSpent": "1h"})
    client.update_worklog(key, log["id"], adjust_estimate="leave", data={"timeSpent": "1h"})
    assert (held.spent, held.values["timeestimate"]) == (7200, 3 * 3600)
    client.delete_worklog(key, log["id"], adjust_estimate="manual", increase_by="1h")
    assert (held.spent, held.values["timeestimate"]) == (3600, 4 * 3600)
    assert client.get_issue_worklog(key)["total"] == 1
    deleted = client.get_ids_of_worklogs_deleted_since(since=0)["values"]
    assert int(log["id"]) in [v["worklogId"] for v in deleted]


def test_links_properties_watchers(client: Any, sandbox: Sandbox) -> None:
    a, b = make(client, "a"), make(client, "b")
    ends = {"inwardIssue": {"key": a}, "outwardIssue": {"key": b}}
    client.link_issues(data={"type": {"name": "Blocks"}, **ends})
    held = issue_of(sandbox, a)
    (link,) = sandbox.jira.site.links_of(held)
    assert client.get_issue_link(link.id)["outwardIssue"]["key"] == b
    client.delete_issue_link(link.id)
    assert sandbox.jira.site.links_of(held) == []
    target = {"globalId": "g-1", "object": {"url": "https://example.com", "title": "One"}}
    made = client.create_or_update_remote_issue_link(a, data=target)
    assert client.get_remote_issue_link_by_id(a, made["id"])["globalId"] == "g-1"
    client.delete_remote_issue_link_by_global_id(a, global_id="g-1")
    assert held.remote_links == []
    client.set_issue_property(a, "crosswalk", data={"n": 1})
    assert held.properties == {"crosswalk": {"n": 1}}
    client.delete_issue_property(a, "crosswalk")
    assert client.get_issue_property_keys(a)["keys"] == []
    client.add_watcher(a, data=identity(sandbox, "bruno"))
    assert names(sandbox, held.watchers) == ["bruno"]
    assert client.get_issue_watchers(a)["watchCount"] == 1
    client.remove_watcher(a, account_id=identity(sandbox, "bruno"))
    assert held.watchers == []
    refused(404, client.add_vote, a)


def test_versions_and_components(client: Any, sandbox: Sandbox) -> None:
    site = sandbox.jira.site
    one, two, three = (client.add_version(10000, name)["id"] for name in ("1.0", "2.0", "3.0"))
    client.update_version(one, data={"released": True, "name": "1.1"})
    client.move_version(two, data={"position": "First"})
    assert (site.versions[one].released, site.projects["10000"].versions[0]) == (True, two)
    key = make(client, "v", fixVersions=[{"id": two}, {"id": three}])
    client.merge_versions(two, one)
    client.delete_and_replace_version(three, data={"moveFixIssuesTo": 10001})
    assert issue_of(sandbox, key).values["fixVersions"] == [one, "10001"]
    made = client.create_component(
        data={"name": "Saddle", "project": "FAB", "leadAccountId": identity(sandbox, "dana")}
    )
    client.update_component(made["id"], data={"name": "Seat"})
    assert (site.components[made["id"]].name, client.get_component(made["id"])["lead"]["displayName"]) == (
        "Seat",
        "Dana Weiss",
    )
    client.delete_component(made["id"])
    assert made["id"] not in site.components


def test_search_and_people(client: Any, sandbox: Sandbox) -> None:
    held = [i for i in sandbox.jira.site.issues.values() if i.project == "10000"]
    found = client.enhanced_jql_get_list_of_tickets("project = FAB ORDER BY key", fields="summary")
    assert [i["key"] for i in found] == [i.key for i in sorted(held, key=lambda i: i.number)]
    first = client.enhanced_jql("project = FAB ORDER BY key", fields="summary", limit=2)
    assert (len(first["issues"]), first["isLast"]) == (2, False)
    assert client.count_issues(data={"jql": "project = FAB"})["count"] == len(held)
    refused(400, client.enhanced_jql, "nonsense = 1")
    assert [p["displayName"] for p in client.find_users(query="chan")] == ["Chandra Iyer"]
    assert [p["displayName"] for p in client.find_assignable_users(project="FAB", query="bru")] == ["Bruno Costa"]
    assert client.find_users_for_picker(query="dana")["total"] == 1
    assert len(client.get_all_users()) == len(sandbox.jira.site.people)
    seen = client.find_users_with_browse_permission(query="otto", project_key="FAB")
    assert seen == []
    refused(401, client.get_user_email, account_id=identity(sandbox, "bruno"))


def test_groups_roles_filters(client: Any, sandbox: Sandbox) -> None:
    site, otto = sandbox.jira.site, identity(sandbox, "otto")
    group = client.create_group(data={"name": "ringers"})["groupId"]
    client.add_user_to_group(group_id=group, data={"accountId": otto})
    assert [p["accountId"] for p in client.get_users_from_group(group_id=group)["values"]] == [otto]
    client.add_actor_users("FAB", "10000", data={"groupId": [group]})
    assert site.allowed(person(sandbox, "otto"), site.projects["10000"], "BROWSE_PROJECTS")
    client.remove_user_from_group(group_id=group, account_id=otto)
    assert not site.allowed(person(sandbox, "otto"), site.projects["10000"], "BROWSE_PROJECTS")
    client.remove_group(group_id=group)
    assert group not in site.groups
    kept = client.create_filter(data={"name": "Bells", "jql": "summary ~ bell"})["id"]
    client.set_favourite_for_filter(kept)
    client.add_share_permission(kept, data={"type": "authenticated"})
    held = site.filters[kept]
    assert (names(sandbox, held.favourites), [s.kind for s in held.shares]) == (["alice"], ["authenticated"])
    client.set_columns(kept, data={"columns": ["issuekey", "summary"]})
    assert [c["value"] for c in client.get_columns(kept)] == ["issuekey", "summary"]
    client.change_filter_owner(kept, data={"accountId": identity(sandbox, "bruno")})
    assert names(sandbox, [held.owner]) == ["bruno"]
    assert [f["name"] for f in client.get_filters_paginated(filter_name="bell")["values"]] == ["Bells"]
    client.delete_filter(kept)
    assert kept not in site.filters


def test_boards_and_sprints(client: Any, agile: Any, sandbox: Sandbox) -> None:
    site = sandbox.jira.site
    kept = int(client.create_filter(data={"name": "Tasks", "jql": "project = FAB AND issuetype = Task"})["id"])
    place = {"type": "project", "projectKeyOrId": "FAB"}
    board = agile.create_board(data={"name": "Tasks", "type": "scrum", "filterId": kept, "location": place})["id"]
    assert [b["name"] for b in agile.get_all_boards(project_key_or_id="FAB")["values"]] == ["FAB board", "Tasks"]
    dates = {"startDate": "2026-12-01T09:00:00.000Z", "endDate": "2026-12-15T09:00:00.000Z"}
    sprint = agile.create_sprint(data={"name": "Ring", "originBoardId": board, **dates})["id"]
    key = make(client, "in it")
    agile.move_issues_to_sprint_and_rank(sprint, data={"issues": [key]})
    agile.partially_update_sprint(sprint, data={"state": "active"})
    assert site.sprints[sprint].state == "active"
    assert [i["key"] for i in agile.get_issues_for_sprint(sprint)["issues"]] == [key]
    agile.rank_issues(data={"issues": [key], "rankBeforeIssue": "FAB-1"})
    assert issue_of(sandbox, key).rank < issue_of(sandbox, "FAB-1").rank
    agile.move_issues_to_backlog(data={"issues": [key]})
    assert issue_of(sandbox, key).values["customfield_10020"] is None
    agile.partially_update_sprint(sprint, data={"state": "closed"})
    agile.delete_sprint(sprint)
    agile.delete_board(board)
    assert (sprint in site.sprints, board in site.boards) == (False, False)


def test_projects(client: Any, sandbox: Sandbox) -> None:
    body = {"key": "BEL", "name": "Bells", "projectTypeKey": "software", "projectTemplateKey": TEMPLATE}
    body["leadAccountId"] = identity(sandbox, "bruno")
    made = client.create_project(data=body)
    project = sandbox.jira.site.projects[str(made["id"])]
    assert (project.key, names(sandbox, [project.lead])) == ("BEL", ["bruno"])
    assert [b.kind for b in sandbox.jira.site.boards.values() if b.project == project.id] == ["kanban"]
    client.update_project("BEL", data={"name": "All bells", "key": "BELL"})
    assert (project.name, sandbox.get("~/project/BELL")["key"]) == ("All bells", "BELL")
    refused(400, client.create_project, data={**body, "key": "FAB", "name": "Other"})
    client.delete_project("BELL")
    assert project.ended is not None
    assert project.ended.how == "deleted", "Cloud has a bin"


def test_hooks_are_the_administrators(client: Any, reader: Any, sandbox: Sandbox) -> None:
    hook = {"name": "Probe", "url": "http://127.0.0.1:9/x", "events": ["jira:issue_created"]}
    made = client.post("rest/webhooks/1.0/webhook", data=hook)
    assert [s.url for s in sandbox.jira.site.subscriptions.values()] == ["http://127.0.0.1:9/x"]
    refused(403, reader.get, "rest/webhooks/1.0/webhook")
    client.delete("rest/webhooks/1.0/webhook/" + made["self"].rpartition("/")[2])
    assert sandbox.jira.site.subscriptions == {}


def test_reader_is_refused(reader: Any, sandbox: Sandbox) -> None:
    before = sandbox.get("/_sandbox/state")
    assert reader.get_issue("FAB-2")["key"] == "FAB-2"
    refused(400, make, reader, "x")
    refused(400, reader.edit_issue, "FAB-2", data={"fields": {"summary": "mine"}})
    refused(400, reader.add_comment, "FAB-2", data={"body": adf("x")})
    refused(403, reader.delete_issue, "FAB-2")
    refused(400, reader.add_worklog, "FAB-2", data={"timeSpent": "1h"})
    refused(403, reader.add_watcher, "FAB-2", data=identity(sandbox, "bruno"))
    refused(404, reader.add_version, 10000, "x")
    refused(403, reader.create_component, data={"name": "x", "project": "FAB"})
    refused(403, reader.create_group, data={"name": "x"})
    refused(404, reader.get_project_roles, "FAB")
    refused(403, reader.get_contexts_for_field, "customfield_10030")
    refused(403, reader.get_all_permissions)
    assert sandbox.get("/_sandbox/state") == before


def test_outsider_sees_nothing(outsider: Any) -> None:
    assert outsider.search_projects()["total"] == 0
    refused(404, outsider.get_issue, "FAB-2")
    refused(404, outsider.get_project, "FAB")
    refused(404, outsider.get_comments, "FAB-2")
    assert outsider.enhanced_jql("project is not EMPTY")["issues"] == []
