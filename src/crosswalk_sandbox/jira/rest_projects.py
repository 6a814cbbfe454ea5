"""Endpoints for projects, their components and statuses.

Jira Cloud REST v3 groups "Projects", "Project components".
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-components/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-project/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-component/
"""

from __future__ import annotations

from collections.abc import Collection

from crosswalk_sandbox.jira.refusals import NotThere
from crosswalk_sandbox.jira.state import Json, Project
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean


def visible(call: Call, states: Collection[str] = ("live",)) -> list[Project]:
    """The projects that the caller may see, among those live, archived or (for an administrator) deleted."""
    admin = call.person is not None and call.person.admin
    return [
        p
        for p in call.site.projects.values()
        if (p.ended.how if p.ended else "live") in states
        and (call.site.allowed(call.person, p, "BROWSE_PROJECTS") or (p.ended is not None and admin))
    ]


def search_projects(call: Call) -> Answer:
    """Cloud's paged list. `action=create` leaves only projects the caller may create issues in; `status` asks for
    archived and deleted ones."""
    projects = visible(call, call.many("status") or ("live",))
    if call.query.get("action") == "create":
        projects = [p for p in projects if call.site.allowed(call.person, p, "CREATE_ISSUES")]
    if query := call.query.get("query", "").lower():
        projects = [p for p in projects if query in p.key.lower() or query in p.name.lower()]
    if keys := call.many("keys"):
        projects = [p for p in projects if p.key in keys]
    if ids := call.many("id"):
        projects = [p for p in projects if p.id in ids]
    if kinds := call.many("typeKey"):
        projects = projects if "software" in kinds else []
    if category := call.query.get("categoryId"):
        projects = [p for p in projects if p.category == category]
    order = call.query.get("orderBy", "key").strip()
    if order.lstrip("+-") in ("key", "name"):
        named = order.lstrip("+-")
        projects.sort(key=lambda p: str(getattr(p, named)).lower(), reverse=order.startswith("-"))
    return Answer(200, bean(call, [listed(call, p) for p in projects]))


def listed(call: Call, project: Project) -> Json:
    """A project in a list, with what `expand` asks for."""
    full = call.view.project(project)
    out = {"expand": full["expand"]} | call.view.project_short(project) | call.view.style(project)
    out |= call.view.end_of(project)
    return out | {name: full[name] for name in ("description", "lead", "issueTypes") if name in call.many("expand")}


def list_projects(call: Call) -> Answer:
    """Data Center lists archived ones on request; the list of Cloud is the live ones."""
    states = ("live", "archived") if not call.cloud and call.flag("includeArchived") else ("live",)
    return Answer(200, [listed(call, p) for p in visible(call, states)])


def get_project(call: Call) -> Answer:
    return Answer(200, call.view.project(call.project(call.params["projectIdOrKey"])))


def project_statuses(call: Call) -> Answer:
    """The statuses of a project, per issue type."""
    project = call.project(call.params["projectIdOrKey"])
    statuses = [call.view.status(call.site.statuses[s]) for s in project.statuses]
    kinds = [call.site.types[t] for t in project.types]
    view = call.view
    return Answer(
        200,
        [
            {
                "self": f"{view.base}/issuetype/{k.id}",
                "id": k.id,
                "name": k.name,
                "subtask": k.subtask,
                "statuses": statuses,
            }
            for k in kinds
        ],
    )


def project_components(call: Call) -> Answer:
    project = call.project(call.params["projectIdOrKey"])
    return Answer(200, [component(call, c.id) for c in call.site.components.values() if c.project == project.id])


def component(call: Call, component_id: str) -> Json:
    found = call.site.components[component_id]
    project = call.site.projects[found.project]
    return call.view.component(found) | {
        **({"lead": call.view.person(found.lead)} if found.lead else {}),
        "assigneeType": found.assignee_type,
        "realAssigneeType": "UNASSIGNED" if found.assignee_type == "PROJECT_DEFAULT" else found.assignee_type,
        "isAssigneeTypeValid": found.assignee_type != "COMPONENT_LEAD" or bool(found.lead),
        "project": project.key,
        "projectId": int(project.id),
    }


def get_component(call: Call) -> Answer:
    found = call.site.components.get(call.params["id"])
    if found is None or not call.site.allowed(call.person, call.site.projects[found.project], "BROWSE_PROJECTS"):
        raise NotThere(f"The component with id {call.params['id']} does not exist.")
    return Answer(200, component(call, found.id))


CLOUD = ("cloud",)
PROJECT = "api/X/project/{projectIdOrKey}"
ENDPOINTS = [
    Endpoint("GET", "api/X/project/search", search_projects, "searchProjects", CLOUD),
    Endpoint("GET", "api/X/project", list_projects, "getAllProjects"),
    Endpoint("GET", PROJECT, get_project, "getProject"),
    Endpoint("GET", f"{PROJECT}/statuses", project_statuses, "getAllStatuses"),
    Endpoint("GET", f"{PROJECT}/components", project_components, "getProjectComponents"),
    Endpoint("GET", "api/X/component/{id}", get_component, "getComponent"),
]
