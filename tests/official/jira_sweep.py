"""A call of every endpoint of the Jira sandboxes, with sensible arguments, in an order in which each one succeeds.

Reads need no row: those without one are made from their template. A new endpoint that writes wants a row in `WRITES`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import httpx2

from crosswalk_sandbox.jira.app import ENDPOINTS
from crosswalk_sandbox.jira.web import Endpoint
from tests.sandbox.jira.play import Sandbox

Json = Any
TEXT = "(long text in the format of the API)"
TOKEN = {"X-Atlassian-Token": "no-check"}
ISSUE = "api/X/issue/{issueIdOrKey}"
ITEM = "{dashboardId}/items/{itemId}"
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
    "epicId": "10000",
    "epicIdOrKey": "FAB-1",
    "filterId": "@filter",
    "commentId": "@comment",
    "worklogId": "@worklog",
    "dashboardId": "@dashboard",
    "gadgetId": "@gadget",
    "itemId": "@gadget",
    "permissionId": "@share",
    "grantId": "@grant",
    "projectKeyOrId": "FAB",
    "projectId": "10000",
    "projectTypeKey": "software",
    "contextId": "@context",
    "optionId": "@option",
    "customFieldId": "@fieldnumber",
    "tokenId": "@token",
    "idOrKey": "new",
    "key": "jira-software",
    "type": "project",
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
    "thumbnail": "@attachment",
    "webhook": "@webhook",
    "webhooks": "@webhook",
    "fields": "@field",
    "task": "@task",
    "queue": "@bulk",
    "filter": "@filter",
    "dashboard": "@dashboard",
    "role": "@role",
    "projectCategory": "@category",
    "field": "@field",
    "permissionscheme": "@permissionscheme",
    "issuetypescheme": "@issuetypescheme",
    "priorityschemes": "@priorityscheme",
    "customFieldOption": "@option",
    "priority": "3",
    "resolution": "10000",
    "workflowscheme": "@workflowscheme",
    "notificationscheme": "@notificationscheme",
    "issuesecurityschemes": "@securityscheme",
    "application-properties": "jira.title",
}
"""What stands for `{id}` behind such a part."""

BY_USER = ("api/X/user", "api/X/user/bulk", "api/X/user/groups", "api/X/user/email", "api/X/user/properties")
"""Reads below these want a user in their query."""

QUERIES = {
    "agile/1.0/issue/{issueIdOrKey}/estimation": "boardId=1",
    "api/X/user/avatars": "username=alice",
    "api/X/group": "groupname=jira-software-users",
    "api/X/group/member": "groupname=jira-software-users",
    "api/X/groupuserpicker": "query=a",
    "api/X/user/viewissue/search": "query=alice&username=alice&projectKey=FAB&issueKey=FAB-2",
    "api/X/user/permission/search": "query=alice&username=alice&permissions=BROWSE_PROJECTS&projectKey=FAB",
    "api/X/user/assignable/multiProjectSearch": "query=alice&username=alice&projectKeys=FAB",
    "api/X/user/search/query": "query=is%20assignee%20of%20FAB",
    "api/X/user/search/query/key": "query=is%20assignee%20of%20FAB",
    "api/X/user/bulk/migration": "username=alice",
    "api/X/mypreferences": "key=x",
    "api/X/statuses": "id=10000",
    "api/X/statuses/byNames": "name=Done&projectId=10000",
    "api/X/workflowscheme/project": "projectId=10000",
    "api/X/mypermissions": "permissions=BROWSE_PROJECTS,EDIT_ISSUES,ADMINISTER&projectKey=FAB",
    "api/X/user/search": "query=alice&username=alice",
    "api/X/user/assignable/search": "query=alice&username=alice&project=FAB",
    "api/X/user/picker": "query=alice",
    "api/X/projectvalidate/validProjectName": "name=Bells",
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
    ("GET", "api/X/webhook/failed", "cloud"): 403,
    ("PUT", "api/X/webhook/refresh", "cloud"): 403,
    ("DELETE", "api/X/webhook", "cloud"): 403,
    ("GET", "api/X/user/email", "cloud"): 401,
}
"""Endpoints that answer everybody with a refusal: searches are gone, the others are for apps."""

OUT_OF_REACH = {
    (method, f"api/X/dashboard/{place}", "dc")
    for method in ("GET", "PUT", "DELETE")
    for place in (
        "{id}",
        "{dashboardId}/items/{itemId}/properties",
        "{dashboardId}/items/{itemId}/properties/{propertyKey}",
    )
} | {
    ("GET", "api/X/customFieldOption/{id}", "dc"),
    ("GET", "api/X/securitylevel/{id}", "cloud"),
    ("GET", "api/X/securitylevel/{id}", "dc"),
}
"""Endpoints about things that no API of this flavour makes, and that the seed has none of."""

BEFORE_10 = "webhooks/1.0/webhook"
"""Data Center has this path before version 10 only."""


@dataclass(frozen=True)
class Write:
    """One call. `keep`: the answer's id (or key) is kept under this name; `of` replaces parts of the path;
    `role` makes it another person's, and `only` names the one flavour it is for."""

    method: str
    template: str
    body: Json = None
    keep: str = ""
    of: dict[str, str] = field(default_factory=dict)
    query: str = ""
    files: Json = None
    role: str = ""
    only: str = ""


def issue(summary: str) -> Json:
    """The body of a create."""
    return {
        "fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": summary, "description": TEXT}
    }


SELECT_FIELD = "com.atlassian.jira.plugin.system.customfieldtypes:select"
URL_FIELD = "com.atlassian.jira.plugin.system.customfieldtypes:url"
REMOTE = {"globalId": "g-1", "object": {"url": "https://example.com", "title": "T"}}
HOOK = {"name": "H", "url": "http://127.0.0.1:9/hook", "events": ["jira:issue_updated"]}
HOOK_DC = {**HOOK, "configuration": {}}

FIRST = (
    Write("POST", "auth/1/session", {"username": "@name", "password": "@password"}),
    Write("DELETE", "auth/1/websudo"),
    Write("POST", "pat/latest/tokens", {"name": "a script", "expirationDuration": 90}, keep="token"),
    Write("DELETE", "pat/latest/tokens/{tokenId}"),
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
    Write("POST", f"{ISSUE}/attachments", files={"file": ("a.png", b"hi", "image/png")}, keep="attachment"),
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
    Write("POST", "api/X/webhook", {"url": "http://127.0.0.1:9", "webhooks": []}),
    Write("PUT", "api/X/webhook/refresh", {"webhookIds": [1]}),
    Write("DELETE", "api/X/webhook", {"webhookIds": [1]}),
)
"""Before the reads."""

PROJECT = {
    "key": "BEL",
    "name": "Bells",
    "projectTypeKey": "software",
    "projectTemplateKey": "com.pyxis.greenhopper.jira:gh-simplified-agility-scrum",
    "leadAccountId": "@me",
    "lead": "@me",
}
GRANT = {"holder": {"type": "group", "parameter": "jira-software-users"}, "permission": "LINK_ISSUES"}
SCHEME = {"name": "Bells", "permissions": [{"holder": {"type": "reporter"}, "permission": "EDIT_ISSUES"}]}
RINGER = {"name": "ringer", "password": "made up", "emailAddress": "ringer@example.com", "displayName": "R"}
MOVE = {
    "sendBulkNotification": False,
    "targetToSourcesMapping": {
        "FAB,10002": {"issueIdsOrKeys": ["FAB-4"], "inferStatusDefaults": True, "inferFieldDefaults": True}
    },
}
ACTORS = {"atlassian-group-role-actor": ["bell-ringers"], "atlassian-user-role-actor": []}
MORE = (
    Write("GET", "api/X/dashboard", keep="dashboard"),
    Write("POST", "api/X/permissionscheme", SCHEME, "own"),
    Write("PUT", "api/X/permissionscheme/{schemeId}", {"name": "Chimes"}, of={"schemeId": "@own"}),
    Write("GET", "api/X/permissionscheme", keep="permissionscheme"),
    Write("POST", "api/X/permissionscheme/{schemeId}/permission", GRANT, "grant"),
    Write("PUT", "api/X/project/{projectKeyOrId}/permissionscheme", {"id": 0}),
    Write("GET", "api/X/issuetypescheme", keep="issuetypescheme"),
    Write("GET", "api/X/priorityschemes", keep="priorityscheme"),
    Write("GET", "api/X/notificationscheme", keep="notificationscheme"),
    Write("GET", "api/X/issuesecurityschemes", keep="securityscheme"),
    Write("GET", "api/X/workflowscheme", keep="workflowscheme"),
    Write("GET", "api/X/project/{projectKeyOrId}/workflowscheme", keep="workflowscheme"),
    Write("POST", "api/X/jql/match", {"issueIds": [10001], "jqls": ["project = FAB"]}),
    Write("POST", "api/X/jql/autocompletedata", {}),
    Write("POST", "api/X/filter", {"name": "Bells", "jql": "project = FAB"}, "filter"),
    Write("PUT", "api/X/filter/defaultShareScope", {"scope": "PRIVATE"}),
    Write("PUT", "api/X/filter/{id}", {"name": "Bells", "jql": "project = FAB"}),
    Write("PUT", "api/X/filter/{id}/favourite"),
    Write("POST", "api/X/filter", {"name": "Given", "jql": "project = FAB"}, "given"),
    Write("PUT", "api/X/filter/{id}/owner", {"accountId": "@other"}, of={"id": "@given"}),
    Write("PUT", "api/X/filter/{id}/columns", {"columns": ["summary"]}),
    Write("POST", "api/X/filter/{id}/permission", {"type": "project", "projectId": "10000"}, "share"),
    Write("POST", "agile/1.0/board", {"name": "B", "type": "scrum", "filterId": "@filter"}, "board"),
    Write("POST", "agile/1.0/sprint", {"name": "S", "originBoardId": 1}, "sprint"),
    Write("POST", "agile/1.0/sprint/{sprintId}", {"goal": "g"}, of={"sprintId": "@sprint"}),
    Write("PUT", "agile/1.0/sprint/{sprintId}", {"name": "S", "state": "future"}, of={"sprintId": "@sprint"}),
    Write("PUT", "greenhopper/1.0/sprint/{sprintId}", {"name": "S"}, of={"sprintId": "@sprint"}),
    Write("POST", "greenhopper/1.0/xboard/issue/flag/flag.json", {"issueKeys": ["FAB-4"], "flag": True}),
    Write("POST", "agile/1.0/sprint/{sprintId}/issue", {"issues": ["FAB-4"]}),
    Write("POST", "agile/1.0/sprint/{sprintId}/swap", {"sprintToSwapWith": 2}, of={"sprintId": "@sprint"}),
    Write("POST", "agile/1.0/backlog/issue", {"issues": ["FAB-4"]}),
    Write("POST", "agile/1.0/backlog/{boardId}/issue", {"issues": ["FAB-4"]}),
    Write("POST", "agile/1.0/epic/{epicIdOrKey}", {"done": False}),
    Write("POST", "agile/1.0/epic/{epicIdOrKey}/issue", {"issues": ["FAB-4"]}),
    Write("POST", "agile/1.0/epic/none/issue", {"issues": ["FAB-4"]}),
    Write("PUT", "agile/1.0/epic/{epicIdOrKey}/rank", {"rankAfterEpic": "FAB-1"}),
    Write("PUT", "agile/1.0/issue/{issueIdOrKey}/estimation", {"value": "3"}, query="boardId=1"),
    Write("POST", f"{ISSUE}/watchers", "@me"),
    Write("PUT", f"{ISSUE}/comment/{{id}}/pin", True),
    Write("POST", "api/X/reindex"),
    Write("POST", "api/X/bulk/issues/move", MOVE, "bulk"),
    Write("POST", "api/X/user", {"emailAddress": "ringer@example.com", "products": []}, "ringer", only="cloud"),
    Write("POST", "api/X/user", RINGER, "ringer", only="dc"),
    Write("PUT", "api/X/user", {"displayName": "Ringer"}, query="username=ringer"),
    Write("PUT", "api/X/user/password", {"password": "other"}, query="username=ringer"),
    Write("POST", "api/X/issue/watching", {"issueIds": ["10001"]}),
    Write("POST", f"{ISSUE}/votes", role="reader"),
    Write("POST", f"{ISSUE}/notify", {"subject": "s", "textBody": "t", "to": {"reporter": True}}),
    Write("POST", "api/X/worklog/list", {"ids": ["@worklog:number"]}),
    Write("POST", "api/X/comment/list", {"ids": ["@comment:number"]}),
    Write("PUT", "api/X/project/{projectIdOrKey}/properties/{propertyKey}", {"a": 1}),
    Write("PUT", "api/X/comment/{commentId}/properties/{propertyKey}", {"a": 1}),
    Write("PUT", f"{ISSUE}/worklog/{{worklogId}}/properties/{{propertyKey}}", {"a": 1}),
    Write("PUT", "api/X/issuetype/{issueTypeId}/properties/{propertyKey}", {"a": 1}),
    Write("PUT", "api/X/user/properties/{propertyKey}", {"a": 1}, query="@user"),
    Write("PUT", "agile/1.0/board/{boardId}/properties/{propertyKey}", {"a": 1}),
    Write("PUT", "agile/1.0/sprint/{sprintId}/properties/{propertyKey}", {"a": 1}),
    Write("POST", "api/X/dashboard", {"name": "D", "sharePermissions": [], "editPermissions": []}, "dashboard"),
    Write("PUT", "api/X/dashboard/{id}", {"name": "E", "sharePermissions": [], "editPermissions": []}),
    Write("POST", "api/X/dashboard/{id}/copy", {"name": "F", "sharePermissions": [], "editPermissions": []}, "copy"),
    Write("POST", "api/X/dashboard/{dashboardId}/gadget", {"uri": "rest/gadgets/1.0/g/x"}, "gadget"),
    Write("PUT", "api/X/dashboard/{dashboardId}/gadget/{gadgetId}", {"title": "G"}),
    Write("PUT", "api/X/dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}", {"a": 1}),
    Write("POST", "api/X/group", {"name": "bell-ringers"}),
    Write("POST", "api/X/group/user", {"accountId": "@me", "name": "@me"}, query="groupname=bell-ringers"),
    Write("POST", "api/X/role", {"name": "Ringers", "description": "d"}, "role"),
    Write("POST", "api/X/role/{id}", {"description": "e"}),
    Write("PUT", "api/X/role/{id}", {"name": "Ringers", "description": "f"}),
    Write("POST", "api/X/role/{id}/actors", {"group": ["bell-ringers"]}),
    Write("POST", "api/X/project/{projectIdOrKey}/role/{id}", {"group": ["bell-ringers"]}),
    Write("PUT", "api/X/project/{projectIdOrKey}/role/{id}", {"categorisedActors": ACTORS}),
    Write("POST", "api/X/permissions/check", {"globalPermissions": ["ADMINISTER"]}),
    Write("POST", "api/X/permissions/project", {"permissions": ["BROWSE_PROJECTS"]}),
    Write("PUT", "api/X/mypreferences", "v", query="key=x"),
    Write("POST", "api/X/projectCategory", {"name": "Sound", "description": "d"}, "category"),
    Write("PUT", "api/X/projectCategory/{id}", {"description": "e"}),
    Write("POST", "api/X/component", {"name": "Bell", "project": "FAB"}, "component"),
    Write("PUT", "api/X/component/{id}", {"description": "d"}),
    Write("POST", "api/X/version/{id}/move", {"position": "First"}),
    Write("PUT", "api/X/project/{projectIdOrKey}", {"description": "d"}),
    Write("PUT", "api/X/field/{fieldId}", {"description": "d"}),
    Write("POST", "api/X/issueLinkType", {"name": "Rings", "inward": "is rung by", "outward": "rings"}, "linktype"),
    Write("PUT", "api/X/issueLinkType/{issueLinkTypeId}", {"name": "Tolls"}, of={"issueLinkTypeId": "@linktype"}),
    Write("POST", "api/X/issuetype", {"name": "Ring", "description": "d", "type": "standard"}, "type"),
    Write("PUT", "api/X/issuetype/{id}", {"name": "Toll"}, of={"id": "@type"}),
    Write("POST", "api/X/priority", {"name": "Urgent", "description": "d", "statusColor": "#ff0000"}),
    Write("PUT", "api/X/priority/{id}", {"description": "d"}),
    Write("POST", "api/X/resolution", {"name": "Rung", "description": "d"}, "resolution"),
    Write("PUT", "api/X/resolution/{id}", {"name": "Tolled"}, of={"id": "@resolution"}),
    Write("DELETE", "api/X/resolution/{id}", of={"id": "@resolution"}, query="replaceWith=10000", keep="task"),
    Write("PUT", "api/X/application-properties/{id}", {"id": "jira.title", "value": "Fable"}),
    Write("POST", "api/X/field", {"name": "Colours", "type": SELECT_FIELD}, "field"),
    Write("GET", "api/X/field/{fieldId}/context", keep="context"),
    Write("DELETE", "api/X/field/{fieldId}/context/{contextId}"),
    Write("POST", "api/X/field/{fieldId}/context", {"name": "C", "projectIds": [], "issueTypeIds": []}, "context"),
    Write(
        "POST",
        "api/X/field/{fieldId}/context/mapping",
        {"mappings": [{"projectId": "10000", "issueTypeId": "10001"}]},
    ),
    Write("PUT", "api/X/field/{fieldId}/context/{contextId}", {"name": "D"}),
    Write("PUT", "api/X/field/{fieldId}/context/{contextId}/project", {"projectIds": ["10000"]}),
    Write("POST", "api/X/field/{fieldId}/context/{contextId}/project/remove", {"projectIds": ["10000"]}),
    Write("PUT", "api/X/field/{fieldId}/context/{contextId}/issuetype", {"issueTypeIds": ["10001"]}),
    Write("POST", "api/X/field/{fieldId}/context/{contextId}/issuetype/remove", {"issueTypeIds": ["10001"]}),
    Write("POST", "api/X/field/{fieldId}/context/{contextId}/option", {"options": [{"value": "red"}]}, "option"),
    Write(
        "PUT",
        "api/X/field/{fieldId}/context/{contextId}/option",
        {"options": [{"id": "@option", "value": "crimson"}]},
    ),
    Write(
        "PUT",
        "api/X/field/{fieldId}/context/{contextId}/option/move",
        {"customFieldOptionIds": ["@option"], "position": "First"},
    ),
)
"""What administrators do, and boards, filters, dashboards; before the reads, too."""

LAST = (
    Write("DELETE", "auth/1/session"),
    Write("DELETE", "api/X/field/{fieldId}/context/{contextId}/option/{optionId}/issue"),
    Write("DELETE", "api/X/field/{fieldId}/context/{contextId}/option/{optionId}"),
    Write("DELETE", "api/X/customFields", query="ids=@field"),
    Write("DELETE", "api/X/permissionscheme/{schemeId}/permission/{grantId}"),
    Write("DELETE", "api/X/permissionscheme/{schemeId}", of={"schemeId": "@own"}),
    Write("DELETE", "api/X/user", query="accountId=@ringer", only="cloud"),
    Write("DELETE", "api/X/user", query="username=ringer", only="dc"),
    Write("DELETE", "api/X/field/{fieldId}/context/{contextId}"),
    Write("DELETE", "agile/1.0/sprint/{sprintId}/properties/{propertyKey}"),
    Write("DELETE", "agile/1.0/board/{boardId}/properties/{propertyKey}"),
    Write("DELETE", "agile/1.0/sprint/{sprintId}", of={"sprintId": "@sprint"}),
    Write("DELETE", "agile/1.0/board/{boardId}", of={"boardId": "@board"}),
    Write("DELETE", f"{ISSUE}/watchers", query="@user"),
    Write("DELETE", f"{ISSUE}/votes", role="reader"),
    Write("DELETE", "api/X/project/{projectIdOrKey}/properties/{propertyKey}"),
    Write("DELETE", "api/X/comment/{commentId}/properties/{propertyKey}"),
    Write("DELETE", f"{ISSUE}/worklog/{{worklogId}}/properties/{{propertyKey}}"),
    Write("DELETE", "api/X/issuetype/{issueTypeId}/properties/{propertyKey}"),
    Write("DELETE", "api/X/user/properties/{propertyKey}", query="@user"),
    Write("DELETE", "api/X/dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}"),
    Write("DELETE", "api/X/dashboard/{dashboardId}/gadget/{gadgetId}"),
    Write("DELETE", "api/X/dashboard/{id}"),
    Write("DELETE", "api/X/filter/{id}/favourite"),
    Write("DELETE", "api/X/filter/{id}/columns"),
    Write("DELETE", "api/X/filter/{id}/permission/{permissionId}"),
    Write("DELETE", "api/X/filter/{id}"),
    Write("DELETE", "api/X/project/{projectIdOrKey}/role/{id}", query="group=bell-ringers"),
    Write("DELETE", "api/X/role/{id}/actors", query="group=bell-ringers"),
    Write("DELETE", "api/X/role/{id}", query="swap=10002"),
    Write("DELETE", "api/X/group/user", query="groupname=bell-ringers&@user"),
    Write("DELETE", "api/X/group", query="groupname=bell-ringers"),
    Write("DELETE", "api/X/mypreferences", query="key=x"),
    Write("DELETE", "api/X/projectCategory/{id}"),
    Write("DELETE", "api/X/component/{id}", of={"id": "@component"}),
    Write("DELETE", "api/X/issueLinkType/{issueLinkTypeId}", of={"issueLinkTypeId": "@linktype"}),
    Write("DELETE", "api/X/issuetype/{id}", of={"id": "@type"}),
    Write("DELETE", "api/X/field/{id}", keep="task"),
    Write("POST", "api/X/project", PROJECT),
    Write("POST", "api/X/project/{projectIdOrKey}/archive", of={"projectIdOrKey": "BEL"}),
    Write("POST", "api/X/project/{projectIdOrKey}/restore", of={"projectIdOrKey": "BEL"}),
    Write("PUT", "api/X/project/{projectIdOrKey}/archive", of={"projectIdOrKey": "BEL"}),
    Write("PUT", "api/X/project/{projectIdOrKey}/restore", of={"projectIdOrKey": "BEL"}),
    Write("POST", "api/X/project/{projectIdOrKey}/delete", of={"projectIdOrKey": "BEL"}),
    Write("DELETE", "api/X/project/{projectIdOrKey}", of={"projectIdOrKey": "OPS"}),
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
    Write("PUT", "api/X/issue/archive", {"issueIdsOrKeys": ["FAB-3", "FAB-99"]}),
    Write("PUT", "api/X/issue/unarchive", {"issueIdsOrKeys": ["FAB-3"]}),
    Write("POST", "api/X/issue/archive", {"jql": "key = FAB-3"}),
    Write("PUT", f"{ISSUE}/archive"),
    Write("PUT", f"{ISSUE}/restore"),
    Write("DELETE", ISSUE, of={"issueIdOrKey": "@issue"}),
)
"""After the reads."""


class Sweep:
    """Calls everything on one sandbox, by one version of the API."""

    def __init__(self, sandbox: Sandbox, api: str) -> None:
        self.sandbox, self.api = sandbox, api
        self.kept: dict[str, str] = {}
        self.wrong: list[str] = []
        self.http = httpx2.Client(base_url=sandbox.url, auth=sandbox.auth(), timeout=60)

    def run(self) -> list[str]:
        """Every call; what did not succeed."""
        with self.http:
            self.everything()
        return self.wrong

    def everything(self) -> None:
        """Writes that make something, reads, and writes that take it away."""
        self.begin()
        self.sandbox.clock.advance(10)
        for endpoint in ENDPOINTS:
            if endpoint.method == "GET" and self.sandbox.flavour in endpoint.on:
                self.read(endpoint)
        self.write(LAST)

    def begin(self) -> None:
        """The writes that make something: one of each kind is there afterwards."""
        me = self.http.get(f"/rest/api/{self.api}/myself").json()
        cloud = self.sandbox.flavour == "cloud"
        self.kept["me"] = me["accountId"] if cloud else me["name"]
        people = self.http.get(f"/rest/api/{self.api}/user/search?query=dana&username=dana").json()
        self.kept["other"] = people[0]["accountId"] if cloud else people[0]["name"]
        self.kept["user"] = f"{'accountId' if cloud else 'username'}={self.kept['me']}"
        self.kept["name"], self.kept["password"] = self.sandbox.auth()
        self.write((*FIRST, *MORE))

    def write(self, writes: tuple[Write, ...]) -> None:
        """These calls, as far as the flavour has them."""
        here = {(e.method, e.template) for e in ENDPOINTS if self.sandbox.flavour in e.on}
        for write in writes:
            if (write.method, write.template) in here and write.only in ("", self.sandbox.flavour):
                self.call(write)

    def read(self, endpoint: Endpoint) -> None:
        """One read, by its template; downloads by the addresses the answers give."""
        if endpoint.template.startswith(("media/", "secure/")):
            return
        of = {"linkId": "@issuelink"} if endpoint.template == "api/X/issueLink/{linkId}" else {}
        if of and "issuelink" not in self.kept:
            found = self.sandbox.get(self.path(Write("GET", ISSUE)))["fields"]["issuelinks"]
            self.kept["issuelink"] = found[0]["id"]
        query = QUERIES.get(endpoint.template, "")
        if endpoint.template.startswith("api/X/user/properties") or endpoint.template in BY_USER:
            query = self.kept["user"]
        self.call(Write("GET", endpoint.template, of=of, query=query))

    def call(self, write: Write) -> None:
        """One call; it has to succeed."""
        old = self.sandbox.flavour == "dc" and write.template.startswith(BEFORE_10)
        if old or (write.method, write.template, self.sandbox.flavour) in OUT_OF_REACH:
            return
        try:
            path = self.path(write)
        except KeyError as missing:
            self.wrong.append(f"{write.method} {write.template}: nothing stands for {missing}")
            return
        more: dict[str, Any] = {"files": write.files, "headers": TOKEN} if write.files else {}
        if write.body is not None:
            more["json"] = self.filled(write.body)
        address = path + (f"?{self.filled(write.query)}" if write.query else "")
        if write.role:
            more["auth"] = self.sandbox.auth(write.role)
        answer = self.http.request(write.method, address, **more)
        wanted = NO_SUCCESS.get((write.method, write.template, self.sandbox.flavour))
        good = answer.status_code == wanted if wanted else answer.status_code < 400
        if not good:
            self.wrong.append(f"{write.method} {path}: {answer.status_code} {answer.text[:300]}")
        elif write.keep:
            self.keep(write.keep, answer.json() if answer.content else {"self": answer.headers.get("location", "/")})

    def keep(self, name: str, body: Json) -> None:
        """Remember the id that an answer brings; of a list, the last one's."""
        if isinstance(body, dict):
            body = next((v for v in body.values() if v and isinstance(v, list) and isinstance(v[0], dict)), body)
        if isinstance(body, dict) and "taskId" in body:
            body = {"id": body["taskId"]}
        body = body[-1] if isinstance(body, list) and body else body
        if isinstance(body, dict) and ("id" in body or "self" in body):
            self.kept[name] = str(body.get("id") or body.get("accountId") or body["self"].rpartition("/")[2])
            self.kept["fieldnumber"] = self.kept.get("field", "").removeprefix("customfield_")

    def path(self, write: Write) -> str:
        """The path of a call."""
        stands = self.places(write)
        parts = [stands[part] if part.startswith("{") else part for part in write.template.split("/")]
        return "/rest/" + "/".join(self.api if part == "X" else part for part in parts)

    def places(self, write: Write) -> dict[str, str]:
        """What stands for the braced parts of a path."""
        stands, before = {}, ""
        for part in write.template.split("/"):
            if part.startswith("{"):
                name = part.strip("{}")
                text = write.of.get(name) or (IDS[before] if name in ("id", "schemeId", "taskId") else PLACES[name])
                stands[part] = self.kept[text[1:]] if text.startswith("@") else text
            before = part
        return stands

    def filled(self, body: Json) -> Json:
        """A body with its text in the format of the API, and with what was kept."""
        if isinstance(body, dict):
            return {key: self.filled(value) for key, value in body.items()}
        if isinstance(body, list):
            return [self.filled(value) for value in body]
        if body == TEXT:
            return "Hello" if self.api == "2" else self.sandbox.text("Hello")
        found = re.fullmatch(r"(.*[=&])?@(\w+)(:number)?", body) if isinstance(body, str) else None
        if found is None:
            return body
        text = (found[1] or "") + self.kept.get(found[2], "?")
        return int(text) if found[3] else text


ODD = (
    ("GET", "dashboard?maxResults=x", None),
    ("GET", "dashboard/search?maxResults=x", None),
    ("GET", "field/search?maxResults=x", None),
    ("GET", "field/search/trashed?maxResults=x", None),
    ("GET", "filter/search?maxResults=x", None),
    ("GET", "user/search/query?query=is%20assignee%20of%20FAB&maxResults=x", None),
    ("GET", "user/search/query/key?query=is%20assignee%20of%20FAB&maxResults=x", None),
    ("GET", "application-properties?key=jira.title", None),
    ("GET", "field/customfield_99999/context", None),
    ("POST", "issue/bulk", []),
    ("POST", "issue/FAB-2/remotelink", {"object": {}}),
    ("POST", "jql/parse", {"queries": ["summary !~ bell"]}),
)
"""Calls that are refused, or answered, in a way that a document does not declare; each has a row of the table."""


def odd_calls(sandbox: Sandbox, api: str) -> None:
    """These calls; on Cloud an app's too, and one about a field that no context lets exist."""
    for method, path, body in ODD:
        sandbox.call(method, f"/rest/api/{api}/{path}", json=body)
    if sandbox.flavour != "cloud":
        for value in (1, 2):
            sandbox.call("PUT", "/rest/agile/1.0/board/1/properties/odd", json=value)
        return
    base = f"/rest/api/{api}/field"
    field = sandbox.call("POST", base, json={"name": "Colours", "type": SELECT_FIELD}).json()["id"]
    context = sandbox.call("GET", f"{base}/{field}/context").json()["values"][0]["id"]
    sandbox.call("PUT", f"{base}/{field}/context/{context}/issuetype", json={"issueTypeIds": ["10001"]})
    asked = {"mappings": [{"projectId": "10000", "issueTypeId": "10002"}]}
    sandbox.call("POST", f"{base}/{field}/context/mapping", json=asked)
    app = sandbox.call("POST", "/_sandbox/apps", json={"oauth": "Planner", "as": "bruno"}).json()
    path = f"/ex/jira/{sandbox.credentials['cloud_id']}/rest/api/{api}/webhook?maxResults=x"
    sandbox.call("GET", path, role=None, headers={"Authorization": f"Bearer {app['access_token']}"})
