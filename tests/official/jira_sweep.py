"""A call of every endpoint of the Jira sandboxes, with sensible arguments, in an order in which each one succeeds.

Reads need no row: those without one are made from their template. A new endpoint that writes wants a row in `WRITES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crosswalk_sandbox.jira.app import ENDPOINTS
from crosswalk_sandbox.jira.web import Endpoint
from tests.sandbox.jira.play import Sandbox

Json = Any
TEXT = "(long text in the format of the API)"
TOKEN = {"X-Atlassian-Token": "no-check"}
ISSUE = "api/X/issue/{issueIdOrKey}"
TAB = "api/X/screens/{screenId}/tabs/{tabId}/fields"

PLACES = {
    "issueIdOrKey": "FAB-2",
    "projectIdOrKey": "FAB",
    "issueTypeId": "10001",
    "issueLinkTypeId": "10000",
    "idOrName": "Done",
    "boardId": "1",
    "sprintId": "1",
    "screenId": "1",
    "tabId": "10001",
    "propertyKey": "x",
    "fieldId": "@field",
    "linkId": "@remotelink",
    "moveIssuesTo": "10001",
}
"""What stands for a part of a path; "@name" is what an earlier row kept under that name."""

IDS = {
    "version": "10001",
    "component": "10000",
    "issuetype": "10001",
    "comment": "@comment",
    "worklog": "@worklog",
    "attachment": "@attachment",
    "content": "@attachment",
    "webhook": "@webhook",
    "webhooks": "@webhook",
    "fields": "@field",
}
"""What stands for `{id}` behind such a part."""

QUERIES = {
    "api/X/mypermissions": "permissions=BROWSE_PROJECTS,EDIT_ISSUES,ADMINISTER&projectKey=FAB",
    "api/X/user/search": "query=alice&username=alice",
    "api/X/user/assignable/search": "query=alice&username=alice&project=FAB",
    "api/X/user/picker": "query=alice",
    "api/X/issuetype/project": "projectId=10000",
    "api/X/search/jql": "jql=project%3DFAB&fields=*all",
    "api/X/search": "jql=project%3DFAB&fields=*all",
    "api/X/project/search": "expand=lead,issueTypes,description",
    ISSUE: "expand=changelog,renderedFields,names,schema,transitions,editmeta&properties=*all",
    f"{ISSUE}/transitions": "expand=transitions.fields",
}
"""What a read wants in its query."""

NO_SUCCESS = {
    ("GET", "api/X/search", "cloud"): 410,
    ("POST", "api/X/search", "cloud"): 410,
    ("GET", "api/X/webhook", "cloud"): 403,
    ("POST", "api/X/webhook", "cloud"): 403,
}
"""Endpoints that answer everybody with a refusal: searches are gone, and dynamic webhooks are for apps."""


@dataclass(frozen=True)
class Write:
    """One call. `keep`: the answer's id (or key) is kept under this name; `of` replaces parts of the path."""

    method: str
    template: str
    body: Json = None
    keep: str = ""
    of: dict[str, str] = field(default_factory=dict)
    query: str = ""
    files: Json = None


def issue(summary: str) -> Json:
    """The body of a create."""
    return {
        "fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": summary, "description": TEXT}
    }


URL_FIELD = "com.atlassian.jira.plugin.system.customfieldtypes:url"
REMOTE = {"globalId": "g-1", "object": {"url": "https://example.com", "title": "T"}}
HOOK = {"name": "H", "url": "https://example.com/hook", "events": ["jira:issue_updated"]}
HOOK_DC = {**HOOK, "configuration": {}}

FIRST = (
    Write("POST", "api/X/issue", issue("first"), "issue"),
    Write("POST", "api/X/issue/bulk", {"issueUpdates": [issue("second"), {}]}),
    Write("POST", "api/X/issue/bulkfetch", {"issueIdsOrKeys": ["FAB-1", "FAB-2", "NOPE-1"], "fields": ["*all"]}),
    Write("PUT", ISSUE, {"fields": {"summary": "Other", "timetracking": {"originalEstimate": "2d"}}}),
    Write("PUT", f"{ISSUE}/assignee", {"accountId": None, "name": None}),
    Write("POST", f"{ISSUE}/transitions", {"transition": {"id": "21"}}, of={"issueIdOrKey": "FAB-3"}),
    Write("POST", "api/X/changelog/bulkfetch", {"issueIdsOrKeys": ["FAB-2", "FAB-3"]}),
    Write("POST", f"{ISSUE}/comment", {"body": TEXT}, "comment"),
    Write("PUT", f"{ISSUE}/comment/{{id}}", {"body": TEXT}),
    Write("POST", f"{ISSUE}/worklog", {"timeSpent": "1h 30m", "comment": TEXT}, "worklog"),
    Write("PUT", f"{ISSUE}/worklog/{{id}}", {"timeSpent": "2h"}),
    Write("POST", f"{ISSUE}/attachments", files={"file": ("a.txt", b"hi", "text/plain")}, keep="attachment"),
    Write("PUT", f"{ISSUE}/properties/{{propertyKey}}", {"a": 1}),
    Write("POST", f"{ISSUE}/remotelink", REMOTE, "remotelink"),
    Write("PUT", f"{ISSUE}/remotelink/{{linkId}}", REMOTE),
    Write(
        "POST",
        "api/X/issueLink",
        {"type": {"name": "Blocks"}, "inwardIssue": {"key": "FAB-2"}, "outwardIssue": {"key": "FAB-4"}},
    ),
    Write("POST", "api/X/version", {"name": "V", "projectId": 10000, "releaseDate": "2027-01-01"}, "version"),
    Write("PUT", "api/X/version/{id}", {"description": "d"}, of={"id": "@version"}),
    Write("POST", "api/X/version", {"name": "W", "projectId": 10000}, "merged"),
    Write("PUT", "api/X/version/{id}/mergeto/{moveIssuesTo}", of={"id": "@merged"}),
    Write("POST", "api/X/version/{id}/removeAndSwap", {}, of={"id": "@version"}),
    Write("POST", "api/X/version", {"name": "X", "projectId": 10000}, "version"),
    Write("DELETE", "api/X/version/{id}", of={"id": "@version"}),
    Write(
        "POST", "api/X/field", {"name": "N", "type": "com.atlassian.jira.plugin.system.customfieldtypes:url"}, "field"
    ),
    Write("POST", "api/X/screens/addToDefault/{fieldId}"),
    Write("DELETE", f"{TAB}/{{id}}"),
    Write("POST", TAB, {"fieldId": "@field"}),
    Write("POST", "api/X/search/jql", {"jql": "project = FAB", "fields": ["*all"]}),
    Write("POST", "api/X/search", {"jql": "project = FAB", "fields": ["*all"]}),
    Write("POST", "api/X/search/approximate-count", {"jql": "project = FAB"}),
    Write("POST", "api/X/jql/parse", {"queries": ["project = FAB", "project ="]}),
    Write("PUT", "agile/1.0/issue/rank", {"issues": ["FAB-4"], "rankBeforeIssue": "FAB-2"}),
    Write("POST", "webhooks/1.0/webhook", HOOK, "webhook"),
    Write("PUT", "webhooks/1.0/webhook/{id}", HOOK),
    Write("POST", "jira-webhook/1.0/webhooks", HOOK_DC, "webhook"),
    Write("PUT", "jira-webhook/1.0/webhooks/{id}", HOOK_DC),
    Write("POST", "api/X/webhook", {"url": "https://example.com", "webhooks": []}),
)
"""Before the reads."""

LAST = (
    Write("DELETE", "webhooks/1.0/webhook/{id}"),
    Write("DELETE", "jira-webhook/1.0/webhooks/{id}"),
    Write("DELETE", f"{ISSUE}/remotelink/{{linkId}}"),
    Write("POST", f"{ISSUE}/remotelink", REMOTE, "remotelink"),
    Write("DELETE", f"{ISSUE}/remotelink", query="globalId=g-1"),
    Write("DELETE", "api/X/issueLink/{linkId}", of={"linkId": "@issuelink"}),
    Write("DELETE", f"{ISSUE}/properties/{{propertyKey}}"),
    Write("DELETE", f"{ISSUE}/comment/{{id}}"),
    Write("DELETE", f"{ISSUE}/worklog/{{id}}"),
    Write("DELETE", "api/X/attachment/{id}"),
    Write("DELETE", ISSUE, of={"issueIdOrKey": "@issue"}),
)
"""After the reads."""


class Sweep:
    """Calls everything on one sandbox, by one version of the API."""

    def __init__(self, sandbox: Sandbox, api: str) -> None:
        self.sandbox, self.api = sandbox, api
        self.kept: dict[str, str] = {}
        self.wrong: list[str] = []

    def run(self) -> list[str]:
        """Every call; what did not succeed."""
        here = {(e.method, e.template) for e in ENDPOINTS if self.sandbox.flavour in e.on}
        for write in FIRST:
            if (write.method, write.template) in here:
                self.call(write)
        self.sandbox.clock.advance(10)
        for endpoint in ENDPOINTS:
            if endpoint.method == "GET" and self.sandbox.flavour in endpoint.on:
                self.read(endpoint)
        for write in LAST:
            if (write.method, write.template) in here:
                self.call(write)
        return self.wrong

    def read(self, endpoint: Endpoint) -> None:
        """One read, by its template; downloads by the addresses the answers give."""
        if endpoint.template.startswith(("media/", "secure/")):
            return
        of = {"linkId": "@issuelink"} if endpoint.template == "api/X/issueLink/{linkId}" else {}
        if of and "issuelink" not in self.kept:
            found = self.sandbox.get(self.path(Write("GET", ISSUE)))["fields"]["issuelinks"]
            self.kept["issuelink"] = found[0]["id"]
        query = QUERIES.get(endpoint.template, "")
        if endpoint.template in ("api/X/user", "api/X/user/bulk"):
            me = self.sandbox.get(f"/rest/api/{self.api}/myself")
            query = f"accountId={me['accountId']}" if self.sandbox.flavour == "cloud" else f"username={me['name']}"
        self.call(Write("GET", endpoint.template, of=of, query=query))

    def call(self, write: Write) -> None:
        """One call; it has to succeed."""
        try:
            path = self.path(write)
        except KeyError as missing:
            self.wrong.append(f"{write.method} {write.template}: nothing stands for {missing}")
            return
        more: dict[str, Any] = {"files": write.files, "headers": TOKEN} if write.files else {}
        if write.body is not None:
            more["json"] = self.filled(write.body)
        answer = self.sandbox.call(write.method, path + (f"?{write.query}" if write.query else ""), **more)
        wanted = NO_SUCCESS.get((write.method, write.template, self.sandbox.flavour))
        good = answer.status_code == wanted if wanted else answer.status_code < 400
        if not good:
            self.wrong.append(f"{write.method} {path}: {answer.status_code} {answer.text[:300]}")
        elif write.keep:
            body = answer.json()
            body = body[0] if isinstance(body, list) else body
            self.kept[write.keep] = str(body.get("id") or body["self"].rpartition("/")[2])

    def path(self, write: Write) -> str:
        """The path of a call."""
        parts: list[str] = []
        for part in write.template.split("/"):
            name = part.strip("{}")
            text = part
            if part.startswith("{"):
                text = write.of.get(name) or (IDS[parts[-1]] if name == "id" else PLACES[name])
            parts.append(self.kept[text[1:]] if text.startswith("@") else text)
        return "/rest/" + "/".join(self.api if part == "X" else part for part in parts)

    def filled(self, body: Json) -> Json:
        """A body with its text in the format of the API, and with what was kept."""
        if isinstance(body, dict):
            return {key: self.filled(value) for key, value in body.items()}
        if isinstance(body, list):
            return [self.filled(value) for value in body]
        if body == TEXT:
            return "Hello" if self.api == "2" else self.sandbox.text("Hello")
        return self.kept[body[1:]] if isinstance(body, str) and body.startswith("@") else body
