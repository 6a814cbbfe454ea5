"""Endpoints that administer components.

Jira Cloud REST v3 group "Project components".
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-components/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-component/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.rest_projects import component
from crosswalk_sandbox.jira.state import Component, Json, Project
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean

ASSIGNEES = ("PROJECT_DEFAULT", "COMPONENT_LEAD", "PROJECT_LEAD", "UNASSIGNED")


def _may_manage(call: Call, project: Project) -> None:
    if not call.me.admin and not call.site.allowed(call.me, project, "ADMINISTER_PROJECTS"):
        raise Refusal(403, "You must have global or project administrator rights to edit components.")


def component_of(call: Call, identity: str) -> Component:
    found = call.site.components.get(identity)
    if found is None or not call.site.allowed(call.person, call.site.projects[found.project], "BROWSE_PROJECTS"):
        raise NotThere(f"The component with id {identity[:40]} does not exist.")
    return found


def _values(call: Call, wire: Json, project: Project, held: Component | None) -> dict[str, object]:
    """The valid values in a request, by attribute. Raises Refusal."""
    out: dict[str, object] = {}
    if held is None or "name" in wire:
        name = asked.words(wire, "name", "The component name specified is invalid - cannot be an empty string.")
        others = [c for c in call.site.components.values() if c.project == project.id and c is not held]
        if any(c.name.lower() == name.lower() for c in others):
            raise field_error("name", f"A component with the name {name} already exists in this project.")
        out["name"] = name
    if "description" in wire:
        out["description"] = asked.optional(wire, "description")
    kind = wire.get("assigneeType")
    if kind is not None:
        if kind not in ASSIGNEES:
            raise field_error("assigneeType", "The assignee type is not valid.")
        out["assignee_type"] = kind
    name = "leadAccountId" if call.cloud else "leadUserName"
    lead = wire.get("lead")
    given = wire.get(name, (lead.get("accountId") or lead.get("name")) if isinstance(lead, dict) else None)
    if given not in (None, ""):
        person = asked.person_named(call, given)
        if person is None:
            raise field_error("leadUserName", f"The user {str(given)[:80]} does not exist.")
        out["lead"] = person.key
    elif name in wire:
        out["lead"] = None
    return out


def create_component(call: Call) -> Answer:
    wire = call.json()
    given = wire.get("project", wire.get("projectId"))
    if given is None:
        raise field_error("project", "The project must be specified.")  # wording unconfirmed
    project = call.site.project(str(given)) if given is not None else None
    if project is None or not call.site.allowed(call.me, project, "BROWSE_PROJECTS"):
        raise NotThere(f"No project could be found with key '{str(given)[:40]}'.")
    _may_manage(call, project)
    values = _values(call, wire, project, None)
    made = Component(call.site.next_id("component"), project.id, "")
    for name, value in values.items():
        setattr(made, name, value)
    call.site.components[made.id] = made
    return Answer(201, component(call, made.id))


def put_component(call: Call) -> Answer:
    held = component_of(call, call.params["id"])
    project = call.site.projects[held.project]
    _may_manage(call, project)
    for name, value in _values(call, call.json(), project, held).items():
        setattr(held, name, value)
    return Answer(200, component(call, held.id))


def delete_component(call: Call) -> Answer:
    """Its issues go over to `moveIssuesTo`, or lose it."""
    gone = component_of(call, call.params["id"])
    _may_manage(call, call.site.projects[gone.project])
    other = component_of(call, wanted) if (wanted := call.query.get("moveIssuesTo")) else None
    if other is not None and (other is gone or other.project != gone.project):
        raise NotThere(f"The component with id {other.id} does not exist.")
    for issue in call.site.issues.values():
        held = issue.values.get("components")
        if isinstance(held, list) and gone.id in held:
            replaced = [(other.id if other else "") if one == gone.id else one for one in held]
            issue.values["components"] = [one for one in dict.fromkeys(replaced) if one]
    del call.site.components[gone.id]
    return Answer(204)


def component_counts(call: Call) -> Answer:
    held = component_of(call, call.params["id"])
    issues = [
        i for i in call.site.issues.values() if isinstance(v := i.values.get("components"), list) and held.id in v
    ]
    return Answer(200, {"self": f"{call.view.base}/component/{held.id}", "issueCount": len(issues)})


def find_components(call: Call) -> Answer:
    """Cloud: the components of the named projects; Data Center: `component/page`."""
    wanted = call.many("projectIdsOrKeys") or call.many("projectIds")
    projects = [call.project(one).id for one in wanted]
    words = call.query.get("query", "").lower()
    seen = [p.id for p in call.site.projects.values() if call.site.allowed(call.person, p, "BROWSE_PROJECTS")]
    found = [c for c in call.site.components.values() if c.project in (projects or seen) and words in c.name.lower()]
    return Answer(200, bean(call, [component(call, c.id) for c in found]))


CLOUD, DC = ("cloud",), ("dc",)
ONE = "api/X/component/{id}"
ENDPOINTS = [
    Endpoint("GET", "api/X/component", find_components, "findComponentsForProjects", CLOUD),
    Endpoint("GET", "api/X/component/page", find_components, "getPaginatedComponents", DC),
    Endpoint("POST", "api/X/component", create_component, "createComponent"),
    Endpoint("PUT", ONE, put_component, "updateComponent"),
    Endpoint("DELETE", ONE, delete_component, "deleteComponent"),
    Endpoint("GET", f"{ONE}/relatedIssueCounts", component_counts, "getComponentRelatedIssues"),
]
