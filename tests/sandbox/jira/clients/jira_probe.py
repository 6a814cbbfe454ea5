"""What the Python client `jira` is made to do in both modes. A module of tests names its mode, and how to sign in."""

from __future__ import annotations

import io
from typing import Any

import pytest
from jira.exceptions import JIRAError

from jira import JIRA

from ..play import Sandbox
from .state import identity, issue_of, names, person

SCRUM = "com.pyxis.greenhopper.jira:gh-scrum-template"


def refused(status: int, act: Any, *given: Any, **named: Any) -> str:
    """The words of a refusal with this status."""
    with pytest.raises(JIRAError) as caught:
        act(*given, **named)
    assert caught.value.status_code == status, caught.value.text
    return str(caught.value.text)


class Reading:
    def test_server_and_self(self, client: JIRA, sandbox: Sandbox) -> None:
        info = client.server_info()
        assert info["baseUrl"] == sandbox.url
        assert info["deploymentType"] == ("Cloud" if sandbox.flavour == "cloud" else "Server")
        assert client._is_cloud is (sandbox.flavour == "cloud")
        me = client.myself()
        assert me["displayName"] == "Alice Ng"
        assert client.current_user() == identity(sandbox, "alice")
        answer = client.my_permissions(projectKey="FAB", permissions="CREATE_ISSUES,ADMINISTER_PROJECTS")
        assert answer["permissions"]["CREATE_ISSUES"]["havePermission"] is True
        assert (
            client.my_permissions(projectKey="OPS", permissions="CREATE_ISSUES")["permissions"]["CREATE_ISSUES"][
                "havePermission"
            ]
            is False
        )

    def test_projects_and_their_metadata(self, client: JIRA, sandbox: Sandbox) -> None:
        there = [p.key for p in sandbox.jira.site.projects.values() if p.ended is None]
        assert [p.key for p in client.projects()] == there
        project = client.project("FAB")
        assert (project.name, project.lead.displayName) == ("Fable Bicycles", "Alice Ng")
        assert {c.name for c in client.project_components("FAB")} == {"Frame", "App", "Web shop"}
        site = sandbox.jira.site
        held = [site.versions[v].name for v in site.projects["10000"].versions]
        assert [v.name for v in client.project_versions("FAB")] == held
        assert client.get_project_version_by_name("FAB", "Autumn 2026").released is True
        assert set(client.project_roles("FAB")) == {"Administrators", "Developers", "Users"}
        types = {t.name for t in client.issue_types_for_project("FAB")}
        assert types == {"Epic", "Story", "Task", "Bug", "Sub-task"}

    def test_lists(self, client: JIRA, sandbox: Sandbox) -> None:
        site = sandbox.jira.site
        assert [p.name for p in client.priorities()] == [p.name for p in site.priorities.values()]
        assert client.priority("1").name == "Highest"
        assert [r.name for r in client.resolutions()] == [r.name for r in site.resolutions.values()]
        assert client.resolution("10000").name == site.resolutions["10000"].name
        assert {s.name for s in client.statuses()} == {s.name for s in site.statuses.values()}
        assert client.status("10002").statusCategory.key == "done"
        assert {c.key for c in client.statuscategories()} == {"undefined", "new", "indeterminate", "done"}
        assert client.statuscategory(3).name == "Done"
        assert {t.name for t in client.issue_link_types(force=True)} == {t.name for t in site.link_types.values()}
        assert client.issue_link_type("10000").inward == "is blocked by"
        assert {t.name for t in client.issue_types()} == {t.name for t in site.types.values()}
        assert client.issue_type("10000").name == "Epic"
        assert client.issue_type_by_name("Bug").id == "10004"

    def test_fields_and_create_metadata(self, client: JIRA, sandbox: Sandbox) -> None:
        fields = {f["id"]: f for f in client.fields()}
        assert set(fields) == {*sandbox.jira.site.fields, "issuekey", "thumbnail"}
        assert fields["customfield_10030"]["schema"]["custom"].endswith(":select")
        assert client.custom_field_option("10100").value == "Commuters"
        edit = client.editmeta("FAB-2")["fields"]
        assert {"summary", "labels", "comment"} <= set(edit)
        assert edit["labels"]["operations"] == ["add", "set", "remove"]

    def test_people(self, client: JIRA, sandbox: Sandbox) -> None:
        words = {"query": "bru"} if sandbox.flavour == "cloud" else {"username": "bru"}
        found = client.search_assignable_users_for_issues(**words, project="FAB")
        assert [p.displayName for p in found] == ["Bruno Costa"]
        found = client.search_allowed_users_for_issue("dana", projectKey="FAB")
        assert [p.displayName for p in found] == ["Dana Weiss"]
        assert client.user(identity(sandbox, "chandra")).displayName == "Chandra Iyer"


def called(sandbox: Sandbox, name: str) -> str:
    """What the client looks somebody up by, before it acts on them."""
    return name if sandbox.flavour == "dc" else person(sandbox, name).display_name


class Issues:
    def test_create_edit_delete(self, client: JIRA, sandbox: Sandbox) -> None:
        made = client.create_issue(
            project="FAB", issuetype={"name": "Story"}, summary="A bell", description="*Ding*",
            labels=["a"], components=[{"name": "Frame"}], fixVersions=[{"name": "spring 2027"}],
            customfield_10016=3, customfield_10030={"value": "Couriers"}, priority={"name": "High"},
        )  # fmt: skip
        held = issue_of(sandbox, made.key)
        assert (held.values["summary"], held.values["customfield_10030"]) == ("A bell", "10102")
        assert made.fields.customfield_10016 == 3.0
        made.update(
            summary="A loud bell",
            update={
                "labels": [{"add": "b"}, {"remove": "a"}],
                "components": [{"add": {"name": "App"}}],
                "fixVersions": [{"set": []}],
            },
        )
        assert (held.values["summary"], held.values["labels"]) == ("A loud bell", ["b"])
        assert (held.values["components"], held.values["fixVersions"]) == (["10000", "10001"], [])
        client.assign_issue(made.key, called(sandbox, "bruno"))
        assert names(sandbox, [held.values["assignee"]]) == ["bruno"]
        client.assign_issue(made.key, None)
        assert held.values["assignee"] is None
        assert "not on the appropriate screen" in refused(400, made.update, fields={"nonsense": 1})
        history = client.issue(made.key, expand="changelog").changelog.histories
        assert {item.field for change in history for item in change.items} >= {"summary", "labels", "Component"}
        made.delete()
        assert sandbox.jira.site.issue(made.key) is None
        refused(404, client.issue, made.key)

    def test_bulk_subtasks_epics(self, client: JIRA, sandbox: Sandbox) -> None:
        base = {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}}
        results = client.create_issues([{**base, "summary": "one"}, {**base}, {**base, "summary": "three"}])
        assert [result["status"] for result in results] == ["Success", "Error", "Success"]
        one, three = results[0]["issue"], results[2]["issue"]
        part = client.create_issue(
            project="FAB", issuetype={"name": "Sub-task"}, summary="part", parent={"key": one.key}
        )
        assert issue_of(sandbox, part.key).values["parent"] == one.id
        assert [s.key for s in client.issue(one.key).fields.subtasks] == [part.key]
        client.add_issues_to_epic("FAB-1", [one.key, three.key])
        link = "parent" if sandbox.flavour == "cloud" else "customfield_10014"
        assert issue_of(sandbox, three.key).values[link] == issue_of(sandbox, "FAB-1").id

    def test_transitions(self, client: JIRA, sandbox: Sandbox) -> None:
        issue = client.create_issue(project="FAB", issuetype={"name": "Task"}, summary="walk")
        ways = {t["name"]: t for t in client.transitions(issue, expand="transitions.fields")}
        assert ways["Close"]["fields"]["resolution"]["required"] is True
        assert client.find_transitionid_by_name(issue, "Start progress") == ways["Start progress"]["id"]
        assert "required" in refused(400, client.transition_issue, issue, "Close")
        version = {"fixVersions": [{"name": "spring 2027"}]}
        client.transition_issue(
            issue, "Close", fields={"resolution": {"name": "Done"}, **version}, comment="that is it"
        )
        held = issue_of(sandbox, issue.key)
        assert (held.status, held.values["fixVersions"]) == ("10002", ["10001"])
        assert [c.body.wiki for c in held.comments] == ["that is it"]
        client.transition_issue(issue, "To Do")
        assert (held.status, held.values["resolution"]) == ("10000", None)

    def test_comments(self, client: JIRA, sandbox: Sandbox) -> None:
        issue = client.create_issue(project="FAB", issuetype={"name": "Task"}, summary="talk")
        comment = client.add_comment(issue, "h1. Hello")
        secret = client.add_comment(issue, "psst", visibility={"type": "role", "value": "Administrators"})
        held = issue_of(sandbox, issue.key)
        assert held.comments[1].visibility == {"type": "role", "value": "Administrators"}
        comment.update(body="Good day")
        assert held.comments[0].body.wiki == "Good day"
        assert [c.body for c in client.comments(issue)] == ["Good day", "psst"]
        assert client.comment(issue, secret.id).body == "psst"
        assert len(sandbox.get(f"~/issue/{issue.key}/comment", role="reader")["comments"]) == 1
        assert "member" in refused(
            400, client.add_comment, issue, "x", visibility={"type": "group", "value": "nobody-at-all"}
        )
        comment.delete()
        assert [c.id for c in held.comments] == [secret.id]

    def test_attachments(self, client: JIRA, sandbox: Sandbox) -> None:
        issue = client.create_issue(project="FAB", issuetype={"name": "Task"}, summary="files")
        file = client.add_attachment(issue, io.BytesIO(b"\x00\x01bell"), filename="Glocke.bin")
        held = issue_of(sandbox, issue.key)
        assert sandbox.jira.site.attachments[held.attachments[0]].data == b"\x00\x01bell"
        again = client.attachment(file.id)
        assert (again.filename, again.get()) == ("Glocke.bin", b"\x00\x01bell")
        assert client.attachment_meta()["enabled"] is True
        client.delete_attachment(file.id)
        assert held.attachments == []

    def test_worklogs(self, client: JIRA, sandbox: Sandbox) -> None:
        issue = client.create_issue(
            project="FAB", issuetype={"name": "Task"}, summary="work", timetracking={"originalEstimate": "1d"}
        )
        held = issue_of(sandbox, issue.key)
        log = client.add_worklog(issue, timeSpent="2h", comment="drilled")
        assert (held.spent, held.values["timeestimate"]) == (7200, 6 * 3600)
        client.add_worklog(issue, timeSpent="1h", adjustEstimate="new", newEstimate="3h")
        assert (held.spent, held.values["timeestimate"]) == (3 * 3600, 3 * 3600)
        client.add_worklog(issue, timeSpent="1h", adjustEstimate="manual", reduceBy="30m")
        client.add_worklog(issue, timeSpent="1h", adjustEstimate="leave")
        assert (held.spent, held.values["timeestimate"]) == (5 * 3600, 9000)
        log.update(fields={"timeSpent": "3h", "comment": "drilled longer"})
        assert (held.spent, held.values["timeestimate"]) == (6 * 3600, 9000 - 3600)
        assert client.worklog(issue.key, log.id).comment == "drilled longer"
        log.delete(adjustEstimate="manual", increaseBy="1h")
        assert (held.spent, held.values["timeestimate"]) == (3 * 3600, 9000)
        assert len(client.worklogs(issue)) == 3

    def test_links(self, client: JIRA, sandbox: Sandbox) -> None:
        a = client.create_issue(project="FAB", issuetype={"name": "Task"}, summary="a")
        b = client.create_issue(project="FAB", issuetype={"name": "Task"}, summary="b")
        client.create_issue_link("Blocks", a.key, b.key, comment={"body": "because"})
        (link,) = sandbox.jira.site.links_of(issue_of(sandbox, a.key))
        assert (link.source, link.target) == (a.id, b.id)
        assert client.issue_link(link.id).outwardIssue.key == b.key
        assert client.issue(b.key).fields.issuelinks[0].inwardIssue.key == a.key
        client.delete_issue_link(link.id)
        assert sandbox.jira.site.links_of(issue_of(sandbox, a.key)) == []

    def test_remote_links_and_properties(self, client: JIRA, sandbox: Sandbox) -> None:
        issue = client.create_issue(project="FAB", issuetype={"name": "Task"}, summary="out")
        target = {"url": "https://example.com/1", "title": "One"}
        remote = client.add_remote_link(issue, target, globalId="g=1", relationship="causes")
        client.add_simple_link(issue, {"url": "https://example.com/2", "title": "Two"})
        held = issue_of(sandbox, issue.key)
        assert [link.object["title"] for link in held.remote_links] == ["One", "Two"]
        assert client.remote_link(issue, remote.id).globalId == "g=1"
        client.delete_remote_link(issue, global_id="g=1")
        assert [link.title for link in (r.object for r in client.remote_links(issue))] == ["Two"]
        client.delete_remote_link(issue, internal_id=str(held.remote_links[0].id))
        assert held.remote_links == []
        client.add_issue_property(issue, "crosswalk", {"a": [1]})
        assert held.properties == {"crosswalk": {"a": [1]}}
        assert [p.key for p in client.issue_properties(issue)] == ["crosswalk"]
        client.issue_property(issue, "crosswalk").delete()
        assert held.properties == {}

    def test_watchers_and_votes(self, client: JIRA, sandbox: Sandbox) -> None:
        issue = client.create_issue(project="FAB", issuetype={"name": "Task"}, summary="look")
        held = issue_of(sandbox, issue.key)
        client.add_watcher(issue, called(sandbox, "bruno"))
        client.add_watcher(issue, called(sandbox, "alice"))
        assert names(sandbox, held.watchers) == ["bruno", "alice"]
        assert {w.displayName for w in client.watchers(issue).watchers} == {"Bruno Costa", "Alice Ng"}
        client.remove_watcher(issue, called(sandbox, "bruno"))
        assert names(sandbox, held.watchers) == ["alice"]
        refused(404, client.add_vote, issue)  # nobody votes for what they reported
        held.values["reporter"] = person(sandbox, "bruno").key
        client.add_vote(issue)
        assert (client.votes(issue).votes, names(sandbox, held.voters)) == (1, ["alice"])
        client.remove_vote(issue)
        assert held.voters == []


class Administration:
    def test_projects(self, client: JIRA, sandbox: Sandbox) -> None:
        made = client.create_project(
            "BEL", name="Bells", assignee=identity(sandbox, "bruno"), template_name=SCRUM, ptype="software"
        )
        project = sandbox.jira.site.project("BEL")
        assert project is not None
        assert (str(made["id"]), names(sandbox, [project.lead])) == (project.id, ["bruno"])
        assert client.project("BEL").lead.displayName == "Bruno Costa"
        key = client.create_issue(project="BEL", issuetype={"name": "Task"}, summary="first").key
        assert key == "BEL-1"
        assert "BEL board" in [b.name for b in client.boards(projectKeyOrID="BEL")]
        assert "uses this project key" in refused(400, client.create_project, "BEL", name="Other", template_name=SCRUM)
        client.delete_project("BEL")
        left = sandbox.jira.site.project("BEL")
        assert left is None or left.ended is not None, "Cloud has a bin"
        assert "BEL" not in [project.key for project in client.projects()]
        refused(404, client.issue, key)

    def test_versions(self, client: JIRA, sandbox: Sandbox) -> None:
        site = sandbox.jira.site
        one = client.create_version("1.0", "FAB", description="First", startDate="2027-01-01", releaseDate="2027-02-01")
        body = {"name": "2.0", "project": "FAB"}  # the client sleeps a second after each version it creates
        two = client.version(client._session.post(client._get_url("version"), json=body).json()["id"])
        assert (site.versions[one.id].release, site.versions[two.id].released) == ("2027-02-01", False)
        client.move_version(two.id, position="First")
        assert site.projects["10000"].versions[0] == two.id
        client.move_version(two.id, after=client.version(one.id).self)
        assert site.projects["10000"].versions[-2:] == [one.id, two.id]
        client.rename_version("FAB", "1.0", "1.1")
        one.update(released=True)
        assert (site.versions[one.id].name, site.versions[one.id].released) == ("1.1", True)
        issue = client.create_issue(
            project="FAB", issuetype={"name": "Task"}, summary="v", fixVersions=[{"id": two.id}],
            versions=[{"id": two.id}],
        )  # fmt: skip
        assert client.version_count_related_issues(two.id)["issuesFixedCount"] == 1
        assert client.version_count_unresolved_issues(two.id) == 1
        client.version(two.id).delete(moveFixIssuesTo=one.id)
        held = issue_of(sandbox, issue.key)
        assert two.id not in site.versions
        assert (held.values["fixVersions"], held.values["versions"]) == ([one.id], [])

    def test_components(self, client: JIRA, sandbox: Sandbox) -> None:
        site = sandbox.jira.site
        lead = {} if sandbox.flavour == "cloud" else {"leadUserName": "bruno"}
        made = client.create_component("Saddle", "FAB", description="To sit on", assigneeType="PROJECT_LEAD", **lead)
        held = site.components[made.id]
        assert (held.name, held.assignee_type) == ("Saddle", "PROJECT_LEAD")
        made.update(name="Seat")
        assert (held.name, client.component(made.id).name) == ("Seat", "Seat")
        issue = client.create_issue(
            project="FAB", issuetype={"name": "Task"}, summary="c", components=[{"id": made.id}]
        )
        assert client.component_count_related_issues(made.id) == 1
        client.component(made.id).delete(moveIssuesTo="10000")
        assert made.id not in site.components
        assert issue_of(sandbox, issue.key).values["components"] == ["10000"]

    def test_groups_and_roles(self, client: JIRA, sandbox: Sandbox) -> None:
        site = sandbox.jira.site
        assert client.add_group("bell-ringers")
        assert "bell-ringers" in client.groups()
        client.add_user_to_group(
            identity(sandbox, "otto"), "bell-ringers"
        ) if sandbox.flavour == "dc" else sandbox.call(
            "POST", "~/group/user?groupname=bell-ringers", json={"accountId": identity(sandbox, "otto")}
        )
        group = next(g for g in site.groups.values() if g.name == "bell-ringers")
        assert names(sandbox, group.members) == ["otto"]
        assert [m["fullname"] for m in client.group_members("bell-ringers").values()] == ["Otto Aside"]
        # Otto sees nothing until his group fills a role.
        assert sandbox.call("GET", "~/issue/FAB-1", role="outsider").status_code == 404
        role = client.project_role("FAB", "10000")
        role.add_user(groups="bell-ringers")
        assert site.projects["10000"].actors["10000"].groups == [group.id]
        assert sandbox.call("GET", "~/issue/FAB-1", role="outsider").status_code == 200
        group_of_otto(client, sandbox, "DELETE")
        assert sandbox.call("GET", "~/issue/FAB-1", role="outsider").status_code == 404
        assert client.remove_group("bell-ringers")
        assert group.id not in site.groups

    def test_filters(self, client: JIRA, sandbox: Sandbox) -> None:
        made = client.create_filter("Bells", "words", "summary ~ bell", favourite=True)
        held = sandbox.jira.site.filters[made.id]
        assert (held.jql, names(sandbox, held.favourites)) == ("summary ~ bell", ["alice"])
        assert [f.name for f in client.favourite_filters()] == ["Bells"]
        client.update_filter(made.id, name="Loud bells", jql="summary ~ loud", favourite=False)
        assert (held.name, client.filter(made.id).jql) == ("Loud bells", "summary ~ loud")
        refused(400, client.create_filter, "Broken", "", "summary ~~ (")
        client.filter(made.id).delete()
        assert made.id not in sandbox.jira.site.filters

    def test_boards_and_sprints(self, client: JIRA, sandbox: Sandbox) -> None:
        site = sandbox.jira.site
        kept = client.create_filter("Tasks", "", "project = FAB AND issuetype = Task")
        answer = client._session.post(
            f"{sandbox.url}/rest/agile/1.0/board",
            json={"name": "Tasks", "type": "scrum", "filterId": int(kept.id), **_place(sandbox)},
        ).json()
        assert "Tasks" in [board.name for board in client.boards(name="task")]
        sprint = client.create_sprint("Ring", answer["id"], goal="Loud")
        dates = {"startDate": "2026-12-01T09:00:00.000+0000", "endDate": "2026-12-15T09:00:00.000+0000"}
        client.update_sprint(sprint.id, name="Ring", state="active", goal="Loud", **dates)
        held = site.sprints[sprint.id]
        assert (held.state, held.goal) == ("active", "Loud")
        issue = client.create_issue(project="FAB", issuetype={"name": "Task"}, summary="in it")
        client.add_issues_to_sprint(sprint.id, [issue.key])
        assert issue_of(sandbox, issue.key).values["customfield_10020"] == [str(sprint.id)]
        assert [s.name for s in client.sprints(answer["id"], state="active")] == ["Ring"]
        assert client.sprint(sprint.id).state == "active"
        client.move_to_backlog([issue.key])
        assert issue_of(sandbox, issue.key).values["customfield_10020"] is None
        client.rank(issue.key, next_issue="FAB-1")
        assert issue_of(sandbox, issue.key).rank < issue_of(sandbox, "FAB-1").rank
        client.update_sprint(sprint.id, name="Ring", state="closed", **dates)
        assert held.state == "closed"
        next(board for board in client.boards() if board.id == answer["id"]).delete()
        assert answer["id"] not in site.boards
        assert [board.name for board in client.boards(projectKeyOrID="FAB")] == ["FAB board"]

    def test_schemes(self, client: JIRA) -> None:
        assert [s["name"] for s in client.permissionschemes()] == ["Default Permission Scheme"]
        assert [s["name"] for s in client.issuesecurityschemes()] == ["Default"]
        assert client.notificationschemes()
        assert client.project_permissionscheme("FAB").name == "Default Permission Scheme"
        assert client.project_notification_scheme("FAB").name == "Default Notification Scheme"
        assert client.avatars("project")

    def test_settings(self, client: JIRA, sandbox: Sandbox) -> None:
        assert client.application_properties("jira.title")["value"] == "Fable Jira"
        client.set_application_property("jira.clone.prefix", "COPY -")
        assert sandbox.jira.site.properties["site", ""]["jira.clone.prefix"] == "COPY -"


def group_of_otto(client: JIRA, sandbox: Sandbox, method: str) -> None:
    """Otto joins or leaves. The client names people by `username` only, so Cloud is asked through its session."""
    if sandbox.flavour == "dc":
        act = client.add_user_to_group if method == "POST" else client.remove_user_from_group
        assert act("otto", "bell-ringers")
        return
    whom = {"accountId": identity(sandbox, "otto")}
    more = {"json": whom} if method == "POST" else {"params": whom}
    client._session.request(method, f"{sandbox.url}/rest/api/2/group/user?groupname=bell-ringers", **more)


def _place(sandbox: Sandbox) -> dict[str, Any]:
    location = {"type": "project", "projectKeyOrId": "FAB"}
    return {"location": location} if sandbox.flavour == "cloud" else {}


class Rights:
    def test_reader(self, reader: JIRA, sandbox: Sandbox) -> None:
        """Dana may look and no more."""
        before = sandbox.get("/_sandbox/state")
        assert reader.issue("FAB-2").fields.summary
        assert [p.key for p in reader.projects()] == ["FAB"]
        refused(400, reader.create_issue, project="FAB", issuetype={"name": "Task"}, summary="x")
        refused(400, reader.issue("FAB-2").update, summary="mine")
        refused(400, reader.add_comment, "FAB-2", "hello")
        assert reader.transitions("FAB-2") == []
        refused(403, reader.add_attachment, "FAB-2", io.BytesIO(b"x"), filename="x")
        refused(400 if sandbox.flavour == "cloud" else 403, reader.add_worklog, "FAB-2", timeSpent="1h")
        refused(403, reader.issue("FAB-2").delete)
        refused(401, reader.create_issue_link, "Blocks", "FAB-2", "FAB-3")
        refused(404 if sandbox.flavour == "cloud" else 403, reader.create_version, "x", "FAB")
        refused(403, reader.create_component, "x", "FAB")
        refused(404, reader.project_role, "FAB", "10002")
        refused(403, reader.add_group, "x")
        refused(403, reader.create_sprint, "x", 1)
        refused(403, next(b for b in reader.boards() if b.id == 1).delete)
        refused(403 if sandbox.flavour == "cloud" else 401, reader.add_watcher, "FAB-2", called(sandbox, "bruno"))
        assert reader.watchers("FAB-2").watchers == []
        assert sandbox.get("/_sandbox/state") == before

    def test_outsider(self, outsider: JIRA) -> None:
        """Otto is somebody, and sees nothing."""
        assert outsider.projects() == []
        assert "does not exist" in refused(404, outsider.issue, "FAB-2").lower()
        refused(404, outsider.project, "FAB")
        refused(404, outsider.comments, "FAB-2")
        assert outsider.boards() == []
        refused(404, outsider.sprints, 1)
        refused(403, outsider.group_members, "jira-administrators")
