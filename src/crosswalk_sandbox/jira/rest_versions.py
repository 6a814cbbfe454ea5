"""Endpoints for the versions of projects: lists, create, edit, order, merge, delete with swap, counts.

Jira Cloud REST v3 group "Project versions"; Data Center 10.3 `version`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-versions/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-project/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-version/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from crosswalk_sandbox.jira import asked, edit, hooks
from crosswalk_sandbox.jira.changelog import items_for
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.state import Field, Issue, Json, Project, Value, Version
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean

LISTS = ("fixVersions", "versions")
NOT_MANAGED = "Project with key '{0}' either does not exist or you do not have permission to create versions in it."
NO_TARGET = "The version to move issues to does not exist in this project."  # wording unconfirmed


# ---- what a version looks like


def version_json(call: Call, version: Version) -> Json:
    """A version with what `expand` asks for. No version has a driver or approvers here."""
    out, wanted = call.view.version(version), call.many("expand")
    if "issuesstatus" in wanted and call.cloud:
        counts: dict[str, int] = dict.fromkeys(("unmapped", "toDo", "inProgress", "done"), 0)
        names = {"new": "toDo", "indeterminate": "inProgress", "done": "done"}
        for issue in holding(call, version, "fixVersions"):
            counts[names.get(call.site.statuses[issue.status].category.key, "unmapped")] += 1
        out["issuesStatusForFixVersion"] = counts
    if "operations" in wanted and call.cloud:
        may = call.site.allowed(call.person, call.site.projects[version.project], "ADMINISTER_PROJECTS")
        out["operations"] = [_operation(version, name) for name in ("Edit", "Delete", "Merge")] if may else []
    return out | ({"approvers": []} if "approvers" in wanted and call.cloud else {})


def _operation(version: Version, name: str) -> Json:
    """As the document's example has it; a link into the browser."""
    link = f"/secure/project/{name}Version!default.jspa?versionId={version.id}"
    return {"id": f"{name.lower()}-version", "label": name, "href": link, "weight": 10}


def holding(call: Call, version: Version, name: str) -> list[Issue]:
    """The issues with the version in a field."""
    return [issue for issue in call.site.issues.values() if version.id in _held(issue.values.get(name))]


def _held(value: Value) -> list[str]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def custom_fields(call: Call) -> list[Field]:
    """The custom fields whose values are versions."""
    return [field for field in call.site.fields.values() if field.custom and field.kind in ("versions", "version")]


# ---- lists


def project_versions(call: Call) -> Answer:
    project = call.project(call.params["projectIdOrKey"])
    return Answer(200, [version_json(call, call.site.versions[v]) for v in project.versions])


ORDERS = ("sequence", "name", "description", "releaseDate", "startDate")
STATES: dict[str, Callable[[Version], bool]] = {
    "archived": lambda v: v.archived,
    "released": lambda v: v.released and not v.archived,
    "unreleased": lambda v: not v.released and not v.archived,
}


def project_versions_paged(call: Call) -> Answer:
    """Narrowed by `query` and (Cloud) `status`, in the order of `orderBy`; versions without a date come last."""
    project = call.project(call.params["projectIdOrKey"])
    versions = [call.site.versions[v] for v in project.versions]
    if query := call.query.get("query", "").lower():
        versions = [v for v in versions if query in v.name.lower() or query in v.description.lower()]
    if states := call.many("status"):
        wanted = [STATES[state] for state in states if state in STATES]
        versions = [v for v in versions if any(fits(v) for fits in wanted)]
    order = call.query.get("orderBy", "sequence").strip()
    if order.lstrip("+-") not in ORDERS:
        raise Refusal(400, f"The versions cannot be ordered by '{order[:40]}'.")  # wording unconfirmed
    versions = in_order(versions, order.lstrip("+-"), falling=order.startswith("-"))
    return Answer(200, bean(call, [version_json(call, v) for v in versions], 50, 50))


def in_order(versions: list[Version], name: str, *, falling: bool) -> list[Version]:
    """Sorted; those without a value come last, whichever way."""
    if name == "sequence":
        return versions[::-1] if falling else versions
    attribute = {"releaseDate": "release", "startDate": "start"}.get(name, name)
    full = [v for v in versions if getattr(v, attribute)]
    full.sort(key=lambda v: str(getattr(v, attribute)).lower(), reverse=falling)
    return full + [v for v in versions if not getattr(v, attribute)]


def versions_page(call: Call) -> Answer:
    """Data Center: the versions of all projects one may see."""
    wanted, words = call.many("projectIds"), call.query.get("query", "").lower()
    seen = [p for p in call.site.projects.values() if call.site.allowed(call.person, p, "BROWSE_PROJECTS")]
    projects = [p for p in seen if not wanted or p.id in wanted]
    found = [call.site.versions[v] for p in projects for v in p.versions]
    return Answer(200, bean(call, [call.view.version(v) for v in found if words in v.name.lower()]))


# ---- one version


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
    version.released = False  # "Not applicable when creating a version" (createVersion)
    call.site.versions[version.id] = version
    project.versions.append(version.id)
    call.jira.tell(hooks.version_event(version, "created"))
    return Answer(201, version_json(call, version))


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
    return Answer(200, version_json(call, version_of(call, call.params["id"])))


def put_version(call: Call) -> Answer:
    """Changes what is given. A release may move what is not resolved to the version in `moveUnfixedIssuesTo`."""
    version = version_of(call, call.params["id"])
    project, wire = call.site.projects[version.project], call.json()
    managed(call, project)
    released = version.released
    values = version_values(call, wire, project, version)
    later = _target(call, version, _id_in(wire.get("moveUnfixedIssuesTo")))
    changed = {name: value for name, value in values.items() if getattr(version, name) != value}
    for name, value in changed.items():
        setattr(version, name, value)
    if changed:
        verb = "updated"
        if version.released != released:
            verb = "released" if version.released else "unreleased"
        call.jira.tell(hooks.version_event(version, verb))
    if later is not None and version.released and not released:
        left = [issue for issue in holding(call, version, "fixVersions") if not issue.values.get("resolution")]
        put_instead(call, left, version, {"fixVersions": later})
    return Answer(200, version_json(call, version))


def _id_in(link: object) -> object:
    """The id at the end of a version's address."""
    return link.rstrip("/").rpartition("/")[2] if isinstance(link, str) else link


PLACES = ("Earlier", "Later", "First", "Last")


def move_version(call: Call) -> Answer:
    """`position`, or `after` with the address of another version of the project. The list is in this order."""
    version = version_of(call, call.params["id"])
    project = call.site.projects[version.project]
    managed(call, project)
    wire, order = call.json(("after", "position")), list(project.versions)
    at = order.index(version.id)
    order.remove(version.id)
    given, place = wire.get("after"), wire.get("position")
    if given is not None and place is not None:
        raise Refusal(400, "'after' cannot be used with 'position'.")  # wording unconfirmed
    if given is not None:
        other = str(_id_in(given))
        if other not in order:
            raise NotThere(f"Could not find version for id '{other[:40]}'")
        order.insert(order.index(other) + 1, version.id)
    elif place in PLACES:
        new = {"First": 0, "Last": len(order), "Earlier": max(0, at - 1), "Later": at + 1}[str(place)]
        order.insert(new, version.id)
    else:
        raise Refusal(400, "You must specify either 'after' or a valid 'position'.")  # wording unconfirmed
    if order != project.versions:
        project.versions = order
        call.jira.tell(hooks.version_event(version, "moved"))
    return Answer(200, version_json(call, version))


# ---- delete, merge


def put_instead(call: Call, issues: Iterable[Issue], gone: Version, instead: Mapping[str, Version | None]) -> None:
    """In issues put other versions in a version's place, by field, or take it away; with history and hook, as any
    change of an issue has them."""
    fields = [call.site.fields[name] for name in instead]
    for issue in issues:
        items = []
        values: dict[str, Value] = {}
        for field in fields:
            before, other = issue.values.get(field.id), instead[field.id]
            if gone.id not in _held(before):
                continue
            new = [(other.id if other else "") if one == gone.id else one for one in _held(before)]
            kept = [one for one in dict.fromkeys(new) if one]
            values[field.id] = kept if isinstance(before, list) else next(iter(kept), None)
            items += items_for(call.site, call.jira.flavour, field, before, values[field.id])
        if not values:
            continue
        issue.remember(call.site.now())
        issue.values.update(values)
        told = hooks.issue_updated(call.me, issue, edit.record(call.desk, issue, items))
        told.secondary = True  # what follows from the change that somebody made, as the page of webhooks has it
        call.jira.tell(told)


def _remove(call: Call, gone: Version, instead: Mapping[str, Version | None], merged_to: Version | None = None) -> None:
    """Take a version off every issue and away. Fields that `instead` does not name lose it."""
    every: dict[str, Version | None] = dict.fromkeys((*LISTS, *(field.id for field in custom_fields(call))))
    put_instead(call, list(call.site.issues.values()), gone, {**every, **instead})
    call.site.projects[gone.project].versions.remove(gone.id)
    del call.site.versions[gone.id]
    call.jira.tell(hooks.version_event(gone, "deleted", merged_to=merged_to))


def _target(call: Call, gone: Version, wire: object) -> Version | None:
    """The version of the same project that a request names. Raises Refusal for any other."""
    if wire is None:
        return None
    found = call.site.versions.get(str(wire))
    if found is None or found is gone or found.project != gone.project:
        raise Refusal(400, NO_TARGET)
    return found


def delete_version(call: Call) -> Answer:
    """DELETE /version/{id} (deprecated): issues move to the versions named in the query, or lose this one."""
    gone = version_of(call, call.params["id"])
    managed(call, call.site.projects[gone.project])
    fix = _target(call, gone, call.query.get("moveFixIssuesTo"))
    affected = _target(call, gone, call.query.get("moveAffectedIssuesTo"))
    _remove(call, gone, {"fixVersions": fix, "versions": affected})
    return Answer(204)


def remove_and_swap(call: Call) -> Answer:
    """Also in the custom fields named; in those that are not it is cleared."""
    gone = version_of(call, call.params["id"])
    managed(call, call.site.projects[gone.project])
    wire = call.json(("moveFixIssuesTo", "moveAffectedIssuesTo", "customFieldReplacementList"))
    instead: dict[str, Version | None] = {
        "fixVersions": _target(call, gone, wire.get("moveFixIssuesTo")),
        "versions": _target(call, gone, wire.get("moveAffectedIssuesTo")),
    }
    rows = wire.get("customFieldReplacementList")
    if rows is not None and not isinstance(rows, list):
        raise Refusal(400, "customFieldReplacementList must be an array.")  # wording unconfirmed
    known = {field.id for field in custom_fields(call)}
    for row in rows or []:
        name = f"customfield_{asked.whole(row.get('customFieldId'))}" if isinstance(row, dict) else ""
        if name not in known:
            raise Refusal(400, "The custom field does not exist, or its values are no versions.")  # wording unconfirmed
        instead[name] = _target(call, gone, row.get("moveTo"))
    _remove(call, gone, instead)
    return Answer(204)


def merge_version(call: Call) -> Answer:
    """Its hook is a deletion that names where the version went."""
    gone = version_of(call, call.params["id"])
    managed(call, call.site.projects[gone.project])
    other = _target(call, gone, call.params["moveIssuesTo"])
    every = dict.fromkeys((*LISTS, *(field.id for field in custom_fields(call))), other)
    _remove(call, gone, every, merged_to=other)
    return Answer(204)


# ---- counts


def unresolved_count(call: Call) -> Answer:
    version = version_of(call, call.params["id"])
    fixed = holding(call, version, "fixVersions")
    left = sum(not issue.values.get("resolution") for issue in fixed)
    out: Json = {"self": f"{call.view.base}/version/{version.id}", "issuesUnresolvedCount": left}
    return Answer(200, out | ({"issuesCount": len(fixed)} if call.cloud else {}))


def related_counts(call: Call) -> Answer:
    """In how many issues a version is, by field. Cloud and Data Center name the list of custom fields differently."""
    version = version_of(call, call.params["id"])
    fixed, affected = (len(holding(call, version, name)) for name in LISTS)
    found = {field.id: holding(call, version, field.id) for field in custom_fields(call)}
    usage: list[Json] = [
        {
            "customFieldId": int(name.removeprefix("customfield_")),
            "fieldName": call.site.fields[name].name,
            "issueCountWithVersionInCustomField": len(issues),
        }
        for name, issues in found.items()
        if issues
    ]
    out: Json = {
        "self": f"{call.view.base}/version/{version.id}",
        "issuesFixedCount": fixed,
        "issuesAffectedCount": affected,
        "issueCountWithCustomFieldsShowingVersion": len({i.id for issues in found.values() for i in issues}),
        "customFieldUsage" if call.cloud else "customFieldNames": usage,
    }
    return Answer(200, out)


CLOUD, DC = ("cloud",), ("dc",)
PROJECT, ONE = "api/X/project/{projectIdOrKey}", "api/X/version/{id}"
ENDPOINTS = [
    Endpoint("GET", f"{PROJECT}/versions", project_versions, "getProjectVersions"),
    Endpoint("GET", f"{PROJECT}/version", project_versions_paged, "getProjectVersionsPaginated"),
    Endpoint("POST", "api/X/version", create_version, "createVersion"),
    Endpoint("GET", ONE, get_version, "getVersion"),
    Endpoint("PUT", ONE, put_version, "updateVersion"),
    Endpoint("DELETE", ONE, delete_version, "deleteVersion", CLOUD),
    # Not in Data Center 10's document any more, but what the Python clients send to it.
    Endpoint("DELETE", ONE, delete_version, "(delete version)", DC),
    Endpoint("POST", f"{ONE}/removeAndSwap", remove_and_swap, "deleteAndReplaceVersion"),
    Endpoint("PUT", f"{ONE}/mergeto/{{moveIssuesTo}}", merge_version, "mergeVersions"),
    Endpoint("GET", f"{ONE}/relatedIssueCounts", related_counts, "getVersionRelatedIssues"),
    Endpoint("POST", f"{ONE}/move", move_version, "moveVersion"),
    Endpoint("GET", f"{ONE}/unresolvedIssueCount", unresolved_count, "getVersionUnresolvedIssues"),
    Endpoint("GET", "api/X/version", versions_page, "getPaginatedVersions", DC),
]
