"""Jira's rules in a world made for them: conditions and validators, resolution, hierarchy, time, versions, security,
team-managed projects, moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from .play import Receiver, Sandbox, playing


@pytest.fixture(params=["cloud", "dc"])
def jira(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with playing(request.param, "rules") as sandbox:
        yield sandbox


@pytest.fixture
def cloud() -> Iterator[Sandbox]:
    with playing("cloud", "rules") as sandbox:
        yield sandbox


def made(jira: Sandbox, kind: str = "Story", project: str = "VET", **fields: Any) -> str:
    """A new issue in a project; its key."""
    fields = {"project": {"key": project}, "issuetype": {"name": kind}, "summary": "A bell", **fields}
    answer = jira.call("POST", "~/issue", json={"fields": fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def fields_of(jira: Sandbox, key: str, **more: Any) -> dict[str, Any]:
    fields: dict[str, Any] = jira.get(f"~/issue/{key}", **more)["fields"]
    return fields


def edited(jira: Sandbox, key: str, **fields: Any) -> Any:
    """The answer to an edit: the errors, or None."""
    answer = jira.call("PUT", f"~/issue/{key}", json={"fields": fields})
    return None if answer.status_code == 204 else answer.json()["errors"]


def me(jira: Sandbox) -> dict[str, Any]:
    person = jira.get("~/myself")
    return {"accountId": person["accountId"]} if jira.flavour == "cloud" else {"name": person["name"]}


@pytest.mark.parametrize("empty", [None, {"name": None, "accountId": None}])
def test_the_reporter_can_not_be_emptied(jira: Sandbox, empty: Any) -> None:
    """As recorded create metadata says: required. Whoever creates an issue is its reporter unless another is named."""
    refusal = {"reporter": "Reporter is required."}
    key = made(jira)
    before = fields_of(jira, key)["reporter"]
    assert before == fields_of(jira, key)["creator"]
    for kind in jira.get("~/issue/createmeta/VET/issuetypes")["issueTypes" if jira.flavour == "cloud" else "values"]:
        metas = jira.get(f"~/issue/createmeta/VET/issuetypes/{kind['id']}")
        (meta,) = [
            one for one in metas["fields" if jira.flavour == "cloud" else "values"] if one["fieldId"] == "reporter"
        ]
        assert meta["required"] is True
    assert jira.get(f"~/issue/{key}/editmeta")["fields"]["reporter"]["required"] is True
    assert edited(jira, key, reporter=empty) == refusal
    body = {"update": {"reporter": [{"set": empty}]}}
    assert jira.call("PUT", f"~/issue/{key}", json=body).json()["errors"] == refusal
    new = {"project": {"key": "VET"}, "issuetype": {"name": "Story"}, "summary": "A bell", "reporter": empty}
    answer = jira.call("POST", "~/issue", json={"fields": new})
    assert (answer.status_code, answer.json()["errors"]) == (400, refusal)
    assert fields_of(jira, key)["reporter"] == before


def ways(jira: Sandbox, key: str) -> dict[str, str]:
    return {way["name"]: way["id"] for way in jira.get(f"~/issue/{key}/transitions")["transitions"]}


def go(jira: Sandbox, key: str, way: str, **fields: Any) -> Any:
    """Make a transition by name; the refusal's body, or None."""
    body = {"transition": {"id": ways(jira, key)[way]}, "fields": fields}
    answer = jira.call("POST", f"~/issue/{key}/transitions", json=body)
    return None if answer.status_code == 204 else answer.json()


def test_a_transition_asks_for_the_reporter_as_an_edit_does(jira: Sandbox) -> None:
    """It can not be emptied there, and who may not change it has it on no screen:
    https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/"""
    key = made(jira)
    project = jira.jira.site.project("VET")
    assert project is not None
    at, way = next((n, t) for n, t in enumerate(project.transitions) if t.id in ways(jira, key).values())
    project.transitions[at] = replace(way, screen=("reporter",), required=())
    before = fields_of(jira, key)
    assert go(jira, key, way.name, reporter=None)["errors"] == {"reporter": "Reporter is required."}
    asked = {"do": "take_permission_away", "user": "alice", "permission": "MODIFY_REPORTER", "project": "VET"}
    assert jira.call("POST", "/_sandbox/world", json=asked).status_code in (200, 201)
    shown = jira.get(f"~/issue/{key}/transitions?expand=transitions.fields")["transitions"]
    assert [one["fields"] for one in shown if one["id"] == way.id] == [{}]
    refused = go(jira, key, way.name, reporter=me(jira))["errors"]
    assert refused == {"reporter": "Field 'reporter' cannot be set. It is not on the appropriate screen, or unknown."}
    assert fields_of(jira, key) == before
    assert go(jira, key, way.name) is None


def test_each_type_has_a_screen_for_each_operation(jira: Sandbox) -> None:
    """A bug is made on the screen that all share and edited on its own, which has no labels."""
    bug, story = made(jira, "Bug", labels=["bell"]), made(jira, "Story", labels=["bell"])
    told = "Field 'labels' cannot be set. It is not on the appropriate screen, or unknown."
    assert edited(jira, bug, labels=["horn"]) == {"labels": told}
    assert edited(jira, bug, summary="A horn") is None
    assert edited(jira, story, labels=["horn"]) is None
    assert (fields_of(jira, bug)["labels"], fields_of(jira, story)["labels"]) == (["bell"], ["horn"])
    shown = [set(jira.get(f"~/issue/{key}/editmeta")["fields"]) for key in (bug, story)]
    assert ["labels" in one for one in shown] == [False, True]


# ---- workflow


def test_conditions_hide_and_validators_refuse(jira: Sandbox) -> None:
    key = made(jira)
    assert set(ways(jira, key)) == {"Give up"}
    refused = jira.call("POST", f"~/issue/{key}/transitions", json={"transition": {"id": "11"}})
    assert refused.json()["errorMessages"] == ["Transition id '11' is not valid for this issue."]
    assert edited(jira, key, assignee=me(jira)) is None
    assert go(jira, key, "Take up") is None
    gate = "Acceptance criteria are wanted before work is finished."
    assert go(jira, key, "Hand in") == {"errorMessages": [], "errors": {"customfield_10032": gate}}
    assert go(jira, key, "Hand in", customfield_10032=jira.text("It rings.")) is None
    part = made(jira, "Sub-task", parent={"key": key})
    assert set(ways(jira, key)) == {"Sign off", "Give up"}
    assert go(jira, part, "Give up", resolution={"name": "Won't Do"}) is None
    assert set(ways(jira, key)) == {"Accept", "Sign off", "Give up"}


def test_unavailable_transitions_are_told_on_request(cloud: Sandbox) -> None:
    key = made(cloud)
    path = f"~/issue/{key}/transitions?includeUnavailableTransitions=true&expand=transitions.fields"
    found = {way["name"]: way for way in cloud.get(path)["transitions"]}
    assert {name: way["isAvailable"] for name, way in found.items()} == {"Take up": False, "Give up": True}
    assert (found["Take up"]["isConditional"], found["Give up"]["isGlobal"]) == (True, True)
    assert found["Give up"]["fields"]["resolution"]["required"] is True


def test_resolution_and_category_follow_the_status(jira: Sandbox) -> None:
    key = made(jira)
    made_at = fields_of(jira, key)["created"]
    jira.clock.advance(60)
    assert edited(jira, key, summary="Two bells") is None
    before = fields_of(jira, key)
    assert go(jira, key, "Give up", resolution={"name": "Duplicate"}) is None
    done = fields_of(jira, key)
    assert (done["resolution"]["name"], done["resolutiondate"]) == ("Duplicate", done["updated"])
    jira.clock.advance(60)
    assert go(jira, key, "Reopen") is None
    again = fields_of(jira, key)
    assert (again["resolution"], again["resolutiondate"]) == (None, None)
    if jira.flavour == "cloud":
        assert (before["statuscategorychangedate"], done["statuscategorychangedate"]) == (made_at, done["updated"])
    else:
        assert "statuscategorychangedate" not in done


# ---- hierarchy


def test_an_edit_makes_no_sub_task_of_an_issue(jira: Sandbox) -> None:
    key = made(jira)
    part = made(jira, "Sub-task", parent={"key": key})
    refusal = {"issuetype": "The issue type selected is invalid."}
    assert edited(jira, key, issuetype={"name": "Sub-task"}) == refusal
    assert edited(jira, part, issuetype={"name": "Task"}) == refusal
    assert edited(jira, key, issuetype={"name": "Task"}) is None
    assert fields_of(jira, part)["parent"]["key"] == key


def test_an_epic_has_sub_tasks_on_data_center_only(jira: Sandbox) -> None:
    new = {
        "project": {"key": "FAB"},
        "issuetype": {"name": "Sub-task"},
        "summary": "A part",
        "parent": {"key": "FAB-1"},
    }
    answer = jira.call("POST", "~/issue", json={"fields": new})
    assert answer.status_code == (400 if jira.flavour == "cloud" else 201)
    if jira.flavour == "dc":
        assert [one["key"] for one in fields_of(jira, "FAB-1")["subtasks"]] == [answer.json()["key"]]
        assert jira.call("DELETE", "~/issue/FAB-1").status_code == 400, "only with its sub-tasks"


def test_parents_change_by_edit_on_cloud_only(jira: Sandbox) -> None:
    first, second = made(jira), made(jira)
    part = made(jira, "Sub-task", parent={"key": first})
    wrong = "Given parent work item does not belong to appropriate hierarchy."
    answer = edited(jira, part, parent={"key": second})
    if jira.flavour == "dc":
        assert answer == {"parent": "Field 'parent' cannot be set. It is not on the appropriate screen, or unknown."}
        return
    assert answer is None
    assert [p["key"] for p in fields_of(jira, second)["subtasks"]] == [part]
    assert fields_of(jira, first)["subtasks"] == []
    assert edited(jira, part, parent={"key": "FAB-1"}) is not None
    assert edited(jira, first, parent={"key": second}) == {"parentId": wrong}
    assert edited(jira, first, parent={"key": "FAB-1"}) is None
    assert fields_of(jira, first)["parent"]["fields"]["issuetype"]["hierarchyLevel"] == 1


# ---- time


def test_time_adds_up_over_sub_tasks(jira: Sandbox) -> None:
    key = made(jira, timetracking={"originalEstimate": "1w"})
    part = made(jira, "Sub-task", parent={"key": key}, timetracking={"originalEstimate": "2d"})
    assert jira.call("POST", f"~/issue/{key}/worklog", json={"timeSpent": "1d"}).status_code == 201
    jira.call("POST", f"~/issue/{part}/worklog?adjustEstimate=manual&reduceBy=4h", json={"timeSpent": "3h"})
    child, both = fields_of(jira, part), fields_of(jira, key)
    assert child["timetracking"] | {"timeSpentSeconds": 0} == {
        "originalEstimate": "2d", "remainingEstimate": "1d 4h", "timeSpent": "3h", "originalEstimateSeconds": 57600,
        "remainingEstimateSeconds": 43200, "timeSpentSeconds": 0,
    }  # fmt: skip
    assert (both["timespent"], both["aggregatetimespent"]) == (28800, 28800 + 10800)
    assert (both["timeestimate"], both["aggregatetimeestimate"]) == (115200, 115200 + 43200)
    assert both["aggregatetimeoriginalestimate"] == 144000 + 57600
    assert both["progress"] == {"progress": 28800, "total": 144000, "percent": 20}
    assert both["aggregateprogress"] == {"progress": 39600, "total": 198000, "percent": 20}
    assert (both["workratio"], fields_of(jira, "FAB-1")["workratio"]) == (20, -1)
    for query, left in (("leave", "4d"), ("new&newEstimate=1h", "1h"), ("auto", "0m")):
        jira.call("POST", f"~/issue/{key}/worklog?adjustEstimate={query}", json={"timeSpent": "1d"})
        assert fields_of(jira, key)["timetracking"]["remainingEstimate"] == left


# ---- versions


def test_an_archived_version_is_neither_offered_nor_taken(jira: Sandbox) -> None:
    listed = {version["name"]: version for version in jira.get("~/project/VET/versions")}
    assert (listed["Vet 1"]["archived"], listed["Vet 2"]["overdue"]) == (True, True)
    key = made(jira, fixVersions=[{"name": "Vet 2"}])
    offered = jira.get(f"~/issue/{key}/editmeta")["fields"]["fixVersions"]["allowedValues"]
    assert [version["name"] for version in offered] == ["Vet 2"]
    assert "fixVersions" in edited(jira, key, fixVersions=[{"name": "Vet 1"}])
    assert jira.call("PUT", "~/version/10011", json={"archived": True}).status_code == 200
    assert edited(jira, key, fixVersions=[{"id": "10011"}], summary="Keeps what it has") is None
    assert jira.call("PUT", "~/version/10011", json={"released": True}).json()["overdue"] is False


# ---- what a reader sees


def test_who_is_mentioned_is_shown_with_a_link(jira: Sandbox) -> None:
    """As others recorded both Jiras: by account on Cloud, by user name on Data Center; the other is nobody there."""
    account = next(person.account_id for person in jira.jira.site.people.values() if person.name == "bruno")
    wiki = f"[~accountid:{account}] and [~bruno]"
    jira.call("PUT", "/rest/api/2/issue/FAB-1", json={"fields": {"description": wiki}})
    shown = jira.get("/rest/api/2/issue/FAB-1?expand=renderedFields")["renderedFields"]["description"]
    address = f'<a href="{jira.url}/secure/ViewProfile.jspa?'
    if jira.flavour == "dc":
        assert f'{address}name=bruno" class="user-hover" rel="bruno">Bruno Costa</a>' in shown
    else:
        own = f'rel="{account}" data-account-id="{account}" accountid="{account}" rel="noreferrer"'
        assert f'{address}accountId={account.replace(":", "%3A")}" class="user-hover" {own}>Bruno Costa</a>' in shown
    assert shown.count("<a ") == 1


def test_rendered_fields_are_html_and_words(jira: Sandbox) -> None:
    key = made(jira, description=jira.text("One <b> & two"), duedate="2027-01-31")
    jira.call(
        "POST", f"~/issue/{key}/comment", json={"body": jira.text("A *word*" if jira.flavour == "dc" else "A word")}
    )
    jira.call("POST", f"~/issue/{key}/worklog", json={"timeSpent": "1w 1d", "comment": jira.text("Done")})
    files = {"file": ("bell.txt", b"x" * 4096, "text/plain")}
    jira.call("POST", f"~/issue/{key}/attachments", files=files, headers={"X-Atlassian-Token": "no-check"})
    held = jira.get(f"~/issue/{key}?expand=renderedFields")
    shown = held["renderedFields"]
    assert shown["description"] == "<p>One &lt;b&gt; &amp; two</p>"
    assert (shown["environment"], shown["duedate"], shown["summary"], shown["timespent"]) == (
        "",
        "31/Jan/27",
        None,
        "1w 1d",
    )
    (comment,), (log,) = shown["comment"]["comments"], shown["worklog"]["worklogs"]
    assert comment["body"] == ("<p>A <b>word</b></p>" if jira.flavour == "dc" else "<p>A word</p>")
    assert (log["comment"], shown["attachment"][0]["size"]) == ("<p>Done</p>", "4 kB")
    stamp, clock = held["fields"]["created"], jira.clock.now()
    assert stamp.endswith("+0100")  # the site is in Berlin, alice in New York, six hours behind
    hour = (int(stamp[11:13]) - 6) % 24
    assert shown["created"] == f"{clock:%d/%b/%y} {hour % 12 or 12}:{clock:%M} {'AM' if hour < 12 else 'PM'}"


def test_a_hidden_address_is_shown_to_its_owner_only(cloud: Sandbox) -> None:
    alice = cloud.jira.site.people["JIRAUSER10101"]
    alice.email_hidden = True
    key = made(cloud)
    assert fields_of(cloud, key)["reporter"]["emailAddress"] == "alice@example.com"
    assert "emailAddress" not in fields_of(cloud, key, role="reader")["reporter"]
    assert cloud.get("~/myself")["emailAddress"] == "alice@example.com"


# ---- security


def test_a_security_level_hides_an_issue(jira: Sandbox) -> None:
    levels = {level["name"]: level for level in jira.get("~/project/VET/securitylevel")["levels"]}
    assert set(levels) == {"Reporter Only", "Leads"}
    assert jira.get(f"~/securitylevel/{levels['Leads']['id']}")["name"] == "Leads"
    assert jira.get("~/project/VET/securitylevel", role="reader")["levels"] == []
    key = made(jira, security={"name": "Leads"})
    assert fields_of(jira, key)["security"]["name"] == "Leads"
    absent = jira.call("GET", "~/issue/NOPE-1", role="reader")
    hidden = jira.call("GET", f"~/issue/{key}", role="reader")
    assert (hidden.status_code, hidden.json()) == (404, absent.json())
    jira.clock.advance(5)
    assert jira.search(f"project = VET AND summary ~ bell AND key = {key}") == [key]
    assert jira.search("project = VET", role="reader") == []
    assert edited(jira, key, security=None) is None
    assert fields_of(jira, key, role="reader").get("security") is None
    assert "security" in edited(jira, key, security={"id": "99999"})


# ---- team-managed


def test_a_team_managed_project_has_its_own_types_statuses_and_fields(cloud: Sandbox) -> None:
    project = cloud.get("~/project/KIT")
    assert (project["style"], project["simplified"]) == ("next-gen", True)
    assert cloud.get("~/project/FAB")["style"] == "classic"
    scope = {"type": "PROJECT", "project": {"id": project["id"]}}
    assert [kind["scope"] for kind in project["issueTypes"]] == [scope] * 3
    statuses = cloud.get("~/project/KIT/statuses")[0]["statuses"]
    assert [status["scope"] for status in statuses] == [scope] * 3
    assert {status["id"] for status in statuses}.isdisjoint(
        s["id"] for s in cloud.get("~/project/FAB/statuses")[0]["statuses"]
    )
    field = next(field for field in cloud.get("~/field") if field["name"] == "Colour")
    assert field["scope"] == scope
    epic = made(cloud, "Epic", "KIT")
    task = made(cloud, "Task", "KIT", parent={"key": epic}, **{field["id"]: "red"})
    assert fields_of(cloud, task)["parent"]["key"] == epic
    fab = {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "x", field["id"]: "red"}
    assert field["id"] in cloud.call("POST", "~/issue", json={"fields": fab}).json()["errors"]
    assert go(cloud, task, "Done") is None
    assert fields_of(cloud, task)["resolution"]["name"] == "Done"
    assert go(cloud, task, "To Do") is None


# ---- moves


def test_a_moved_issue_answers_to_both_keys(jira: Sandbox) -> None:
    key = made(jira, "Story", "FAB", fixVersions=[{"name": "spring 2027"}], components=[{"name": "App"}])
    part = made(jira, "Sub-task", "FAB", parent={"key": key})
    with Receiver() as receiver:
        jira.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        moved = jira.call("POST", "/_sandbox/move", json={"issue": key, "project": "VET", "type": "Task"})
        assert moved.status_code == 200, moved.text
        assert jira.courier.settle()
    new = moved.json()["key"]
    assert new == "VET-1"
    by_old = jira.get(f"~/issue/{key}?expand=changelog")
    assert (by_old["key"], by_old["id"], by_old["fields"]["fixVersions"]) == (new, moved.json()["id"], [])
    items = {item["field"]: item for item in by_old["changelog"]["histories"][0]["items"]}
    assert (items["Key"]["fromString"], items["Key"]["toString"], items["issuetype"]["toString"]) == (key, new, "Task")
    assert (items["project"]["fromString"], items["project"]["toString"]) == ("Fable Bicycles", "Vetting")
    assert fields_of(jira, part)["parent"]["key"] == new
    assert jira.get(f"~/issue/{part}")["key"] == "VET-2"
    jira.clock.advance(5)
    assert jira.search(f"key = {key}") == [new]
    search = "~/search/jql" if jira.flavour == "cloud" else "~/search"
    refused = jira.call("GET", search, params={"jql": f"key >= {key}"})
    assert refused.json()["errorMessages"] == [f"Operator '>=' cannot be applied to moved issue key '{key}'."]
    kinds = [(hook.body["issue_event_type_name"], hook.body["issue"]["key"]) for hook in receiver.got]
    assert kinds == [("issue_moved", "VET-1"), ("issue_moved", "VET-2")]
    assert "Key" in {item["field"] for item in receiver.got[0].body["changelog"]["items"]}
    assert made(jira, "Story", "FAB") not in (key, part)


def test_bulk_move_with_its_task(cloud: Sandbox) -> None:
    first, second = made(cloud, "Story", "FAB"), made(cloud, "Bug", "FAB")
    epic = made(cloud, "Epic", "KIT")

    def submit(target: str, *keys: str, **more: Any) -> Any:
        body = {"targetToSourcesMapping": {target: {"issueIdsOrKeys": list(keys), **more}}}
        return cloud.call("POST", "/rest/api/3/bulk/issues/move", json=body)

    bad = submit("KIT,10031", first, "NOPE-1")
    message = "Some of the issues in the issueIdsOrKeys are not valid"
    assert (bad.status_code, bad.json()) == (400, {"errors": [{"message": message}]})

    def over(answer: Any) -> Any:
        """The task once it is over: at first it is told to be under way."""
        path = f"/rest/api/3/bulk/queue/{answer.json()['taskId']}"
        running = cloud.get(path)
        assert running["status"] == "RUNNING"
        assert running["progressPercent"] < 100
        return cloud.get(path)

    task = over(submit("KIT,10031", first))
    assert (task["processedAccessibleIssues"], list(task["failedAccessibleIssues"].values())) == (
        [], [["A status of the destination is wanted for a status that it does not have."]],
    )  # fmt: skip
    sent = submit(f"KIT,10031,{epic}", first, second, inferStatusDefaults=True, inferFieldDefaults=True)
    assert sent.status_code == 201
    task = over(sent)
    assert (task["status"], task["progressPercent"], task["totalIssueCount"]) == ("COMPLETE", 100, 2)
    assert {cloud.get(f"~/issue/{key}")["fields"]["parent"]["key"] for key in (first, second)} == {epic}
    assert cloud.get(f"~/issue/{first}")["fields"]["project"]["key"] == "KIT"
    none = cloud.call("GET", "/rest/api/3/bulk/queue/4711")
    assert none.json()["errors"] == [{"message": "The task associated with this taskId is not a bulk operation task"}]
