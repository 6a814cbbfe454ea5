"""One of every event, played on a sandbox, and the bodies it sent: what the tests of hooks look at."""

from __future__ import annotations

from typing import Any

from crosswalk_sandbox.jira.catalogue import TYPE
from crosswalk_sandbox.jira.state import Named

from .play import Receiver, Sandbox

Body = dict[str, Any]


class Story:
    """Plays steps by name and keeps what was sent in each."""

    def __init__(self, sandbox: Sandbox, receiver: Receiver) -> None:
        self.sandbox, self.receiver = sandbox, receiver
        self.sent: dict[str, list[Body]] = {}

    def step(self, name: str, method: str, path: str, **more: Any) -> Any:
        """One request and the bodies it sent; its answer's JSON, if any."""
        self.sandbox.clock.advance(2)  # an issue takes 20 writes in two seconds and no more
        answer = self.sandbox.call(method, path, **more)
        assert answer.status_code < 300, f"{name}: {answer.status_code} {answer.text}"
        assert self.sandbox.courier.settle()
        self.sent[name] = [hook.body for hook in self.receiver.got]
        self.receiver.got.clear()
        return answer.json() if answer.content else None

    def edit(self, name: str, key: str, **fields: Any) -> None:
        self.step(name, "PUT", f"~/issue/{key}", json={"fields": fields})

    def move(self, name: str, key: str, transition: str, **more: Any) -> None:
        self.step(name, "POST", f"~/issue/{key}/transitions", json={"transition": {"id": transition}, **more})

    def one(self, step: str, event: str = "") -> Body:
        """The only body of a step, or the only one of this event."""
        found = [body for body in self.sent[step] if not event or body["webhookEvent"] == event]
        assert len(found) == 1, f"{step}: {[body['webhookEvent'] for body in self.sent[step]]}"
        return found[0]


def person(sandbox: Sandbox, name: str) -> Body:
    found = next(p for p in sandbox.jira.site.people.values() if p.name == name)
    return {"accountId": found.account_id} if sandbox.flavour == "cloud" else {"name": found.name}


def play_all(sandbox: Sandbox) -> Story:
    """Every event that REST and the control API can cause."""
    with Receiver() as receiver:
        sandbox.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        story = Story(sandbox, receiver)
        for part in (_issues, _of_kinds, _parts, _versions, _administration):
            part(story)
        return story


def _new(story: Story, name: str, **fields: Any) -> str:
    wire = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": "A bell", **fields}
    return str(story.step(name, "POST", "~/issue", json={"fields": wire})["key"])


def _issues(story: Story) -> None:
    sandbox, text = story.sandbox, story.sandbox.text
    _new(story, "created bare")
    _new(story, "created", description=text("Hello"))
    many = {
        "description": text("Hello"),
        "priority": {"id": "2"},
        "fixVersions": [{"id": "10000"}],
        "assignee": person(sandbox, "bruno"),
        "customfield_10030": {"id": "10100"},
        "customfield_10031": [{"id": "10110"}],
    }
    key = _new(story, "created with many", **many)
    story.edit("renamed", key, summary="Other")
    story.edit("described", key, description=text("Hi"))
    story.edit("labels", key, labels=["b", "c"])
    story.edit("priority", key, priority={"id": "1"})
    story.edit("fix version", key, fixVersions=[{"id": "10001"}])
    story.edit("components", key, components=[{"name": "App"}])
    story.edit("type", key, issuetype={"name": "Task"})
    story.edit("type and name", key, issuetype={"name": "Story"}, summary="Yet another")
    story.edit("number", key, customfield_10016=3)
    story.edit("number again", key, customfield_10016=5)
    story.edit("text", key, customfield_10032=text("Done when it is round"))
    story.edit("two custom fields", key, customfield_10016=8, customfield_10032=text("Done when it rings"))
    story.edit("nobody", key, assignee=None)
    story.edit("emptied", key, customfield_10032=None)
    story.edit("three fields", key, fixVersions=[{"id": "10000"}, {"id": "10001"}],
               assignee=person(sandbox, "bruno"), customfield_10032=text("Twice"))  # fmt: skip
    story.edit("sprint", key, customfield_10020=1)
    story.edit("other sprint", key, customfield_10020=2)
    story.step("nobody again", "PUT", f"~/issue/{key}/assignee", json={"name": None, "accountId": None})
    story.step("assigned", "PUT", f"~/issue/{key}/assignee", json=person(sandbox, "bruno"))
    story.step("assigned again", "PUT", f"~/issue/{key}/assignee", json=person(sandbox, "bruno"))
    story.step("ranked", "PUT", "/rest/agile/1.0/issue/rank", json={"issues": [key], "rankBeforeIssue": "FAB-1"})
    story.move("started", key, "21")
    story.move("reviewed", key, "31")
    story.move("resolved", key, "41")
    story.move("reopened", key, "11")
    story.move("closed", key, "51", fields={"resolution": {"name": "Done"}})
    story.step("deleted", "DELETE", f"~/issue/{key}")
    timed = _new(story, "created with time", timetracking={"remainingEstimate": "1w"})
    story.step("worked first", "POST", f"~/issue/{timed}/worklog", json={"timeSpent": "1d"})
    story.move("started with time", timed, "21")
    story.move("reviewed with time", timed, "31")
    story.move("resolved with time", timed, "41")
    story.move("reopened with time", timed, "11")
    story.move("closed with time", timed, "51", fields={"resolution": {"name": "Done"}})


KINDS: dict[str, Any] = {
    "textfield": "One",
    "url": "https://example.com/",
    "float": 23,
    "datepicker": "2019-08-12",
    "datetime": "2019-08-29T12:40:00.000-0700",
    "labels": ["b", "a"],
    "select": {"value": "A"},
    "radiobuttons": {"id": "1"},
    "multiselect": [{"value": "B"}, {"value": "A"}],
    "multicheckboxes": [{"id": "2"}],
    "cascadingselect": {"value": "A", "child": {"value": "A1"}},
    "userpicker": "bruno",
    "project": {"key": "FAB"},
    "multigrouppicker": [{"name": "jira-administrators"}],
}
"""A value of each kind of custom field."""


def _of_kinds(story: Story) -> None:
    """An issue with a value of each kind of custom field, each named after its kind."""
    sandbox, fields = story.sandbox, {}
    for kind, value in KINDS.items():
        made = sandbox.call("POST", "~/field", json={"name": kind, "type": TYPE + kind}).json()["id"]
        sandbox.jira.site.screens["1"].fields.append(made)
        if kind not in ("labels", "userpicker"):
            sandbox.jira.site.fields[made].options = [Named("1", "A"), Named("2", "B"), Named("1/3", "A1")]
        fields[made] = person(sandbox, value) if kind == "userpicker" else value
    _new(story, "created with kinds", **fields)


def _parts(story: Story) -> None:
    text = story.sandbox.text
    key = _new(story, "with parts", description=text("Hello"), assignee=person(story.sandbox, "bruno"))
    made = story.step("commented", "POST", f"~/issue/{key}/comment", json={"body": text("Hi")})
    story.step("comment edited", "PUT", f"~/issue/{key}/comment/{made['id']}", json={"body": text("Ho")})
    story.step("comment deleted", "DELETE", f"~/issue/{key}/comment/{made['id']}")
    story.step("commented once more", "POST", f"~/issue/{key}/comment", json={"body": text("Stays")})
    files = {"file": ("a.png", b"hi", "image/png")}
    no_check = {"X-Atlassian-Token": "no-check"}
    (file,) = story.step("attached", "POST", f"~/issue/{key}/attachments", files=files, headers=no_check)
    story.step("attached twice", "POST", f"~/issue/{key}/attachments", files=files, headers=no_check)
    story.step("file deleted", "DELETE", f"~/attachment/{file['id']}")
    log = story.step("worked", "POST", f"~/issue/{key}/worklog", json={"timeSpent": "1w"})
    story.step("work edited", "PUT", f"~/issue/{key}/worklog/{log['id']}", json={"timeSpent": "4d"})
    story.step("work deleted", "DELETE", f"~/issue/{key}/worklog/{log['id']}")
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": key}, "outwardIssue": {"key": "FAB-1"}}
    story.step("linked", "POST", "~/issueLink", json=link)
    (held,) = story.sandbox.get(f"~/issue/{key}", params={"fields": "issuelinks"})["fields"]["issuelinks"]
    story.step("unlinked", "DELETE", f"~/issueLink/{held['id']}")
    story.step("linked again", "POST", "~/issueLink", json=link)
    story.step("property set", "PUT", f"~/issue/{key}/properties/sync", json={"token": "t"})
    story.step("property deleted", "DELETE", f"~/issue/{key}/properties/sync")
    story.step("deleted with parts", "DELETE", f"~/issue/{key}")


def _versions(story: Story) -> None:
    def new(name: str, version: str) -> str:
        wire = {"name": version, "projectId": 10000, "releaseDate": "2027-02-01"}
        return str(story.step(name, "POST", "~/version", json=wire)["id"])

    first, second, third = new("version", "V"), new("version 2", "W"), new("version 3", "X")
    story.step("version changed", "PUT", f"~/version/{first}", json={"name": "V1"})
    story.step("version archived", "PUT", f"~/version/{first}", json={"archived": True})
    story.step("version released", "PUT", f"~/version/{first}", json={"released": True})
    story.step("version unreleased", "PUT", f"~/version/{first}", json={"released": False})
    story.step("version moved", "POST", f"~/version/{first}/move", json={"position": "First"})
    story.step("version merged", "PUT", f"~/version/{first}/mergeto/{second}")
    story.step("version deleted", "POST", f"~/version/{second}/removeAndSwap", json={})
    assert third


def _administration(story: Story) -> None:
    cloud = story.sandbox.flavour == "cloud"
    wire = {"emailAddress": "erin@example.com", "name": "erin", "displayName": "Erin Sol", "products": []}
    made = story.step("user", "POST", "~/user", json=wire)
    story.step("user renamed", "POST", "/_sandbox/people/erin", json={"displayName": "Erin Soleil"})
    query = {"accountId": made["accountId"]} if cloud else {"username": "erin"}
    story.step("user deleted", "DELETE", "~/user", params=query)
    option = "~/application-properties/jira.option.voting"
    story.step("option", "PUT", option, json={"id": "jira.option.voting", "value": "false"})
    lead = person(story.sandbox, "alice")
    wire = {"key": "NEW", "name": "New", "projectTypeKey": "software", "leadAccountId": lead.get("accountId")}
    wire = {**wire, "lead": lead.get("name")} if not cloud else wire
    story.step("project", "POST", "~/project", json={k: v for k, v in wire.items() if v})
    story.step("project changed", "PUT", "~/project/NEW", json={"name": "Newer"})
    story.step("project deleted", "DELETE", "~/project/NEW", params={"enableUndo": "false"} if cloud else {})
    board = story.step("board", "POST", "/rest/agile/1.0/board", json=_board(story))["id"]
    story.step("board renamed", "POST", f"/_sandbox/boards/{board}", json={"name": "Workshop"})
    sprint = {"name": "Bells", "originBoardId": board, "goal": "Ring"}
    number = story.step("sprint", "POST", "/rest/agile/1.0/sprint", json=sprint)["id"]
    own = f"/rest/agile/1.0/sprint/{number}"
    story.step("sprint changed", "POST", own, json={"name": "Louder bells"})
    days = {"startDate": "2026-12-01T09:00:00.000+0000", "endDate": "2026-12-14T09:00:00.000+0000"}
    story.step("sprint started", "POST", own, json={"state": "active", **days})
    story.step("sprint closed", "POST", own, json={"state": "closed"})
    story.step("sprint deleted", "DELETE", own)
    story.step("board set up", "POST", f"/_sandbox/boards/{board}", json={"type": "kanban"})
    story.step("board deleted", "DELETE", f"/rest/agile/1.0/board/{board}")


def _board(story: Story) -> Body:
    wire = {"name": "F", "jql": "project = FAB", "sharePermissions": [{"type": "project", "project": {"id": "10000"}}]}
    made = story.sandbox.call("POST", "~/filter", json=wire).json()
    place = {"type": "project", "projectKeyOrId": "FAB"}
    return {"name": "Bells", "type": "scrum", "filterId": int(made["id"]), "location": place}
