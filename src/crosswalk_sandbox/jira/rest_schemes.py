"""Endpoints for workflows and the schemes of projects, to read: the sandbox has one of each kind, for all projects.

Jira Cloud REST v3 groups "Workflows", "Workflow schemes", "Issue type schemes", "Notification schemes", "Issue security
schemes", "Priority schemes". Changing them is not imitated, and has no path here.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflows/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-schemes/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-scheme-project-associations/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-type-schemes/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-notification-schemes/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-security-schemes/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-permission-schemes/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-security-level/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-workflow/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-workflowscheme/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-project/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issuetypescheme/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-notificationscheme/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issuesecurityschemes/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-securitylevel/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-priorityschemes/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.state import Json, Project
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean

WORKFLOW = "Software Simplified Workflow"
SCHEME = "10000"
DEFAULT = "Default"


def _project(call: Call) -> Project:
    asked.administered(call, "projectKeyOrId")
    return call.project(call.params["projectKeyOrId"])


def _only(call: Call, name: str = "id") -> None:
    if call.params[name] != SCHEME:
        raise NotThere(f"The scheme with id '{call.params[name][:40]}' does not exist.")


# ---- workflows


def search_workflows(call: Call) -> Answer:
    """Cloud: the workflow, with statuses and transitions where `expand` asks for them."""
    call.admin()
    site, expand = call.site, call.many("expand")
    project = next(iter(site.projects.values()), site.template)
    assert project is not None
    out: Json = {
        "id": {"name": WORKFLOW, "entityId": "00000000-0000-4000-8000-000000000001"},
        "description": "",
        "created": "2026-10-01T00:00:00.000+0000",
        "updated": "2026-10-01T00:00:00.000+0000",
    }
    if "statuses" in expand:
        out["statuses"] = [{"id": s, "name": site.statuses[s].name} for s in project.statuses if s in site.statuses]
    if "transitions" in expand:
        out["transitions"] = [
            {
                "id": way.id, "name": way.name, "description": "", "from": list(way.sources), "to": way.to,
                "type": "directed" if way.sources else "global",
            }
            for way in project.transitions
        ]  # fmt: skip
    wanted = call.query.getlist("workflowName")
    return Answer(200, bean(call, [out] if not wanted or WORKFLOW in wanted else []))


def dc_workflows(call: Call) -> Answer:
    """Data Center: all, or with `workflowName` the one."""
    call.admin()
    steps = len(call.site.template.statuses) if call.site.template else 0
    one: Json = {"name": WORKFLOW, "description": "", "steps": steps, "default": False}
    name = call.query.get("workflowName")
    return Answer(200, one if name == WORKFLOW else [] if name else [one])


def workflow_scheme(call: Call) -> Json:
    return {
        "id": int(SCHEME),
        "name": DEFAULT,
        "description": "",
        "defaultWorkflow": WORKFLOW,
        "issueTypeMappings": {},
        "draft": False,
        "self": f"{call.view.base}/workflowscheme/{SCHEME}",
    }


def workflow_schemes(call: Call) -> Answer:
    call.admin()
    return Answer(200, bean(call, [workflow_scheme(call)]))


def one_workflow_scheme(call: Call) -> Answer:
    call.admin()
    _only(call)
    return Answer(200, workflow_scheme(call))


def workflow_scheme_of_project(call: Call) -> Answer:
    _project(call)
    return Answer(200, workflow_scheme(call))


def workflow_scheme_projects(call: Call) -> Answer:
    """Cloud: which scheme the projects of `projectId` have."""
    call.admin()
    wanted = call.query.getlist("projectId")
    if not wanted:
        raise Refusal(400, "The 'projectId' query parameter must be provided.")  # wording unconfirmed
    found = [one for one in wanted if one in call.site.projects]
    return Answer(200, {"values": [{"projectIds": found, "workflowScheme": workflow_scheme(call)}] if found else []})


# ---- issue types, notifications, security, priorities


def type_schemes(call: Call) -> Answer:
    call.admin()
    own: Json = {"id": SCHEME, "name": "Default Issue Type Scheme", "description": ""}
    if call.cloud:
        return Answer(200, bean(call, [own | {"isDefault": True}]))
    return Answer(200, {"schemes": [_dc_type_scheme(call)]})


def _dc_type_scheme(call: Call) -> Json:
    return {
        "id": SCHEME,
        "self": f"{call.view.base}/issuetypescheme/{SCHEME}",
        "name": "Default Issue Type Scheme",
        "description": "",
        "issueTypes": [call.view.issue_type(kind) for kind in call.site.types.values()],
    }


def dc_type_scheme(call: Call) -> Answer:
    call.admin()
    _only(call, "schemeId")
    return Answer(200, _dc_type_scheme(call))


def dc_type_scheme_projects(call: Call) -> Answer:
    call.admin()
    _only(call, "schemeId")
    return Answer(200, [call.view.project_short(project) for project in call.site.projects.values()])


def type_scheme_mapping(call: Call) -> Answer:
    call.admin()
    rows: list[Json] = [{"issueTypeSchemeId": SCHEME, "issueTypeId": kind} for kind in call.site.types]
    return Answer(200, bean(call, rows))


def type_schemes_of_projects(call: Call) -> Answer:
    call.admin()
    ids = [one for one in call.query.getlist("projectId") if one in call.site.projects]
    own: Json = {"id": SCHEME, "name": "Default Issue Type Scheme", "description": "", "isDefault": True}
    return Answer(200, bean(call, [{"issueTypeScheme": own, "projectIds": ids}] if ids else []))


def notification_scheme(call: Call) -> Json:
    return {
        "id": int(SCHEME),
        "self": f"{call.view.base}/notificationscheme/{SCHEME}",
        "name": "Default Notification Scheme",
        "description": "",
        "expand": "notificationSchemeEvents,user,group,projectRole,field,all",
    }


def notification_schemes(call: Call) -> Answer:
    return Answer(200, bean(call, [notification_scheme(call)]))


def one_notification_scheme(call: Call) -> Answer:
    _only(call)
    return Answer(200, notification_scheme(call))


def notification_scheme_of_project(call: Call) -> Answer:
    _project(call)
    return Answer(200, notification_scheme(call))


def security_scheme(call: Call) -> Json:
    """The one scheme, with every level; without levels it hides nothing."""
    own = f"{call.view.base}/issuesecurityschemes/{SCHEME}"
    return {
        "id": int(SCHEME),
        "self": own,
        "name": DEFAULT,
        "description": "",
        "levels": [level(call, one) for one in call.site.levels],
    }


def security_schemes(call: Call) -> Answer:
    call.admin()
    listed = {name: value for name, value in security_scheme(call).items() if name != "levels"}
    return Answer(200, {"issueSecuritySchemes": [listed]})


def one_security_scheme(call: Call) -> Answer:
    call.admin()
    _only(call)
    return Answer(200, security_scheme(call))


def security_scheme_of_project(call: Call) -> Answer:
    _project(call)
    return Answer(200, security_scheme(call))


def security_levels(call: Call) -> Answer:
    """The levels of the project, for those who may set one (Jira Cloud REST v3, getSecurityLevelsForProject)."""
    project = call.project(call.params["projectKeyOrId"])
    allowed = call.site.allowed(call.person, project, "SET_ISSUE_SECURITY")
    return Answer(200, {"levels": [level(call, one) for one in project.levels] if allowed else []})


def level(call: Call, level_id: str) -> Json:
    """A security level."""
    return call.view.level(call.site.levels[level_id])


def security_level(call: Call) -> Answer:
    if call.params["id"] not in call.site.levels:
        raise NotThere("The issue security level does not exist.")  # wording unconfirmed
    return Answer(200, level(call, call.params["id"]))


def priority_scheme(call: Call) -> Json:
    """Data Center's scheme of priorities."""
    return {
        "id": int(SCHEME),
        "self": f"{call.view.base}/priorityschemes/{SCHEME}",
        "name": "Default priority scheme",
        "description": "",
        "optionIds": list(call.site.priorities),
        "defaultScheme": True,
    }


def priority_schemes(call: Call) -> Answer:
    call.admin()
    return Answer(200, {"startAt": 0, "maxResults": 100, "total": 1, "schemes": [priority_scheme(call)]})


def one_priority_scheme(call: Call) -> Answer:
    call.admin()
    _only(call, "schemeId")
    return Answer(200, priority_scheme(call))


def priority_scheme_of_project(call: Call) -> Answer:
    _project(call)
    return Answer(200, priority_scheme(call))


CLOUD, DC = ("cloud",), ("dc",)
PROJECT = "api/X/project/{projectKeyOrId}"
FLOW, TYPES = "api/X/workflowscheme", "api/X/issuetypescheme"
ENDPOINTS = [
    Endpoint("GET", "api/X/workflow/search", search_workflows, "getWorkflowsPaginated", CLOUD),
    Endpoint("GET", "api/X/workflow", dc_workflows, "getAllWorkflows", DC),
    Endpoint("GET", "api/X/workflowscheme", workflow_schemes, "getAllWorkflowSchemes", CLOUD),
    Endpoint(
        "GET", "api/X/workflowscheme/project", workflow_scheme_projects, "getWorkflowSchemeProjectAssociations", CLOUD
    ),
    Endpoint("GET", "api/X/workflowscheme/{id}", one_workflow_scheme, "getWorkflowScheme"),
    Endpoint("GET", f"{PROJECT}/workflowscheme", workflow_scheme_of_project, "getWorkflowSchemeForProject", DC),
    Endpoint("GET", "api/X/issuetypescheme", type_schemes, "getAllIssueTypeSchemes"),
    Endpoint("GET", "api/X/issuetypescheme/mapping", type_scheme_mapping, "getIssueTypeSchemesMapping", CLOUD),
    Endpoint("GET", "api/X/issuetypescheme/project", type_schemes_of_projects, "getIssueTypeSchemeForProjects", CLOUD),
    Endpoint("GET", "api/X/issuetypescheme/{schemeId}", dc_type_scheme, "getIssueTypeScheme", DC),
    Endpoint(
        "GET", "api/X/issuetypescheme/{schemeId}/associations", dc_type_scheme_projects, "getAssociatedProjects", DC
    ),
    Endpoint("GET", "api/X/notificationscheme", notification_schemes, "getNotificationSchemes"),
    Endpoint("GET", "api/X/notificationscheme/{id}", one_notification_scheme, "getNotificationScheme"),
    Endpoint("GET", f"{PROJECT}/notificationscheme", notification_scheme_of_project, "getNotificationSchemeForProject"),
    Endpoint("GET", "api/X/issuesecurityschemes", security_schemes, "getIssueSecuritySchemes"),
    Endpoint("GET", "api/X/issuesecurityschemes/{id}", one_security_scheme, "getIssueSecurityScheme"),
    Endpoint("GET", f"{PROJECT}/issuesecuritylevelscheme", security_scheme_of_project, "getProjectIssueSecurityScheme"),
    Endpoint("GET", "api/X/securitylevel/{id}", security_level, "getIssueSecurityLevel"),
    Endpoint("GET", f"{PROJECT}/securitylevel", security_levels, "getSecurityLevelsForProject"),
    Endpoint("GET", "api/X/priorityschemes", priority_schemes, "getPrioritySchemes", DC),
    Endpoint("GET", "api/X/priorityschemes/{schemeId}", one_priority_scheme, "getPriorityScheme", DC),
    Endpoint("GET", f"{PROJECT}/priorityscheme", priority_scheme_of_project, "getAssignedPriorityScheme", DC),
]
