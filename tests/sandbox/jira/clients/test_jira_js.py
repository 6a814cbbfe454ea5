"""The npm client `jira.js` (Version2Client, Version3Client, AgileClient) works unchanged against the stand-in Cloud.

js/probe.cjs makes the calls and reports; here the report is held against the sandbox's state. `./run test` and
`./run clients` install Node and the client.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.left_out import left_out

from ..play import Sandbox, playing
from .state import issue_of, names, person

HERE = Path(__file__).parent / "js"


@dataclass
class Report:
    sandbox: Sandbox
    version: int
    facts: dict[str, Any]
    failed: dict[str, str]

    def held(self, step: str) -> Any:
        """What the client got in a step, and the issue it made there."""
        return self.facts[step], issue_of(self.sandbox, self.facts[step]["key"])


def _node() -> str:
    """Node's path; without it, or without the client, the tests are left out loudly, and fail under CI."""
    node, modules = shutil.which("node"), HERE / "node_modules" / "jira.js"
    if node is not None and modules.exists():
        return node
    missing = "Node" if node is None else "an installed jira.js"
    raise left_out("every test of the client jira.js", f"there is no {missing}", "./run clients")


@pytest.fixture(scope="module", params=[2, 3])
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    node = _node()
    with playing("cloud") as sandbox:
        people = {p.name: p.account_id for p in sandbox.jira.site.people.values()}
        given = {"url": sandbox.url, "version": request.param, "people": people, "me": sandbox.auth()}
        given |= {role: sandbox.auth(role) for role in ("reader", "outsider")}
        done = subprocess.run(
            [node, "probe.cjs"],
            cwd=HERE,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        yield Report(sandbox, request.param, **json.loads(done.stdout))


def test_every_call_is_understood(report: Report) -> None:
    assert report.failed == {}
    assert len(report.facts) >= 30


def test_reading(report: Report) -> None:
    facts, site = report.facts, report.sandbox.jira.site
    assert facts["server"] == "Cloud"
    assert facts["myself"] == person(report.sandbox, "alice").account_id
    assert facts["permissions"] == [False, True]
    assert facts["projects"] == ["FAB", "OPS"]
    assert facts["types"] == ["Epic", "Story", "Task", "Bug", "Sub-task"]
    assert facts["createmeta"] == ["issuetype", "project", "reporter", "summary"]
    assert facts["editmeta"] == ["add", "set", "remove"]
    lists = facts["lists"]
    assert lists["priorities"] == list(site.priorities)
    assert lists["resolutions"] == list(site.resolutions)
    assert lists["statuses"] == list(site.statuses)
    assert lists["found"] == ["In Review"]
    assert set(lists["categories"]) == {"undefined", "new", "indeterminate", "done"}
    assert set(lists["links"]) <= set(site.link_types)
    assert lists["labels"] == ["lighting"]
    assert "customfield_10030" in lists["fields"]
    assert facts["people"] == {
        "search": ["Chandra Iyer"],
        "assignable": ["Bruno Costa"],
        "picker": ["Dana Weiss"],
        "groups": ["jira-administrators", "jira-software-users"],
    }


def test_issues(report: Report) -> None:
    sandbox = report.sandbox
    made, held = report.held("create")
    assert (made["summary"], made["parent"], made["refused"]) == ("A loud bell", "FAB-1", 400)
    assert {"summary", "labels", "Component", "assignee"} <= set(made["changed"])
    assert (held.values["labels"], held.values["components"]) == (["b"], ["10000", "10001"])
    assert (held.values["customfield_10016"], held.values["customfield_10030"]) == (3.0, "10102")
    assert names(sandbox, [held.values["assignee"]]) == ["bruno"]
    assert held.values["description"].wiki == "Ding"
    bulk = report.facts["bulk"]
    assert (bulk["made"], bulk["errors"]) == (1, 1)
    assert issue_of(sandbox, bulk["part"]).values["parent"] == issue_of(sandbox, bulk["parent"]).id
    walked, held = report.held("transitions")
    assert (walked["required"], walked["refused"]) == (True, 400)
    assert (held.status, held.values["fixVersions"]) == ("10002", ["10001"])
    assert sandbox.jira.site.issue(report.facts["delete"]["key"]) is None
    assert report.facts["delete"]["then"] == 404


def test_parts_of_issues(report: Report) -> None:
    sandbox, site = report.sandbox, report.sandbox.jira.site
    talk, held = report.held("comments")
    assert [(c.body.wiki, bool(c.visibility)) for c in held.comments] == [("Good day", False), ("psst", True)]
    assert (talk["left"], talk["byId"], talk["keys"]) == (2, [talk["first"]], 1)
    files, held = report.held("attachments")
    assert held.attachments == [files["id"]]
    assert (files["bytes"], files["size"]) == ([0, 1], 2)
    assert (site.attachments[files["id"]].filename, site.attachments[files["id"]].data) == ("bell1.bin", b"\x00\x01")
    work, held = report.held("worklogs")
    assert (work["seconds"], held.spent, held.values["timeestimate"]) == ([3600, 3600], 7200, 4 * 3600)
    links = report.facts["links"]
    a, b = issue_of(sandbox, links["a"]), issue_of(sandbox, links["b"])
    assert links["ends"] == 2
    assert [(link.source, link.target) for link in site.links_of(a)] == [(a.id, b.id)]
    assert [link.global_id for link in a.remote_links] == ["g-2"]
    assert a.properties == {"crosswalk": {"n": 1}}
    look, held = report.held("watchers")
    assert (look["count"], look["vote"], names(sandbox, held.watchers)) == (1, 404, ["bruno"])


def test_search(report: Report) -> None:
    found = report.facts["search"]
    assert found["keys"] == [f"FAB-{n}" for n in sorted(int(key[4:]) for key in found["keys"])]
    assert len(found["keys"]) == found["count"] > 10
    assert found["wrong"] == 400


def test_administration_of_projects(report: Report) -> None:
    sandbox, site = report.sandbox, report.sandbox.jira.site
    tone, held = report.held("fields")
    assert tone["options"] == ["Soft", "Clear", "Dull"]
    assert tone["dull"] == 400
    chosen = next(o.name for o in site.fields[tone["id"]].options if o.id == held.values[tone["id"]])
    assert chosen == "Clear"
    versions, held = report.held("versions")
    assert (versions["first"], versions["unresolved"]) == (versions["gone"][0], 1)
    assert held.values["fixVersions"] == [versions["one"], "10001"]
    assert not set(versions["gone"]) & set(site.versions)
    assert (site.versions[versions["one"]].released, site.versions[versions["one"]].release) == (True, "2027-02-01")
    seat, held = report.held("components")
    assert (site.components[seat["id"]].name, held.values["components"], seat["count"]) == ("Seat", [seat["id"]], 1)
    assert seat["gone"] not in site.components
    made = report.facts["project"]
    project = site.projects[made["id"]]
    assert (project.key, project.description, made["taken"]) == ("BEL", "Dong", 400)
    assert (names(sandbox, [project.lead]), project.category) == (["bruno"], made["category"])
    assert site.properties["project", project.id] == {"p": {"n": 1}}
    assert [b.kind for b in site.boards.values() if b.project == project.id] == ["scrum"]


def test_administration_of_people_and_views(report: Report) -> None:
    sandbox, site = report.sandbox, report.sandbox.jira.site
    ringers = report.facts["groups"]
    assert names(sandbox, site.groups[ringers["id"]].members) == ["otto"]
    assert (ringers["members"], ringers["found"]) == ([person(sandbox, "otto").account_id], 1)
    assert ringers["look"] == [404, 0, 404]
    kept = report.facts["filters"]
    held = site.filters[kept["id"]]
    assert (held.name, held.jql, kept["jql"]) == ("Loud bells", "summary ~ loud", "summary ~ loud")
    assert ([s.kind for s in held.shares], kept["favourites"]) == (["project"], [kept["id"]])
    board = report.facts["boards"]
    inside, outside = issue_of(sandbox, board["key"]), issue_of(sandbox, board["out"])
    assert (site.boards[board["board"]].name, site.sprints[board["sprint"]].state) == ("Tasks", "active")
    assert (board["inSprint"], board["sprints"], board["waits"]) == ([board["key"]], [board["sprint"]], True)
    assert inside.values["customfield_10020"] == [str(board["sprint"])]
    assert inside.values["parent"] == issue_of(sandbox, "FAB-1").id
    assert inside.rank < outside.rank < issue_of(sandbox, "FAB-1").rank
    assert outside.values["customfield_10016"] == 8.0
    assert (board["epic"], board["columns"]) == ("FAB-1", ["To Do", "In Progress", "Done"])
    dashboard = report.facts["dashboard"]
    assert [(g.id, g.color) for g in site.dashboards[dashboard["id"]].gadgets] == [(dashboard["gadget"], "green")]
    assert report.facts["hooks"] == {"listed": 1, "app": 403}
    assert site.subscriptions == {}


def test_rights(report: Report) -> None:
    """Dana may look and no more; Otto is somebody, and sees nothing."""
    reader = report.facts["reader"]
    assert reader.pop("reads") == "FAB-2"
    assert reader == {
        "create": 400, "edit": 400, "delete": 403, "comment": 400, "worklog": 400, "watcher": 403, "version": 404,
        "group": 403, "project": 403, "field": 400, "sprint": 403,
    }  # fmt: skip
    reader["reads"] = "FAB-2"
    assert report.facts["outsider"] == {"projects": 0, "issue": 404, "project": 404, "boards": 0, "found": 0}
