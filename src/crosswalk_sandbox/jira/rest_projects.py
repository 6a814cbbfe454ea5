"""Endpoints for projects, their versions, components and statuses.

Jira Cloud REST v3 groups "Projects", "Project versions", "Project components".
"""

from __future__ import annotations

from datetime import date

from crosswalk_sandbox.jira import hooks
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.state import Json, Project, Value, Version
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean

LISTS = ("fixVersions", "versions")
NOT_MANAGED = "Project with key '{0}' either does not exist or you do not have permission to create versions in it."


def visible(call: Call) -> list[Project]:
    return [p for p in call.site.projects.values() if call.site.allowed(call.person, p, "BROWSE_PROJECTS")]


def search_projects(call: Call) -> Answer:
    """Cloud's paged list. `action=create` leaves only projects the caller may create issues in."""
    projects = visible(call)
    if call.query.get("action") == "create":
        projects = [p for p in projects if call.site.allowed(call.person, p, "CREATE_ISSUES")]
    if query := call.query.get("query", "").lower():
        projects = [p for p in projects if query in p.key.lower() or query in p.name.lower()]
    if keys := call.many("keys"):
        projects = [p for p in projects if p.key in keys]
    if ids := call.many("id"):
        projects = [p for p in projects if p.id in ids]
    return Answer(200, bean(call, [listed(call, p) for p in projects]))


def listed(call: Call, project: Project) -> Json:
    """A project in a list, with what `expand` asks for."""
    full = call.view.project(project)
    out = {"expand": full["expand"]} | call.view.project_short(project) | call.view.style(project)
    return out | {name: full[name] for name in ("description", "lead", "issueTypes") if name in call.many("expand")}


def list_projects(call: Call) -> Answer:
    return Answer(200, [listed(call, p) for p in visible(call)])


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


# ---- versions


def project_versions(call: Call) -> Answer:
    project = call.project(call.params["projectIdOrKey"])
    return Answer(200, [call.view.version(call.site.versions[v]) for v in project.versions])


def project_versions_paged(call: Call) -> Answer:
    project = call.project(call.params["projectIdOrKey"])
    versions = [call.site.versions[v] for v in project.versions]
    if query := call.query.get("query", "").lower():
        versions = [v for v in versions if query in v.name.lower() or query in v.description.lower()]
    return Answer(200, bean(call, [call.view.version(v) for v in versions], 50, 50))


def version_of(call: Call, version_id: str) -> Version:
    found = call.site.versions.get(version_id)
    if found is None or not call.site.allowed(call.person, call.site.projects[found.project], "BROWSE_PROJECTS"):
        raise NotThere(f"Could not find version for id '{version_id}'")
    return found


def managed(call: Call, project: Project) -> None:
    if not call.site.allowed(call.me, project, "ADMINISTER_PROJECTS"):
        raise Refusal(404 if call.cloud else 403, NOT_MANAGED.format(project.key))


def create_version(call: Call) -> Answer:
    wire = call.json()
    given = wire.get("projectId", wire.get("project"))
    project = call.site.project(str(given)) if given is not None else None
    if given is None:
        raise field_error("projectId", "Project must be specified to create a version.")
    if project is None or not call.site.allowed(call.person, project, "BROWSE_PROJECTS"):
        raise NotThere(NOT_MANAGED.format(given))
    managed(call, project)
    values = version_values(call, wire, project, None)
    if "name" not in values:
        raise field_error("name", "You must specify a valid version name.")
    version = Version(call.site.next_id("version"), project.id, "")
    for name, value in values.items():
        setattr(version, name, value)
    version.released = False  # "not applicable when creating" (Jira Cloud REST v3, createVersion)
    call.site.versions[version.id] = version
    project.versions.append(version.id)
    call.jira.tell(hooks.version_event(version, "created"))
    return Answer(201, call.view.version(version))


def version_values(call: Call, wire: Json, project: Project, held: Version | None) -> dict[str, object]:
    """The valid values of a version in a request, by attribute. Raises Refusal."""
    out: dict[str, object] = {}
    errors: dict[str, str] = {}
    if "name" in wire:
        name = wire["name"]
        taken = [call.site.versions[v] for v in project.versions]
        if not isinstance(name, str) or not name.strip() or len(name) > 255:
            errors["name"] = "You must specify a valid version name."
        elif any(v.name.lower() == name.strip().lower() and v is not held for v in taken):
            errors["name"] = "A version with this name already exists in this project."
        else:
            out["name"] = name.strip()
    if "description" in wire:
        text = wire["description"]
        out["description"] = text if isinstance(text, str) else ""
        if len(str(text or "").encode()) > 16384:
            errors["description"] = "The description must not be longer than 16,384 bytes."
    for wire_name, name in (("startDate", "start"), ("releaseDate", "release")):
        if wire_name in wire:
            out[name] = _day(wire[wire_name], wire_name, errors)
    for name in ("released", "archived"):
        if isinstance(wire.get(name), bool):
            out[name] = wire[name]
    start = out.get("start", held.start if held else None)
    release = out.get("release", held.release if held else None)
    if isinstance(start, str) and isinstance(release, str) and start > release:
        errors["startDate"] = "The start date must be before the release date"
    if errors:
        raise Refusal(400, errors=errors)
    return out


def _day(wire: object, name: str, errors: dict[str, str]) -> str | None:
    if wire in (None, ""):
        return None
    try:
        return date.fromisoformat(str(wire)).isoformat()
    except ValueError:
        errors[name] = "The date is not valid, use the format yyyy-mm-dd."  # wording unconfirmed
        return None


def get_version(call: Call) -> Answer:
    return Answer(200, call.view.version(version_of(call, call.params["id"])))


def put_version(call: Call) -> Answer:
    version = version_of(call, call.params["id"])
    project = call.site.projects[version.project]
    managed(call, project)
    before = (version.released, version.archived)
    values = version_values(call, call.json(), project, version)
    changed = {name: value for name, value in values.items() if getattr(version, name) != value}
    for name, value in changed.items():
        setattr(version, name, value)
    if changed:
        verb = "updated"
        if version.released != before[0]:
            verb = "released" if version.released else "unreleased"
        call.jira.tell(hooks.version_event(version, verb))
    return Answer(200, call.view.version(version))


def _swap(call: Call, gone: Version, fix: Version | None, affected: Version | None) -> None:
    """Take a version off every issue, putting another in its place where asked."""
    for issue in call.site.issues.values():
        for name, other in zip(LISTS, (fix, affected), strict=True):
            held = issue.values.get(name)
            if isinstance(held, list) and gone.id in held:
                replaced = [(other.id if other else "") if v == gone.id else v for v in held]
                issue.values[name] = list(dict.fromkeys(v for v in replaced if v))
    call.site.projects[gone.project].versions.remove(gone.id)
    del call.site.versions[gone.id]


def _swap_target(call: Call, gone: Version, wire: object) -> Version | None:
    if wire is None:
        return None
    found = call.site.versions.get(str(wire))
    if found is None or found is gone or found.project != gone.project:
        raise Refusal(400, "The version to move issues to does not exist in this project.")  # wording unconfirmed
    return found


def delete_version(call: Call) -> Answer:
    """DELETE /version/{id} (deprecated): issues move to the versions named in the query, or lose this one."""
    gone = version_of(call, call.params["id"])
    managed(call, call.site.projects[gone.project])
    fix = _swap_target(call, gone, call.query.get("moveFixIssuesTo"))
    affected = _swap_target(call, gone, call.query.get("moveAffectedIssuesTo"))
    _swap(call, gone, fix, affected)
    call.jira.tell(hooks.version_event(gone, "deleted"))
    return Answer(204)


def remove_and_swap(call: Call) -> Answer:
    gone = version_of(call, call.params["id"])
    managed(call, call.site.projects[gone.project])
    wire = call.json()
    fix = _swap_target(call, gone, wire.get("moveFixIssuesTo"))
    affected = _swap_target(call, gone, wire.get("moveAffectedIssuesTo"))
    _swap(call, gone, fix, affected)
    call.jira.tell(hooks.version_event(gone, "deleted"))
    return Answer(204)


def merge_version(call: Call) -> Answer:
    """Its hook is a deletion that names where the version went."""
    gone = version_of(call, call.params["id"])
    managed(call, call.site.projects[gone.project])
    other = _swap_target(call, gone, call.params["moveIssuesTo"])
    _swap(call, gone, other, other)
    call.jira.tell(hooks.version_event(gone, "deleted", merged_to=other))
    return Answer(204)


def related_counts(call: Call) -> Answer:
    version = version_of(call, call.params["id"])

    def holds(value: Value) -> bool:
        return isinstance(value, list) and version.id in value

    issues = call.site.issues.values()
    fixed, affected = (sum(holds(issue.values.get(name)) for issue in issues) for name in LISTS)
    out: Json = {
        "self": f"{call.view.base}/version/{version.id}",
        "issuesFixedCount": fixed,
        "issuesAffectedCount": affected,
        "issueCountWithCustomFieldsShowingVersion": 0,
        "customFieldUsage": [],
    }
    return Answer(200, out)


CLOUD = ("cloud",)
PROJECT = "api/X/project/{projectIdOrKey}"
ENDPOINTS = [
    Endpoint("GET", "api/X/project/search", search_projects, "searchProjects", CLOUD, anonymous=True),
    Endpoint("GET", "api/X/project", list_projects, "getAllProjects", anonymous=True),
    Endpoint("GET", PROJECT, get_project, "getProject", anonymous=True),
    Endpoint("GET", f"{PROJECT}/statuses", project_statuses, "getAllStatuses"),
    Endpoint("GET", f"{PROJECT}/components", project_components, "getProjectComponents"),
    Endpoint("GET", "api/X/component/{id}", get_component, "getComponent"),
    Endpoint("GET", f"{PROJECT}/versions", project_versions, "getProjectVersions"),
    Endpoint("GET", f"{PROJECT}/version", project_versions_paged, "getProjectVersionsPaginated"),
    Endpoint("POST", "api/X/version", create_version, "createVersion"),
    Endpoint("GET", "api/X/version/{id}", get_version, "getVersion"),
    Endpoint("PUT", "api/X/version/{id}", put_version, "updateVersion"),
    Endpoint("DELETE", "api/X/version/{id}", delete_version, "deleteVersion", CLOUD),
    # Not in Data Center 10's document any more, but what the Python clients send to it.
    Endpoint("DELETE", "api/X/version/{id}", delete_version, "(delete version)", ("dc",)),
    Endpoint("POST", "api/X/version/{id}/removeAndSwap", remove_and_swap, "deleteAndReplaceVersion"),
    Endpoint("PUT", "api/X/version/{id}/mergeto/{moveIssuesTo}", merge_version, "mergeVersions"),
    Endpoint("GET", "api/X/version/{id}/relatedIssueCounts", related_counts, "getVersionRelatedIssues"),
]
