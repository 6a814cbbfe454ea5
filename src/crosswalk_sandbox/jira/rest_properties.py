"""Endpoints for the free properties that things other than issues carry: projects, comments, work logs, issue types,
people, boards, sprints, items of dashboards.

One set of four endpoints for each kind of thing. Jira Cloud REST v3 groups "Project properties", "Issue comment
properties", "User properties" ...; Jira Software Cloud groups "Board", "Sprint".
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-properties/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comment-properties/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklog-properties/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-type-properties/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-properties/
https://developer.atlassian.com/cloud/jira/software/rest/api-group-board/
https://developer.atlassian.com/cloud/jira/software/rest/api-group-sprint/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-project/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-comment/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issuetype/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-board/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-sprint/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-dashboard/
"""

from __future__ import annotations

import json
from collections.abc import Callable

from crosswalk_sandbox.jira import asked
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_agile import board_of, sprint_of
from crosswalk_sandbox.jira.rest_dashboards import dashboard_of
from crosswalk_sandbox.jira.rest_meta import types_seen
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint, Handler

Owner = Callable[[Call], str]  # the id of the thing of the path, if the caller may see it
LONGEST = 32768


def _project(call: Call) -> str:
    project = call.project(call.params["projectIdOrKey"])
    if call.method != "GET":
        asked.administered(call)
    return project.id


def _comment(call: Call) -> str:
    wanted = call.params["commentId"]
    for issue in call.site.issues.values():
        if call.may(issue, "BROWSE_PROJECTS"):
            for comment in issue.comments:
                if comment.id == wanted and call.view.reads(issue, comment):
                    if call.method != "GET" and not call.may_with(issue, comment.author, "EDIT_{}_COMMENTS"):
                        raise Refusal(403, "You do not have permission to edit this comment.")
                    return wanted
    raise NotThere(f"Can not find a comment for the id: {wanted}.")


def _worklog(call: Call) -> str:
    issue = call.issue()
    if not any(log.id == call.params["worklogId"] and call.view.reads(issue, log) for log in issue.worklogs):
        raise NotThere(f"Cannot find worklog with id: '{call.params['worklogId']}'.")
    if call.method != "GET" and not call.may(issue, "WORK_ON_ISSUES"):
        raise Refusal(403, "You do not have permission to edit this worklog.")
    return call.params["worklogId"]


def _issue_type(call: Call) -> str:
    if all(kind.id != call.params["issueTypeId"] for kind in types_seen(call)):
        raise NotThere(f"The issue type with id '{call.params['issueTypeId']}' does not exist")
    if call.method != "GET":
        call.admin()
    return call.params["issueTypeId"]


def _user(call: Call) -> str:
    person = asked.person_asked(call)
    if person.key != call.me.key:
        call.admin()
    return person.key


def _board(call: Call) -> str:
    board = board_of(call)
    project = call.site.projects[board.project]
    if call.method != "GET" and not call.site.allowed(call.me, project, "ADMINISTER_PROJECTS"):
        raise Refusal(403, "You do not have permission to change this board.")
    return str(board.id)


def _sprint(call: Call) -> str:
    return str(sprint_of(call, change=call.method != "GET").id)


def _item(call: Call) -> str:
    dashboard = dashboard_of(call, "dashboardId", edit=call.method != "GET")
    if not any(str(gadget.id) == call.params["itemId"] for gadget in dashboard.gadgets):
        raise NotThere("The dashboard item was not found.")
    return f"{dashboard.id}/{call.params['itemId']}"


def _keys(base: str, properties: dict[str, object]) -> dict[str, object]:
    """The keys, each with its address."""
    return {"keys": [{"self": f"{base}/{key}", "key": key} for key in properties]}


def _rows(kind: str, owner: Owner, path: str, names: tuple[str, str, str, str], on: tuple[str, ...]) -> list[Endpoint]:
    """The four endpoints of one kind; `names` are the operationIds of list, get, put, delete."""

    def held(call: Call) -> dict[str, object]:
        return call.site.properties.get((kind, owner(call)), {})

    def every(call: Call) -> Answer:
        return Answer(200, _keys(f"{call.root}{call.path}", held(call)))

    def one(call: Call) -> Answer:
        key, properties = call.params["propertyKey"], held(call)
        if key not in properties:
            raise NotThere(f"The property {key} does not exist.")
        return Answer(200, {"key": key, "value": properties[key]})

    def put(call: Call) -> Answer:
        identity, key = owner(call), call.params["propertyKey"]
        if not call.raw or not 0 < len(key) < 256:
            raise Refusal(400, BAD_PAYLOAD, bare=True)
        if len(json.dumps(call.body, ensure_ascii=False)) > LONGEST:
            raise Refusal(400, f"The value of the property must not be longer than {LONGEST} characters.")
        properties = call.site.properties.setdefault((kind, identity), {})
        fresh = key not in properties
        properties[key] = call.body
        if kind == "board" and not call.cloud and not fresh:
            # Data Center's document tells the keys here, of boards alone.
            return Answer(200, _keys(f"{call.root}{call.path}".rpartition("/")[0], properties))
        return Answer(201 if fresh else 200)

    def delete(call: Call) -> Answer:
        key, properties = call.params["propertyKey"], held(call)
        if key not in properties:
            raise NotThere(f"The property {key} does not exist.")
        del properties[key]
        return Answer(204)

    handlers: tuple[tuple[str, str, Handler], ...] = (
        ("GET", path, every),
        ("GET", f"{path}/{{propertyKey}}", one),
        ("PUT", f"{path}/{{propertyKey}}", put),
        ("DELETE", f"{path}/{{propertyKey}}", delete),
    )
    return [
        Endpoint(method, where, handler, name, on)
        for (method, where, handler), name in zip(handlers, names, strict=True)
    ]


def _names(thing: str) -> tuple[str, str, str, str]:
    return (f"get{thing}PropertyKeys", f"get{thing}Property", f"set{thing}Property", f"delete{thing}Property")


BOTH, CLOUD = ("cloud", "dc"), ("cloud",)
WORKLOG = "api/X/issue/{issueIdOrKey}/worklog/{worklogId}/properties"
ITEM = "api/X/dashboard/{dashboardId}/items/{itemId}/properties"
SPRINT = ("getPropertiesKeys", "getProperty", "setProperty", "deleteProperty")
ENDPOINTS = [
    *_rows("project", _project, "api/X/project/{projectIdOrKey}/properties", _names("Project"), BOTH),
    *_rows("comment", _comment, "api/X/comment/{commentId}/properties", _names("Comment"), BOTH),
    *_rows("worklog", _worklog, WORKLOG, _names("Worklog"), CLOUD),
    *_rows("issuetype", _issue_type, "api/X/issuetype/{issueTypeId}/properties", _names("IssueType"), BOTH),
    *_rows("user", _user, "api/X/user/properties", _names("User"), BOTH),
    *_rows("board", _board, "agile/1.0/board/{boardId}/properties", _names("Board"), BOTH),
    *_rows("sprint", _sprint, "agile/1.0/sprint/{sprintId}/properties", SPRINT, BOTH),
    *_rows("dashboard", _item, ITEM, _names("DashboardItem"), BOTH),
]
